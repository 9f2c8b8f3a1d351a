"""From a URL to a Redis client that waits for a bounded time and is asked again by us, not by the driver.

    redis://[user:password@]host[:port][/db]                      one server; rediss:// over TLS
    redis+sentinel://[user:password@]host[:port],.../service[/db] the master that the Sentinels name; rediss+sentinel://
    redis+cluster://[user:password@]host[:port],...               a cluster, found through any of its nodes; rediss+cluster://

A query (`?ssl_ca_certs=...`) carries further options of redis-py; `sentinel_username` and `sentinel_password` are the
Sentinels' own credentials. Write special characters in names and passwords percent-encoded.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import ConnectionPool, SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff

Client: TypeAlias = "Redis | RedisCluster"

_KINDS: Mapping[str, Literal["single", "sentinel", "cluster"]] = {
    "redis": "single",
    "rediss": "single",
    "redis+sentinel": "sentinel",
    "rediss+sentinel": "sentinel",
    "redis+cluster": "cluster",
    "rediss+cluster": "cluster",
}
SCHEMES = tuple(_KINDS)
"""The URL schemes a RedisStore can be opened from."""

_DEFAULT_PORTS = {"single": 6379, "sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """A parsed URL. `shown` is safe to print; `secrets` are the passwords, to be struck from driver messages."""

    kind: Literal["single", "sentinel", "cluster"]
    hosts: tuple[tuple[str, int], ...]
    shown: str
    service: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    sentinel_options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        found = (self.options.get("password"), self.sentinel_options.get("password"))
        return tuple(secret for secret in found if secret)

    @classmethod
    def parse(cls, url: str) -> RedisUrl:
        """Raises ValueError, without the password, for a URL that is none of the forms above."""
        shown = masked(url)
        try:
            parts = urlsplit(url)
            kind = _KINDS[parts.scheme]
            userinfo, _, netloc = parts.netloc.rpartition("@")
            hosts = tuple(_host(one, _DEFAULT_PORTS[kind]) for one in (netloc or "localhost").split(","))
            path = [unquote(step) for step in parts.path.strip("/").split("/") if step]
            service = path.pop(0) if kind == "sentinel" else ""
            query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            sentinel_options: dict[str, Any] = {
                name: query.pop(f"sentinel_{name}") for name in ("username", "password") if f"sentinel_{name}" in query
            }
            options: dict[str, Any] = {**parse_url(f"redis://{userinfo}@localhost?{urlencode(query)}")}
            db = options.pop("db", int(path.pop(0)) if path else 0)
            if path or parts.fragment or (kind == "single" and len(hosts) > 1) or (kind == "cluster" and db):
                raise ValueError
        except (KeyError, IndexError, ValueError, TypeError):
            # From None: the driver's message can quote a part of the password.
            raise ValueError(
                f"{shown!r} is not a Redis URL; write redis://host:port/db, redis+sentinel://host:port,.../service"
                " or redis+cluster://host:port,... and percent-encode special characters in the password"
            ) from None
        for found_elsewhere in ("host", "port"):
            options.pop(found_elsewhere, None)
        if parts.scheme.startswith("rediss"):
            options["ssl"] = True
            sentinel_options |= {name: value for name, value in options.items() if name.startswith("ssl")}
        if kind != "cluster":
            options["db"] = db
        return cls(kind, hosts, shown, service, options, sentinel_options)

    def connect(self, *, max_connections: int, timeout_s: float) -> tuple[Client, tuple[Redis, ...]]:
        """A client, not yet connected, and the helper clients to close with it.

        `timeout_s` limits connecting and each answer. The driver tries everything once.
        """
        bounds: dict[str, Any] = {
            "socket_connect_timeout": timeout_s,
            "socket_timeout": timeout_s,
            "retry": Retry(NoBackoff(), 0),
        }
        options: dict[str, Any] = {**bounds, "max_connections": max_connections, **self.options}
        match self.kind:
            case "single":
                (host, port) = self.hosts[0]
                if options.pop("ssl", False):
                    options["connection_class"] = SSLConnection
                return Redis.from_pool(ConnectionPool(host=host, port=port, **options)), ()
            case "sentinel":
                helpers = {**bounds, **self.sentinel_options}
                sentinel = Sentinel(self.hosts, sentinel_kwargs=helpers, **options)  # type: ignore[no-untyped-call]
                return sentinel.master_for(self.service), tuple(sentinel.sentinels)
            case "cluster":
                nodes = [ClusterNode(host, port) for host, port in self.hosts]
                options |= _no_retries_of_old_drivers()
                return RedisCluster(startup_nodes=nodes, **options), ()


def masked(url: str) -> str:
    """The URL without credentials and query, for people to read."""
    return re.sub(r"//.*@", "//***@", url.partition("?")[0], flags=re.DOTALL)


def _host(text: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError
    return parts.hostname, parts.port or default_port


def _no_retries_of_old_drivers() -> dict[str, int]:
    """redis-py before 6 counts the tries of a cluster command in two arguments instead of `retry`."""
    known = inspect.signature(RedisCluster.__init__).parameters
    if "connection_error_retry_attempts" not in known:
        return {}
    return {"cluster_error_retry_attempts": 0, "connection_error_retry_attempts": 0}
