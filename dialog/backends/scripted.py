"""A backend that says what it was told to say: for tests, demonstrations and examples."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from dialog.backends.base import BackendUnavailable, OnUsage, Schema, Usage
from dialog.prompt import GroundedPrompt


@dataclass(frozen=True)
class Line:
    """One reply, told piece by piece.

    Before piece number `pause[0]` it waits for the event `pause[1]`; at piece number `fail_at` (default: after the
    last one) it raises `error`. `usage` is reported at the end.
    """

    pieces: Sequence[str] = ()
    error: BaseException | None = None
    fail_at: int | None = None
    pause: tuple[int, asyncio.Event] | None = None
    usage: Usage | None = None


Scripted = str | BaseException | Line


@dataclass(eq=False)
class Call:
    """A call as it came. `finished`: its reply was told to the end; `stopped`: it was closed or cancelled before."""

    prompt: GroundedPrompt
    schema: Schema | None = None
    finished: bool = False
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


class ScriptedBackend:
    """Gives `replies` in order, or what a callable makes of each prompt, and records the calls.

    A reply is text, an exception to raise, or a `Line`. Asked once more than it has replies for, it raises
    BackendUnavailable.
    """

    def __init__(
        self, replies: Sequence[Scripted] | Callable[[GroundedPrompt], Scripted] = (), *, name: str = "scripted"
    ) -> None:
        self._given = replies
        self._name = name
        self.calls: list[Call] = []
        self.closed = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def prompts(self) -> list[GroundedPrompt]:
        """The prompts of all calls, in order."""
        return [call.prompt for call in self.calls]

    def stream(self, prompt: GroundedPrompt, *, on_usage: OnUsage | None = None) -> AsyncGenerator[str, None]:
        return self._told(Call(prompt), on_usage)

    async def complete(
        self, prompt: GroundedPrompt, *, schema: Schema | None = None, on_usage: OnUsage | None = None
    ) -> str:
        return "".join([piece async for piece in self._told(Call(prompt, schema), on_usage)])

    async def aclose(self) -> None:
        self.closed = True

    async def _told(self, call: Call, on_usage: OnUsage | None) -> AsyncGenerator[str, None]:
        line = self._line(call)
        try:
            for number, piece in enumerate((*line.pieces, "")):
                if line.pause is not None and line.pause[0] == number:
                    await line.pause[1].wait()
                if line.error is not None and number == (len(line.pieces) if line.fail_at is None else line.fail_at):
                    raise line.error
                if piece:
                    yield piece
        except (GeneratorExit, asyncio.CancelledError):
            call.stopped.set()
            raise
        call.finished = True
        if on_usage is not None and line.usage is not None:
            on_usage(line.usage)

    def _line(self, call: Call) -> Line:
        number = len(self.calls)
        self.calls.append(call)
        if callable(self._given):
            said = self._given(call.prompt)
        elif number < len(self._given):
            said = self._given[number]
        else:
            raise BackendUnavailable(self._name, f"the script has {len(self._given)} replies, this is one call more")
        if isinstance(said, str):
            return Line((said,))
        return Line(error=said) if isinstance(said, BaseException) else said
