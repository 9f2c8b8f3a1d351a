"""Events come out the same however the bytes are cut into chunks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.wire import events
from dialog.wire.events import Events, JsonLines, ServerSentEvents, TooLong

STREAM = (
    ": a comment\n\nevent: start\ndata: {}\n\nevent: delta\r\ndata: 你好\r\ndata: second line\r\n\r\n"
    "id: 7\rdata:no space\r\rdata: [DONE]\n\n"
).encode()
EVENTS = [("start", "{}"), ("delta", "你好\nsecond line"), ("", "no space"), ("", "[DONE]")]


def heard(parser: Events, chunks: Iterable[bytes]) -> list[tuple[str, str]]:
    out = [event for chunk in chunks for event in parser.feed(chunk)]
    return [*out, *parser.flush()]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_server_sent_events_do_not_depend_on_the_chunks(cuts: list[int]) -> None:
    borders = [0, *sorted(cuts), len(STREAM)]
    chunks = [STREAM[start:end] for start, end in pairwise(borders)]
    assert heard(ServerSentEvents(), chunks) == EVENTS


def test_an_event_is_given_as_soon_as_its_blank_line_came() -> None:
    parser = ServerSentEvents()
    assert list(parser.feed(b"data: a\n")) == []
    assert list(parser.feed(b"\n")) == [("", "a")]


def test_an_unfinished_event_is_given_at_the_end() -> None:
    assert heard(ServerSentEvents(), [b"event: x\ndata: a"]) == [("x", "a")]


@given(st.integers(1, 9))
def test_json_lines_do_not_depend_on_the_chunks(size: int) -> None:
    text = '{"a":"你"}\n\n{"b":1}\n{"c":2}'.encode()
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert heard(JsonLines(), chunks) == [("", '{"a":"你"}'), ("", '{"b":1}'), ("", '{"c":2}')]


def test_a_line_without_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MAX_LINE_BYTES", 100)
    with pytest.raises(TooLong):
        heard(ServerSentEvents(), [b"x" * 60, b"x" * 60])
