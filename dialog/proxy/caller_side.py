"""The caller's side of a request: its body, and the moment it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from starlette.types import Receive


class TooLarge(Exception):
    """The body is over the limit."""


class TooSlow(Exception):
    """The body did not come in time."""


class CallerLeft(Exception):
    """The caller disconnected."""


class CallerSide:
    """One request's channel. Inside `async with`, work on the upstream's side stops with CallerLeft when the caller
    disconnects; that can be told from when its body has been read."""

    def __init__(self, receive: Receive, *, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._read = False
        self._task: asyncio.Task[object] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._left = False
        self.failure: TooLarge | CallerLeft | None = None
        """Why `stream` stopped early: what iterates it may hide that behind an error of its own."""

    async def whole(self, *, timeout_s: float) -> bytes:
        """The body. Raises TooLarge, TooSlow and CallerLeft."""
        try:
            async with asyncio.timeout(timeout_s):
                return b"".join([chunk async for chunk in self.stream()])
        except TimeoutError:
            raise TooSlow from None

    async def stream(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.failure = CallerLeft()
                raise self.failure
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > self._limit:
                self.failure = TooLarge()
                raise self.failure
            if chunk:
                yield chunk
        self.has_read()

    def has_read(self) -> None:
        """The body has been read, or there is none: what comes now is the disconnect."""
        self._read = True
        if self._task is not None and self._watch is None:
            self._watch = asyncio.create_task(self._disconnected())

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        if self._read:
            self.has_read()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._watch is not None:
            self._watch.cancel()
        if not self._left or task is None:
            return
        if kind is not asyncio.CancelledError:  # it left as the work ended: the cancellation is still to come
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
        if task.uncancel() > 0:
            raise asyncio.CancelledError
        if kind is asyncio.CancelledError:
            raise CallerLeft from None

    async def _disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._task is not None:
            self._left = True
            self._task.cancel()
