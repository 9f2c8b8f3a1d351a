"""Whether a message may open a turn now: pure decisions over the state, before anything is spent on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialog.change import TurnFailed
from dialog.state import DialogState, Turn


@dataclass(frozen=True)
class Open:
    """Open the turn as attempt `attempt`; `again` is the earlier attempt that brought no reply."""

    attempt: int = 1
    again: Turn | None = None


@dataclass(frozen=True)
class Replay:
    """The turn was answered before; `turn` is None when it has left the recent turns and only the log knows it."""

    turn: Turn | None


@dataclass(frozen=True)
class Wait:
    """The turn itself ("duplicate") or another one of the dialog ("overlap") is being answered right now.

    `until` is when the first of the leases in the way runs out, in seconds since the epoch.
    """

    reason: Literal["duplicate", "overlap"]
    until: float


Admission = Open | Replay | Wait


def admit(state: DialogState, turn_id: str, *, overlap: str, now: float) -> Admission:
    """What to do with a message that wants to be turn `turn_id`; `now` is seconds since the epoch."""
    same = state.turn(turn_id)
    if same is None and turn_id in state.seen:
        return Replay(None)
    if same is not None:
        if same.status == "closed":
            return Replay(same)
        if same.status == "open" and same.lease_until > now:
            return Wait("duplicate", same.lease_until)
        return Open(same.attempt + 1, again=same)
    leases = [turn.lease_until for turn in state.turns if turn.status == "open" and turn.lease_until > now]
    if overlap != "allow" and leases:
        return Wait("overlap", min(leases))
    return Open()


def abandoned(state: DialogState, *, now: float) -> tuple[TurnFailed, ...]:
    """A change for each open turn whose lease has run out."""
    return tuple(
        TurnFailed(turn_id=turn.turn_id, attempt=turn.attempt, status="abandoned", failure="lease expired", at=now)
        for turn in state.turns
        if turn.status == "open" and turn.lease_until <= now
    )
