"""A local LLM provider that speaks the real wire formats over loopback, and does what a test tells it to.

    async with FakeProvider() as provider:
        provider.script(Failure(503, retry_after="1"), Reply("Hello", split=7))
        ...  # point any client at provider.url
        assert provider.requests[1].json["model"] == "m"

What it answers is scripted in order, whichever path is asked: `Reply` (text, in the format of the path and of the
request, plain or streamed), `Failure` (an error in the provider's form) or `Raw` (bytes as given). With the script
used up it calls `answer`. How a reply looks on the wire is in `tests/fake_wire.py`; another format is one more entry
of `WIRES` in `tests/fake_wires.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import h11

from tests.fake_wire import Failure, Frame, Reply, Tokens, ToolCall, Wire, http_date
from tests.fake_wires import wire_of

__all__ = ["Answer", "Failure", "FakeProvider", "Hang", "Raw", "Received", "Reply", "Tokens", "ToolCall", "http_date"]


@dataclass(frozen=True)
class Raw:
    """An answer given byte for byte; with `content_length` larger than the body, the connection breaks off early."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    content_length: int | None = None


@dataclass(frozen=True)
class Hang:
    """Takes the request and says nothing until `until` is set (or the client goes away), then hangs up."""

    until: asyncio.Event = field(default_factory=asyncio.Event)


Answer = Reply | Failure | Raw | Hang


@dataclass(eq=False)
class Received:
    """A request as it arrived.

    `done` is set when its answer was sent whole, `disconnected` when the client left before that.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    """Names in lower case; of a repeated header the last."""
    body: bytes
    connection: int
    """Number of the connection it came on, from 0."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def json(self) -> Any:
        """The parsed body; an empty one is {}."""
        return json.loads(self.body or b"{}")


class FakeProvider:
    """Serves on a free port of 127.0.0.1 while its context is open. `requests` holds what came, in order."""

    def __init__(self, answer: Callable[[Received], Answer] | None = None) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self._answer = answer or (lambda request: Reply("ok"))
        self._script: deque[Answer] = deque()
        self._arrived = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: list[Exception] = []

    def script(self, *answers: Answer) -> None:
        """Give these answers next, in this order."""
        self._script.extend(answers)

    @property
    def unused(self) -> int:
        """Scripted answers that nobody asked for."""
        return len(self._script)

    async def request(self, number: int) -> Received:
        """The request of that number (from 0), once it has come."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) > number)
        return self.requests[number]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        if self._broken and error is None:
            raise ExceptionGroup("the fake provider itself failed", self._broken)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        number, self.connections = self.connections, self.connections + 1
        try:
            await _Connection(self, reader, writer, number).serve()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        except Exception as broken:  # a fault of ours or of the script, raised where the test sees it
            self._broken.append(broken)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _take(self, request: Received) -> Answer:
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        return self._script.popleft() if self._script else self._answer(request)


class _HungUp(ConnectionError):
    """The answer says to break the connection here."""


class _Connection:
    """One client connection: HTTP/1.1 with keep-alive, noticing when the client leaves in the middle of an answer."""

    def __init__(
        self, provider: FakeProvider, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self._provider = provider
        self._reader = reader
        self._writer = writer
        self._number = number
        self._http = h11.Connection(h11.SERVER)

    async def serve(self) -> None:
        while (request := await self._receive()) is not None:
            answer = await self._provider._take(request)
            await self._unless_left(self._give(answer, request), request)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _receive(self) -> Received | None:
        """The next request, or None when the client is done."""
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self._http.receive_data(await self._reader.read(65536))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._received(head, bytes(body))
            else:  # closed or paused: nothing more will come
                return None

    def _received(self, head: h11.Request, body: bytes) -> Received:
        url = urlsplit(head.target.decode())
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in head.headers}
        return Received(head.method.decode(), url.path, parse_qs(url.query), headers, body, self._number)

    async def _unless_left(self, giving: Coroutine[Any, Any, None], request: Received) -> None:
        """Run `giving`, and stop it when the client closes the connection."""
        sending = asyncio.ensure_future(giving)
        watching = asyncio.ensure_future(self._client_left())
        try:
            await asyncio.wait({sending, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                request.disconnected.set()
                raise ConnectionResetError("the client left")
            await sending
            request.done.set()
        except ConnectionError:
            if not isinstance(sending.exception() if sending.done() else None, _HungUp):
                request.disconnected.set()
            raise
        finally:
            sending.cancel()
            watching.cancel()
            await asyncio.gather(sending, watching, return_exceptions=True)

    async def _client_left(self) -> None:
        """Returns when the client has closed; bytes of a next request are kept for it."""
        while data := await self._reader.read(65536):
            self._http.receive_data(data)

    async def _give(self, answer: Answer, request: Received) -> None:
        wire = wire_of(request.path)
        match answer:
            case Hang():
                await answer.until.wait()
                raise _HungUp("as scripted")
            case Raw():
                await self._give_raw(answer)
            case _ if wire is None:
                await self._give_raw(Raw(b'{"error":{"message":"no such path"}}', 404))
            case Failure():
                await self._give_failure(answer, wire)
            case Reply():
                await self._give_reply(answer, wire, request)

    async def _give_raw(self, raw: Raw) -> None:
        length = raw.content_length if raw.content_length is not None else len(raw.body)
        headers = [("content-type", raw.content_type), ("content-length", str(length)), *raw.headers]
        self._send(h11.Response(status_code=raw.status, headers=headers))
        self._send(h11.Data(data=raw.body))
        if length > len(raw.body):
            await self._writer.drain()
            raise _HungUp("as scripted")
        await self._end()

    async def _give_failure(self, failure: Failure, wire: Wire) -> None:
        retry_after = (("retry-after", failure.retry_after),) if failure.retry_after is not None else ()
        await self._give_raw(Raw(wire.failure(failure), failure.status, headers=(*retry_after, *failure.headers)))

    async def _give_reply(self, reply: Reply, wire: Wire, request: Received) -> None:
        try:
            asked = request.json
        except ValueError:
            await self._give_failure(Failure(400, message="not JSON", kind="invalid_request_error"), wire)
            return
        if reply.wait_for is not None:
            await reply.wait_for.wait()
        if not wire.wants_stream(request.path, asked):
            await self._give_raw(Raw(wire.plain(reply, asked), headers=reply.headers))
            return
        headers = [("content-type", wire.stream_type), ("transfer-encoding", "chunked"), *reply.headers]
        self._send(h11.Response(status_code=200, headers=headers))
        await self._writer.drain()
        async for chunk in _resplit(wire.stream(reply, asked), reply):
            self._send(h11.Data(data=chunk))
            await self._writer.drain()
            await asyncio.sleep(0)  # let the client see the chunk by itself
        if reply.linger is not None:
            await reply.linger.wait()
        if reply.hang_up:
            raise _HungUp("as scripted")
        await self._end()

    async def _end(self) -> None:
        self._send(h11.EndOfMessage())
        await self._writer.drain()

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)


async def _resplit(frames: Iterable[Frame], reply: Reply) -> AsyncIterator[bytes]:
    """The bytes of `frames`, in chunks of `reply.split` bytes if given, pausing where a frame says so."""
    for frame in frames:
        if frame.after is not None:
            await frame.after.wait()
        size = reply.split or len(frame.data) or 1
        for at in range(0, len(frame.data), size):
            yield frame.data[at : at + size]
