"""A store in Redis (6 or newer) or Valkey, one server, Sentinel or Cluster; no modules needed.

Each write is one Lua script, so value, version, log and time limit change in one step and one round trip. Replication
is Redis's own and asynchronous: a failover can lose the last commits it had acknowledged.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import AsyncIterator, Sequence
from importlib import resources
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import NoScriptError

from stores.base import ABSENT, LogEntry, Record, Version, VersionConflict
from stores.limits import MAX_LOG_ENTRIES, MAX_VALUE_BYTES, Limits
from stores.redis_calls import RedisCalls
from stores.redis_keys import KeySpelling
from stores.redis_url import Client, RedisUrl
from stores.versions import successor

_LOG_PAGE = 64
_SCAN_COUNT = 500


class _Script:
    def __init__(self, name: str) -> None:
        self.text = resources.files("stores").joinpath("lua", f"{name}.lua").read_text("utf-8")
        # Redis names scripts by SHA-1; nothing here depends on it being hard to collide.
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


_COMMIT, _DELETE, _READ_LOG = _Script("commit"), _Script("delete"), _Script("read_log")


class RedisStore:
    """Keeps records in the Redis that `client` is connected to, under keys that start with `namespace`.

    The client is borrowed: whoever made it sets its timeouts and closes it; its pool must allow `max_concurrent`
    connections (to each node of a cluster), and it must not decode responses. A call tries up to `attempts` times
    (1: the client's own retries are enough) and takes at most `deadline_s` seconds, waiting included.

    A commit whose answer was lost is sent again with its `op_id`, so it is not written twice. When another writer
    committed in between, it raises VersionConflict although the first sending was written.
    """

    def __init__(
        self,
        client: Client,
        *,
        namespace: str = "antecedent",
        max_log_entries: int = MAX_LOG_ENTRIES,
        max_value_bytes: int = MAX_VALUE_BYTES,
        max_concurrent: int = 32,
        attempts: int = 1,
        attempt_s: float = 4.0,
        deadline_s: float = 8.0,
    ) -> None:
        settings = client.connection_pool.connection_kwargs if isinstance(client, Redis) else client.connection_kwargs
        if settings.get("decode_responses"):
            raise ValueError("the client decodes responses to str; make it with decode_responses=False")
        self._client = client
        self._limits = Limits(max_value_bytes=max_value_bytes, max_log_entries=max_log_entries)
        self._keys = KeySpelling(namespace)
        password = settings.get("password")
        self._calls = RedisCalls(
            client,
            max_concurrent=max_concurrent,
            attempts=attempts,
            attempt_s=attempt_s,
            deadline_s=deadline_s,
            secrets=[password] if password else [],
        )
        self._shown = "borrowed client"
        self._owned: tuple[Client, ...] = ()

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        namespace: str = "antecedent",
        max_log_entries: int = MAX_LOG_ENTRIES,
        max_value_bytes: int = MAX_VALUE_BYTES,
        max_connections: int = 32,
        attempts: int = 4,
        timeout_s: float = 2.0,
        deadline_s: float = 8.0,
    ) -> RedisStore:
        """A store with a client of its own, closed by `aclose`. Forms of `url`: see `stores.redis_url`.

        Connects on first use, with at most `max_connections` (to each node of a cluster). Connecting and each answer
        take at most `timeout_s`; a call tries up to `attempts` times and takes at most `deadline_s` in all.
        Raises ValueError for a URL it does not understand.
        """
        parsed = RedisUrl.parse(url)
        client, helpers = parsed.connect(max_connections=max_connections, timeout_s=timeout_s)
        store = cls(
            client,
            namespace=namespace,
            max_log_entries=max_log_entries,
            max_value_bytes=max_value_bytes,
            max_concurrent=max_connections,
            attempts=attempts,
            attempt_s=2 * timeout_s,  # connecting, then the answer
            deadline_s=deadline_s,
        )
        store._shown = parsed.shown
        store._owned = (client, *helpers)
        store._calls.secrets = parsed.secrets
        return store

    def __repr__(self) -> str:
        return f"RedisStore({self._shown})"

    async def load(self, key: str) -> Record | None:
        number, incarnation, data = await self._call(
            "load", "HMGET", self._keys.record(key), "number", "incarnation", "data"
        )
        return None if number is None else Record(key, _version(number, incarnation), data)

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
        self._calls.check_open()
        self._limits.check(data, log, ttl_s)
        data = bytes(data)
        status, number, incarnation, *held = await self._script(
            "commit",
            _COMMIT,
            key,
            expect.number,
            expect.incarnation,
            successor(expect).incarnation,
            op_id.encode("utf-8", "surrogatepass"),
            0 if ttl_s is None else math.ceil(ttl_s * 1000),
            self._limits.max_log_entries,
            data,
            *map(bytes, log),
        )
        version = _version(number, incarnation)
        if status == b"conflict":
            raise VersionConflict(key, expect, version)
        return Record(key, version, held[0] if status == b"repeated" else data)

    async def read_log(self, key: str, *, after: int = 0) -> AsyncIterator[LogEntry]:
        reading = b""
        while True:
            incarnation, page = await self._script("read_log", _READ_LOG, key, after, _LOG_PAGE)
            # A key that was deleted and created anew while we read has another log: stop, never mix the two.
            if reading not in (b"", incarnation):
                return
            reading = incarnation
            for entry_id, (_, data) in page:
                after = int(entry_id.partition(b"-")[0])
                yield LogEntry(after, data)
            if len(page) < _LOG_PAGE:
                return

    async def delete(self, key: str, *, expect: Version | None = None) -> bool:
        wanted = ("", "") if expect is None else expect
        # Not sent again: after a lost answer, "absent" could be our own doing.
        status, number, incarnation = await self._script("delete", _DELETE, key, *wanted, may_repeat=False)
        if status == b"conflict" and expect is not None:
            raise VersionConflict(key, expect, _version(number, incarnation))
        return bool(status == b"deleted")

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        pattern = self._keys.records_pattern(prefix)
        seen: set[bytes] = set()  # SCAN may give a key more than once
        for node in await self._nodes():
            cursor = None
            while cursor != 0:
                # SCAN, not KEYS: KEYS walks every key in one call that blocks the server.
                cursor, page = await self._call(
                    "keys", "SCAN", cursor or 0, "MATCH", pattern, "COUNT", _SCAN_COUNT, **node
                )
                if isinstance(cursor, dict):  # a cluster's answer: {node name: cursor}
                    (cursor,) = cursor.values()
                for record in page:
                    if record not in seen:
                        seen.add(record)
                        yield self._keys.key_of(record)

    async def aclose(self) -> None:
        """Waits for the commands on their way, then closes the client if the store made it."""
        await self._calls.close()
        owned, self._owned = self._owned, ()
        for client in owned:
            await client.aclose()

    async def _call(self, action: str, *command: Any, **options: Any) -> Any:
        return await self._calls.call(action, lambda: self._calls.send(*command, **options))

    async def _script(self, action: str, script: _Script, key: str, *args: Any, may_repeat: bool = True) -> Any:
        operands = (2, self._keys.record(key), self._keys.log(key), *args)

        async def evaluate() -> Any:
            try:
                return await self._calls.send("EVALSHA", script.sha, *operands)
            except NoScriptError:  # a new server, or SCRIPT FLUSH; EVAL also loads the script for the next time
                return await self._calls.send("EVAL", script.text, *operands)

        return await self._calls.call(action, evaluate, may_repeat=may_repeat)

    async def _nodes(self) -> list[dict[str, Any]]:
        """For each server that holds keys, the option that sends a command to it."""
        client = self._client
        if not isinstance(client, RedisCluster):
            return [{}]
        await self._calls.call("keys", client.initialize)
        return [{"target_nodes": node} for node in client.get_primaries()]


def _version(number: bytes | int, incarnation: bytes) -> Version:
    return Version(int(number), incarnation.decode()) if int(number) else ABSENT
