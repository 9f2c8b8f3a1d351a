"""A turn in hand: its prompt, the way to its reply, and the record of how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dialog.backends.base import Backend
from dialog.change import Change, LeaseExtended, TurnClosed, TurnFailed
from dialog.commit import Held
from dialog.config import PipelineConfig
from dialog.errors import DialogError
from dialog.interpretation import Interpretation
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState, ToolExchange
from dialog.trace import TurnTrace
from stores.base import StoreError, ValueTooLarge

log = logging.getLogger("antecedent")

KEPT_OF_TOO_LARGE = 4_000
"""Characters that are recorded of a reply which is too large for the store."""


@dataclass(frozen=True)
class Reply:
    """A whole reply; `replayed` when the turn had been answered before and no backend was asked."""

    text: str
    turn_id: str
    trace: TurnTrace
    replayed: bool = False


class Recorder(Protocol):
    """What a turn needs of its pipeline."""

    backend: Backend | None
    config: PipelineConfig
    clock: Callable[[], float]

    def record(self, key: str, dialog_id: str, change: Change) -> Awaitable[Held]: ...
    def compact_later(self, key: str, dialog_id: str, state: DialogState) -> None: ...
    def finishing(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]: ...
    def while_open(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]: ...


class OpenTurn:
    """One turn between open and close. Its lease is extended while it is in hand; finish it exactly once.

    `prompt` is None only for a replayed turn, whose reply is stored.
    """

    def __init__(
        self,
        pipeline: Recorder,
        key: str,
        dialog_id: str,
        trace: TurnTrace,
        state: DialogState,
        *,
        prompt: GroundedPrompt | None,
        attempt: int = 1,
        stored_reply: str | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._key = key
        self.dialog_id = dialog_id
        self.trace = trace
        self.state = state
        self._prompt = prompt
        self._attempt = attempt
        self._stored_reply = stored_reply
        self._pieces: list[str] = []
        self._finished = stored_reply is not None
        self._pulse = None if self._finished or trace.degraded else pipeline.while_open(self._keep_lease())

    @property
    def turn_id(self) -> str:
        return self.trace.turn_id

    @property
    def interpretation(self) -> Interpretation:
        return self.trace.interpretation

    @property
    def replayed(self) -> bool:
        """Whether the turn was answered before; `reply` and `stream` then give the stored reply."""
        return self._stored_reply is not None

    @property
    def prompt(self) -> GroundedPrompt:
        """What goes to the backend. Raises ValueError for a replayed turn, which needs none."""
        if self._prompt is None:
            raise ValueError("a replayed turn has no prompt; use its stored reply")
        return self._prompt

    async def stream(self) -> AsyncGenerator[str, None]:
        """The reply in pieces; records the turn as closed at the end, as partial or failed when it breaks off.

        Raises BackendError, unchanged, after the turn is recorded.
        """
        if self._stored_reply is not None:
            yield self._stored_reply
            return
        try:
            async with aclosing(self._backend().stream(self.prompt)) as pieces:
                async for piece in pieces:
                    self._pieces.append(piece)
                    yield piece
        except BaseException as error:
            await self.settle(error)
            raise
        await self.close("".join(self._pieces))

    async def reply(self) -> str:
        """The whole reply, recorded as `stream` does."""
        return "".join([piece async for piece in self.stream()])

    async def close(
        self, reply: str, *, status: Literal["closed", "partial"] = "closed", tools: tuple[ToolExchange, ...] = ()
    ) -> None:
        """Record the reply of a backend; later calls change nothing.

        What is too large for the store is recorded without tools, and a long reply as partial, with its beginning.
        When the store fails, raises StoreError, or, where the pipeline is to degrade, marks `trace`.
        """
        change = TurnClosed(
            turn_id=self.turn_id,
            attempt=self._attempt,
            status=status,
            reply=reply,
            tools=tools,
            at=self._pipeline.clock(),
        )
        await self._finish(change)

    async def fail(self, failure: str, *, status: Literal["failed", "abandoned"] = "failed") -> None:
        """Record that there is no reply; `failure` names the kind of error. Later calls change nothing."""
        change = TurnFailed(
            turn_id=self.turn_id, attempt=self._attempt, status=status, failure=failure, at=self._pipeline.clock()
        )
        await self._finish(change)

    async def settle(self, error: BaseException | None) -> None:
        """Record the turn as what it is when its user lets go of it: partial, failed or abandoned.

        `error` is why; where it cannot be recorded, that is logged, so that the caller may raise `error` unchanged.
        """
        if self._finished:
            return
        try:
            await self._let_go(error)
        except (StoreError, DialogError):
            if error is None:
                raise

    async def _let_go(self, error: BaseException | None) -> None:
        if self._pieces:
            await self.close("".join(self._pieces), status="partial")
        elif error is None or isinstance(error, (asyncio.CancelledError, GeneratorExit)):
            await self.fail("no reply was recorded", status="abandoned")
        else:
            await self.fail(type(error).__name__)

    async def _finish(self, change: Change) -> None:
        if self._finished:
            return
        self._finished = True
        if self._pulse is not None:
            self._pulse.cancel()
        if self.trace.degraded:
            return
        try:
            # The caller may be cancelled while the record is being written; the record is finished all the same.
            await asyncio.shield(self._pipeline.finishing(self._record(change)))
        except StoreError as error:
            if self._pipeline.config.on_store_error == "raise":
                raise
            self.trace = self.trace.model_copy(update={"degraded": type(error).__name__})

    async def _record(self, change: Change) -> None:
        try:
            held = await self._recorded(change)
        except (StoreError, DialogError) as error:
            log.warning("end of turn %r not recorded: dialog=%r %s", self.turn_id, self.dialog_id, type(error).__name__)
            raise
        self.state = held.state
        self._pipeline.compact_later(self._key, self.dialog_id, held.state)

    async def _recorded(self, change: Change) -> Held:
        try:
            return await self._pipeline.record(self._key, self.dialog_id, change)
        except ValueTooLarge:
            if not isinstance(change, TurnClosed):
                raise
            log.warning("reply of turn %r too large to record whole: dialog=%r", self.turn_id, self.dialog_id)
            beginning = change.reply[:KEPT_OF_TOO_LARGE]
            status = change.status if beginning == change.reply else "partial"
            shorter = change.model_copy(update={"status": status, "reply": beginning, "tools": ()})
            return await self._pipeline.record(self._key, self.dialog_id, shorter)

    async def _keep_lease(self) -> None:
        lease_s = self._pipeline.config.lease_s
        for _ in range(round(3 * self._pipeline.config.longest_turn_s / lease_s)):
            await asyncio.sleep(lease_s / 3)
            until = self._pipeline.clock() + lease_s
            change = LeaseExtended(turn_id=self.turn_id, attempt=self._attempt, lease_until=until)
            with suppress(StoreError, DialogError):  # the next pulse tries again; a lease missed for long runs out
                await self._pipeline.record(self._key, self.dialog_id, change)

    def _backend(self) -> Backend:
        if self._pipeline.backend is None:
            raise ValueError("this pipeline has no backend; pass one, or call your own and then `turn.close(reply)`")
        return self._pipeline.backend
