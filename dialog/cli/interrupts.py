"""Ctrl-C as an event for one piece of work, instead of the end of the program."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def on_interrupt(act: Callable[[], object]) -> Iterator[None]:
    """Within this, SIGINT calls `act` on the running event loop; afterwards it does what it did before.

    `signal.signal` and not the loop's own handlers, which Windows does not have. Must run in the main thread.
    """
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def interruptible(work: Coroutine[Any, Any, None]) -> bool:
    """Run `work` to its end (True), or until SIGINT cancels it (False); it may still finish up after the cancel."""
    task = asyncio.ensure_future(work)
    with on_interrupt(task.cancel):
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:  # the caller is cancelled: so is the work
            task.cancel()
            await asyncio.wait([task])
            raise
    if task.cancelled():
        return False
    task.result()
    return True
