"""Doubles for tests of programs built on this library: they take no network, no clock and no waiting."""

from __future__ import annotations

from datetime import UTC, datetime

from dialog.backends.scripted import Call, Line, Scripted, ScriptedBackend
from dialog.interpretation import Interpretation, Interpreter
from dialog.prompt import Block, GroundedPrompt, Role
from dialog.state import DialogState

__all__ = [
    "Call",
    "FixedClock",
    "Line",
    "RecordingInterpreter",
    "RecordingSleep",
    "Scripted",
    "ScriptedBackend",
    "prompt_of",
]


class FixedClock:
    """A clock that moves only when told to. Called, it gives seconds since the epoch."""

    def __init__(self, start: datetime | float = 1_700_000_000.0) -> None:
        """`start` with a time zone, or in seconds since the epoch."""
        if isinstance(start, datetime) and start.tzinfo is None:
            raise ValueError("the start of a clock needs a time zone")
        self._now = start.timestamp() if isinstance(start, datetime) else start

    def __call__(self) -> float:
        return self._now

    @property
    def datetime(self) -> datetime:
        """The same moment, in UTC."""
        return datetime.fromtimestamp(self._now, UTC)

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"a clock goes forward, got {seconds} s")
        self._now += seconds


class RecordingSleep:
    """Takes the place of `asyncio.sleep`: returns at once, records the seconds, and moves `clock` if there is one."""

    def __init__(self, clock: FixedClock | None = None) -> None:
        self.slept: list[float] = []
        self._clock = clock

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self._clock is not None:
            self._clock.advance(seconds)


class RecordingInterpreter:
    """Passes on to `inner`, or always gives `inner` when that is an Interpretation or raises it; records the calls."""

    def __init__(self, inner: Interpreter | Interpretation | BaseException) -> None:
        self._inner = inner
        self.calls: list[tuple[DialogState, str]] = []

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        self.calls.append((state, text))
        if isinstance(self._inner, BaseException):
            raise self._inner
        if isinstance(self._inner, Interpretation):
            return self._inner
        return await self._inner(state, text, now=now)


def prompt_of(*messages: tuple[Role, str] | str) -> GroundedPrompt:
    """A prompt of these messages, counted as one token per character; plain text is the user's."""
    blocks = [_block(*message) if isinstance(message, tuple) else _block("user", message) for message in messages]
    total = sum(block.tokens for block in blocks)
    return GroundedPrompt(blocks=tuple(blocks), tokens=total, budget=total, counter="characters")


def _block(role: Role, text: str) -> Block:
    return Block(kind="instruction" if role == "system" else "message", role=role, text=text, tokens=len(text))
