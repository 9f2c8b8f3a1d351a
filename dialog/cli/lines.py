"""What the user says: lines from a terminal or a pipe, without help of any library."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol, TextIO

from dialog.cli.interrupts import on_interrupt

_CHUNK = 65536


class Undecodable(ValueError):
    """A line is not text in the expected encoding; it was skipped."""

    def __init__(self, line: int, encoding: str, at: int) -> None:
        super().__init__(
            f"line {line} of the input is not {encoding} (byte {at + 1} of the line) and was skipped; "
            f"convert it first, for instance with: iconv -f GBK -t UTF-8"
        )
        self.line = line
        self.encoding = encoding
        self.at = at


class Lines(Protocol):
    """Where messages come from."""

    async def ask(self) -> str:
        """The next message, without its line end. Raises EOFError at the end, KeyboardInterrupt on Ctrl-C, and
        Undecodable for a line that is skipped."""
        ...

    def recall(self, said: Iterable[str]) -> None:
        """Let the user call back what was `said` before, oldest first, where lines can be edited."""
        ...


class StreamLines:
    """Lines of standard input. A prompt is written to `prompt_to`, when given: to a person, not into a pipe.

    Reads in a thread of its own, which neither holds up the event loop nor the end of the program: a thread of the
    loop's pool would be waited for, and Python's buffered reader must not be locked when the interpreter ends.
    """

    def __init__(self, *, prompt: str = "", prompt_to: TextIO | None = None, fd: int = 0, encoding: str = "") -> None:
        self._prompt = prompt
        self._prompt_to = prompt_to
        self._fd = fd
        self._encoding = encoding or sys.stdin.encoding or "utf-8"
        self._rest = b""
        self._ended = False
        self._number = 0
        self._reading: asyncio.Future[bytes] | None = None

    async def ask(self) -> str:
        interrupted = asyncio.Event()
        with on_interrupt(interrupted.set):
            if self._prompt_to is not None:
                print(self._prompt, end="", file=self._prompt_to, flush=True)
            while b"\n" not in self._rest and not self._ended:
                self._rest += await self._read(interrupted)
        if not self._rest:
            raise EOFError
        line, _, self._rest = self._rest.partition(b"\n")
        self._number += 1
        return self._decoded(line)

    def recall(self, said: Iterable[str]) -> None:
        """Nothing: a plain line cannot be called back."""

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode(self._encoding).lstrip("\ufeff").rstrip("\r")
        except UnicodeDecodeError as error:
            raise Undecodable(self._number, self._encoding, error.start) from None

    async def _read(self, interrupted: asyncio.Event) -> bytes:
        """What can be read next; b"" at the end, which is remembered. A read that Ctrl-C gave up on goes on, and its
        bytes are the next ones."""
        reading = self._reading or self._start_reading()
        stop = asyncio.ensure_future(interrupted.wait())
        await asyncio.wait((reading, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not reading.done():
            if self._prompt_to is not None:
                print(file=self._prompt_to, flush=True)  # off the line that the terminal wrote ^C on
            raise KeyboardInterrupt
        self._reading = None
        self._ended = not reading.result()
        return reading.result()

    def _start_reading(self) -> asyncio.Future[bytes]:
        loop = asyncio.get_running_loop()
        reading: asyncio.Future[bytes] = loop.create_future()

        def settle(data: bytes) -> None:
            if not reading.done():
                reading.set_result(data)

        def read() -> None:
            try:
                data = os.read(self._fd, _CHUNK)
            except OSError:  # closed or torn off: nothing more will come
                data = b""
            with suppress(RuntimeError):  # the loop is closed, nobody waits any more
                loop.call_soon_threadsafe(settle, data)

        threading.Thread(target=read, daemon=True, name="antecedent-stdin").start()
        self._reading = reading
        return reading
