"""A durable store in one SQLite file: no server, and several processes may share it.

The file must be on a local disk, because write-ahead logging needs memory shared between the processes
(https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from stores.base import LogEntry, Record, StoreClosed, StoreIncompatible, StoreUnavailable, Version
from stores.limits import MAX_LOG_ENTRIES, MAX_VALUE_BYTES, Limits
from stores.sqlite_file import KEYS_PAGE, LOG_PAGE, SqliteFile

_T = TypeVar("_T")


class SqliteStore:
    """Keeps records in the file at `path`, which is made on first use and readable by its owner only.

    All SQL runs on one thread of the store's own, so the event loop never waits for a disk or a lock. A call waits up
    to `busy_timeout_s` seconds for other processes, then raises StoreUnavailable. `synchronous="FULL"` survives a
    power cut; "NORMAL" may lose the last commits in one (not in a crash of the process) and is faster
    (https://www.sqlite.org/pragma.html#pragma_synchronous). `clock` gives Unix seconds and must agree between the
    processes that share the file.

    Any call raises StoreIncompatible when the file is not a store of ours or was written by a newer version.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        clock: Callable[[], float] = time.time,
        max_log_entries: int = MAX_LOG_ENTRIES,
        max_value_bytes: int = MAX_VALUE_BYTES,
        busy_timeout_s: float = 5.0,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
    ) -> None:
        if busy_timeout_s < 0:
            raise ValueError(f"busy_timeout_s must be 0 or more, not {busy_timeout_s}")
        if synchronous not in ("FULL", "NORMAL"):
            raise ValueError(f'synchronous must be "FULL" or "NORMAL", not {synchronous!r}')
        self._path = Path(path)
        self._limits = Limits(max_value_bytes=max_value_bytes, max_log_entries=max_log_entries)
        self._open_file = partial(
            SqliteFile,
            self._path,
            clock=clock,
            limits=self._limits,
            busy_timeout_s=busy_timeout_s,
            synchronous=synchronous,
        )
        self._file: SqliteFile | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="antecedent-sqlite")
        self._closed = False

    def __repr__(self) -> str:
        return f"SqliteStore({str(self._path)!r})"

    async def load(self, key: str) -> Record | None:
        return await self._run("load", lambda file: file.load(key))

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
        data, log = bytes(data), [bytes(entry) for entry in log]
        return await self._run(
            "commit", lambda file: file.commit(key, data, expect=expect, op_id=op_id, ttl_s=ttl_s, log=log)
        )

    async def read_log(self, key: str, *, after: int = 0) -> AsyncIterator[LogEntry]:
        reading: str | None = None
        while True:
            page = await self._run("read_log", partial(_log_page, key, after))
            for incarnation, entry in page:
                # A key that was deleted and created anew while we read has another log: stop, never mix the two.
                if reading not in (None, incarnation):
                    return
                reading, after = incarnation, entry.seq
                yield entry
            if len(page) < LOG_PAGE:
                return

    async def delete(self, key: str, *, expect: Version | None = None) -> bool:
        return await self._run("delete", lambda file: file.delete(key, expect))

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        after: str | None = None
        while True:
            page = await self._run("keys", partial(_keys_page, prefix, after))
            for key in page:
                yield key
            if len(page) < KEYS_PAGE:
                return
            after = page[-1]

    async def aclose(self) -> None:
        """Waits for the calls already made, then closes the file."""
        if self._closed:
            return
        self._closed = True
        closing = asyncio.get_running_loop().run_in_executor(self._thread, self._close_file)
        self._thread.shutdown(wait=False)
        await asyncio.shield(closing)

    async def _run(self, action: str, work: Callable[[SqliteFile], _T]) -> _T:
        if self._closed:
            raise StoreClosed
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._guarded, action, work)

    def _guarded(self, action: str, work: Callable[[SqliteFile], _T]) -> _T:
        """Runs on the store's thread."""
        try:
            if self._file is None:
                self._file = self._open_file()
            return work(self._file)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise StoreIncompatible(str(self._path), str(error)) from error
            raise StoreUnavailable(action, f"{self._path}: {error}") from error
        except OSError as error:
            raise StoreUnavailable(action, str(error)) from error

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()


def _log_page(key: str, after: int, file: SqliteFile) -> list[tuple[str, LogEntry]]:
    return file.log_page(key, after)


def _keys_page(prefix: str, after: str | None, file: SqliteFile) -> list[str]:
    return file.keys_page(prefix, after)
