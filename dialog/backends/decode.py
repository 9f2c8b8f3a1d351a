"""Bytes of a stream to its messages, whatever chunks they come in: server-sent events and JSON lines."""

from __future__ import annotations

from typing import Protocol

MAX_MESSAGE_BYTES = 8 * 2**20


class StreamMalformed(ValueError):
    """The bytes are not in the stream's format; the message says how, never what they were."""


class Decoder(Protocol):
    """Takes the chunks of one stream in order."""

    def feed(self, chunk: bytes) -> list[str]:
        """The messages that `chunk` completes; raises StreamMalformed."""
        ...


class Lines:
    """Whole lines, ended by LF, CR or CRLF, decoded only when whole, so that no character is cut in two."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._after_cr = False

    def feed(self, chunk: bytes) -> list[str]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]  # the other half of a CRLF that was cut in two
        if chunk:
            self._after_cr = chunk.endswith(b"\r")
        self._rest += chunk
        # Only LF and CR end a line here; splitlines() on text would also split at U+2028 and form feeds.
        *whole, rest = bytes(self._rest).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = bytearray(rest)
        if len(rest) > MAX_MESSAGE_BYTES:
            raise StreamMalformed(f"a line is longer than {MAX_MESSAGE_BYTES} bytes")
        try:
            return [line.decode() for line in whole]
        except UnicodeDecodeError as error:
            raise StreamMalformed("a line is not UTF-8") from error


class JsonLines:
    """One message a line (https://github.com/ndjson/ndjson-spec); empty lines are passed over."""

    def __init__(self) -> None:
        self._lines = Lines()

    def feed(self, chunk: bytes) -> list[str]:
        return [line for line in self._lines.feed(chunk) if line.strip()]


class ServerSentEvents:
    """The data of each event (https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6).

    Event names are left out: both providers that use them repeat the name in the data. An event that the stream ends
    in the middle of is dropped, as the standard says.
    """

    def __init__(self) -> None:
        self._lines = Lines()
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[str]:
        messages: list[str] = []
        for line in self._lines.feed(chunk):
            if line:
                self._take(line)
            elif self._data:
                messages.append("\n".join(self._data))
                self._data, self._size = [], 0
        return messages

    def _take(self, line: str) -> None:
        name, _, value = line.removeprefix("\ufeff").partition(":")
        if name != "data":
            return
        self._data.append(value.removeprefix(" "))
        self._size += len(value)
        if self._size > MAX_MESSAGE_BYTES:
            raise StreamMalformed(f"an event is longer than {MAX_MESSAGE_BYTES} characters")
