"""What holds when processes are many, or die: proven with real ones."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dialog.pipeline import Pipeline
from stores.sqlite import SqliteStore
from tests.pipeline.parts import Clock, HeldBackend, pipeline_over

ASKS = """
import asyncio, sys
from pathlib import Path
from stores.sqlite import SqliteStore
from tests.pipeline.parts import HeldBackend, pipeline_over

class Noting(HeldBackend):
    async def stream(self, prompt):
        with Path(sys.argv[2]).open("a") as calls:
            calls.write("asked\\n")
        async for piece in super().stream(prompt):
            yield piece
            print(piece, flush=True)

async def main():
    store = SqliteStore(sys.argv[1])
    backend = Noting()
    if sys.argv[3] == "answer":
        backend.gate.set()
    print((await pipeline_over(store, backend).reply("d", "hello", turn_id="m1")).text, flush=True)
    await store.aclose()

asyncio.run(main())
"""


async def asking(database: Path, calls: Path, how: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASKS, str(database), str(calls), how, stdout=asyncio.subprocess.PIPE
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "dialogs.db"


@pytest.fixture
async def store(database: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(str(database))
    yield store
    await store.aclose()


async def test_a_killed_process_leaves_the_users_message_and_an_abandoned_turn(
    database: Path, store: SqliteStore, tmp_path: Path
) -> None:
    process = await asking(database, tmp_path / "calls", "hang")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"re: \n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    clock = Clock()
    reader: Pipeline = pipeline_over(store, clock=clock)
    clock.now = 4e9  # long after any lease
    state = await reader.state("d")
    assert state is not None
    assert [(turn.user, turn.status) for turn in state.turns] == [("hello", "abandoned")]
    backend = HeldBackend()
    backend.gate.set()
    reply = await pipeline_over(store, backend, clock=clock).reply("d", "hello", turn_id="m1")
    assert reply.text == "re: hello"


async def test_the_same_turn_delivered_to_two_processes_at_once_is_one_backend_call(
    database: Path, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    both = await asyncio.gather(*(asking(database, calls, "answer") for _ in range(2)))
    told = [(await process.communicate())[0].decode().splitlines()[-1] for process in both]
    assert told == ["re: hello", "re: hello"]
    assert calls.read_text(encoding="utf-8") == "asked\n"
