"""Reads a store's iterators whole."""

from __future__ import annotations

from stores.base import LogEntry, Store


async def keys_of(store: Store, prefix: str = "") -> list[str]:
    listing = store.keys(prefix)
    return sorted([key async for key in listing])


async def log_of(store: Store, key: str = "k", *, after: int = 0) -> list[LogEntry]:
    return [entry async for entry in store.read_log(key, after=after)]


async def lines_of(store: Store, key: str = "k") -> list[bytes]:
    return [entry.data async for entry in store.read_log(key)]
