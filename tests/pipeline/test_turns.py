"""One message, end to end: opened before the backend, closed after, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from dialog.errors import DialogBusy, DialogUnknown, InterpretationFailed
from dialog.interpretation import Interpretation
from dialog.state import DialogState
from stores.base import StoreUnavailable
from stores.memory import MemoryStore
from tests.pipeline.parts import STEPS, Clock, HeldBackend, pipeline_over, seen_by


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    store = MemoryStore()
    yield store
    await store.aclose()


@pytest.fixture
def backend() -> HeldBackend:
    backend = HeldBackend()
    backend.gate.set()
    return backend


async def test_a_reply_is_recorded_with_its_message(store: MemoryStore, backend: HeldBackend) -> None:
    pipeline = pipeline_over(store, backend)
    reply = await pipeline.reply("d", "hello")
    state = await pipeline.state("d")
    assert reply.text == "re: hello"
    assert state is not None
    assert [(turn.user, turn.reply, turn.status) for turn in state.turns] == [("hello", "re: hello", "closed")]


async def test_the_next_message_sees_the_turns_before(store: MemoryStore, backend: HeldBackend) -> None:
    pipeline = pipeline_over(store, backend)
    await pipeline.reply("d", "one")
    await pipeline.reply("d", "two")
    assert seen_by(backend.prompts[-1]) == ["one", "re: one", "two"]


async def test_a_dialog_survives_a_restart_of_the_process(store: MemoryStore, backend: HeldBackend) -> None:
    await pipeline_over(store, backend).reply("d", "one")
    await pipeline_over(store, backend).reply("d", "two")
    assert seen_by(backend.prompts[-1]) == ["one", "re: one", "two"]


async def test_the_users_message_is_stored_before_the_backend_is_asked(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend)
    asking = asyncio.create_task(pipeline.reply("d", "hello"))
    await backend.started.wait()
    state = await pipeline_over(store).state("d")
    assert state is not None
    assert (state.turns[0].user, state.turns[0].status) == ("hello", "open")
    backend.gate.set()
    await asking


async def test_a_duplicate_delivery_returns_the_first_reply(store: MemoryStore, backend: HeldBackend) -> None:
    pipeline = pipeline_over(store, backend)
    first = await pipeline.reply("d", "hello", turn_id="m1")
    second = await pipeline.reply("d", "hello", turn_id="m1")
    assert (second.text, second.replayed) == (first.text, True)
    assert len(backend.prompts) == 1


async def test_a_duplicate_that_comes_while_the_first_is_answered_waits_for_it(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend)
    first = asyncio.create_task(pipeline.reply("d", "hello", turn_id="m1"))
    await backend.started.wait()
    second = asyncio.create_task(pipeline.reply("d", "hello", turn_id="m1"))
    await asyncio.sleep(0)
    backend.gate.set()
    assert (await first).text == (await second).text == "re: hello"
    assert len(backend.prompts) == 1


async def test_a_duplicate_in_another_process_waits_too(store: MemoryStore) -> None:
    backend = HeldBackend()
    first = asyncio.create_task(pipeline_over(store, backend).reply("d", "hello", turn_id="m1"))
    await backend.started.wait()
    second = asyncio.create_task(pipeline_over(store, backend).reply("d", "hello", turn_id="m1"))
    await asyncio.sleep(0)
    backend.gate.set()
    assert (await first).text == (await second).text
    assert len(backend.prompts) == 1


async def test_two_messages_at_once_are_both_kept_and_the_second_sees_the_first(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend, overlap="allow")
    first = asyncio.create_task(pipeline.reply("d", "one"))
    await backend.started.wait()
    second = asyncio.create_task(pipeline.reply("d", "two"))
    backend.gate.set()
    await asyncio.gather(first, second)
    state = await pipeline.state("d")
    assert state is not None
    assert [turn.reply for turn in state.turns] == ["re: one", "re: two"]
    assert seen_by(backend.prompts[1])[0] == "one"


async def test_with_wait_the_second_message_sees_the_first_and_its_reply(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend, overlap="wait")
    first = asyncio.create_task(pipeline.reply("d", "one"))
    await backend.started.wait()
    second = asyncio.create_task(pipeline.reply("d", "two"))
    await asyncio.sleep(0)
    backend.gate.set()
    await asyncio.gather(first, second)
    assert seen_by(backend.prompts[1]) == ["one", "re: one", "two"]


async def test_with_refuse_the_second_message_is_turned_away_and_nothing_is_lost(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend, overlap="refuse")
    first = asyncio.create_task(pipeline.reply("d", "one"))
    await backend.started.wait()
    with pytest.raises(DialogBusy):
        await pipeline.reply("d", "two")
    backend.gate.set()
    assert (await first).text == "re: one"
    assert (await pipeline.reply("d", "two")).text == "re: two"


async def test_a_reply_that_is_cut_short_is_kept_as_partial(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend)
    asking = asyncio.create_task(pipeline.reply("d", "hello"))
    await backend.started.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    state = await pipeline.state("d")
    assert state is not None
    assert (state.turns[0].status, state.turns[0].reply) == ("partial", "re: ")


async def test_leaving_a_stream_early_keeps_what_came(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend)
    async with pipeline.turn("d", "hello") as turn:
        async for piece in turn.stream():
            assert piece == "re: "
            break
    state = await pipeline.state("d")
    assert state is not None
    assert (state.turns[0].status, state.turns[0].reply) == ("partial", "re: ")


async def test_a_failing_backend_is_recorded_and_its_error_comes_back_unchanged(store: MemoryStore) -> None:
    backend = HeldBackend(error=ConnectionError("down"))
    pipeline = pipeline_over(store, backend)
    with pytest.raises(ConnectionError, match="down"):
        await pipeline.reply("d", "hello", turn_id="m1")
    state = await pipeline.state("d")
    assert state is not None
    assert (state.turns[0].status, state.turns[0].failure) == ("failed", "ConnectionError")


async def test_a_failed_turn_can_be_delivered_again(store: MemoryStore) -> None:
    backend = HeldBackend(error=ConnectionError("down"))
    backend.gate.set()
    pipeline = pipeline_over(store, backend)
    with pytest.raises(ConnectionError):
        await pipeline.reply("d", "hello", turn_id="m1")
    backend.error = None
    assert (await pipeline.reply("d", "hello", turn_id="m1")).text == "re: hello"
    state = await pipeline.state("d")
    assert state is not None
    assert [(turn.status, turn.attempt) for turn in state.turns] == [("closed", 2)]
    assert seen_by(backend.prompts[-1]) == ["hello"]


async def test_a_turn_whose_process_died_is_abandoned_after_its_lease(store: MemoryStore) -> None:
    clock = Clock()
    dead = pipeline_over(store, HeldBackend(), clock=clock, lease_s=30)
    await dead.begin("d", "hello", turn_id="m1")
    alive = pipeline_over(store, clock=clock, lease_s=30)
    before = await alive.state("d")
    clock.advance(31)
    after = await alive.state("d")
    assert before is not None
    assert after is not None
    assert (before.turns[0].status, after.turns[0].status) == ("open", "abandoned")
    assert after.turns[0].user == "hello"


async def test_an_abandoned_turn_is_taken_over_when_it_is_delivered_again(store: MemoryStore) -> None:
    clock = Clock()
    backend = HeldBackend()
    backend.gate.set()
    await pipeline_over(store, backend, clock=clock, lease_s=30).begin("d", "hello", turn_id="m1")
    clock.advance(31)
    reply = await pipeline_over(store, backend, clock=clock).reply("d", "hello", turn_id="m1")
    assert (reply.text, reply.replayed) == ("re: hello", False)


async def test_a_turn_that_is_let_go_without_a_reply_is_abandoned(store: MemoryStore) -> None:
    pipeline = pipeline_over(store)
    async with pipeline.turn("d", "hello"):
        pass
    state = await pipeline.state("d")
    assert state is not None
    assert state.turns[0].status == "abandoned"


async def test_the_caller_may_ask_its_own_backend(store: MemoryStore) -> None:
    pipeline = pipeline_over(store)
    async with pipeline.turn("d", "hello") as turn:
        await turn.close(f"answer to {turn.prompt.message.text}")
    state = await pipeline.state("d")
    assert state is not None
    assert state.turns[0].reply == "answer to hello"


async def test_an_interpreter_that_raises_leaves_the_message_alone_and_the_trace_says_so(
    store: MemoryStore, backend: HeldBackend
) -> None:
    async def broken(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        raise ZeroDivisionError

    steps = replace(STEPS, interpret=broken)
    reply = await pipeline_over(store, backend, steps=steps).reply("d", "hello")
    assert reply.text == "re: hello"
    assert reply.trace.interpretation.fallback == "ZeroDivisionError"
    with pytest.raises(InterpretationFailed):
        await pipeline_over(store, backend, steps=steps, on_interpret_error="raise").reply("d", "hello")


class DownStore(MemoryStore):
    """A store whose server does not answer."""

    async def load(self, key: str) -> None:
        raise StoreUnavailable("load", "refused")


async def test_a_store_that_is_down_fails_loud_by_default(backend: HeldBackend) -> None:
    with pytest.raises(StoreUnavailable):
        await pipeline_over(DownStore(), backend).reply("d", "hello")


async def test_a_store_that_is_down_lets_the_message_through_when_told_to(backend: HeldBackend) -> None:
    reply = await pipeline_over(DownStore(), backend, on_store_error="degrade").reply("d", "hello")
    assert reply.text == "re: hello"
    assert reply.trace.degraded == "StoreUnavailable"


async def test_why_gives_the_trace_of_a_turn_also_after_a_restart(store: MemoryStore, backend: HeldBackend) -> None:
    first = await pipeline_over(store, backend).reply("d", "one", turn_id="m1")
    await pipeline_over(store, backend).reply("d", "two", turn_id="m2")
    reader = pipeline_over(store)
    assert (await reader.why("d", "m1")) == first.trace
    assert (await reader.why("d")).turn_id == "m2"
    with pytest.raises(DialogUnknown):
        await reader.why("d", "m3")


async def test_an_export_holds_every_line_and_the_state(store: MemoryStore, backend: HeldBackend) -> None:
    pipeline = pipeline_over(store, backend)
    await pipeline.reply("d", "one")
    await pipeline.set_slots("d", {"city": "Boston"})
    kinds = [entry["kind"] async for entry in pipeline.export("d")]
    assert kinds == ["turn_opened", "turn_closed", "slots_set", "state"]


async def test_a_forgotten_dialog_is_gone_and_its_late_reply_does_not_bring_it_back(store: MemoryStore) -> None:
    backend = HeldBackend()
    pipeline = pipeline_over(store, backend)
    asking = asyncio.create_task(pipeline.reply("d", "hello"))
    await backend.started.wait()
    assert await pipeline.forget("d")
    backend.gate.set()
    await asking
    assert await pipeline.state("d") is None
    assert not await pipeline.forget("d")


async def test_tenants_do_not_see_each_others_dialogs(store: MemoryStore, backend: HeldBackend) -> None:
    pipeline = pipeline_over(store, backend)
    await pipeline.reply("d", "one", tenant="a")
    await pipeline.reply("d", "two", tenant="b")
    assert seen_by(backend.prompts[-1]) == ["two"]
    assert [dialog_id async for dialog_id in pipeline.dialogs(tenant="a")] == ["d"]
    await pipeline.forget("d", tenant="a")
    assert await pipeline.state("d", tenant="b") is not None


async def test_sixteen_writers_of_one_dialog_lose_nothing(store: MemoryStore) -> None:
    async def writes(name: str) -> None:
        pipeline = pipeline_over(store)
        for n in range(3):
            async with pipeline.turn("d", f"{name} {n}") as turn:
                await turn.close("ok")

    await asyncio.gather(*(writes(f"writer {number}") for number in range(16)))
    state = await pipeline_over(store).state("d")
    assert state is not None
    assert state.next_n == 16 * 3 + 1
    assert {turn.status for turn in state.turns} == {"closed"}


@pytest.mark.parametrize("text", ["", "   ", "x" * 101])
async def test_an_empty_or_overlong_message_is_refused_and_nothing_is_recorded(store: MemoryStore, text: str) -> None:
    pipeline = pipeline_over(store, max_message_chars=100)
    with pytest.raises(ValueError, match="message"):
        await pipeline.reply("d", text)
    assert await pipeline.state("d") is None


async def test_a_turn_without_a_backend_says_what_to_do(store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="backend"):
        await pipeline_over(store).reply("d", "hello")
