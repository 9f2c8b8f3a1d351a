"""Cutting a body, as it arrives, into events. The parsers only observe; the bytes go on elsewhere as they came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

MAX_LINE_BYTES = 32 * 1024 * 1024


class TooLong(Exception):
    """A single line outgrew `MAX_LINE_BYTES`; the rest of the body is not listened to."""


class Events(Protocol):
    """A parser of one framing: (name, data) pairs; the name is "" where the framing has none."""

    def feed(self, chunk: bytes) -> Iterator[tuple[str, str]]: ...
    def flush(self) -> Iterator[tuple[str, str]]: ...


class _Lines:
    """Lines across chunk borders; a line ends with LF, CR LF or CR."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._size = 0
        self._after_cr = False

    def feed(self, chunk: bytes) -> Iterator[str]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
        *whole, rest = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in whole:
            yield self._joined(line)
        if rest:
            self._kept.append(rest)
            self._size += len(rest)
            if self._size > MAX_LINE_BYTES:
                raise TooLong

    def flush(self) -> Iterator[str]:
        if self._kept:
            yield self._joined(b"")

    def _joined(self, end: bytes) -> str:
        line = b"".join((*self._kept, end))
        self._kept.clear()
        self._size = 0
        return line.decode("utf-8", errors="replace")


class ServerSentEvents:
    """`text/event-stream` (WHATWG HTML, section 9.2.6 "Interpreting an event stream")."""

    def __init__(self) -> None:
        self._lines = _Lines()
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[tuple[str, str]]:
        for line in self._lines.feed(chunk):
            yield from self._take(line)

    def flush(self) -> Iterator[tuple[str, str]]:
        """What an unfinished event holds; the standard drops it, but a provider may end without the blank line."""
        for line in self._lines.flush():
            yield from self._take(line)
        yield from self._take("")

    def _take(self, line: str) -> Iterator[tuple[str, str]]:
        if not line:
            if self._data:
                yield self._name, "\n".join(self._data)
            self._name, self._data = "", []
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._name = value


class JsonLines:
    """`application/x-ndjson`: one JSON document a line."""

    def __init__(self) -> None:
        self._lines = _Lines()

    def feed(self, chunk: bytes) -> Iterator[tuple[str, str]]:
        for line in self._lines.feed(chunk):
            if line.strip():
                yield "", line

    def flush(self) -> Iterator[tuple[str, str]]:
        for line in self._lines.flush():
            if line.strip():
                yield "", line
