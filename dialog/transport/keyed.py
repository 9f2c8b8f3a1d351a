"""Dialogs with an id, given by header, by the body, or by `use`: the state is the pipeline's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from dialog.codec import encode
from dialog.errors import DialogUnknown
from dialog.keys import key_of
from dialog.pipeline import Pipeline
from dialog.state import DialogState, ToolExchange, Turn
from dialog.transport.chain import chain
from dialog.transport.managed import Managed, unsaid
from dialog.transport.replaying import Replayer
from dialog.transport.traces import repeated
from dialog.turn import OpenTurn
from dialog.wire.reading import Exchange, Reading
from stores.base import ABSENT, VersionConflict


@dataclass(frozen=True, slots=True)
class Named:
    """A dialog as the request names it; `turn_id` None: derived, so that a retry of the same request is one turn."""

    dialog_id: str
    tenant: str
    turn_id: str | None = None
    speaker: str | None = None
    retry: bool = False
    """Whether the client says that it sent the same request before."""


class Keyed:
    """Opens turns of dialogs in the store. Raises StoreError and DialogError."""

    def __init__(self, pipeline: Pipeline, replayer: Replayer) -> None:
        self._pipeline = pipeline
        self._replayer = replayer

    async def open(self, reading: Reading, named: Named, *, forms_too: bool) -> Managed:
        """The turn of the last user message, opened; asked again, the same turn goes on or is answered anew.

        Without `forms_too` the earlier messages are not looked up.
        """
        digests = chain(reading.exchanges, after=reading.previous)
        state = await self._state(reading, named, digests)
        turn_id = named.turn_id or _turn_id(reading, state, digests[-1], retry=named.retry)
        turn = await self._begin(named, reading.text, turn_id)
        try:
            earlier = await self._earlier(reading, digests, turn.state, named) if forms_too else unsaid(reading)
        except BaseException as error:
            await turn.settle(error)  # else it would stay open, and its lease be extended
            raise
        last = reading.exchanges[-1]
        return Managed(
            dialog_id=named.dialog_id,
            trace=turn.trace,
            sent=_sent(turn),
            earlier=earlier,
            record=_Record(turn),
            prompt=turn.prompt,
            said=last.reply,
            tools=last.tools,
        )

    async def go_on(self, reading: Reading, named: Named) -> Managed | None:
        """The turn that the tool results in this request belong to, when it is all the request holds; None: unknown."""
        state = await self._pipeline.peek(named.dialog_id, tenant=named.tenant)
        if state is None or not state.turns or not reading.alone or reading.last != "tool":
            return None
        before = state.turns[-1]
        if before.status == "closed":
            return None
        turn = await self._begin(named, before.user, before.turn_id)
        results = {tool.call_id: tool.result for tool in reading.exchanges[-1].tools}
        tools = tuple(
            tool.model_copy(update={"result": results.get(tool.call_id, tool.result)}) for tool in before.tools
        )
        return Managed(
            dialog_id=named.dialog_id,
            trace=repeated(before),
            sent="",
            earlier=(),
            record=_Record(turn),
            said=before.reply,
            tools=tools,
        )

    async def forms(self, reading: Reading, named: Named) -> tuple[str | None, ...]:
        """How the earlier messages were sent, for a request whose last message holds no text."""
        state = await self._pipeline.peek(named.dialog_id, tenant=named.tenant)
        digests = chain(reading.exchanges, after=reading.previous)
        if state is None:
            return unsaid(reading)
        return await self._earlier(reading, digests, state, named)

    async def _state(self, reading: Reading, named: Named, digests: Sequence[str]) -> DialogState | None:
        """The dialog before this request; one that is not stored starts from the messages that the client holds.

        A retry may follow an attempt made by another process, so it looks in the store itself.
        """
        look = self._pipeline.state if named.retry else self._pipeline.peek
        state = await look(named.dialog_id, tenant=named.tenant)
        if state is not None or reading.alone:
            return state
        state = DialogState(dialog_id=named.dialog_id)
        for exchange, digest in zip(reading.exchanges[:-1], digests, strict=False):
            state = await self._replayer.go_through(state, exchange, digest)
        key = key_of(named.dialog_id, tenant=named.tenant)
        try:
            await self._pipeline.store.commit(
                key, encode(state), expect=ABSENT, op_id=uuid4().hex, ttl_s=self._pipeline.config.ttl_s
            )
        except VersionConflict:  # another request was first, with the same history or a newer one
            return await self._pipeline.state(named.dialog_id, tenant=named.tenant)
        return state

    async def _begin(self, named: Named, text: str, turn_id: str) -> OpenTurn:
        async def begin() -> OpenTurn:
            return await self._pipeline.begin(
                named.dialog_id, text, turn_id=turn_id, tenant=named.tenant, speaker=named.speaker
            )

        turn = await begin()
        if not turn.replayed:
            return turn
        # The client wants another answer to a turn that has one; the provider is asked, so the turn is taken anew.
        try:
            await self._pipeline.forget_turn(named.dialog_id, turn_id, tenant=named.tenant)
        except DialogUnknown:  # it has left the recent turns: what it said stays, its new answer is a turn of its own
            turn_id = f"{turn_id}-{uuid4().hex[:8]}"
        return await begin()

    async def _earlier(
        self, reading: Reading, digests: Sequence[str], state: DialogState, named: Named
    ) -> tuple[str | None, ...]:
        """How each earlier message was sent; None for one that was never sent through here."""
        exchanges = reading.exchanges[:-1]
        forms = _aligned(exchanges, digests, state.turns)
        gone = state.next_n - 1 - len(state.turns)
        if None in forms and gone > 0:
            forms = _aligned(exchanges, digests, [*await self._logged(named), *state.turns])
        return tuple(forms)

    async def _logged(self, named: Named) -> list[Turn]:
        """Turns that have left the state, as far back as the log reaches."""
        turns: dict[str, Turn] = {}
        async for line in self._pipeline.export(named.dialog_id, tenant=named.tenant):
            if line["kind"] == "turn_opened":
                turn_id = line["turn_id"]
                turns[turn_id] = Turn(
                    turn_id=turn_id, n=1, status="closed", user=line["user"], resolved="", sent=line["sent"]
                )
        return list(turns.values())


@dataclass(frozen=True, slots=True)
class _Record:
    turn: OpenTurn

    async def close(
        self,
        reply: str,
        *,
        status: Literal["closed", "partial"],
        tools: tuple[ToolExchange, ...],
        reply_id: str | None,
    ) -> None:
        await self.turn.close(reply, status=status, tools=tools)

    async def fail(self, failure: str, *, status: Literal["failed", "abandoned"]) -> None:
        await self.turn.fail(failure, status=status)


def _turn_id(reading: Reading, state: DialogState | None, digest: str, *, retry: bool) -> str:
    """The same for the same request sent again, and different for the same words said again.

    A history tells the two apart. Without one, the words of the latest turn are that turn again while it has no whole
    reply, or when the client says that it is trying again; any others get an id that nothing else can have, for
    `state` may be behind what other processes wrote.
    """
    if not reading.alone:
        return digest
    latest = state.turns[-1] if state is not None and state.turns else None
    if latest is not None and latest.user == reading.text and (latest.status != "closed" or retry):
        return latest.turn_id
    return uuid4().hex


def _sent(turn: OpenTurn) -> str:
    recorded = turn.state.turn(turn.turn_id)
    return turn.prompt.message.text if recorded is None else recorded.sent


def _aligned(exchanges: Sequence[Exchange], digests: Sequence[str], turns: Sequence[Turn]) -> list[str | None]:
    """The sent form of each exchange: of the turn of that id, else of the latest unused one with the same words."""
    left = list(turns)
    out: list[str | None] = []
    for exchange, digest in reversed(list(zip(exchanges, digests, strict=False))):
        place = _latest(turn.turn_id == digest for turn in left)
        if place is None:
            place = _latest(turn.user == exchange.user for turn in left)
        if place is None:
            out.append(None)
            continue
        out.append(left[place].sent)
        del left[place:]
    return out[::-1]


def _latest(claims: Iterable[bool]) -> int | None:
    """The place of the last claim that holds."""
    return max((place for place, holds in enumerate(claims) if holds), default=None)
