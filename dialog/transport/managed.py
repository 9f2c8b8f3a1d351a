"""One request's turn, however its dialog is known: what the door needs to send it and to record what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from dialog.prompt import GroundedPrompt
from dialog.state import ToolExchange
from dialog.trace import TurnTrace
from dialog.wire.reading import Reading


def unsaid(reading: Reading) -> tuple[None, ...]:
    """No sent form for any of the earlier messages."""
    return (None,) * (len(reading.exchanges) - 1)


class Record(Protocol):
    """Where the end of a turn is written. Raises StoreError and DialogError."""

    async def close(
        self,
        reply: str,
        *,
        status: Literal["closed", "partial"],
        tools: tuple[ToolExchange, ...],
        reply_id: str | None,
    ) -> None:
        """The reply; `reply_id` is the provider's name for it."""
        ...

    async def fail(self, failure: str, *, status: Literal["failed", "abandoned"]) -> None: ...


@dataclass(frozen=True, slots=True)
class Managed:
    """`sent` is the message as it goes to the provider; `earlier` the same for each exchange before it (None: as the
    client wrote it). `said` and `tools` are what the assistant has already said and called in this turn, before this
    request. `prompt` is None where there is none to lay out (a message without text, or one over the budget)."""

    dialog_id: str
    trace: TurnTrace
    sent: str
    earlier: tuple[str | None, ...]
    record: Record
    prompt: GroundedPrompt | None = None
    said: str = ""
    tools: tuple[ToolExchange, ...] = ()
