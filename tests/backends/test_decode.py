from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.backends import decode
from dialog.backends.decode import JsonLines, ServerSentEvents, StreamMalformed

LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)
CUTS = st.lists(st.integers(0, 400), max_size=12)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place for place in cuts if place < len(data))})
    return [data[a:b] for a, b in pairwise(places)]


@given(st.lists(st.lists(LINES, min_size=1, max_size=3), max_size=5), CUTS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_events_are_the_same_however_the_bytes_are_cut(events: list[list[str]], cuts: list[int], end: str) -> None:
    text = "".join("".join(f"data: {line}{end}" for line in event) + end for event in events)
    decoder = ServerSentEvents()
    found = [message for chunk in cut(text.encode(), cuts) for message in decoder.feed(chunk)]
    assert found == ["\n".join(event) for event in events]


@given(st.lists(LINES, max_size=6), CUTS)
def test_lines_are_the_same_however_the_bytes_are_cut(lines: list[str], cuts: list[int]) -> None:
    decoder = JsonLines()
    data = "".join(f"{line}\n" for line in lines).encode()
    assert [line for chunk in cut(data, cuts) for line in decoder.feed(chunk)] == [x for x in lines if x.strip()]


def test_comments_names_ids_and_a_byte_order_mark_are_passed_over() -> None:
    stream = "\ufeffdata: 1\n\n: keep-alive\n\nevent: ping\nid: 3\nretry: 9\ndata:2\n\ndata\n\n".encode()
    assert ServerSentEvents().feed(stream) == ["1", "2", ""]


def test_an_event_that_the_stream_ends_in_is_dropped() -> None:
    assert ServerSentEvents().feed(b"data: 1\n\ndata: 2\n") == ["1"]


@pytest.mark.parametrize("decoder", [ServerSentEvents, JsonLines])
def test_a_message_without_end_is_refused(
    decoder: type[ServerSentEvents | JsonLines], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "MAX_MESSAGE_BYTES", 100)
    with pytest.raises(StreamMalformed, match="longer"):
        decoder().feed(b"data: " + b"x" * 101)
    if decoder is ServerSentEvents:
        with pytest.raises(StreamMalformed, match="longer"):
            decoder().feed(b"data: 0123456789\n" * 11)
