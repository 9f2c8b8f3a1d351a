"""The contract of a store, sentence by sentence: values, versions, repeats and deletion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from stores.base import ABSENT, Store, StoreClosed, ValueTooLarge, Version, VersionConflict
from tests.contract.reading import keys_of, lines_of, log_of


async def test_an_absent_key_loads_as_none(store: Store) -> None:
    assert await store.load("nobody") is None


async def test_a_committed_value_loads_as_it_was_written(store: Store) -> None:
    data = bytes(range(256)) * 40
    written = await store.commit("k", data, expect=ABSENT, op_id="a")
    assert (written.key, written.data) == ("k", data)
    assert await store.load("k") == written


async def test_an_empty_value_is_a_value(store: Store) -> None:
    written = await store.commit("k", b"", expect=ABSENT, op_id="a")
    assert await store.load("k") == written


async def test_versions_start_at_one_and_rise_by_one_within_an_incarnation(store: Store) -> None:
    record = await store.commit("k", b"1", expect=ABSENT, op_id="1")
    assert record.version.number == 1
    assert record.version.incarnation
    for number in range(2, 6):
        incarnation = record.version.incarnation
        record = await store.commit("k", b"%d" % number, expect=record.version, op_id=str(number))
        assert record.version == Version(number, incarnation)


async def test_a_second_writer_with_a_stale_version_is_refused_and_changes_nothing(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"])
    second = await store.commit("k", b"two", expect=first.version, op_id="b", log=[b"two"])
    with pytest.raises(VersionConflict) as refused:
        await store.commit("k", b"three", expect=first.version, op_id="c", log=[b"three"])
    assert refused.value.key == "k"
    assert (refused.value.expected, refused.value.actual) == (first.version, second.version)
    assert await store.load("k") == second
    assert await lines_of(store) == [b"one", b"two"]


async def test_a_key_that_exists_is_not_created_again(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
    with pytest.raises(VersionConflict) as refused:
        await store.commit("k", b"two", expect=ABSENT, op_id="b")
    assert (refused.value.expected, refused.value.actual) == (ABSENT, first.version)
    assert await store.load("k") == first


async def test_an_absent_key_has_no_version_to_follow(store: Store) -> None:
    with pytest.raises(VersionConflict) as refused:
        await store.commit("k", b"two", expect=Version(1, "somebody"), op_id="b")
    assert refused.value.actual == ABSENT
    assert await store.load("k") is None


async def test_the_latest_commit_repeated_returns_its_record_and_changes_nothing(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"])
    second = await store.commit("k", b"two", expect=first.version, op_id="b", log=[b"two"])
    assert await store.commit("k", b"two", expect=first.version, op_id="b", log=[b"two"]) == second
    assert await store.load("k") == second
    assert await lines_of(store) == [b"one", b"two"]


async def test_the_creation_of_a_key_repeated_keeps_its_incarnation(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"])
    assert await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"]) == first
    assert await lines_of(store) == [b"one"]


async def test_an_older_commit_repeated_is_refused(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
    await store.commit("k", b"two", expect=first.version, op_id="b")
    with pytest.raises(VersionConflict):
        await store.commit("k", b"one", expect=ABSENT, op_id="a")


async def test_the_same_op_id_on_two_keys_is_two_commits(store: Store) -> None:
    one = await store.commit("k1", b"one", expect=ABSENT, op_id="same")
    two = await store.commit("k2", b"two", expect=ABSENT, op_id="same")
    assert (await store.load("k1"), await store.load("k2")) == (one, two)


async def test_what_the_caller_does_to_its_buffer_afterwards_does_not_reach_the_store(store: Store) -> None:
    buffer, entry = bytearray(b"before"), bytearray(b"before")
    writable = cast(bytes, buffer), cast(bytes, entry)  # not what the types allow, yet easily passed
    await store.commit("k", writable[0], expect=ABSENT, op_id="a", log=writable[1:])
    buffer[:] = entry[:] = b"after!"
    record = await store.load("k")
    assert record is not None
    assert record.data == b"before"
    assert await lines_of(store) == [b"before"]


async def test_a_deleted_key_is_absent(store: Store) -> None:
    await store.commit("k", b"one", expect=ABSENT, op_id="a")
    assert await store.delete("k") is True
    assert await store.load("k") is None
    assert await keys_of(store) == []


async def test_deleting_an_absent_key_says_so(store: Store) -> None:
    assert await store.delete("k") is False


async def test_deleting_one_key_leaves_the_others(store: Store) -> None:
    await store.commit("k1", b"one", expect=ABSENT, op_id="a", log=[b"one"])
    other = await store.commit("k2", b"two", expect=ABSENT, op_id="b", log=[b"two"])
    await store.delete("k1")
    assert await store.load("k2") == other
    assert await lines_of(store, "k2") == [b"two"]


async def test_deleting_a_version_that_has_passed_is_refused(store: Store) -> None:
    first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
    second = await store.commit("k", b"two", expect=first.version, op_id="b")
    with pytest.raises(VersionConflict) as refused:
        await store.delete("k", expect=first.version)
    assert (refused.value.expected, refused.value.actual) == (first.version, second.version)
    assert await store.load("k") == second
    assert await store.delete("k", expect=second.version) is True


async def test_a_deleted_and_recreated_key_refuses_a_writer_from_before(store: Store) -> None:
    before = await store.commit("k", b"old", expect=ABSENT, op_id="a")
    await store.delete("k")
    after = await store.commit("k", b"new", expect=ABSENT, op_id="b")
    assert before.version.number == after.version.number
    with pytest.raises(VersionConflict):
        await store.commit("k", b"stale", expect=before.version, op_id="c")
    with pytest.raises(VersionConflict):
        await store.delete("k", expect=before.version)
    assert await store.load("k") == after


async def test_a_deleted_key_forgets_the_op_id_of_its_last_commit(store: Store) -> None:
    before = await store.commit("k", b"old", expect=ABSENT, op_id="a")
    await store.delete("k")
    after = await store.commit("k", b"new", expect=ABSENT, op_id="a")
    assert after.data == b"new"
    assert after.version.incarnation != before.version.incarnation


async def test_a_value_over_the_limit_is_refused_before_it_is_written(open_store: Callable[..., Store]) -> None:
    store = open_store(max_value_bytes=100)
    kept = await store.commit("k", b"x" * 100, expect=ABSENT, op_id="a", log=[b"y" * 100])
    with pytest.raises(ValueTooLarge) as refused:
        await store.commit("k", b"x" * 101, expect=kept.version, op_id="b")
    assert (refused.value.size, refused.value.limit) == (101, 100)
    assert await store.load("k") == kept


async def test_a_log_entry_over_the_limit_is_refused_with_its_whole_commit(open_store: Callable[..., Store]) -> None:
    store = open_store(max_value_bytes=100)
    with pytest.raises(ValueTooLarge):
        await store.commit("k", b"small", expect=ABSENT, op_id="a", log=[b"small", b"y" * 101])
    assert await store.load("k") is None
    assert await log_of(store) == []


async def test_a_closed_store_refuses_politely_and_closes_twice(store: Store) -> None:
    record = await store.commit("k", b"one", expect=ABSENT, op_id="a")
    await store.aclose()
    await store.aclose()
    with pytest.raises(StoreClosed):
        await store.load("k")
    with pytest.raises(StoreClosed):
        await store.commit("k", b"two", expect=record.version, op_id="b")
    with pytest.raises(StoreClosed):
        await store.delete("k")
    with pytest.raises(StoreClosed):
        await log_of(store)
    with pytest.raises(StoreClosed):
        await keys_of(store)


async def test_a_store_never_used_closes(store: Store) -> None:
    await store.aclose()


async def test_a_call_under_way_when_the_store_closes_finishes_or_is_refused(store: Store) -> None:
    commits = [asyncio.create_task(store.commit(str(n), b"x", expect=ABSENT, op_id="a")) for n in range(20)]
    await asyncio.sleep(0)
    await store.aclose()
    for outcome in await asyncio.gather(*commits, return_exceptions=True):
        assert not isinstance(outcome, BaseException) or isinstance(outcome, StoreClosed)
