"""Dialogs without an id: the state is filed under a digest of the messages it was made from.

A request that carries its whole history names its state by itself. Nothing a user wrote can reach another conversation
than one with the very same words; an edited, regenerated or branched conversation is simply another digest; and a state
that is not in the store is made again from the messages, with the same result.

Filed is the state with a message taken up, under the digest of everything up to that message. How it was answered is
read from the client's next request. Where the provider holds the history (`previous_response_id`), the answered state
is filed under the provider's name for the reply.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from dialog import journal
from dialog.change import Change, TurnClosed, TurnFailed
from dialog.codec import encode
from dialog.commit import Held, Proposal, Propose, apply, load
from dialog.held import HeldRecords
from dialog.keys import keyless_key
from dialog.pipeline import Pipeline
from dialog.state import DialogState, ToolExchange
from dialog.trace import TurnTrace
from dialog.transport.chain import chain
from dialog.transport.managed import Managed, unsaid
from dialog.transport.replaying import Replayer, Taken, answered, sent_forms
from dialog.transport.traces import repeated, trace_of
from dialog.wire.reading import Exchange, Reading
from stores.base import ABSENT, VersionConflict

HELD_STATES = 128
"""How many states this process holds, each saving one read per turn."""


@dataclass(frozen=True, slots=True)
class _Request:
    reading: Reading
    digests: tuple[str, ...]
    tenant: str

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.reading.exchanges

    def key(self, digest: str) -> str:
        return keyless_key(digest, tenant=self.tenant)

    def after_key(self, reply_id: str) -> str:
        return keyless_key(f"after {reply_id}", tenant=self.tenant)


class Keyless:
    """Opens turns of conversations that the client holds. Raises StoreError and StateUnreadable."""

    def __init__(self, pipeline: Pipeline, replayer: Replayer, *, ttl_s: float) -> None:
        self._pipeline = pipeline
        self._replayer = replayer
        self._ttl_s = ttl_s
        self._held = HeldRecords(HELD_STATES)

    async def open(self, reading: Reading, *, tenant: str, forms_too: bool) -> Managed:
        """The turn of the last user message, opened; the same request again is the same turn.

        Without `forms_too` the earlier messages are not looked up.
        """
        request = _request(reading, tenant)
        before, forms = await self._before(request, len(request.digests) - 1)
        turn_id = request.digests[-1]
        taken = await self._replayer.take_up(
            before, reading.text, turn_id, at=self._pipeline.clock(), lease_s=self._pipeline.config.lease_s
        )
        trace = trace_of(taken.opened, n=before.next_n, prompt=taken.prompt if self._replayer.compacting else None)
        state = await self._file(request.key(turn_id), before, taken, trace)
        turn = state.turn(turn_id)
        return Managed(
            dialog_id=before.dialog_id,
            trace=trace,
            sent=taken.opened.sent if turn is None else turn.sent,
            earlier=await self._earlier(request, forms) if forms_too else unsaid(reading),
            record=_Record(self, request, state, turn_id),
            prompt=taken.prompt,
            said=reading.exchanges[-1].reply,
            tools=reading.exchanges[-1].tools,
        )

    async def go_on(self, reading: Reading, *, tenant: str) -> Managed | None:
        """The turn that the tool results in this request belong to, where only the provider holds it; None: unknown."""
        if reading.previous is None or not reading.alone:
            return None
        request = _request(reading, tenant)
        state = (await self._load(request.after_key(reading.previous))).state
        if not state.turns:
            return None
        turn = state.turns[-1]
        results = {tool.call_id: tool.result for tool in reading.exchanges[-1].tools}
        return Managed(
            dialog_id=state.dialog_id,
            trace=repeated(turn),
            sent="",
            earlier=(),
            record=_Record(self, request, state, turn.turn_id),
            said=turn.reply,
            tools=tuple(
                tool.model_copy(update={"result": results.get(tool.call_id, tool.result)}) for tool in turn.tools
            ),
        )

    async def forms(self, reading: Reading, *, tenant: str) -> tuple[str | None, ...]:
        """How the earlier messages were sent, for a request whose last message holds no text."""
        request = _request(reading, tenant)
        _, forms = await self._before(request, len(request.digests) - 1)
        return await self._earlier(request, forms)

    # -- finding ----------------------------------------------------------------------------------------------------

    async def _before(self, request: _Request, place: int) -> tuple[DialogState, dict[str, str]]:
        """The state before exchange `place`, and the sent forms met on the way to it."""
        state, start = await self._nearest(request, place)
        forms = sent_forms(state.turns)
        for at in range(start, place):
            state = await self._replayer.go_through(state, request.exchanges[at], request.digests[at])
            forms |= sent_forms(state.turns[-1:])
        return state, forms

    async def _nearest(self, request: _Request, place: int) -> tuple[DialogState, int]:
        """The newest state on file before exchange `place`, and the exchange that it stands before.

        Looks 1, 2, 4, 8... exchanges back: nearly always the newest is there, and else most likely none.
        """
        back = 1
        while back <= place:
            at = place - back
            held = await self._load(request.key(request.digests[at]))
            if held.version != ABSENT:
                state = answered(held.state, request.digests[at], request.exchanges[at])
                return await self._replayer.settle(state), at + 1
            back *= 2
        if request.reading.previous is not None:
            held = await self._load(request.after_key(request.reading.previous))
            if held.version != ABSENT:
                return await self._replayer.settle(held.state), 0
        return DialogState(dialog_id=f"prefix:{request.digests[0]}"), 0

    async def _earlier(self, request: _Request, forms: dict[str, str]) -> tuple[str, ...]:
        """The sent form of every exchange but the last; those that have left the state are looked up or replayed."""
        wanted = request.digests[:-1]
        while missing := [at for at, digest in enumerate(wanted) if digest not in forms]:
            newest = missing[-1]
            state = (await self._load(request.key(wanted[newest]))).state
            found = sent_forms(state.turns)
            if wanted[newest] not in found:
                _, found = await self._before(request, newest + 1)
            # What neither gives was never sent by this package: a turn dropped from the state as it was made.
            forms = {wanted[newest]: request.exchanges[newest].user} | found | forms
        return tuple(forms[digest] for digest in wanted)

    async def _load(self, key: str) -> Held:
        held = self._held.get(key)
        if held is None:
            held = await load(self._pipeline.store, key, dialog_id="-")
            self._held.put(key, held)
        return held

    # -- filing -----------------------------------------------------------------------------------------------------

    async def _file(self, key: str, before: DialogState, taken: Taken, trace: TurnTrace) -> DialogState:
        """File the state with the turn open; where one is on file already, that one stands."""

        async def propose(held: Held) -> Proposal | None:
            if held.version != ABSENT:
                return None
            prompt = taken.prompt if self._replayer.compacting else None
            kept = () if prompt is None else journal.kept_blocks(prompt, before)
            return Proposal(taken.changes, (journal.line(taken.opened, trace=trace, kept=kept),))

        return await self._apply(key, propose, held=Held(before, ABSENT))

    async def record(self, key: str, change: Change) -> None:
        """Fold the end of a turn into the state that holds it; one that has expired stays away."""

        async def propose(held: Held) -> Proposal | None:
            return None if held.version == ABSENT else Proposal((change,), (journal.line(change),))

        await self._apply(key, propose, held=self._held.get(key))

    async def file_after(self, key: str, state: DialogState) -> None:
        """File an answered state under the provider's name for the reply; the first one under a name stands."""
        try:
            await self._pipeline.store.commit(
                key, encode(state), expect=ABSENT, op_id=uuid.uuid4().hex, ttl_s=self._ttl_s
            )
        except VersionConflict:
            return

    async def _apply(self, key: str, propose: Propose, *, held: Held | None) -> DialogState:
        try:
            saved = await apply(self._pipeline.store, key, propose, dialog_id="-", held=held, ttl_s=self._ttl_s)
        except BaseException:
            self._held.drop(key)
            raise
        self._held.put(key, saved)
        return saved.state

    def clock(self) -> float:
        return self._pipeline.clock()


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a keyless turn's end is written; `state` is the one with the turn open."""

    keyless: Keyless
    request: _Request
    state: DialogState
    turn_id: str

    async def close(
        self,
        reply: str,
        *,
        status: Literal["closed", "partial"],
        tools: tuple[ToolExchange, ...],
        reply_id: str | None,
    ) -> None:
        at = self.keyless.clock()
        change = TurnClosed(turn_id=self.turn_id, status=status, reply=reply, tools=tools, at=at)
        await self.keyless.record(self.request.key(self.turn_id), change)
        if reply_id is not None:
            after = answered(self.state, self.turn_id, Exchange(user="", reply=reply, tools=tools))
            await self.keyless.file_after(self.request.after_key(reply_id), after)

    async def fail(self, failure: str, *, status: Literal["failed", "abandoned"]) -> None:
        change = TurnFailed(turn_id=self.turn_id, status=status, failure=failure, at=self.keyless.clock())
        await self.keyless.record(self.request.key(self.turn_id), change)


def _request(reading: Reading, tenant: str) -> _Request:
    return _Request(reading, chain(reading.exchanges, after=reading.previous), tenant)
