"""What grounding adds to a call of a model provider: nothing before it, the transport, our proxy, and LiteLLM's proxy.

    python -m benchmarks.proxy [--litellm PATH] [--write]

`--litellm` is the `litellm` command of an environment with `litellm[proxy]` (best one of its own); without it that
column is left out, and without its column nothing is written. Everything runs on this machine against the same provider
of canned replies; contestants take turns in `--rounds` rounds, of which the medians are shown, because other work slows
all of them alike. Every request is a turn of a four-turn dialog that is sent whole and without an id. Ours reads and
grounds each message by its rules alone (`--engine rules`); LiteLLM's passes them on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.machine import provenance
from benchmarks.proxy.load import Times, bodies, latencies, rate
from dialog.assemble import open_pipeline
from dialog.interpret.rules import RuleInterpreter
from dialog.transport import http_client

RESULT = Path(__file__).parents[1] / "results" / "proxy.md"
CONNECTIONS = (1, 16, 64)
KINDS = ("plain", "stream")


@dataclass
class Contestant:
    """A way to the provider. `measured` gives times of so many requests; `pid` is whose work and memory count."""

    name: str
    url: str
    pid: int | None
    measured: Callable[[int, bool], Awaitable[list[Times]]]
    times: dict[str, list[list[Times]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    rates: dict[tuple[str, int], list[tuple[float, float]]] = field(default_factory=dict)
    """Requests per second, and per second of the process's CPU time."""
    memory_mib: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--litellm", metavar="PATH", help="the litellm command")
    parser.add_argument("--write", action="store_true", help="write the table to benchmarks/results")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100, help="requests per round for the latencies")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds per round for the rates")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        provider = stack.enter_context(_provider())
        ours = stack.enter_context(_ours(provider))
        theirs = stack.enter_context(_litellm(provider, asked.litellm)) if asked.litellm else None
        table = asyncio.run(_measured(provider, ours, theirs, asked))
    print(table)
    if asked.write and theirs is not None:
        RESULT.write_text(table, encoding="utf-8")


async def _measured(provider: str, ours: tuple[str, int], theirs: tuple[str, int] | None, asked: Any) -> str:
    async with _client(provider, through=True) as with_transport, _client(provider, through=False) as plain:
        contestants = [
            Contestant("direct", provider, None, _bare(provider)),
            Contestant("direct, httpx2", provider, None, plain),
            Contestant("httpx2 with the transport", provider, None, with_transport),
            Contestant("our proxy, grounding", ours[0], ours[1], _bare(ours[0])),
        ]
        if theirs is not None:
            contestants.append(Contestant("LiteLLM's proxy, passing on", theirs[0], theirs[1], _bare(theirs[0])))
        for contestant in contestants:
            for kind in KINDS:
                await contestant.measured(40, kind == "stream")
        for number in range(asked.rounds):
            print(f"round {number + 1} of {asked.rounds}", file=sys.stderr)
            for kind in KINDS:
                for contestant in contestants:
                    contestant.times[kind].append(await contestant.measured(asked.requests, kind == "stream"))
                for connections in CONNECTIONS:
                    for contestant in contestants:
                        if contestant.pid is not None:
                            await _rate(contestant, connections, kind, asked.seconds)
    for contestant in contestants:
        contestant.memory_mib = _resident(contestant.pid) if contestant.pid is not None else 0.0
    return _table(contestants, asked, grounded=await asyncio.to_thread(_grounded, ours[0]))


def _bare(url: str) -> Callable[[int, bool], Awaitable[list[Times]]]:
    async def measured(count: int, stream: bool) -> list[Times]:
        return await latencies(url, count, stream=stream)

    return measured


@contextlib.asynccontextmanager
async def _client(provider: str, *, through: bool) -> AsyncIterator[Callable[[int, bool], Awaitable[list[Times]]]]:
    """The same by an ordinary client, with the transport or without it."""
    url = provider + "/v1/chat/completions"
    async with open_pipeline("memory:", interpret=RuleInterpreter()) as pipeline:
        made = (
            http_client(pipeline, family="httpx2", trust_env=False) if through else httpx2.AsyncClient(trust_env=False)
        )
        async with made as client:

            async def measured(count: int, stream: bool) -> list[Times]:
                each, times = bodies(stream=stream), []
                for _ in range(count):
                    body, started, first = next(each), time.perf_counter(), 0.0
                    async with client.stream("POST", url, content=body) as response:
                        async for _ in response.aiter_raw():
                            first = first or time.perf_counter() - started
                    times.append(Times(first * 1000, (time.perf_counter() - started) * 1000))
                return times

            yield measured


async def _rate(contestant: Contestant, connections: int, kind: str, seconds: float) -> None:
    assert contestant.pid is not None
    before = _cpu_s(contestant.pid)
    answered, took = await rate(contestant.url, connections, seconds, stream=kind == "stream")
    worked = _cpu_s(contestant.pid) - before
    contestant.rates.setdefault((kind, connections), []).append((answered / took, answered / worked))


# -- processes --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _provider() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.proxy.provider"]
    with _running(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"


@contextlib.contextmanager
def _ours(provider: str) -> Iterator[tuple[str, int]]:
    port = _free_port()
    command = [sys.executable, "-m", "dialog.cli", "serve", "--engine", "rules"]
    command += ["--upstream", provider, "--port", str(port)]
    with _running(command, stderr=subprocess.DEVNULL) as process:
        yield _up(f"http://127.0.0.1:{port}", "/healthz"), process.pid


@contextlib.contextmanager
def _litellm(provider: str, command: str) -> Iterator[tuple[str, int]]:
    """As its documentation says for production: one worker, no debug output, no key to check."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(
            "model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/m\n"
            f"      api_base: {provider}/v1\n      api_key: sk-benchmark\n",
            encoding="utf-8",
        )
        environ = os.environ | {
            "LITELLM_MODE": "PRODUCTION",
            "LITELLM_LOG": "ERROR",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
        }
        options = [command, "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
        with _running(
            options, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            yield _up(f"http://127.0.0.1:{port}", "/health/liveliness"), process.pid


@contextlib.contextmanager
def _running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _up(url: str, path: str) -> str:
    """`url`, once something answers there."""
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(url + path, timeout=5):
            return url
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {url}{path} after a minute")


def _grounded(url: str) -> str:
    """Which share of the requests our proxy rewrote, by its own count."""
    with urllib.request.urlopen(url + "/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    counts = {
        line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("antecedent_grounding_total")
    }
    rewritten = counts['antecedent_grounding_total{outcome="rewritten"}']
    return f"{rewritten:.0f} of {sum(counts.values()):.0f} messages"


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


# -- the page ---------------------------------------------------------------------------------------------------------


def _p(contestant: Contestant, kind: str, what: str, percent: int) -> float:
    """The median over rounds of a percentile of each round."""
    rounds = [[getattr(times, what) for times in one] for one in contestant.times[kind]]
    return float(statistics.median(statistics.quantiles(one, n=100)[percent - 1] for one in rounds))


def _table(contestants: list[Contestant], asked: Any, *, grounded: str) -> str:
    by_name = {contestant.name: contestant for contestant in contestants}
    lines = [
        "# What the proxy adds",
        "",
        "`python -m benchmarks.proxy --litellm PATH --write`",
        "",
        provenance("starlette", "uvicorn", "httptools", "uvloop", "aiohttp", "httpx2") + _their_version(asked.litellm),
        "",
        f"Medians of {asked.rounds} rounds of {asked.requests} requests, in turn. The machine was doing other work "
        f"too: compare rows, not milliseconds with those of another day. Our proxy rewrote {grounded}.",
        "",
        "## Latency, one request at a time (ms)",
        "",
        "| | plain p50 | p95 | added p50 | added p95 | stream: first chunk p50 | added p50 | added p95 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for contestant in contestants:
        base = by_name["direct, httpx2" if "httpx2" in contestant.name else "direct"]

        def both(kind: str, what: str, percent: int, one: Contestant = contestant, other: Contestant = base) -> float:
            return _p(one, kind, what, percent) - _p(other, kind, what, percent)

        added = [both("plain", "end", 50), both("plain", "end", 95)]
        first = [both("stream", "first", 50), both("stream", "first", 95)]
        is_base = contestant is base
        cells = [
            f"{_p(contestant, 'plain', 'end', 50):.2f}",
            f"{_p(contestant, 'plain', 'end', 95):.2f}",
            *("" if is_base else f"{value:.2f}" for value in added),
            f"{_p(contestant, 'stream', 'first', 50):.2f}",
            *("" if is_base else f"{value:.2f}" for value in first),
        ]
        lines.append(f"| {contestant.name} | {' | '.join(cells)} |")
    lines += ["", "## Rate and memory", ""]
    lines.append("| | connections | requests/s | per core | stream: requests/s | per core | memory at the end |")
    lines.append("|---|---|---|---|---|---|---|")
    for contestant in contestants:
        for connections in CONNECTIONS if contestant.rates else ():
            cells = [f"{_rated(contestant, kind, connections, place):.0f}" for kind in KINDS for place in (0, 1)]
            memory = f"{contestant.memory_mib:.0f} MiB"
            lines.append(f"| {contestant.name} | {connections} | {' | '.join(cells)} | {memory} |")
    lines += ["", '"Per core" is per second of CPU time of that process, so it holds beside other work.', ""]
    return "\n".join(lines + _verdict(contestants, by_name))


def _verdict(contestants: list[Contestant], by_name: dict[str, Contestant]) -> list[str]:
    """Ours against theirs, as ratios."""
    if len(contestants) < 5:
        return []
    direct, ours, theirs = by_name["direct"], contestants[3], contestants[4]

    def added(kind: str, what: str, percent: int) -> float:
        start = _p(direct, kind, what, percent)
        return (_p(ours, kind, what, percent) - start) / (_p(theirs, kind, what, percent) - start)

    per_core = [
        f"{_rated(ours, kind, n, 1) / _rated(theirs, kind, n, 1):.1f}x ({kind}, {n})"
        for kind in KINDS
        for n in CONNECTIONS
    ]
    return [
        "## Ours against LiteLLM's",
        "",
        f"- Added latency: {added('plain', 'end', 50):.2f} of theirs at p50, {added('plain', 'end', 95):.2f} at p95; "
        f"to the first chunk {added('stream', 'first', 50):.2f} and {added('stream', 'first', 95):.2f}.",
        f"- Requests per core: {', '.join(per_core)}.",
        f"- Memory: {ours.memory_mib / theirs.memory_mib:.2f} of theirs, all dialogs of the run kept in it.",
        "",
    ]


def _rated(contestant: Contestant, kind: str, connections: int, place: int) -> float:
    return statistics.median(one[place] for one in contestant.rates[kind, connections])


def _their_version(command: str | None) -> str:
    if command is None:
        return ""
    found = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return f"; LiteLLM {found[-1] if found else 'of unknown version'}"


if __name__ == "__main__":
    main()
