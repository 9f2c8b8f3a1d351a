"""The state API: a tenant's dialogs to read, export, correct and delete. `document` is its OpenAPI description."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dialog.errors import DialogError, DialogUnknown, StateUnreadable
from dialog.pipeline import Pipeline
from dialog.proxy.answers import CLIENT_CLOSED_REQUEST, refusal
from dialog.proxy.callers import Callers, UnknownKey
from dialog.proxy.paths import path_of
from dialog.state import SlotContent
from stores.base import StoreError

MAX_SLOTS_BYTES = 64 * 1024
NO_SUCH = "there is no such dialog, or no turn of that id (x-dialog-turn tells it); it may have expired"
MAX_LISTED = 1000

Endpoint = Callable[[Request, str], Awaitable[Response]]
Handlers = dict[str, Callable[[Request, str, str], Awaitable[Response]]]


class _AnyText(StringConvertor):
    """The rest of a path, line breaks too: what "path" does not match would go to the upstream."""

    regex = "(?s:.*)"


register_url_convertor("any_text", _AnyText())


class StateApi:
    """Handlers over one pipeline. Callers see the dialogs of their own credential only."""

    def __init__(self, pipeline: Pipeline, callers: Callers) -> None:
        self._pipeline = pipeline
        self._callers = callers

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/dialogs", self._guarded(self.listed), methods=["GET"]),
            Route("/dialogs/{rest:any_text}", _AnyMethod(self._guarded(self.one))),
        ]

    async def one(self, request: Request, tenant: str) -> Response:
        """A request about one dialog. Its id is a single segment of the path as it was sent: an id may hold slashes."""
        segments = path_of(request.scope).decode("latin-1").split("/")[2:]
        try:
            dialog_id, about = unquote(segments[0], errors="strict"), "/".join(segments[1:])
        except UnicodeDecodeError:  # replaced by a stand-in, two ids could become one
            return refusal(400, "malformed_id", "the dialog id is not UTF-8; percent-encode it as such")
        handlers: dict[str, Handlers] = {
            "": {"GET": self.state, "DELETE": self.forget},
            "trace": {"GET": self.trace},
            "export": {"GET": self.export},
            "slots": {"PUT": self.set_slots},
        }
        methods = handlers.get(about, {})
        if not methods or not dialog_id:
            return refusal(404, "unknown_path", "there is no such path; /openapi.json lists them")
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allowed = ", ".join([*methods, *(["HEAD"] if "GET" in methods else [])])
            return refusal(405, "method_not_allowed", "this path does not take that method", {"allow": allowed})
        return await methods[method](request, tenant, dialog_id)

    def _guarded(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint with the caller's tenant, and our errors as answers that leak nothing."""

        async def answer(request: Request) -> Response:
            try:
                caller = self._callers.identify(list(request.scope["headers"]), request.scope["query_string"])
                return await endpoint(request, caller.tenant)
            except ClientDisconnect:
                return Response(status_code=CLIENT_CLOSED_REQUEST)  # which nobody reads
            except UnknownKey:
                return refusal(401, "invalid_api_key", "this proxy does not know the key; use one of its own")
            except DialogUnknown:
                return refusal(404, "unknown_dialog", NO_SUCH)
            except StateUnreadable:
                return refusal(500, "state_unreadable", "the stored dialog cannot be read by this version")
            except (StoreError, DialogError) as error:
                return refusal(503, "store_unavailable", f"the store failed ({type(error).__name__}); try again")

        return answer

    async def listed(self, request: Request, tenant: str) -> Response:
        found: list[str] = []
        async for dialog_id in self._pipeline.dialogs(tenant=tenant):
            found.append(dialog_id)
            if len(found) > MAX_LISTED:
                break
        return JSONResponse({"dialogs": sorted(found[:MAX_LISTED]), "more": len(found) > MAX_LISTED})

    async def state(self, request: Request, tenant: str, dialog_id: str) -> Response:
        state = await self._pipeline.state(dialog_id, tenant=tenant)
        if state is None:
            raise DialogUnknown(dialog_id)
        return Response(state.model_dump_json(), media_type="application/json")

    async def forget(self, request: Request, tenant: str, dialog_id: str) -> Response:
        if not await self._pipeline.forget(dialog_id, tenant=tenant):
            raise DialogUnknown(dialog_id)
        return Response(status_code=204)

    async def trace(self, request: Request, tenant: str, dialog_id: str) -> Response:
        turn_id = request.query_params.get("turn")
        trace = await self._pipeline.why(dialog_id, turn_id, tenant=tenant)
        return Response(trace.model_dump_json(), media_type="application/json")

    async def export(self, request: Request, tenant: str, dialog_id: str) -> Response:
        lines = self._pipeline.export(dialog_id, tenant=tenant)
        first = await anext(lines)  # raises DialogUnknown before the head is sent

        async def rendered() -> AsyncIterator[bytes]:
            yield _line(first)
            async for line in lines:
                yield _line(line)

        return StreamingResponse(rendered(), media_type="application/x-ndjson")

    async def set_slots(self, request: Request, tenant: str, dialog_id: str) -> Response:
        body = await _bounded(request)
        if body is None:
            return refusal(413, "request_too_large", f"the body is over {MAX_SLOTS_BYTES} bytes")
        values = _slots(body)
        if values is None:
            wanted = 'send a JSON object of slot names and values, such as {"city": "Boston"}; null clears one'
            return refusal(400, "malformed_slots", wanted)
        state = await self._pipeline.set_slots(dialog_id, values, tenant=tenant)
        return Response(state.model_dump_json(), media_type="application/json")


class _AnyMethod:
    """An endpoint that looks at the method itself; Starlette's routes would know one list for all paths below them."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)


async def _bounded(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_SLOTS_BYTES:
            return None
    return body


def _slots(body: bytes) -> dict[str, SlotContent] | None:
    """Slot values from JSON; None when the body is anything else."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not given or not all(map(_is_text, given)):
        return None
    values: dict[str, SlotContent] = {}
    for name, value in given.items():
        if isinstance(value, list) and all(map(_is_text, value)):
            values[name] = tuple(value)
        elif _is_plain(value):
            values[name] = value
        else:
            return None
    return values


def _is_plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, int) or _is_text(value)


def _is_text(value: object) -> bool:
    """Whether it is text, not empty, that UTF-8 can hold: JSON may spell half a character (a lone surrogate)."""
    return isinstance(value, str) and value != "" and not any("\ud800" <= char <= "\udfff" for char in value)


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"
