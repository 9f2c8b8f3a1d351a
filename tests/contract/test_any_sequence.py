"""Any sequence of calls gives what a few lines of plain Python over a dict give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.base import ABSENT, LogEntry, Store, Version, VersionConflict
from tests.contract.reading import keys_of, log_of

KEYS = ["", "a", "a}", "纽约"]


@dataclass
class Expected:
    """What a key should hold; `versions` are those any writer has seen, the stale ones included."""

    data: bytes | None = None
    version: Version = ABSENT
    op_id: str = ""
    log: list[bytes] = field(default_factory=list)
    versions: list[Version] = field(default_factory=lambda: [ABSENT])


commits = st.tuples(
    st.just("commit"),
    st.sampled_from(KEYS),
    st.integers(0, 5),  # which of the versions seen so far to expect, counted from the newest
    st.sampled_from(["op1", "op2", "op3"]),
    st.binary(max_size=5),
    st.lists(st.binary(max_size=3), max_size=3),
)
deletes = st.tuples(st.just("delete"), st.sampled_from(KEYS), st.none() | st.integers(0, 5))


def seen(model: Expected, back: int) -> Version:
    return model.versions[-1 - min(back, len(model.versions) - 1)]


async def commit(store: Store, key: str, model: Expected, back: int, op_id: str, data: bytes, log: list[bytes]) -> None:
    expect = seen(model, back)
    if model.data is not None and op_id == model.op_id:
        record = await store.commit(key, data, expect=expect, op_id=op_id, log=log)
        assert (record.data, record.version) == (model.data, model.version)
        return
    if expect != model.version:
        with pytest.raises(VersionConflict) as refused:
            await store.commit(key, data, expect=expect, op_id=op_id, log=log)
        assert (refused.value.expected, refused.value.actual) == (expect, model.version)
        return
    record = await store.commit(key, data, expect=expect, op_id=op_id, log=log)
    assert record.version.number == expect.number + 1
    assert record.version not in model.versions
    model.data, model.version, model.op_id = data, record.version, op_id
    model.log.extend(log)
    model.versions.append(record.version)


async def delete(store: Store, key: str, model: Expected, back: int | None) -> None:
    expect = None if back is None else seen(model, back)
    if expect not in (None, model.version):
        with pytest.raises(VersionConflict) as refused:
            await store.delete(key, expect=expect)
        assert (refused.value.expected, refused.value.actual) == (expect, model.version)
        return
    assert await store.delete(key, expect=expect) is (model.data is not None)
    model.data, model.version, model.op_id = None, ABSENT, ""
    model.log.clear()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(commits | deletes, max_size=25))
async def test_any_sequence_of_calls_does_what_plain_python_does(store: Store, calls: list[tuple[object, ...]]) -> None:
    for key in KEYS:
        await store.delete(key)  # what the example before left
    models = {key: Expected() for key in KEYS}
    for call in calls:
        match call:
            case ("commit", str(key), int(back), str(op_id), bytes(data), list(log)):
                await commit(store, key, models[key], back, op_id, data, log)
            case ("delete", str(key), back) if back is None or isinstance(back, int):
                await delete(store, key, models[key], back)
    for key, model in models.items():
        record = await store.load(key)
        assert (None if record is None else (record.data, record.version)) == (
            None if model.data is None else (model.data, model.version)
        )
        assert await log_of(store, key) == [LogEntry(n, line) for n, line in enumerate(model.log, start=1)]
    assert await keys_of(store) == sorted(key for key, model in models.items() if model.data is not None)
