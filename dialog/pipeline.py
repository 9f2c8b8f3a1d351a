"""The path of a message: begin (load, interpret, ground, open) -> backend -> finish (close) -> compact.

Steps come in as callables; this module imports none of them, and they know nothing of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

from dialog import journal
from dialog.admission import Open, Replay, Wait, abandoned
from dialog.backends.base import Backend
from dialog.change import Change, SlotsSet, TurnFailed, TurnForgotten, fold_all
from dialog.commit import Held, Proposal, apply, load
from dialog.config import PipelineConfig
from dialog.errors import DialogBusy, DialogError, DialogUnknown
from dialog.held import FIRST_LOOK_S, HeldRecords
from dialog.interpretation import identity
from dialog.keys import dialog_of, key_of, prefix_of
from dialog.opening import Entry, Opening, as_before, turn_trace
from dialog.rewrite import Source
from dialog.state import DialogState, SlotContent, SlotValue, Turn
from dialog.steps import Steps
from dialog.trace import TurnTrace
from dialog.turn import OpenTurn, Reply
from dialog.values import well_formed
from stores.base import ABSENT, Store, StoreError

log = logging.getLogger("antecedent")


class Pipeline:
    """Keeps dialogs in a store and answers their messages with grounded prompts. Close it with `aclose`.

    Safe for any number of concurrent turns of any number of dialogs, also beside other processes on the same store.
    """

    def __init__(
        self,
        *,
        store: Store,
        steps: Steps,
        backend: Backend | None = None,
        config: PipelineConfig | None = None,
        clock: Callable[[], float] = time.time,
        owned: tuple[Any, ...] = (),
    ) -> None:
        self.store = store
        self.steps = steps
        self.backend = backend
        self.config = config or PipelineConfig()
        self.clock = clock
        self._owned = owned
        self._held = HeldRecords(self.config.held_dialogs)
        self._unfinished: set[asyncio.Task[None]] = set()
        self._pulses: set[asyncio.Task[None]] = set()

    # -- one message ---------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def turn(
        self, dialog_id: str, text: str, *, turn_id: str | None = None, tenant: str = "", speaker: str | None = None
    ) -> AsyncIterator[OpenTurn]:
        """An open turn; left without a close it is recorded as partial, failed or abandoned, as it was."""
        turn = await self.begin(dialog_id, text, turn_id=turn_id, tenant=tenant, speaker=speaker)
        try:
            yield turn
        except BaseException as error:
            await turn.settle(error)
            raise
        await turn.settle(None)

    async def reply(
        self, dialog_id: str, text: str, *, turn_id: str | None = None, tenant: str = "", speaker: str | None = None
    ) -> Reply:
        """The backend's whole reply to `text`; a turn that was answered before gives its stored reply."""
        async with self.turn(dialog_id, text, turn_id=turn_id, tenant=tenant, speaker=speaker) as turn:
            answer = await turn.reply()
        return Reply(text=answer, turn_id=turn.turn_id, trace=turn.trace, replayed=turn.replayed)

    async def stream(
        self, dialog_id: str, text: str, *, turn_id: str | None = None, tenant: str = "", speaker: str | None = None
    ) -> AsyncGenerator[str, None]:
        """The backend's reply to `text` in pieces. Closing the iterator early records the turn as partial."""
        async with (
            self.turn(dialog_id, text, turn_id=turn_id, tenant=tenant, speaker=speaker) as turn,
            aclosing(turn.stream()) as pieces,
        ):
            async for piece in pieces:
                yield piece

    async def begin(
        self, dialog_id: str, text: str, *, turn_id: str | None = None, tenant: str = "", speaker: str | None = None
    ) -> OpenTurn:
        """Read the dialog, interpret and ground `text`, and record the turn as open; the caller must finish it.

        With a known `turn_id` the answer is the stored one (`replayed`), after waiting for it where it is on its way.
        Raises ValueError (empty id or text, text too long), BudgetTooSmall, DialogBusy, StateUnreadable, and as
        configured StoreError and InterpretationFailed; nothing is recorded then. DialogUnknown, when an old turn comes
        again whose reply is not in the log any longer. Cancelled, it leaves no turn open.
        """
        self._check(text)
        entry = Entry(
            key_of(dialog_id, tenant=tenant), dialog_id, well_formed(text), turn_id or uuid.uuid4().hex, speaker
        )
        try:
            return await self._admitted(entry)
        except StoreError as error:
            if self.config.on_store_error == "raise":
                raise
            log.warning("store failed, turn goes on without state: dialog=%r %s", dialog_id, type(error).__name__)
            return await self._degraded(entry, error)

    # -- one dialog ----------------------------------------------------------------------------------------------

    async def state(self, dialog_id: str, *, tenant: str = "") -> DialogState | None:
        """What is remembered of the dialog, or None. Turns whose lease ran out show as abandoned."""
        held = await load(self.store, key_of(dialog_id, tenant=tenant), dialog_id=dialog_id)
        if held.version == ABSENT:
            return None
        return fold_all(held.state, abandoned(held.state, now=self.clock()))

    async def peek(self, dialog_id: str, *, tenant: str = "") -> DialogState | None:
        """As `state`, but what this process saw last when it holds that: no round trip, and maybe behind others."""
        key = key_of(dialog_id, tenant=tenant)
        held = self._held.get(key)
        if held is None:
            held = await load(self.store, key, dialog_id=dialog_id)
            self._held.put(key, held)
        return None if held.version == ABSENT else fold_all(held.state, abandoned(held.state, now=self.clock()))

    async def why(self, dialog_id: str, turn_id: str | None = None, *, tenant: str = "") -> TurnTrace:
        """The trace of a turn, the latest by default. Raises DialogUnknown when the log has none."""
        found: TurnTrace | None = None
        async for document in self._log(dialog_id, tenant):
            if document["kind"] == "turn_opened" and turn_id in (None, document["turn_id"]):
                found = journal.trace_of(document) or found
        if found is None:
            raise DialogUnknown(dialog_id, turn_id)
        return found

    async def export(self, dialog_id: str, *, tenant: str = "") -> AsyncIterator[dict[str, Any]]:
        """The dialog's log, oldest first, then one `{"kind": "state", ...}`. Raises DialogUnknown."""
        state = await self.state(dialog_id, tenant=tenant)
        if state is None:
            raise DialogUnknown(dialog_id)
        async for document in self._log(dialog_id, tenant):
            yield document
        yield {"kind": "state"} | state.model_dump(mode="json")

    async def forget(self, dialog_id: str, *, tenant: str = "") -> bool:
        """Delete the dialog with its log; False when there was none."""
        key = key_of(dialog_id, tenant=tenant)
        self._held.drop(key)
        return await self.store.delete(key)

    async def forget_turn(self, dialog_id: str, turn_id: str, *, tenant: str = "") -> DialogState:
        """Take a recent turn and what only it said out of the state; the log keeps the line until it expires.

        Raises DialogUnknown when the turn is not among the recent ones.
        """
        return await self._write(dialog_id, tenant, TurnForgotten(turn_id=turn_id), needs=turn_id)

    async def set_slots(
        self, dialog_id: str, values: Mapping[str, SlotContent], *, tenant: str = "", owner: str | None = None
    ) -> DialogState:
        """State slots as the caller (None clears one), `owner`'s own if given; creates the dialog if need be."""
        caller = Source(kind="caller", name="set_slots")
        said = tuple(
            SlotValue(
                name=name, value=value, status="cleared" if value is None else "stated", source=caller, owner=owner
            )
            for name, value in values.items()
        )
        return await self._write(dialog_id, tenant, SlotsSet(slots=said))

    async def dialogs(self, *, tenant: str = "") -> AsyncIterator[str]:
        """Ids of the tenant's dialogs, in no order."""
        async for key in self.store.keys(prefix_of(tenant)):
            dialog_id = dialog_of(key)
            if dialog_id is not None:
                yield dialog_id

    async def settled(self) -> None:
        """Wait until the ends of turns and the compactions under way are written, or have failed and were logged."""
        while self._unfinished:
            await asyncio.wait(self._unfinished)

    async def aclose(self) -> None:
        """Finish what is under way and close what the pipeline owns. Leases of turns still open run out."""
        for pulse in self._pulses:
            pulse.cancel()
        try:
            await self.settled()
        finally:
            for thing in self._owned:
                await thing.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # -- begin, step by step -------------------------------------------------------------------------------------

    def _check(self, text: str) -> None:
        if not text.strip():
            raise ValueError("the message is empty; pass the user's words")
        if len(text) > self.config.max_message_chars:
            limit = self.config.max_message_chars
            raise ValueError(f"the message has {len(text)} characters, max_message_chars is {limit}; shorten it")

    async def _admitted(self, entry: Entry) -> OpenTurn:
        """Open the turn as soon as it may be, or replay it."""
        deadline = asyncio.get_running_loop().time() + self.config.wait_s
        while True:
            async with self._held.one_at_a_time(entry.key):
                opening = Opening(entry, steps=self.steps, config=self.config, clock=self.clock)
                held = await self._opened(entry, opening)
            match opening.admission:
                case Replay(turn):
                    return await self._replayed(entry, held, turn)
                case Wait(reason, until):
                    if reason == "overlap" and self.config.overlap == "refuse":
                        raise DialogBusy(entry.dialog_id, attempts=1, reason="another turn is open")
                    now = asyncio.get_running_loop().time()
                    if now >= deadline:
                        raise DialogBusy(entry.dialog_id, attempts=1, reason=f"waited {self.config.wait_s:g} s for it")
                    lapse = now + max(FIRST_LOOK_S, until - self.clock())
                    await self._held.changed(
                        entry.key, since=held.version, store=self.store, deadline=min(deadline, lapse)
                    )
                case Open():
                    return self._open_turn(entry, held, opening)

    async def _opened(self, entry: Entry, opening: Opening) -> Held:
        try:
            return await self._apply(entry.key, entry.dialog_id, opening.propose, held=self._held.get(entry.key))
        except asyncio.CancelledError:
            if opening.trace is not None and isinstance(opening.admission, Open):
                # The write may have happened; nobody has the turn in hand, so it must not stay open.
                attempt = opening.admission.attempt
                self.finishing(self._abandon(entry, attempt))
            raise

    async def _abandon(self, entry: Entry, attempt: int) -> None:
        change = TurnFailed(
            turn_id=entry.turn_id, attempt=attempt, status="abandoned", failure="cancelled", at=self.clock()
        )
        with suppress(StoreError, DialogError):  # else its lease runs out
            await self.record(entry.key, entry.dialog_id, change)

    def _open_turn(self, entry: Entry, held: Held, opening: Opening) -> OpenTurn:
        assert isinstance(opening.admission, Open)
        assert opening.trace is not None
        attempt = opening.admission.attempt
        return OpenTurn(
            self, entry.key, entry.dialog_id, opening.trace, held.state, prompt=opening.prompt, attempt=attempt
        )

    async def _replayed(self, entry: Entry, held: Held, turn: Turn | None) -> OpenTurn:
        """A turn that was answered before: its stored reply, from the state or from the log."""
        reply = None if turn is None else turn.reply
        trace = None
        async for document in self._log_of(entry.key):
            if document.get("turn_id") != entry.turn_id:
                continue
            trace = journal.trace_of(document) or trace
            if document["kind"] == "turn_closed":
                reply = document["reply"]  # whole, where the state may hold its ends only
        if turn is not None and trace is None:  # its line has left the log
            trace = TurnTrace(turn_id=turn.turn_id, n=turn.n, interpretation=as_before(turn))
        if reply is None or trace is None:
            raise DialogUnknown(entry.dialog_id, entry.turn_id)
        return OpenTurn(self, entry.key, entry.dialog_id, trace, held.state, prompt=None, stored_reply=reply)

    async def _degraded(self, entry: Entry, error: StoreError) -> OpenTurn:
        """The message as it is, with no state read or written, and the trace saying so."""
        state = DialogState(dialog_id=entry.dialog_id)
        meant = identity(state, entry.text, by="degraded")
        grounded = await self.steps.ground(state, meant, sent=entry.text)
        trace = turn_trace(entry, 1, meant, grounded.prompt, degraded=type(error).__name__)
        return OpenTurn(self, entry.key, entry.dialog_id, trace, state, prompt=grounded.prompt)

    # -- writing -------------------------------------------------------------------------------------------------

    async def _apply(
        self, key: str, dialog_id: str, propose: Callable[[Held], Awaitable[Proposal | None]], *, held: Held | None
    ) -> Held:
        try:
            saved = await apply(
                self.store,
                key,
                propose,
                dialog_id=dialog_id,
                held=held,
                ttl_s=self.config.ttl_s,
                attempts=self.config.max_conflicts,
            )
        except BaseException:
            self._held.drop(key)  # what was held may be stale, or a write may have happened unseen
            raise
        self._held.put(key, saved)
        return saved

    async def record(self, key: str, dialog_id: str, change: Change) -> Held:
        """Fold one change that holds whatever was written meanwhile (the close of a turn, a longer lease)."""

        async def propose(_: Held) -> Proposal:
            return Proposal((change,), (journal.line(change),) if change.kind != "lease_extended" else ())

        return await self._apply(key, dialog_id, propose, held=self._held.get(key))

    async def _write(self, dialog_id: str, tenant: str, change: Change, *, needs: str | None = None) -> DialogState:
        key = key_of(dialog_id, tenant=tenant)

        async def propose(held: Held) -> Proposal:
            if needs is not None and held.state.turn(needs) is None:
                raise DialogUnknown(dialog_id, needs)
            return Proposal((change,), (journal.line(change),))

        held = None if needs is not None else self._held.get(key)  # what is missing here may be in the store
        return (await self._apply(key, dialog_id, propose, held=held)).state

    def compact_later(self, key: str, dialog_id: str, state: DialogState) -> None:
        """Start a compaction of the dialog off the critical path, if one is due."""
        self.finishing(self._compact(key, dialog_id, state))

    def finishing(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that `settled` and `aclose` wait for."""
        return _kept_in(self._unfinished, work)

    def while_open(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that ends with the pipeline, if not before."""
        return _kept_in(self._pulses, work)

    async def _compact(self, key: str, dialog_id: str, state: DialogState) -> None:
        try:
            change = await self.steps.compact(state)
            if change is not None:
                await self.record(key, dialog_id, change)
        except Exception as error:
            # A summariser is anybody's code. The turn is answered and saved; the next one over the threshold compacts.
            log.warning("compaction failed: dialog=%r %s", dialog_id, type(error).__name__)

    # -- the log -------------------------------------------------------------------------------------------------

    def _log(self, dialog_id: str, tenant: str) -> AsyncIterator[dict[str, Any]]:
        return self._log_of(key_of(dialog_id, tenant=tenant))

    async def _log_of(self, key: str) -> AsyncIterator[dict[str, Any]]:
        async for entry in self.store.read_log(key):
            yield journal.read(entry.data)


def _kept_in(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """The task of `work`, held by `tasks` until it is done: the event loop itself holds tasks only weakly."""
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
