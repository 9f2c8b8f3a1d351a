"""What a process holds of a dialog may be behind the store; nothing is decided on it alone."""

from __future__ import annotations

import asyncio

from stores.memory import MemoryStore
from tests.pipeline.parts import HeldBackend, pipeline_over


def _open_backend() -> HeldBackend:
    backend = HeldBackend()
    backend.gate.set()
    return backend


async def test_a_message_is_not_refused_for_a_turn_that_another_process_has_closed_since() -> None:
    store, slow = MemoryStore(), HeldBackend()
    elsewhere = pipeline_over(store, slow, overlap="refuse")
    here = pipeline_over(store, _open_backend(), overlap="refuse")
    first = asyncio.create_task(elsewhere.reply("d", "one"))
    await slow.started.wait()
    assert await here.peek("d") is not None  # this process now holds the record with the open turn
    slow.gate.set()
    await first
    assert (await here.reply("d", "two")).text == "re: two"


async def test_a_slot_set_to_what_this_process_last_saw_is_set_again_when_another_changed_it() -> None:
    store = MemoryStore()
    here, elsewhere = pipeline_over(store), pipeline_over(store)
    await here.set_slots("d", {"city": "Boston"})
    await elsewhere.set_slots("d", {"city": "Austin"})
    state = await here.set_slots("d", {"city": "Boston"})
    slot = state.slot("city")
    assert slot is not None
    assert slot.current is not None
    assert slot.current.value == "Boston"
    assert await elsewhere.state("d") == state


async def test_a_turn_that_another_process_added_can_be_forgotten_here() -> None:
    store = MemoryStore()
    here, elsewhere = pipeline_over(store, _open_backend()), pipeline_over(store, _open_backend())
    await here.reply("d", "one")
    await elsewhere.reply("d", "two", turn_id="m2")
    state = await here.forget_turn("d", "m2")
    assert [turn.user for turn in state.turns] == ["one"]


async def test_a_turn_of_a_dialog_that_another_process_forgot_is_answered_anew() -> None:
    store, backend = MemoryStore(), _open_backend()
    here, elsewhere = pipeline_over(store, backend), pipeline_over(store)
    await here.reply("d", "one", turn_id="m1")
    await elsewhere.forget("d")
    again = await here.reply("d", "one", turn_id="m1")
    assert (again.text, again.replayed) == ("re: one", False)
