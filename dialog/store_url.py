"""A store from a URL: the one place in this package that knows which stores there are."""

from __future__ import annotations

from typing import Any

from stores.base import Store

FORMS = "memory:, sqlite:PATH, redis://, rediss://, redis+sentinel://, redis+cluster://"


def open_store(url: str, **options: Any) -> Store:
    """The store that `url` names; the caller closes it. `options` go to the store's constructor.

    `memory:` keeps dialogs in this process; `sqlite:PATH` in a file, made when missing; the `redis` forms on a server,
    a Sentinel group or a Cluster. Nothing is connected before the first use. Raises ValueError for any other form.
    """
    scheme, _, rest = url.partition(":")
    match scheme:
        case "memory":
            from stores.memory import MemoryStore

            return MemoryStore(**options)
        case "sqlite" if rest:
            from stores.sqlite import SqliteStore

            return SqliteStore(rest.removeprefix("//"), **options)
        case "redis" | "rediss" | "redis+sentinel" | "rediss+sentinel" | "redis+cluster" | "rediss+cluster":
            from stores.redis import RedisStore

            return RedisStore.from_url(url, **options)
        case _:
            raise ValueError(f"no store is called {scheme!r}; use one of {FORMS}")
