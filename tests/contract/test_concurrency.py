"""The contract of a store, sentence by sentence: many at once, and callers that go away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from stores.base import ABSENT, Record, Store, VersionConflict
from tests.contract.reading import keys_of, lines_of

WRITERS, COMMITS = 16, 50


async def count_up(store: Store, key: str, writer: int) -> None:
    """Add 1 to the number under `key`, `COMMITS` times, as a careful writer does: load, commit, on conflict again."""
    held: Record | None = None
    for n in range(COMMITS):
        backoff_s = 0.001
        while True:
            value = 0 if held is None else int(held.data)
            try:
                held = await store.commit(
                    key,
                    b"%d" % (value + 1),
                    expect=ABSENT if held is None else held.version,
                    op_id=f"{writer}/{n}",
                    log=[f"{writer}/{n}".encode()],
                )
                break
            except VersionConflict:
                # A real wait: with none, all writers try again at the same moment and all but one lose again.
                await asyncio.sleep(random.uniform(0, backoff_s))
                backoff_s = min(0.05, backoff_s * 2)
                held = await store.load(key)


async def test_many_writers_on_one_key_lose_nothing(store: Store) -> None:
    await asyncio.gather(*(count_up(store, "k", writer) for writer in range(WRITERS)))
    record = await store.load("k")
    assert record is not None
    assert (record.version.number, int(record.data)) == (WRITERS * COMMITS, WRITERS * COMMITS)
    lines = [entry.data.decode() async for entry in store.read_log("k")]
    assert sorted(lines) == sorted(f"{writer}/{n}" for writer in range(WRITERS) for n in range(COMMITS))
    for writer in range(WRITERS):
        assert [line for line in lines if line.startswith(f"{writer}/")] == [f"{writer}/{n}" for n in range(COMMITS)]


async def test_of_many_that_create_a_key_exactly_one_succeeds(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.commit("k", b"%d" % n, expect=ABSENT, op_id=str(n)) for n in range(WRITERS)), return_exceptions=True
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, Record)]
    assert len(winners) == 1
    assert all(isinstance(outcome, VersionConflict) for outcome in outcomes if outcome is not winners[0])
    assert await store.load("k") == winners[0]


async def test_the_same_commit_sent_many_times_at_once_happens_once(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.commit("k", b"v", expect=ABSENT, op_id="same", log=[b"line"]) for _ in range(WRITERS))
    )
    assert set(outcomes) == {outcomes[0]}
    assert await lines_of(store) == [b"line"]


async def test_five_hundred_and_twelve_conversations_at_once_are_all_served(store: Store) -> None:
    async def converse(n: int) -> None:
        key, held = f"k{n}", None
        for step in range(3):
            loaded = await store.load(key)
            assert loaded == held
            expect = ABSENT if held is None else held.version
            held = await store.commit(key, b"x" * 2000, expect=expect, op_id=str(step), log=[b"line"])

    await asyncio.gather(*(converse(n) for n in range(512)))
    assert len(await keys_of(store)) == 512


@pytest.mark.parametrize("steps", range(6))
async def test_a_cancelled_commit_leaves_the_store_usable(store: Store, steps: int) -> None:
    """Cancelled after a few turns of the event loop: before it is sent, under way, or after it was written."""
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
    for n in range(40):
        cancelled = asyncio.create_task(store.commit(f"c{n}", b"x" * 5000, expect=ABSENT, op_id="a", log=[b"line"]))
        for _ in range(steps):
            await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
    second = await store.commit("k", b"two", expect=first.version, op_id="b")
    assert await store.load("k") == second
    for n in range(40):
        left = await store.load(f"c{n}")
        lines = await lines_of(store, f"c{n}")
        assert (left is None, lines) in ((True, []), (False, [b"line"]))  # all of it or nothing


async def test_cancelled_reads_leave_the_store_usable(store: Store) -> None:
    record = await store.commit("k", b"x" * 5000, expect=ABSENT, op_id="a", log=[b"line"] * 100)
    reads = [asyncio.create_task(store.load("k")) for _ in range(100)]
    await asyncio.sleep(0)
    for read in reads[::2]:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    assert [await read for read in reads[1::2]] == [record] * 50
    assert await store.load("k") == record


async def test_a_log_abandoned_half_way_leaves_the_store_usable(open_store: Callable[..., Store]) -> None:
    store = open_store()
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", log=[b"line"] * 300)
    lines = store.read_log("k")
    async for _ in lines:
        break
    await lines.aclose()  # type: ignore[attr-defined]  # every store's is an async generator
    assert await store.load("k") == record
