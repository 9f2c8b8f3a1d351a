"""What a conversation's requests cost with a provider's prompt cache."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.prompt_cost.layouts import Message, Requests
from dialog.tokens import TokenCounter

READ, WRITE = 0.1, 1.25
"""Price of a token read from and written to the cache, relative to plain input: current Anthropic models, OpenAI
gpt-5.6 and later (providers' price lists, November 2026)."""
PER_MESSAGE = 4


@dataclass(frozen=True)
class Cost:
    sent: int
    """Tokens sent, message overhead included."""
    cached: float
    """Price-weighted tokens when every message of the longest common prefix with the request before is a cache read."""
    with_minimum: float
    """The same where prefixes under 1,024 tokens are not cached (and cost 1 a token), as most providers have it."""


def cost(requests: Requests, count: TokenCounter, *, minimum: int = 1024) -> Cost:
    """The cost of all requests of a conversation together; calls made besides cost 1 a token."""
    sent, cached, strict = 0, float(requests.extra_tokens), float(requests.extra_tokens)
    before: list[Message] = []
    before_size = 0
    for messages in requests.messages:
        sizes = [count.count(text) + PER_MESSAGE for _, text in messages]
        total, same = sum(sizes), sum(sizes[: _common(before, messages)])
        sent += total
        cached += READ * same + WRITE * (total - same)
        hit = same if min(same, before_size) >= minimum else 0
        strict += READ * hit + (WRITE if total >= minimum else 1.0) * (total - hit)
        before, before_size = messages, total
    return Cost(sent, cached, strict)


def _common(a: list[Message], b: list[Message]) -> int:
    """How many messages two requests begin with alike, byte for byte."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n
