"""One `place` per store: somewhere to open stores, and a way to let time pass there."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import pytest

from stores.base import Store
from stores.limits import MAX_LOG_ENTRIES, MAX_VALUE_BYTES
from stores.memory import MemoryStore
from stores.redis import RedisStore
from stores.sqlite import SqliteStore
from tests.servers import Cluster, Server, Watched


class Place(Protocol):
    """Where a test's store keeps its records, empty at the start of each test.

    `short_s` is a time limit that a test can afford to outlast.
    """

    short_s: float

    def open(self, *, max_log_entries: int = MAX_LOG_ENTRIES, max_value_bytes: int = MAX_VALUE_BYTES) -> Store: ...

    async def outlast(self, store: Store, witness: str) -> None:
        """Returns when the key `witness`, last committed with `ttl_s=short_s`, has expired, and not much later."""
        ...


class FakeClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class MemoryPlace:
    short_s = 60.0

    def __init__(self) -> None:
        self.clock = FakeClock()

    def open(self, *, max_log_entries: int = MAX_LOG_ENTRIES, max_value_bytes: int = MAX_VALUE_BYTES) -> Store:
        return MemoryStore(clock=self.clock, max_log_entries=max_log_entries, max_value_bytes=max_value_bytes)

    async def outlast(self, store: Store, witness: str) -> None:
        self.clock.now += self.short_s


class SqlitePlace(MemoryPlace):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def open(self, *, max_log_entries: int = MAX_LOG_ENTRIES, max_value_bytes: int = MAX_VALUE_BYTES) -> Store:
        return SqliteStore(
            self.path,
            clock=self.clock,
            max_log_entries=max_log_entries,
            max_value_bytes=max_value_bytes,
            synchronous="NORMAL",
        )


@pytest.fixture
def memory_place() -> Place:
    return MemoryPlace()


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    return SqlitePlace(tmp_path / "store.db")


class RedisPlace:
    """A namespace of its own on a real server, where time really passes."""

    short_s = 0.1

    def __init__(self, url: str) -> None:
        self.url = url
        self.namespace = f"test-{uuid.uuid4().hex}"

    def open(self, *, max_log_entries: int = MAX_LOG_ENTRIES, max_value_bytes: int = MAX_VALUE_BYTES) -> Store:
        return RedisStore.from_url(
            self.url, namespace=self.namespace, max_log_entries=max_log_entries, max_value_bytes=max_value_bytes
        )

    async def outlast(self, store: Store, witness: str) -> None:
        async with asyncio.timeout(10):
            while await store.load(witness) is not None:  # noqa: ASYNC110  # no event tells of an expired key
                await asyncio.sleep(0.01)


@pytest.fixture
def redis_place(redis_url: str) -> Place:
    return RedisPlace(redis_url)


@pytest.fixture
def cluster_place(redis_cluster: Cluster) -> Place:
    return RedisPlace(redis_cluster.url)


@pytest.fixture
def sentinel_place(redis_sentinel: Watched) -> Place:
    return RedisPlace(redis_sentinel.url)


@pytest.fixture
def valkey_place(valkey_server: Server) -> Place:
    return RedisPlace(valkey_server.url)


PLACES = ["memory", "sqlite", "redis", "cluster", "sentinel", "valkey"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
async def open_store(place: Place) -> AsyncIterator[Callable[..., Store]]:
    """Opens stores of the place, and closes them after the test."""
    opened: list[Store] = []

    def open_one(**limits: int) -> Store:
        opened.append(place.open(**limits))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.aclose()


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()
