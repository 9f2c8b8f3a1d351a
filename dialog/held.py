"""What this process holds of dialogs between turns: the latest records, a lock per dialog, and news of changes."""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from dialog.commit import Held
from stores.base import ABSENT, Store, Version

FIRST_LOOK_S = 0.02
LONGEST_LOOK_S = 0.5


class HeldRecords:
    """Latest records by key, least recently used out first. A stale one costs a conflict or a read, never
    a wrong write or answer: `commit.apply` decides nothing on it alone."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._records: OrderedDict[str, Held] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    def get(self, key: str) -> Held | None:
        return self._records.get(key)

    def put(self, key: str, held: Held) -> None:
        """Hold a record just read or written, and tell those who wait for the dialog to change."""
        if held.version == ABSENT:
            self.drop(key)
        elif self._size:
            self._records[key] = held
            self._records.move_to_end(key)
            while len(self._records) > self._size:
                self._records.popitem(last=False)
        if (event := self._news.get(key)) is not None:
            event.set()

    def drop(self, key: str) -> None:
        self._records.pop(key, None)

    @asynccontextmanager
    async def one_at_a_time(self, key: str) -> AsyncIterator[None]:
        """Turns of one dialog open one after the other within this process, which saves conflicts."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            yield

    async def changed(self, key: str, *, since: Version, store: Store, deadline: float) -> None:
        """Return once the dialog is no longer at `since`, here or in the store, or at `deadline` (loop time)."""
        event = self._news.get(key)
        if event is None:
            event = self._news[key] = asyncio.Event()
        pause = FIRST_LOOK_S
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            event.clear()
            if (held := self.get(key)) is not None and held.version != since:
                return
            try:
                await asyncio.wait_for(event.wait(), min(left, random.uniform(pause / 2, pause)))
            except TimeoutError:
                record = await store.load(key)
                if record is None or record.version != since:
                    self.drop(key)
                    return
                pause = min(pause * 2, LONGEST_LOOK_S)
