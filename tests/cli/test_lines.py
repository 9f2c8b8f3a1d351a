"""Messages from a pipe: line by line, in the input's encoding, whatever the bytes."""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Iterator

import pytest

from dialog.cli.lines import StreamLines, Undecodable


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    os.close(read)


async def test_each_line_is_a_message_and_the_last_needs_no_line_end(pipe: tuple[int, int]) -> None:
    read, write = pipe
    os.write(write, "\ufeffhello\r\n\n纽约".encode())
    os.close(write)
    lines = StreamLines(fd=read, encoding="utf-8")
    assert [await lines.ask(), await lines.ask(), await lines.ask()] == ["hello", "", "纽约"]
    with pytest.raises(EOFError):
        await lines.ask()


async def test_a_line_that_is_not_text_is_named_and_the_next_one_is_read(pipe: tuple[int, int]) -> None:
    read, write = pipe
    os.write(write, b"one\n" + "餐馆".encode("gbk") + b"\nthree\n")
    os.close(write)
    lines = StreamLines(fd=read, encoding="utf-8")
    assert await lines.ask() == "one"
    with pytest.raises(Undecodable, match="line 2 of the input is not utf-8") as refused:
        await lines.ask()
    assert "iconv" in str(refused.value)
    assert await lines.ask() == "three"


async def test_a_line_may_arrive_in_pieces_that_cut_a_character(pipe: tuple[int, int]) -> None:
    read, write = pipe
    lines = StreamLines(fd=read, encoding="utf-8")
    asking = asyncio.ensure_future(lines.ask())
    os.write(write, "纽约".encode()[:2])
    while select.select([read], [], [], 0)[0]:  # noqa: ASYNC110 - a pipe has no event for having been emptied
        await asyncio.sleep(0)
    os.write(write, "纽约".encode()[2:] + b"\n")
    os.close(write)
    assert await asking == "纽约"
