"""The contract of a store, sentence by sentence: any str is a key, and no two keys collide."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.base import ABSENT, LogEntry, Store
from tests.contract.reading import keys_of, log_of

ODD = [
    "",
    " ",
    ":",
    "::",
    "a:b",
    "a",
    "A",
    "*",
    "a*",
    "?",
    "[a]",
    "[",
    "]",
    "\\",
    "\\*",
    "^",
    "-",
    "{",
    "}",
    "{}",
    "}{",
    "{a}",
    "a}b{c",
    "{a}:log",
    "a:log",
    "%",
    "%7B",
    "%25",
    "\x00",
    "a\x00",
    "a\x00b",
    "\r\n",
    "é",
    "e\u0301",
    "纽约",
    "纽",
    "🍜",
    "\ud800",
    "\udfff",
    "\U0010ffff",
    "\uffff",
    "k" * 1024,
    "k" * 1023,
    "字" * 342,
    "'; DROP TABLE records; --",
    "..",
    "/",
]


async def test_odd_keys_do_not_collide(store: Store) -> None:
    written = [
        await store.commit(key, key.encode("utf-8", "surrogatepass"), expect=ABSENT, op_id="a", log=[b"%d" % n])
        for n, key in enumerate(ODD)
    ]
    for n, record in enumerate(written):
        assert await store.load(record.key) == record
        assert await log_of(store, record.key) == [LogEntry(1, b"%d" % n)]
    assert await keys_of(store) == sorted(ODD)


async def test_deleting_an_odd_key_leaves_every_other(store: Store) -> None:
    for key in ODD:
        await store.commit(key, b"v", expect=ABSENT, op_id="a")
    for n, key in enumerate(ODD, start=1):
        assert await store.delete(key) is True
        assert await keys_of(store) == sorted(ODD[n:])


@pytest.mark.parametrize("prefix", ODD)
async def test_a_prefix_lists_exactly_the_keys_that_start_with_it(store: Store, prefix: str) -> None:
    made = {*ODD, *(prefix + end for end in ("", "x", "*", "}", "\x00", "\U0010ffff"))}
    for key in made:
        await store.commit(key, b"v", expect=ABSENT, op_id="a")
    assert await keys_of(store, prefix) == sorted(key for key in made if key.startswith(prefix))


async def test_an_empty_store_lists_nothing(store: Store) -> None:
    assert await keys_of(store) == []


async def test_many_keys_are_each_listed_once(store: Store) -> None:
    made = [f"t{n % 3}/{n}" for n in range(1200)]
    for key in made:
        await store.commit(key, b"", expect=ABSENT, op_id="a")
    assert await keys_of(store) == sorted(made)
    assert await keys_of(store, "t1/") == sorted(key for key in made if key.startswith("t1/"))


async def test_keys_deleted_during_the_listing_do_not_break_it(store: Store) -> None:
    made = [f"k{n}" for n in range(600)]
    for key in made:
        await store.commit(key, b"", expect=ABSENT, op_id="a")
    async for key in store.keys():
        assert await store.delete(key) is True
    assert await keys_of(store) == []


text_with_surrogates = st.text(st.characters(codec=None), max_size=6) | st.text("{}:*%\\\x00/a", max_size=6)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(text_with_surrogates, min_size=2, max_size=4, unique=True))
async def test_two_different_keys_are_two_records(store: Store, keys: list[str]) -> None:
    for key in keys:
        await store.delete(key)  # what an earlier, failed example left
    for n, key in enumerate(keys):
        await store.commit(key, b"%d" % n, expect=ABSENT, op_id="a")
    for n, key in enumerate(keys):
        found = await store.load(key)
        assert found is not None
        assert found.data == b"%d" % n
    for key in keys:
        assert await store.delete(key) is True


def test_the_odd_keys_are_different() -> None:
    assert all(one != other for one, other in itertools.combinations(ODD, 2))
