"""Dialogs played against a URL: a bare HTTP/1.1 client, so that little of what is measured is its own.

Every connection plays dialogs of `TURNS` turns, the whole history in each request and no id, as most clients do.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.proxy.provider import REPLY

OPENING = "I'm going to New York tomorrow. What is the best Chinese restaurant in New York?"
FOLLOW_UPS = ("what about Thai?", "something cheaper", "is the second one open on Sunday?")
TURNS = 1 + len(FOLLOW_UPS)

_numbers = itertools.count(2)


class Times(NamedTuple):
    """Milliseconds from the request to the first byte of the reply's body, and to its end."""

    first: float
    end: float


def bodies(*, stream: bool) -> Iterator[bytes]:
    """The requests of ever new dialogs, one turn after another."""
    while True:
        messages = [{"role": "user", "content": f"{OPENING} We are {next(_numbers)}."}]
        for turn in range(TURNS):
            if turn:
                messages.append({"role": "assistant", "content": REPLY})
                messages.append({"role": "user", "content": FOLLOW_UPS[turn - 1]})
            yield json.dumps({"model": "m", "stream": stream, "messages": messages}).encode()


class Connection:
    """One keep-alive connection."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._url.hostname, self._url.port)

    def close(self) -> None:
        self._writer.close()

    async def ask(self, body: bytes) -> Times:
        """Send the request and read the whole reply. Raises RuntimeError for a status other than 200."""
        started = time.perf_counter()
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: {self._url.netloc}\r\nauthorization: Bearer sk-benchmark\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if not answer.startswith(b"http/1.1 200"):
            raise RuntimeError(answer.decode("latin-1") + (await self._reader.read(2000)).decode("latin-1"))
        first = 0.0
        if b"content-length:" in answer:
            await self._reader.readexactly(int(answer.split(b"content-length:")[1].split(b"\r\n")[0]))
        else:
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                first = first or time.perf_counter() - started
                await self._reader.readexactly(size + 2)
            await self._reader.readexactly(2)
        end = time.perf_counter() - started
        return Times((first or end) * 1000, end * 1000)


async def latencies(url: str, count: int, *, stream: bool) -> list[Times]:
    """Times of `count` requests, one after another."""
    connection, each = Connection(url), bodies(stream=stream)
    await connection.open()
    times = [await connection.ask(next(each)) for _ in range(count)]
    connection.close()
    return times


async def rate(url: str, connections: int, seconds: float, *, stream: bool) -> tuple[int, float]:
    """How many requests were answered on so many connections at once, and in how many seconds."""
    opened = [Connection(url) for _ in range(connections)]
    for connection in opened:
        await connection.open()
    started = time.perf_counter()
    until = started + seconds

    async def play(connection: Connection) -> int:
        asked = 0
        for body in bodies(stream=stream):
            if time.perf_counter() >= until:
                break
            await connection.ask(body)
            asked += 1
        connection.close()
        return asked

    answered = sum(await asyncio.gather(*map(play, opened)))
    return answered, time.perf_counter() - started
