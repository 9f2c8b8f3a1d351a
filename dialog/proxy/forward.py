"""A provider request through the proxy: identified, grounded where understood, sent on, heard on its way back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from dialog.proxy.answers import CLIENT_CLOSED_REQUEST, refusal
from dialog.proxy.caller_side import CallerLeft, CallerSide, TooLarge, TooSlow
from dialog.proxy.callers import Caller, Callers, UnknownKey
from dialog.proxy.config import ProxyConfig
from dialog.proxy.measures import Grounding, Measures
from dialog.proxy.paths import BadPath, path_of
from dialog.proxy.telemetry import Span, Telemetry
from dialog.proxy.upstream import (
    Answer,
    BadHeader,
    Upstream,
    UpstreamBroken,
    UpstreamSilent,
    to_caller,
    to_upstream,
)
from dialog.transport.door import Arriving, Door
from dialog.transport.passage import Passage
from dialog.wire.apis import Api, api_of

access = logging.getLogger("antecedent.access")

_FORBIDDEN = frozenset({"CONNECT", "TRACE"})
"""CONNECT would make a tunnel; TRACE makes the upstream show the headers it got, its key among them."""


@dataclass(slots=True)
class _Request:
    """A request on its way, and how far it has come: `status` 0 while nothing was answered, `left` the bytes of the
    answer still to be sent, None while that is not known."""

    scope: Scope
    path: bytes
    api: Api | None
    started: float
    status: int = 0
    outcome: Grounding = "bypassed"
    left: int | None = None

    def tell(self, message: Message) -> None:
        """What goes to the caller, as it goes."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.left = _length(message.get("headers", ()))
        elif not message.get("more_body", False):
            self.left = 0
        elif self.left is not None:
            self.left -= len(message.get("body", b""))

    @property
    def answered(self) -> bool:
        """Whether the caller has all of the answer: it may go away then, and does."""
        return self.status != 0 and self.left is not None and self.left <= 0

    @property
    def method(self) -> str:
        method: str = self.scope["method"]
        return method

    @property
    def api_name(self) -> str:
        return "other" if self.api is None else self.api.NAME


class BrokenUpstream(Exception):
    """The upstream's body broke off after its head was passed on."""


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
        path = path_of(scope)
        api = api_of(scope["method"], path.decode("latin-1"))
        request = _Request(scope, path, api, started=time.perf_counter())

        async def told(message: Message) -> None:
            request.tell(message)
            await send(message)

        self._open += 1
        self._measures.open.inc()
        try:
            with self._telemetry.request(request.api_name, scope["headers"]) as span:
                try:
                    answer = await self._let_in(request, receive, told, span)
                    if answer is not None:
                        await answer(scope, receive, told)
                except CallerLeft:
                    if not request.answered:
                        request.status = CLIENT_CLOSED_REQUEST
                finally:
                    span.finished(request.status, request.outcome)
        finally:
            self._open -= 1
            self._measures.open.dec()
            self._count(request)

    def _count(self, request: _Request) -> None:
        self._measures.requests.labels(request.api_name, str(request.status)).inc()
        self._measures.grounded.labels(request.outcome).inc()
        took_ms = (time.perf_counter() - request.started) * 1000
        access.info(
            "request",
            extra={
                "api": request.api_name,
                "status": request.status,
                "grounding": request.outcome,
                "took_ms": round(took_ms, 1),
            },
        )

    async def _let_in(self, request: _Request, receive: Receive, send: Send, span: Span) -> Response | None:
        """None when the upstream's response was passed on; else our own refusal."""
        if self._open > self._config.max_concurrent:
            return refusal(503, "proxy_busy", "too many requests at once; try again shortly", {"retry-after": "1"})
        if request.method in _FORBIDDEN:
            return refusal(405, "method_not_allowed", "this proxy does not pass that method on")
        if _is_ambiguous(request.scope):
            message = "the request has both a content-length and a transfer-encoding; send one"
            return refusal(400, "bad_framing", message, {"connection": "close"})
        length = _length(request.scope["headers"])
        if length is not None and length > self._config.max_body_bytes:
            return self._too_large()
        try:
            caller = self._callers.identify(request.scope["headers"], request.scope["query_string"])
            return await self._through(request, caller, receive, send, span)
        except UnknownKey:
            return refusal(401, "invalid_api_key", "this proxy does not know the key; use one of its own")
        except BadPath:
            return refusal(400, "bad_path", "the path has dot segments or characters no path has; send it without")
        except BadHeader:
            return refusal(400, "bad_header", "a header is not text in ASCII or UTF-8; send it without")
        except TooLarge:
            return self._too_large()
        except TooSlow:
            return refusal(408, "body_timeout", "the body did not come in time", {"connection": "close"})
        except UpstreamSilent:
            return refusal(504, "upstream_timeout", "the upstream did not answer in time")
        except UpstreamBroken:
            return refusal(502, "upstream_unreachable", "the upstream could not be reached or broke the connection")

    async def _through(
        self, request: _Request, caller: Caller, receive: Receive, send: Send, span: Span
    ) -> Response | None:
        side = CallerSide(receive, limit=self._config.max_body_bytes)
        body: bytes | None = None
        passage = Passage()
        if request.api is not None:
            body = await side.whole(timeout_s=self._config.body_timeout_s)
            span.asked(body, request.path)
            passage = await self._enter(request, caller, body)
            request.outcome = _outcome(passage)
        try:
            async with side:
                await self._exchange(request, caller, passage, body, side, send)
        except (CallerLeft, asyncio.CancelledError):
            await passage.left()
            raise
        except Exception as error:
            await passage.broke(error)
            if isinstance(side.failure, CallerLeft):
                raise side.failure from None
            if request.status:
                # The head is out; closing the connection without the final chunk is how HTTP tells of a broken body.
                raise BrokenUpstream from None
            if side.failure is not None:
                raise side.failure from None
            raise
        return None

    async def _enter(self, request: _Request, caller: Caller, body: bytes) -> Passage:
        started = time.perf_counter()
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.scope["headers"]}
        path = request.path.decode("latin-1")
        passage = await self._door.enter(Arriving(request.method, path, names, body, tenant=caller.tenant))
        self._measures.preparing.observe(time.perf_counter() - started)
        return passage

    async def _exchange(
        self,
        request: _Request,
        caller: Caller,
        passage: Passage,
        body: bytes | None,
        side: CallerSide,
        send: Send,
    ) -> None:
        started = time.perf_counter()
        sent = body if passage.body is None else passage.body
        headers = to_upstream(caller.headers, length=None if sent is None else len(sent))
        if passage.body is not None:  # what was compressed has been read, and goes on as it is now
            headers = [(name, value) for name, value in headers if name.lower() != b"content-encoding"]
        content = _stream_of(request.scope, side) if sent is None else sent
        answer = await self._upstream.send(request.method, request.path, caller.query, headers, content)
        try:
            self._measures.first_byte.observe(time.perf_counter() - started)
            await _passed_on(request, answer, passage, send)
        finally:
            answer.close()

    def _too_large(self) -> Response:
        limit = self._config.max_body_bytes
        return refusal(413, "request_too_large", f"the body is over {limit} bytes, the limit of this proxy")


async def _passed_on(request: _Request, answer: Answer, passage: Passage, send: Send) -> None:
    headers = to_caller(answer.headers)
    names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    await passage.answered(answer.status, names)
    own = [(name.encode("ascii"), value.encode("ascii")) for name, value in passage.headers.items()]
    theirs = [(name, value) for name, value in headers if not name.lower().startswith(b"x-dialog-")]
    await send({"type": "http.response.start", "status": answer.status, "headers": theirs + own})
    async for chunk in answer.chunks():
        if last := passage.feed(chunk):
            # Before the chunk goes on: callers stop reading at the mark, and may ask the next thing at once.
            await passage.ended()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if last:
            request.left = 0
    await passage.ended()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _stream_of(scope: Scope, side: CallerSide) -> AsyncIterator[bytes] | None:
    """The body of a request that is not read here; None when it announces none."""
    announced = {name.lower() for name, _ in scope["headers"]} & {b"content-length", b"transfer-encoding"}
    if announced:
        return side.stream()
    side.has_read()
    return None


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """The announced length of the body; None when there is no such header or it is not a number."""
    for name, value in headers:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def _is_ambiguous(scope: Scope) -> bool:
    """Whether the end of the body may be read in two ways, and what follows be smuggled past one reader (RFC 9112,
    section 6.3). Parsers let some of these through."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    codings = [value for name, value in scope["headers"] if name == b"transfer-encoding"]
    return len(lengths) + len(codings) > 1 or any(coding.strip().lower() != b"chunked" for coding in codings)


def _outcome(passage: Passage) -> Grounding:
    headers = passage.headers
    if "x-dialog-degraded" in headers:
        return "degraded"
    if "x-dialog-rewritten" not in headers:
        return "bypassed"
    return "rewritten" if headers["x-dialog-rewritten"] == "true" else "left_alone"
