"""The SQL of a SQLite store: blocking calls, all from one thread, each atomic."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from stores.base import ABSENT, LogEntry, Record, Version, VersionConflict
from stores.limits import Limits
from stores.sqlite_schema import bring_up_to_date
from stores.versions import successor

LOG_PAGE = 64
KEYS_PAGE = 512
_PURGED_PER_COMMIT = 16


class _Row(NamedTuple):
    number: int
    incarnation: str
    op_id: str
    data: bytes
    appended: int

    @property
    def version(self) -> Version:
        return Version(self.number, self.incarnation)


class SqliteFile:
    """One connection to one store file. An expired row is treated as gone, and removed by later commits."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float],
        limits: Limits,
        busy_timeout_s: float,
        synchronous: Literal["FULL", "NORMAL"],
    ) -> None:
        _create_private(path)
        self._db = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
        self._clock = clock
        self._limits = limits
        try:
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA secure_delete = ON")  # what a user asked to forget is overwritten, not unlinked
            self._db.execute(f"PRAGMA synchronous = {synchronous}")
            bring_up_to_date(self._db, str(path))
            # After the check: switching the journal mode of another program's file would change it.
            self._db.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def load(self, key: str) -> Record | None:
        row = self._row(key)
        return None if row is None else Record(key, row.version, row.data)

    def commit(
        self, key: str, data: bytes, *, expect: Version, op_id: str, ttl_s: float | None, log: Sequence[bytes]
    ) -> Record:
        with self._write():
            row = self._row(key)
            if row is not None and row.op_id == op_id:
                return Record(key, row.version, row.data)
            _check(key, expect, row)
            if row is None:
                self._forget(key)
            self._purge()
            record = Record(key, successor(expect), data)
            appended = 0 if row is None else row.appended
            self._put(record, op_id, ttl_s, appended + len(log))
            self._append(key, log, appended)
            return record

    def delete(self, key: str, expect: Version | None) -> bool:
        with self._write():
            row = self._row(key)
            if expect is not None:
                _check(key, expect, row)
            self._forget(key)
            return row is not None

    def log_page(self, key: str, after: int) -> list[tuple[str, LogEntry]]:
        """Up to `LOG_PAGE` entries with `seq` > `after`, each with the incarnation of its record."""
        rows = self._db.execute(
            "SELECT incarnation, seq, log_entries.data FROM records JOIN log_entries USING (key)"
            " WHERE key = ? AND (expires_at IS NULL OR expires_at > ?) AND seq > ? ORDER BY seq LIMIT ?",
            (encode_key(key), self._clock(), after, LOG_PAGE),
        )
        return [(incarnation, LogEntry(seq, data)) for incarnation, seq, data in rows]

    def keys_page(self, prefix: str, after: str | None) -> list[str]:
        """Up to `KEYS_PAGE` live keys that start with `prefix`, in order of their bytes, from the one past `after`."""
        start = encode_key(prefix)
        rows = self._db.execute(
            "SELECT key FROM records WHERE key >= ? AND key < ? AND (? IS NULL OR key > ?)"
            " AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT ?",
            (
                start,
                start + b"\xff",  # no UTF-8 byte is 0xff, so every key with this prefix is below
                None if after is None else b"",
                b"" if after is None else encode_key(after),
                self._clock(),
                KEYS_PAGE,
            ),
        )
        return [decode_key(key) for (key,) in rows]

    @contextmanager
    def _write(self) -> Iterator[None]:
        # IMMEDIATE takes the write lock now: a transaction that starts by reading cannot wait for it later.
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _row(self, key: str) -> _Row | None:
        found = self._db.execute(
            "SELECT number, incarnation, op_id, data, appended FROM records"
            " WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)",
            (encode_key(key), self._clock()),
        ).fetchone()
        return None if found is None else _Row(*found)

    def _put(self, record: Record, op_id: str, ttl_s: float | None, appended: int) -> None:
        self._db.execute(
            "INSERT INTO records (key, number, incarnation, op_id, data, appended, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET number = excluded.number, incarnation = excluded.incarnation,"
            " op_id = excluded.op_id, data = excluded.data, appended = excluded.appended,"
            " expires_at = excluded.expires_at",
            (
                encode_key(record.key),
                *record.version,
                op_id,
                record.data,
                appended,
                None if ttl_s is None else self._clock() + ttl_s,
            ),
        )

    def _append(self, key: str, log: Sequence[bytes], appended: int) -> None:
        if not log:
            return
        last = appended + len(log)
        kept = self._limits.kept(log)
        self._db.executemany(
            "INSERT INTO log_entries (key, seq, data) VALUES (?, ?, ?)",
            [(encode_key(key), seq, entry) for seq, entry in enumerate(kept, start=last - len(kept) + 1)],
        )
        self._db.execute(
            "DELETE FROM log_entries WHERE key = ? AND seq <= ?",
            (encode_key(key), last - self._limits.max_log_entries),
        )

    def _forget(self, key: str) -> None:
        self._db.execute("DELETE FROM records WHERE key = ?", (encode_key(key),))

    def _purge(self) -> None:
        """Remove some rows that expired and are never asked for again, so the file stays bounded."""
        self._db.execute(
            "DELETE FROM records WHERE key IN (SELECT key FROM records WHERE expires_at <= ? LIMIT ?)",
            (self._clock(), _PURGED_PER_COMMIT),
        )


def encode_key(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def decode_key(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


def _check(key: str, expect: Version, row: _Row | None) -> None:
    actual = ABSENT if row is None else row.version
    if actual != expect:
        raise VersionConflict(key, expect, actual)


def _create_private(path: Path) -> None:
    """An empty file only its owner can read; SQLite gives its journal files the same permissions."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
