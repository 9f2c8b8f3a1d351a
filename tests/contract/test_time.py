"""The contract of a store, sentence by sentence: time limits. Expired means absent, for every method alike."""

from __future__ import annotations

import math

import pytest

from stores.base import ABSENT, LogEntry, Store, VersionConflict
from tests.contract.conftest import Place
from tests.contract.reading import keys_of, log_of


async def test_an_expired_key_loads_as_none(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    assert await store.load("k") is not None
    await place.outlast(store, "k")
    assert await store.load("k") is None


async def test_an_expired_key_is_not_listed(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "k")
    assert await keys_of(store) == []


async def test_an_expired_key_is_not_there_to_delete(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "k")
    with pytest.raises(VersionConflict) as refused:
        await store.delete("k", expect=record.version)
    assert refused.value.actual == ABSENT
    assert await store.delete("k") is False


async def test_an_expired_key_takes_no_further_commit_and_is_created_anew(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "k")
    with pytest.raises(VersionConflict) as refused:
        await store.commit("k", b"w", expect=record.version, op_id="b")
    assert refused.value.actual == ABSENT
    anew = await store.commit("k", b"w", expect=ABSENT, op_id="c")
    assert anew.version.number == 1
    assert anew.version.incarnation != record.version.incarnation


async def test_an_expired_and_recreated_key_refuses_a_writer_from_before(store: Store, place: Place) -> None:
    before = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "k")
    after = await store.commit("k", b"w", expect=ABSENT, op_id="b")
    with pytest.raises(VersionConflict):
        await store.commit("k", b"stale", expect=before.version, op_id="c")
    assert await store.load("k") == after


async def test_an_expired_key_forgets_the_op_id_of_its_last_commit(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "k")
    anew = await store.commit("k", b"w", expect=ABSENT, op_id="a")
    assert anew.data == b"w"


async def test_the_log_expires_with_its_value_and_starts_again_at_one(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s, log=[b"one", b"two"])
    await place.outlast(store, "k")
    assert await log_of(store) == []
    await store.commit("k", b"w", expect=ABSENT, op_id="b", log=[b"new"])
    assert await log_of(store) == [LogEntry(1, b"new")]


async def test_a_commit_renews_the_time_limit_of_value_and_log(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s, log=[b"one"])
    await store.commit("witness", b"", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    renewed = await store.commit("k", b"w", expect=record.version, op_id="b", ttl_s=place.short_s * 100)
    await place.outlast(store, "witness")
    assert await store.load("k") == renewed
    assert await log_of(store) == [LogEntry(1, b"one")]


async def test_a_commit_shortens_the_time_limit_of_value_and_log(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s * 100, log=[b"one"])
    await store.commit("k", b"w", expect=record.version, op_id="b", ttl_s=place.short_s)
    await place.outlast(store, "k")
    assert await store.load("k") is None
    assert await log_of(store) == []


async def test_a_commit_without_a_time_limit_clears_it_for_value_and_log(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s, log=[b"one"])
    await store.commit("witness", b"", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    kept = await store.commit("k", b"w", expect=record.version, op_id="b")
    await place.outlast(store, "witness")
    assert await store.load("k") == kept
    assert await log_of(store) == [LogEntry(1, b"one")]


async def test_a_log_first_written_by_a_later_commit_expires_with_its_value(store: Store, place: Place) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
    await store.commit("k", b"w", expect=record.version, op_id="b", ttl_s=place.short_s, log=[b"one"])
    await place.outlast(store, "k")
    assert await log_of(store) == []


async def test_a_repeated_commit_does_not_renew_the_time_limit(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=place.short_s * 100)
    await place.outlast(store, "k")
    assert await store.load("k") is None


@pytest.mark.parametrize("ttl_s", [0, -1.0, math.nan, math.inf, 1e12])
async def test_a_time_limit_no_store_can_keep_is_refused(store: Store, ttl_s: float) -> None:
    with pytest.raises(ValueError, match="ttl_s"):
        await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=ttl_s)
    assert await store.load("k") is None


async def test_the_shortest_time_limit_is_a_limit(store: Store, place: Place) -> None:
    await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=1e-9)
    await store.commit("witness", b"", expect=ABSENT, op_id="a", ttl_s=place.short_s)
    await place.outlast(store, "witness")
    assert await store.load("k") is None
