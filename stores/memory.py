"""A store in this process's memory: for tests, demonstrations and conversations nobody needs tomorrow."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from stores.base import ABSENT, LogEntry, Record, StoreClosed, Version, VersionConflict
from stores.limits import MAX_LOG_ENTRIES, MAX_VALUE_BYTES, Limits
from stores.versions import successor

_SWEEP_AT_LEAST = 64


@dataclass(slots=True)
class _Held:
    record: Record
    op_id: str
    expires_at: float | None
    log: deque[LogEntry]
    appended: int


class MemoryStore:
    """Keeps records until they expire, are deleted, or the process ends.

    `clock` gives seconds and must not run backwards; only its differences matter. No call awaits anything, so each
    is atomic for every task of the event loop. Use it from one event loop.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_log_entries: int = MAX_LOG_ENTRIES,
        max_value_bytes: int = MAX_VALUE_BYTES,
    ) -> None:
        self._limits = Limits(max_value_bytes=max_value_bytes, max_log_entries=max_log_entries)
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._commits_until_sweep = _SWEEP_AT_LEAST
        self._closed = False

    def __repr__(self) -> str:
        return f"MemoryStore({len(self._held)} records)"

    async def load(self, key: str) -> Record | None:
        held = self._live(key)
        return None if held is None else held.record

    async def commit(
        self,
        key: str,
        data: bytes,
        *,
        expect: Version,
        op_id: str,
        ttl_s: float | None = None,
        log: Sequence[bytes] = (),
    ) -> Record:
        self._limits.check(data, log, ttl_s)
        held = self._live(key)
        if held is not None and held.op_id == op_id:
            return held.record
        actual = ABSENT if held is None else held.record.version
        if actual != expect:
            raise VersionConflict(key, expect, actual)
        if held is None:
            held = _Held(Record(key, ABSENT, b""), op_id, None, deque(maxlen=self._limits.max_log_entries), 0)
            self._held[key] = held
        held.record = Record(key, successor(actual), bytes(data))
        held.op_id = op_id
        held.expires_at = None if ttl_s is None else self._clock() + ttl_s
        for entry in log:
            held.appended += 1
            held.log.append(LogEntry(held.appended, bytes(entry)))
        self._sweep_now_and_then()
        return held.record

    async def read_log(self, key: str, *, after: int = 0) -> AsyncIterator[LogEntry]:
        held = self._live(key)
        for entry in () if held is None else tuple(held.log):
            if entry.seq > after:
                yield entry

    async def delete(self, key: str, *, expect: Version | None = None) -> bool:
        held = self._live(key)
        actual = ABSENT if held is None else held.record.version
        if expect is not None and actual != expect:
            raise VersionConflict(key, expect, actual)
        return self._held.pop(key, None) is not None

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        self._check_open()
        for key in tuple(self._held):
            if key.startswith(prefix) and self._live(key) is not None:
                yield key

    async def aclose(self) -> None:
        self._closed = True
        self._held.clear()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreClosed

    def _live(self, key: str) -> _Held | None:
        self._check_open()
        held = self._held.get(key)
        if held is not None and held.expires_at is not None and held.expires_at <= self._clock():
            del self._held[key]
            return None
        return held

    def _sweep_now_and_then(self) -> None:
        """Drop what expired and is never asked for again; once per as many commits as there are records."""
        self._commits_until_sweep -= 1
        if self._commits_until_sweep > 0:
            return
        now = self._clock()
        for key in [k for k, held in self._held.items() if held.expires_at is not None and held.expires_at <= now]:
            del self._held[key]
        self._commits_until_sweep = max(_SWEEP_AT_LEAST, len(self._held))
