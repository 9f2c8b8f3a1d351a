"""One request on its way to the provider and back: what is sent, what is heard, and how its turn ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, Literal
from urllib.parse import quote

from dialog.state import ToolExchange
from dialog.trace import TurnTrace
from dialog.transport.managed import Managed
from dialog.wire.apis import Api
from dialog.wire.listening import Listener

log = logging.getLogger("antecedent")

BROKE_OFF = "no end mark"
LEAVING_S = 1.0
"""A client that leaves is let go after this long at most; the record of its turn is finished all the same."""


class Endings:
    """Records of turns' ends that are being written; held here so that they are finished whoever lets go of them."""

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Wait until what is being written is written, no longer than the patience."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.patience_s)


class Passage:
    """A request let through as it is: `body` None means the bytes it came with.

    `headers` go onto the response. The response is told by `answered`, `feed` and then one of `ended`, `left` and
    `broke`, of which the first counts; they write how the turn ended, fail open, and finish that write even when the
    calling task is cancelled or the store takes longer than the patience of the door.
    """

    body: bytes | None = None

    def __init__(self, *, trace: TurnTrace | None = None) -> None:
        self.trace = trace

    @property
    def headers(self) -> dict[str, str]:
        """Response headers, in ASCII."""
        headers: dict[str, str] = {}
        if self.trace is not None and self.trace.bypass is not None:
            headers["x-dialog-bypass"] = quote(self.trace.bypass, safe=" :,'()")
        if self.trace is not None and self.trace.degraded is not None:
            headers["x-dialog-degraded"] = self.trace.degraded
        return headers

    @property
    def listens(self) -> bool:
        """Whether the reply's body has to be fed."""
        return False

    async def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """The response's head has come; `headers` has lower-case names."""

    def feed(self, chunk: bytes) -> bool:
        """Hears a run of the body; True when it held the end mark, and `ended` is due before the run goes on."""
        return False

    async def ended(self) -> None:
        """The end mark or the end of the body has come."""

    async def left(self) -> None:
        """The client reads no further: it closed early, was cancelled, or dropped the stream."""

    async def broke(self, error: BaseException) -> None:
        """The connection to the provider failed."""


class TurnPassage(Passage):
    """A request whose turn is open."""

    def __init__(
        self, api: Api, managed: Managed, endings: Endings, *, body: bytes | None, rewritten: bool, joint: str
    ) -> None:
        """`joint` goes between what was said in the turn before and what is heard now."""
        super().__init__(trace=managed.trace)
        self._endings = endings
        self.body = body
        self._api = api
        self._managed = managed
        self._rewritten = rewritten
        self._joint = joint
        self._listener: Listener | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def headers(self) -> dict[str, str]:
        return super().headers | {
            "x-dialog-id": quote(self._managed.dialog_id, safe=":"),
            "x-dialog-turn": quote(self._managed.trace.turn_id, safe=":"),
            "x-dialog-rewritten": "true" if self._rewritten else "false",
        }

    @property
    def listens(self) -> bool:
        return self._listener is not None

    async def answered(self, status: int, headers: Mapping[str, str]) -> None:
        if not 200 <= status < 300:
            await self._end(failure=f"http {status}")
            return
        self._listener = Listener(
            self._api,
            content_type=headers.get("content-type", ""),
            content_encoding=headers.get("content-encoding", ""),
        )

    def feed(self, chunk: bytes) -> bool:
        if self._listener is None:
            return False
        self._listener.feed(chunk)
        return self._listener.hearing.ended and self._ending is None

    async def ended(self) -> None:
        if self._listener is None or self._ending is not None:
            return
        if not self._listener.hearing.ended:
            self._listener.end()
        hearing = self._listener.hearing
        if hearing.failure is not None:
            await self._end(failure=hearing.failure)
        elif hearing.ended:
            await self._end()
        else:
            await self._end(failure=self._listener.deaf or BROKE_OFF)

    async def left(self) -> None:
        await self._end(failure="the client left", left=True)

    async def broke(self, error: BaseException) -> None:
        await self._end(failure=type(error).__name__)

    async def _end(self, *, failure: str | None = None, left: bool = False) -> None:
        if self._ending is None:
            self._ending = self._endings.begin(self._written(failure, left=left))
        # Not awaited itself: the caller may be cancelled, or out of patience, while the record is being written.
        patience_s = self._endings.patience_s
        await asyncio.wait({self._ending}, timeout=min(patience_s, LEAVING_S) if left else patience_s)

    async def _written(self, failure: str | None, *, left: bool) -> None:
        try:
            await self._write(failure, left=left)
        except Exception as error:  # the reply is on its way to the client; no fault of ours may take it away
            log.warning("the end of a turn was not recorded: %s", type(error).__name__)

    async def _write(self, failure: str | None, *, left: bool) -> None:
        """Closed when the reply is whole; partial when it broke off or waits for tools; else failed or abandoned."""
        record = self._managed.record
        heard = self._listener.hearing if self._listener is not None else None
        text, calls = (heard.text, heard.tools) if heard is not None else ("", ())
        if heard is not None and heard.finished and heard.failure is None:
            failure = None  # the client had the whole reply, and did not wait for the mark behind it
        if failure is not None and not text and not calls:
            await record.fail(failure, status="abandoned" if left else "failed")
            return
        said = self._joint.join(filter(None, (self._managed.said, text)))
        status: Literal["closed", "partial"] = "partial" if failure is not None or calls else "closed"
        reply_id = heard.reply_id if heard is not None else None
        await record.close(said, status=status, tools=_together(self._managed.tools, calls), reply_id=reply_id)


def _together(before: tuple[ToolExchange, ...], heard: tuple[ToolExchange, ...]) -> tuple[ToolExchange, ...]:
    """All calls of the turn; a heard one without an id of its own was counted from 0 and is counted on here."""
    tools = [tool for tool in before if tool.name]
    for call in heard:
        known = {tool.call_id for tool in tools}
        tools.append(call.model_copy(update={"call_id": f"call_{len(tools)}"}) if call.call_id in known else call)
    return tuple(tools)
