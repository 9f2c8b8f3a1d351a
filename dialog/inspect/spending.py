"""What each request cost with a provider's prompt cache, and what the full transcript would have."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.ground.layout import MESSAGE_OVERHEAD
from dialog.inspect.views import Spending
from dialog.tokens import TokenCounter, estimate_counter, load_counter
from dialog.trace import BlockSize

READ, WRITE = 0.1, 1.25
"""Price of a token read from and written to the cache, relative to plain input: Anthropic's and OpenAI's price lists,
November 2026. A provider that does not charge writes makes both sides cheaper by the same share of what is new."""

_MODEL_OF = {"cl100k_base": "gpt-4"}


async def counter_named(name: str) -> TokenCounter:
    """The counter of that name where it can be had, else another one; its own name tells which."""
    return estimate_counter if name == "estimate" else await load_counter(_MODEL_OF.get(name))


class Transcript:
    """The full transcript beside a dialog: the same instructions, then everything that was said, appended to."""

    def __init__(self, count: TokenCounter) -> None:
        self._count = count
        self._said = 0
        self._before = 0

    def spent(self, blocks: Sequence[BlockSize], cached: int, user: str) -> Spending:
        """What the request with these blocks came to, `cached` of them read from the cache, and the transcript's."""
        tokens = sum(block.tokens for block in blocks)
        read = sum(block.tokens for block in blocks[:cached])
        instructions = sum(block.tokens for block in blocks if block.kind == "instruction")
        whole = instructions + self._said + self._size(user)
        before = min(self._before, whole)
        self._before = whole
        return Spending(
            tokens=tokens,
            cost=_cost(tokens, read),
            transcript_tokens=whole,
            transcript_cost=_cost(whole, before),
        )

    def said(self, user: str, reply: str) -> None:
        """Both stand in every later transcript."""
        self._said += self._size(user) + (self._size(reply) if reply else 0)

    def _size(self, text: str) -> int:
        return self._count.count(text) + MESSAGE_OVERHEAD


def _cost(tokens: int, read: int) -> float:
    return round(READ * read + WRITE * (tokens - read), 2)
