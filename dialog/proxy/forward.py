"""A provider request through the proxy: identified, grounded where understood, sent on, heard on its way back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import httpx
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from dialog.proxy.answers import refusal
from dialog.proxy.callers import Callers, Headers, UnknownKey
from dialog.proxy.config import ProxyConfig
from dialog.proxy.measures import Grounding, Measures
from dialog.proxy.telemetry import Telemetry
from dialog.proxy.upstream import BadPath, Upstream, to_caller, to_upstream
from dialog.transport.door import Arriving, Door
from dialog.transport.passage import Passage
from dialog.wire.apis import api_of

T = TypeVar("T")

access = logging.getLogger("antecedent.access")


class TooLarge(Exception):
    """The body is over the limit."""


class CallerLeft(Exception):
    """The caller disconnected before its request was whole."""


@dataclass(slots=True)
class _Progress:
    """How far a request has come; `status` 0 while nothing was answered."""

    api: str
    started: float
    status: int = 0
    outcome: Grounding = "bypassed"


class Forward:
    """The ASGI endpoint for everything that is the provider's."""

    def __init__(
        self,
        *,
        door: Door,
        upstream: Upstream,
        callers: Callers,
        measures: Measures,
        telemetry: Telemetry,
        config: ProxyConfig,
    ) -> None:
        self._door = door
        self._upstream = upstream
        self._callers = callers
        self._measures = measures
        self._telemetry = telemetry
        self._config = config
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._open >= self._config.max_concurrent:
            busy = refusal(503, "proxy_busy", "too many requests at once; try again shortly", {"retry-after": "1"})
            await busy(scope, receive, send)
            return
        self._open += 1
        self._measures.open.inc()
        try:
            await self._measured(scope, receive, send)
        finally:
            self._open -= 1
            self._measures.open.dec()

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        api = api_of(scope["method"], path_of(scope).decode("latin-1"))
        progress = _Progress(api=_name(api), started=time.perf_counter())

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                progress.status = message["status"]
            await send(message)

        with self._telemetry.request(progress.api) as span:
            try:
                answer = await self._through(scope, receive, told, progress, grounded=api is not None)
                if answer is not None:
                    await answer(scope, receive, told)
            except CallerLeft:
                progress.status = 499  # nginx's code for a client that closed the request; it is only counted
            finally:
                span.finished(progress.status, progress.outcome)
                self._count(progress)

    def _count(self, progress: _Progress) -> None:
        self._measures.requests.labels(progress.api, str(progress.status)).inc()
        self._measures.grounded.labels(progress.outcome).inc()
        took_ms = (time.perf_counter() - progress.started) * 1000
        access.info(
            "request",
            extra={
                "api": progress.api,
                "status": progress.status,
                "grounding": progress.outcome,
                "took_ms": round(took_ms, 1),
            },
        )

    async def _through(
        self, scope: Scope, receive: Receive, send: Send, progress: _Progress, *, grounded: bool
    ) -> Response | None:
        """None when the upstream's response was passed on; else our own refusal."""
        try:
            caller = self._callers.identify(list(scope["headers"]), scope["query_string"])
        except UnknownKey:
            return refusal(401, "invalid_api_key", "this proxy does not know the key; use one of its own")
        length = _length(scope)
        if length is not None and length > self._config.max_body_bytes:
            return self._too_large()
        body: bytes | None = None
        passage = Passage()
        if grounded:
            try:
                body = await _whole(receive, limit=self._config.max_body_bytes)
            except TooLarge:
                return self._too_large()
            passage = await self._enter(scope, caller.tenant, body)
            progress.outcome = _outcome(passage)
        sent = passage.body if passage.body is not None else body
        headers = to_upstream(caller.headers, length=None if sent is None else len(sent))
        if passage.body is not None:
            headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
        content = sent if sent is not None else self._stream_of(scope, receive)
        return await self._exchange(scope, receive, send, passage, caller.query, headers, content)

    async def _enter(self, scope: Scope, tenant: str, body: bytes) -> Passage:
        started = time.perf_counter()
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        path = path_of(scope).decode("latin-1")
        passage = await self._door.enter(Arriving(scope["method"], path, names, body, tenant=tenant))
        self._measures.preparing.observe(time.perf_counter() - started)
        return passage

    async def _exchange(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        passage: Passage,
        query: bytes,
        headers: Headers,
        content: bytes | AsyncIterator[bytes] | None,
    ) -> Response | None:
        started = time.perf_counter()
        try:
            asking = self._upstream.send(scope["method"], path_of(scope), query, headers, content)
            response = await _unless_left(asking, receive, whole=not isinstance(content, AsyncIterator))
        except BadPath:
            return refusal(400, "bad_path", "the path has dot segments or control characters; send it without")
        except TooLarge:
            return self._too_large()
        except CallerLeft:
            await passage.left()
            raise
        except httpx.TimeoutException as error:
            await passage.broke(error)
            return refusal(504, "upstream_timeout", "the upstream did not answer in time")
        except httpx.TransportError as error:
            await passage.broke(error)
            return refusal(502, "upstream_unreachable", "the upstream could not be reached or broke the connection")
        except asyncio.CancelledError:
            await passage.left()
            raise
        self._measures.first_byte.observe(time.perf_counter() - started)
        try:
            await _unless_left(_passed_on(response, passage, send), receive, whole=True)
        except CallerLeft:
            await passage.left()
        except asyncio.CancelledError:
            await passage.left()
            raise
        except httpx.TransportError as error:
            await passage.broke(error)
            # The head is out; closing the connection without the final chunk is how HTTP tells of a broken body.
            raise BrokenUpstream from None
        finally:
            await response.aclose()
        return None

    def _stream_of(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes] | None:
        """The body of a request that is not read here; None when it announces none."""
        announced = {name.lower() for name, _ in scope["headers"]} & {b"content-length", b"transfer-encoding"}
        return _run(receive, limit=self._config.max_body_bytes) if announced else None

    def _too_large(self) -> Response:
        limit = self._config.max_body_bytes
        return refusal(413, "request_too_large", f"the body is over {limit} bytes, the limit of this proxy")


class BrokenUpstream(Exception):
    """The upstream's body broke off after its head was passed on."""


async def _passed_on(response: httpx.Response, passage: Passage, send: Send) -> None:
    headers = to_caller(list(response.headers.raw))
    names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    await passage.answered(response.status_code, names)
    own = [(name.encode("ascii"), value.encode("ascii")) for name, value in passage.headers.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers + own})
    stream = cast(httpx.AsyncByteStream, response.stream)
    async for chunk in stream:
        if passage.feed(chunk):
            # Before the chunk goes on: callers stop reading at the mark, and may ask the next thing at once.
            await passage.ended()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await passage.ended()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _unless_left(work: Coroutine[Any, Any, T], receive: Receive, *, whole: bool) -> T:
    """What `work` gives; CallerLeft, with `work` cancelled, when the caller disconnects first.

    Only with the request `whole` may its channel be listened to: before, it still holds the body.
    """
    if not whole:
        return await work
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        raise CallerLeft
    finally:
        for task in (doing, leaving):
            task.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _run(receive: Receive, *, limit: int) -> AsyncIterator[bytes]:
    """The request's body as it comes."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        size += len(message.get("body", b""))
        if size > limit:
            raise TooLarge
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


async def _whole(receive: Receive, *, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise TooLarge
        if not message.get("more_body", False):
            return b"".join(chunks)


def path_of(scope: Scope) -> bytes:
    """The path as it was sent, undecoded, below where the app is mounted."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8")
    raw = raw.partition(b"?")[0]
    root = scope.get("root_path", "").encode("utf-8")
    return raw[len(root) :] or b"/" if root and raw.startswith(root) else raw


def _length(scope: Scope) -> int | None:
    """The announced length of the body; None when there is no such header or it is not a number."""
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def _outcome(passage: Passage) -> Grounding:
    headers = passage.headers
    if "x-dialog-degraded" in headers:
        return "degraded"
    if "x-dialog-rewritten" not in headers:
        return "bypassed"
    return "rewritten" if headers["x-dialog-rewritten"] == "true" else "left_alone"


def _name(api: object) -> str:
    module = getattr(api, "__name__", "")
    return module.rpartition(".")[2] or "other"
