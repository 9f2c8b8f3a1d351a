"""One message of a dialog at a time, the oldest of those that wait first: a follow-up is read after what it follows."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Key = tuple[str, str]


@dataclass
class _Lane:
    waiting: list[tuple[str, int, asyncio.Future[None]]] = field(default_factory=list)


class Lanes:
    """Lanes of this process by tenant and dialog; other processes are kept apart by the pipeline's own rules."""

    def __init__(self) -> None:
        self._busy: dict[Key, _Lane] = {}
        self._count = itertools.count()

    def busy(self, key: Key) -> bool:
        """Whether a message of the dialog is being answered here."""
        return key in self._busy

    @asynccontextmanager
    async def turn(self, key: Key, ts: str) -> AsyncIterator[None]:
        """Wait until the lane is free and no older message waits; `ts` is Slack's time, of fixed width."""
        lane = self._busy.get(key)
        if lane is None:
            self._busy[key] = _Lane()
        else:
            gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(lane.waiting, (ts, next(self._count), gate))
            try:
                await gate
            except asyncio.CancelledError:
                if gate.done() and not gate.cancelled():  # let in and called off at the same moment
                    self._let_next_in(key)
                raise
        try:
            yield
        finally:
            self._let_next_in(key)

    def _let_next_in(self, key: Key) -> None:
        lane = self._busy[key]
        while lane.waiting:
            _, _, gate = heapq.heappop(lane.waiting)
            if not gate.done():
                gate.set_result(None)
                return
        del self._busy[key]
