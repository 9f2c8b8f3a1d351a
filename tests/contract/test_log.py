"""The contract of a store, sentence by sentence: the log beside each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from stores.base import ABSENT, LogEntry, Record, Store, VersionConflict
from tests.contract.reading import log_of


async def append(store: Store, record: Record | None, entries: Sequence[bytes], *, key: str = "k") -> Record:
    expect = ABSENT if record is None else record.version
    return await store.commit(key, b"v", expect=expect, op_id=f"op{expect.number}", log=entries)


async def test_an_absent_key_has_an_empty_log(store: Store) -> None:
    assert await log_of(store) == []


async def test_a_commit_without_entries_leaves_the_log_as_it_was(store: Store) -> None:
    record = await append(store, None, [b"one"])
    await append(store, record, [])
    assert await log_of(store) == [LogEntry(1, b"one")]


async def test_entries_come_back_in_the_order_they_were_appended(store: Store) -> None:
    record = await append(store, None, [b"one", b"two"])
    await append(store, record, [b"three", b"", b"\x00\xff"])
    assert await log_of(store) == [
        LogEntry(1, b"one"),
        LogEntry(2, b"two"),
        LogEntry(3, b"three"),
        LogEntry(4, b""),
        LogEntry(5, b"\x00\xff"),
    ]


async def test_reading_after_a_sequence_number_gives_what_follows(store: Store) -> None:
    await append(store, None, [b"one", b"two", b"three"])
    assert await log_of(store, after=1) == [LogEntry(2, b"two"), LogEntry(3, b"three")]
    assert await log_of(store, after=3) == []
    assert await log_of(store, after=99) == []


async def test_a_long_log_is_read_whole(store: Store) -> None:
    entries = [b"%d" % n for n in range(1, 301)]
    await append(store, None, entries)
    assert await log_of(store) == [LogEntry(n, data) for n, data in enumerate(entries, start=1)]


async def test_the_oldest_entries_go_when_the_cap_is_passed_and_numbers_go_on(
    open_store: Callable[..., Store],
) -> None:
    store = open_store(max_log_entries=3)
    record = await append(store, None, [b"1", b"2"])
    record = await append(store, record, [b"3", b"4"])
    assert await log_of(store) == [LogEntry(2, b"2"), LogEntry(3, b"3"), LogEntry(4, b"4")]
    await append(store, record, [b"5", b"6", b"7", b"8", b"9"])
    assert await log_of(store) == [LogEntry(7, b"7"), LogEntry(8, b"8"), LogEntry(9, b"9")]


async def test_a_cap_of_zero_keeps_no_log(open_store: Callable[..., Store]) -> None:
    store = open_store(max_log_entries=0)
    record = await append(store, None, [b"1", b"2"])
    await append(store, record, [b"3"])
    assert await log_of(store) == []


async def test_a_refused_commit_appends_nothing(store: Store) -> None:
    record = await append(store, None, [b"one"])
    with pytest.raises(VersionConflict):
        await store.commit("k", b"v", expect=ABSENT, op_id="other", log=[b"refused"])
    await append(store, record, [b"two"])
    assert await log_of(store) == [LogEntry(1, b"one"), LogEntry(2, b"two")]


async def test_the_log_is_deleted_with_its_value_and_starts_again_at_one(store: Store) -> None:
    await append(store, None, [b"one", b"two"])
    await store.delete("k")
    assert await log_of(store) == []
    await append(store, None, [b"new"])
    assert await log_of(store) == [LogEntry(1, b"new")]


async def test_logs_of_two_keys_do_not_mix(store: Store) -> None:
    await append(store, None, [b"one"], key="k1")
    await append(store, None, [b"two"], key="k2")
    assert await log_of(store, "k1") == [LogEntry(1, b"one")]
    assert await log_of(store, "k2") == [LogEntry(1, b"two")]


async def test_a_log_read_while_its_key_is_recreated_never_mixes_the_two(store: Store) -> None:
    await append(store, None, [b"old"] * 300)
    seen: list[bytes] = []
    async for entry in store.read_log("k"):
        if not seen:
            await store.delete("k")
            await append(store, None, [b"new"] * 300)
        seen.append(entry.data)
    assert set(seen) == {b"old"}
