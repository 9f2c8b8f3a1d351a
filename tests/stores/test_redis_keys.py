from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from stores.redis_keys import KeySpelling

texts = st.text(st.characters(codec=None), max_size=8) | st.text("{}:*%\\[]?^=\x00a", max_size=8)


@given(texts, texts, texts, texts)
def test_different_keys_or_namespaces_are_spelt_differently(one: str, key: str, other: str, other_key: str) -> None:
    spelt = {KeySpelling(one).record(key), KeySpelling(one).log(key)}
    spelt |= {KeySpelling(other).record(other_key), KeySpelling(other).log(other_key)}
    assert len(spelt) == (2 if (one, key) == (other, other_key) else 4)


@given(texts, texts)
def test_record_and_log_of_a_key_share_a_slot_of_a_cluster(namespace: str, key: str) -> None:
    spelling = KeySpelling(namespace)
    assert key_slot(spelling.record(key)) == key_slot(spelling.log(key))


@given(texts, texts)
def test_a_key_is_read_back_from_its_record(namespace: str, key: str) -> None:
    spelling = KeySpelling(namespace)
    assert spelling.key_of(spelling.record(key)) == key


@given(texts, texts)
def test_the_pattern_of_a_prefix_matches_exactly_the_keys_that_start_with_it(prefix: str, key: str) -> None:
    spelling = KeySpelling("n")
    pattern = spelling.records_pattern(prefix).decode("latin-1")
    for candidate in (key, prefix + key):
        assert fnmatchcase(spelling.record(candidate).decode("latin-1"), pattern) == candidate.startswith(prefix)


def test_the_slots_of_different_keys_differ() -> None:
    spelling = KeySpelling("antecedent")
    assert len({key_slot(spelling.record(f"tenant/{n}")) for n in range(1000)}) > 900
