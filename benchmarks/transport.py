"""What the transport adds to a call of a model provider: the same requests with it and without, in turn.

    python -m benchmarks.transport [--write] [--redis]

A provider of canned replies runs in a process of its own. Each measured request goes through the transport and then
through a plain `httpx2` client; "added" is the difference of the medians (p50) and of the 95th percentiles. The
interpreter is the local rules, or, in the rows "nothing read", one that takes no time. `--redis` needs a Redis server
as the tests do.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from benchmarks.machine import provenance
from dialog.assemble import open_pipeline
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation, identity
from dialog.state import DialogState
from dialog.transport import http_client
from tests.servers import redis_binary, running

RESULT = Path(__file__).parent / "results" / "transport.md"
REPLY = (
    "Joe's Shanghai in Chinatown is well liked; Nom Wah is older. 1. Joe's Shanghai 2. Nom Wah 3. Xi'an Famous Foods. "
)
FOLLOW_UPS = (
    "what about Thai?",
    "something cheaper",
    "is the second one open on Sunday?",
    "for four people",
    "and it?",
)
OPENING = "I'm going to New York tomorrow. What is the best Chinese restaurant in New York?"
WHOLE = json.dumps(
    {"choices": [{"index": 0, "message": {"role": "assistant", "content": REPLY * 3}, "finish_reason": "stop"}]}
).encode()
CHUNK = b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": "word "}}]}).encode() + b"\n\n"
CHUNKS = 60


TURNS = (1, 10, 40)


class Times(NamedTuple):
    """Milliseconds to the first chunk and to the end of a reply, and of this process's CPU; the last one does not
    depend on what else the machine is doing."""

    first: float
    end: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results")
    parser.add_argument("--redis", action="store_true", help="keep the state in a Redis server, not in memory")
    parser.add_argument("--dialogs", type=int, default=30, help="dialogs of each kind; at least 2")
    asked = parser.parse_args()
    with provider() as url, store_url(asked.redis) as store:
        rows = asyncio.run(measured(url, store, dialogs=asked.dialogs, rules=False))
        rows += asyncio.run(measured(url, store, dialogs=asked.dialogs, rules=True))
    lines = [
        f"Store: {'redis' if asked.redis else 'memory'}. {provenance('httpx2')}",
        "",
        "| request | plain p50 ms | with p50 | added p50 | added p95 | first chunk added p50 | CPU added p50 |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    print("\n".join(lines))
    if asked.write:
        text = "# What the transport adds\n\n`python -m benchmarks.transport --write`\n\n" + "\n".join(lines) + "\n"
        RESULT.write_text(text, encoding="utf-8")


async def measured(url: str, store: str, *, dialogs: int, rules: bool) -> list[str]:
    """Times of the turn after 1, 10 and 40 others, in dialogs that have gone through the transport from the start."""
    rows = []
    for keyed, stream in itertools.product((False, True), repeat=2):
        times: dict[int, list[tuple[Times, Times]]] = {turns: [] for turns in TURNS}
        async with clients(store, rules=rules) as (plain, through):
            for number in range(dialogs):
                for turn in range(max(TURNS) + 1):
                    body, headers = request(turn, number, stream=stream, keyed=keyed)
                    took = await timed(through, url, body, headers)
                    if turn in times:
                        times[turn].append((await timed(plain, url, body, {}), took))
        kind = "; ".join(
            ("rules" if rules else "nothing read", "keyed" if keyed else "keyless", "stream" if stream else "plain")
        )
        rows += [row(f"{kind}; after {turns}", both) for turns, both in times.items()]
    return rows


async def nothing_read(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
    """An interpreter that takes no time: what is left is the transport, the state, the grounding and the store."""
    return identity(state, text, by="nothing")


@contextlib.asynccontextmanager
async def clients(store: str, *, rules: bool) -> AsyncIterator[tuple[Any, Any]]:
    pipeline = open_pipeline(store, interpret=RuleInterpreter() if rules else nothing_read)
    async with (
        pipeline,
        httpx2.AsyncClient(trust_env=False) as plain,
        http_client(pipeline, family="httpx2", trust_env=False) as through,
    ):
        yield plain, through


def request(turn: int, number: int, *, stream: bool, keyed: bool) -> tuple[bytes, dict[str, str]]:
    """The request of that turn in the dialog of that number; with an id, only its newest message."""
    messages = [{"role": "user", "content": f"{OPENING} We are {number + 2}."}]
    for before in range(turn):
        messages.append({"role": "assistant", "content": REPLY})
        messages.append({"role": "user", "content": FOLLOW_UPS[before % len(FOLLOW_UPS)]})
    body = json.dumps({"model": "m", "stream": stream, "messages": messages[-1:] if keyed else messages}).encode()
    return body, {"x-dialog-id": f"{stream} {number}"} if keyed else {}


async def timed(client: Any, url: str, body: bytes, headers: dict[str, str]) -> Times:
    started, cpu = time.perf_counter(), time.process_time()
    first = 0.0
    async with client.stream("POST", url, content=body, headers=headers) as response:
        async for _ in response.aiter_raw():
            first = first or time.perf_counter() - started
    return Times(first * 1000, (time.perf_counter() - started) * 1000, (time.process_time() - cpu) * 1000)


def row(name: str, both: list[tuple[Times, Times]]) -> str:
    plain, through = zip(*both, strict=True)

    def p(values: Iterable[float], percent: int) -> float:
        return statistics.quantiles(values, n=100)[percent - 1]

    ends = [[times.end for times in side] for side in (plain, through)]
    middle = [p(side, 50) for side in ends]
    first = [p((times.first for times in side), 50) for side in (plain, through)]
    late = p(ends[1], 95) - p(ends[0], 95)
    cpu = [p((times.cpu for times in side), 50) for side in (plain, through)]
    added = f"{middle[1] - middle[0]:.2f} | {late:.2f} | {first[1] - first[0]:.2f} | {cpu[1] - cpu[0]:.2f}"
    return f"| {name} | {middle[0]:.2f} | {middle[1]:.2f} | {added} |"


@contextlib.contextmanager
def store_url(redis: bool) -> Iterator[str]:
    if not redis:
        yield "memory:"
        return
    with running(redis_binary()) as server:
        yield server.url


@contextlib.contextmanager
def provider() -> Iterator[str]:
    """The URL of the canned provider, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1/chat/completions"
    finally:
        process.terminate()
        process.join()


def serve(port: Connection) -> None:
    asyncio.run(_serve(port))


async def _serve(port: Connection) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if b'"stream": true' in body:
                await _stream(writer)
            else:
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(WHOLE)
                )
                writer.write(WHOLE)
            await writer.drain()


async def _stream(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    for chunk in [CHUNK] * CHUNKS + [b"data: [DONE]\n\n"]:
        writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        await writer.drain()
        await asyncio.sleep(0)
    writer.write(b"0\r\n\r\n")


if __name__ == "__main__":
    main()
