"""Names for the turns of a conversation that the client holds: digests of what was said up to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from dialog.state import ToolExchange
from dialog.wire.reading import Exchange

DIGEST_BYTES = 16
"""128 bits: for a clash among 10^9 turns of one tenant the odds are 10^-21."""


def chain(exchanges: Sequence[Exchange], *, after: str | None = None) -> tuple[str, ...]:
    """The digest of each exchange's user message with everything before it; equal conversations have equal digests.

    Only what a state is made from is digested (words, replies, tool calls and results), so a moved cache mark, a
    dropped reasoning item or a system prompt with today's date changes nothing. `after` names what went before when
    only the provider holds it.
    """
    so_far = _digest("start", after or "")
    out: list[str] = []
    for exchange in exchanges:
        asked = _digest("user", so_far, exchange.user)
        out.append(asked)
        so_far = _digest("reply", asked, exchange.reply, *_said_by(exchange.tools))
    return tuple(out)


def _said_by(tools: Iterable[ToolExchange]) -> Iterable[str]:
    for tool in tools:
        yield from (tool.call_id, tool.name, tool.arguments, tool.result or "")


def _digest(*parts: str) -> str:
    """Lengths go in before the parts, so that no two lists of parts run together."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", errors="surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
