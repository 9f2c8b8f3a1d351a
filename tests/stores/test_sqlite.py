from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from stores.base import ABSENT, StoreIncompatible, StoreUnavailable, VersionConflict
from stores.sqlite import SqliteStore
from tests.contract.reading import lines_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dialogs.db"


@pytest.fixture
def diary(path: Path) -> Path:
    path.write_text("Dear diary, " * 100)
    return path


def contents(path: Path) -> bytes:
    return path.read_bytes()


async def test_what_was_committed_is_there_after_a_restart(path: Path) -> None:
    async with aclosing(SqliteStore(path)) as store:
        record = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"line"])
    async with aclosing(SqliteStore(path)) as store:
        assert await store.load("k") == record
        assert await lines_of(store) == [b"line"]


async def test_two_stores_on_one_file_see_each_other(path: Path) -> None:
    async with aclosing(SqliteStore(path)) as one, aclosing(SqliteStore(path)) as other:
        record = await one.commit("k", b"one", expect=ABSENT, op_id="a")
        assert await other.load("k") == record
        await other.commit("k", b"two", expect=record.version, op_id="b")
        with pytest.raises(VersionConflict):
            await one.commit("k", b"three", expect=record.version, op_id="c")


COUNT_UP = """
import asyncio, random, sys
from stores.base import ABSENT, VersionConflict
from stores.sqlite import SqliteStore

async def main(path, writer):
    store = SqliteStore(path, synchronous="NORMAL", busy_timeout_s=30)
    for n in range(40):
        while True:
            held = await store.load("k")
            value = int(held.data) if held else 0
            try:
                await store.commit("k", b"%d" % (value + 1), expect=held.version if held else ABSENT,
                                   op_id=f"{writer}/{n}", log=[b"line"])
                break
            except VersionConflict:
                await asyncio.sleep(random.uniform(0, 0.01))
    await store.aclose()

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


async def test_several_processes_on_one_file_lose_nothing(path: Path) -> None:
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", COUNT_UP, str(path), str(n)) for n in range(4)
    ]
    assert [await writer.wait() for writer in writers] == [0] * 4
    async with aclosing(SqliteStore(path)) as store:
        record = await store.load("k")
        assert record is not None
        assert (record.version.number, int(record.data)) == (160, 160)
        assert len(await lines_of(store)) == 160


async def test_a_process_killed_between_commits_leaves_a_readable_file(path: Path) -> None:
    endless = COUNT_UP.replace("range(40)", "range(10**9)")
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", endless, str(path), "w")
    async with aclosing(SqliteStore(path)) as store:
        async with asyncio.timeout(20):
            while (held := await store.load("k")) is None or int(held.data) < 20:  # noqa: ASYNC110  # told in the file only
                await asyncio.sleep(0.01)
        writer.kill()
        await writer.wait()
        record = await store.load("k")
        assert record is not None
        assert record.version.number == int(record.data)
        await store.commit("k", b"after", expect=record.version, op_id="after")


async def test_a_locked_file_is_waited_for_without_holding_up_the_event_loop(path: Path) -> None:
    async with aclosing(SqliteStore(path, busy_timeout_s=30)) as store:
        first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(store.commit("k", b"two", expect=first.version, op_id="b"))
            for _ in range(50):
                await asyncio.sleep(0.001)  # the loop goes on turning while the store waits for the lock
            assert not waiting.done()
            other.execute("COMMIT")
        assert (await waiting).data == b"two"


async def test_a_file_that_stays_locked_is_unavailable(path: Path) -> None:
    async with aclosing(SqliteStore(path, busy_timeout_s=0.01)) as store:
        first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked"):
                await store.commit("k", b"two", expect=first.version, op_id="b")
            other.execute("COMMIT")
        assert (await store.commit("k", b"two", expect=first.version, op_id="b")).version.number == 2


async def test_a_folder_that_is_not_there_is_named_and_may_appear_later(tmp_path: Path) -> None:
    path = tmp_path / "later" / "dialogs.db"
    async with aclosing(SqliteStore(path)) as store:
        with pytest.raises(StoreUnavailable, match="later"):
            await store.load("k")
        path.parent.mkdir()
        assert await store.load("k") is None


async def test_a_file_of_another_program_is_refused_and_left_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
        other.commit()
    before = contents(path)
    async with aclosing(SqliteStore(path)) as store:
        with pytest.raises(StoreIncompatible, match="another program"):
            await store.commit("k", b"v", expect=ABSENT, op_id="a")
    assert contents(path) == before


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(diary: Path) -> None:
    path, before = diary, contents(diary)
    async with aclosing(SqliteStore(path)) as store:
        with pytest.raises(StoreIncompatible):
            await store.load("k")
    assert contents(path) == before


async def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    async with aclosing(SqliteStore(path)) as store:
        record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE antecedent_schema SET version = 99")
        newer.commit()
    async with aclosing(SqliteStore(path)) as store:
        with pytest.raises(StoreIncompatible, match="99"):
            await store.commit("k", b"w", expect=record.version, op_id="b")


async def test_only_its_owner_can_read_the_file(path: Path) -> None:
    async with aclosing(SqliteStore(path)) as store:
        await store.commit("k", b"v", expect=ABSENT, op_id="a")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("dialogs.db*")}
    assert modes == {0o600}


async def test_what_was_deleted_is_not_left_in_the_file(path: Path) -> None:
    async with aclosing(SqliteStore(path)) as store:
        await store.commit("k", b"my-secret-value" * 10, expect=ABSENT, op_id="a", log=[b"my-secret-line" * 10])
        await store.delete("k")
    assert all(b"my-secret" not in file.read_bytes() for file in path.parent.iterdir())


async def test_records_that_expired_and_are_never_asked_for_do_not_pile_up(path: Path) -> None:
    now = 0.0
    async with aclosing(SqliteStore(path, clock=lambda: now, synchronous="NORMAL")) as store:
        for n in range(200):
            now += 1.0
            await store.commit(f"k{n}", b"v", expect=ABSENT, op_id="a", ttl_s=10.0, log=[b"line"])
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM records").fetchone()[0] <= 11
        assert file.execute("SELECT count(*) FROM log_entries").fetchone()[0] <= 11


@pytest.mark.parametrize(
    "options", [{"busy_timeout_s": -1}, {"synchronous": "OFF"}, {"max_value_bytes": 0}, {"max_log_entries": -1}]
)
def test_options_out_of_range_are_refused(path: Path, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        SqliteStore(path, **options)  # type: ignore[arg-type]  # wrong on purpose
