"""A store that fails between the opening of a turn and its close, and values it will not take."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from stores.base import Record, StoreUnavailable
from stores.memory import MemoryStore
from tests.pipeline.parts import HeldBackend, pipeline_over


class DyingStore(MemoryStore):
    """A store whose server stops answering when told to."""

    down = False

    async def load(self, key: str) -> Record | None:
        self._answer()
        return await super().load(key)

    async def commit(self, key: str, data: bytes, **options: Any) -> Record:
        self._answer()
        return await super().commit(key, data, **options)

    def _answer(self) -> None:
        if self.down:
            raise StoreUnavailable("commit", "refused")


async def test_a_reply_is_given_out_though_the_store_died_after_the_turn_was_opened(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, backend = DyingStore(), HeldBackend()
    pipeline = pipeline_over(store, backend, on_store_error="degrade")
    asking = asyncio.create_task(pipeline.reply("d", "hello"))
    await backend.started.wait()
    store.down = True
    backend.gate.set()
    with caplog.at_level(logging.WARNING, "antecedent"):
        reply = await asking
    assert reply.text == "re: hello"
    assert reply.trace.degraded == "StoreUnavailable"
    assert "hello" not in caplog.text


async def test_by_default_the_caller_hears_that_the_reply_could_not_be_recorded() -> None:
    store, backend = DyingStore(), HeldBackend()
    asking = asyncio.create_task(pipeline_over(store, backend).reply("d", "hello"))
    await backend.started.wait()
    store.down = True
    backend.gate.set()
    with pytest.raises(StoreUnavailable):
        await asking


async def test_the_backends_error_comes_back_unchanged_when_the_store_is_down_too() -> None:
    store = DyingStore()
    pipeline = pipeline_over(store, HeldBackend(error=ConnectionError("no route")))
    turn = await pipeline.begin("d", "hello")
    store.down = True
    with pytest.raises(ConnectionError, match="no route"):
        await turn.reply()
    await pipeline.aclose()


async def test_a_cancelled_caller_stays_cancelled_when_the_store_is_down_too() -> None:
    store, backend = DyingStore(), HeldBackend()
    asking = asyncio.create_task(pipeline_over(store, backend).reply("d", "hello"))
    await backend.started.wait()
    store.down = True
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_reply_too_large_for_the_store_reaches_the_caller_and_its_beginning_is_kept() -> None:
    pipeline = pipeline_over(MemoryStore(max_value_bytes=20_000))
    async with pipeline.turn("d", "hello") as turn:
        await turn.close("word " * 10_000)
    state = await pipeline.state("d")
    assert state is not None
    assert state.turns[0].status == "partial"
    assert ("word " * 10_000).startswith(state.turns[0].reply)
    assert state.turns[0].reply


class SlowStore(MemoryStore):
    """A store whose commits are written, but answered only when the gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.written = asyncio.Event()

    async def commit(self, key: str, data: bytes, **options: Any) -> Record:
        record = await super().commit(key, data, **options)
        self.written.set()
        await self.gate.wait()
        return record


async def test_a_begin_that_is_cancelled_while_it_writes_leaves_no_turn_open() -> None:
    store = SlowStore()
    pipeline = pipeline_over(store)
    begin = asyncio.create_task(pipeline.begin("d", "hello"))
    await store.written.wait()
    begin.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begin
    store.gate.set()
    await pipeline.settled()
    state = await pipeline.state("d")
    assert state is not None
    assert [turn.status for turn in state.turns] == ["abandoned"]


async def test_a_pipeline_that_closes_waits_for_the_end_of_a_turn_whose_caller_was_cancelled() -> None:
    store = SlowStore()
    store.gate.set()
    pipeline = pipeline_over(store)
    turn = await pipeline.begin("d", "hello")
    store.gate.clear()
    store.written.clear()
    closing = asyncio.create_task(turn.close("hi"))
    await store.written.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    ending = asyncio.create_task(pipeline.aclose())
    done, _ = await asyncio.wait({ending}, timeout=0.01)
    assert not done
    store.gate.set()
    await ending
    assert turn.state.turns[0].reply == "hi"
