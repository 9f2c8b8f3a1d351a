"""How turns and pipelines end: leases that run out, old deliveries that come again, what closing stops."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from dialog.change import Compacted
from dialog.config import PipelineConfig
from dialog.errors import DialogUnknown
from dialog.pipeline import Pipeline
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState
from stores.memory import MemoryStore
from tests.pipeline.parts import STEPS, HeldBackend, pipeline_over


def _open_backend() -> HeldBackend:
    backend = HeldBackend()
    backend.gate.set()
    return backend


async def test_a_waiting_message_is_taken_up_when_the_lease_before_it_runs_out() -> None:
    store = MemoryStore()
    config = PipelineConfig(overlap="wait", lease_s=0.1, wait_s=30, longest_turn_s=0.01)
    dead = Pipeline(store=store, steps=STEPS, config=config, clock=time.time)
    await dead.begin("d", "one")
    alive = Pipeline(store=store, steps=STEPS, backend=_open_backend(), config=config, clock=time.time)
    reply = await asyncio.wait_for(alive.reply("d", "two"), 5)
    assert reply.text == "re: two"


async def test_a_duplicate_gets_the_stored_reply_also_when_the_store_keeps_no_log() -> None:
    pipeline = pipeline_over(MemoryStore(max_log_entries=0), _open_backend())
    await pipeline.reply("d", "hello", turn_id="m1")
    again = await pipeline.reply("d", "hello", turn_id="m1")
    assert (again.text, again.replayed) == ("re: hello", True)
    assert again.trace.interpretation.rewrite.text == "hello"


async def _say(pipeline: Pipeline, count: int) -> None:
    for n in range(count):
        async with pipeline.turn("d", f"message {n}") as turn:
            await turn.close("ok")


async def test_a_duplicate_of_a_turn_that_left_the_state_gets_its_reply_from_the_log() -> None:
    pipeline = pipeline_over(MemoryStore(), _open_backend())
    await pipeline.reply("d", "hello", turn_id="m1")
    await _say(pipeline, 64)
    state = await pipeline.state("d")
    assert state is not None
    assert state.turn("m1") is None
    again = await pipeline.reply("d", "hello", turn_id="m1")
    assert (again.text, again.replayed) == ("re: hello", True)


async def test_a_turn_that_left_the_state_without_a_reply_is_not_answered_with_an_empty_one() -> None:
    backend = HeldBackend(error=ConnectionError("down"))
    pipeline = pipeline_over(MemoryStore(), backend)
    with pytest.raises(ConnectionError):
        await pipeline.reply("d", "hello", turn_id="m1")
    await _say(pipeline, 64)
    with pytest.raises(DialogUnknown):
        await pipeline.reply("d", "hello", turn_id="m1")


class _Owned:
    closed = False

    async def aclose(self) -> None:
        self.closed = True


async def test_a_compaction_that_raises_hurts_neither_the_turn_nor_the_closing_of_the_pipeline() -> None:
    async def broken(state: DialogState) -> Compacted | None:
        raise ZeroDivisionError

    owned = _Owned()
    steps = replace(STEPS, compact=broken)
    pipeline = Pipeline(store=MemoryStore(), steps=steps, backend=_open_backend(), owned=(owned,))
    assert (await pipeline.reply("d", "hello")).text == "re: hello"
    await pipeline.aclose()
    assert owned.closed


async def test_closing_a_pipeline_stops_the_heartbeats_of_turns_left_open() -> None:
    before = asyncio.all_tasks()
    pipeline = pipeline_over(MemoryStore())
    await pipeline.begin("d", "hello")
    await pipeline.aclose()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


class _Watched(HeldBackend):
    freed = False

    async def stream(self, prompt: GroundedPrompt) -> AsyncGenerator[str, None]:
        try:
            yield "one"
            yield "two"
        finally:
            self.freed = True


async def test_closing_a_stream_early_stops_the_backend_at_once() -> None:
    backend = _Watched()
    pieces = pipeline_over(MemoryStore(), backend).stream("d", "hello")
    assert await anext(pieces) == "one"
    await pieces.aclose()
    assert backend.freed
