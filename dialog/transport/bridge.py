"""The bridge for synchronous callers: one event loop in a thread per pipeline, on which its coroutines run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

from dialog.pipeline import Pipeline

T = TypeVar("T")

_bridges: WeakKeyDictionary[Pipeline, Bridge] = WeakKeyDictionary()
_making = threading.Lock()


class Bridge:
    """Runs coroutines for threads that have no event loop. Get one with `bridge_of`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="antecedent", daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        return self._loop.is_closed()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, run on the bridge's loop; raises what it raises. Not for use on that loop itself."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:  # KeyboardInterrupt too: what nobody waits for any more is not left running
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the loop, when its tasks are done; closing twice is fine."""
        if not self.closed:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            if left := asyncio.all_tasks(self._loop):
                self._loop.run_until_complete(asyncio.wait(left, timeout=5.0))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()


class Synchronous:
    """A pipeline for synchronous callers: `with synchronous(pipeline) as run: state = run(pipeline.state("d"))`.

    Leaving it closes the pipeline and ends its thread.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine of the pipeline."""
        return bridge_of(self.pipeline).call(work)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        bridge = bridge_of(self.pipeline)
        bridge.call(self.pipeline.aclose())
        bridge.close()


def bridge_of(pipeline: Pipeline) -> Bridge:
    """The one bridge of that pipeline: its locks and connections belong to one loop."""
    with _making:
        bridge = _bridges.get(pipeline)
        if bridge is None or bridge.closed:
            bridge = _bridges[pipeline] = Bridge()
        return bridge
