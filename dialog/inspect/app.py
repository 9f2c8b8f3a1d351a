"""The inspector as an ASGI app: one page with its files, and the views it reads. It answers GET and writes nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dialog.errors import StateUnreadable
from dialog.inspect.prompts import prompt_view
from dialog.inspect.shelf import Shelf
from dialog.inspect.spending import counter_named
from dialog.inspect.timeline import card_of, dialog_view
from dialog.inspect.views import Auth, DialogList, Problem, ProblemView, Session, Shown, Watched
from dialog.pipeline import Pipeline
from dialog.tokens import TokenCounter
from stores.base import StoreError

STATIC = Path(__file__).parent / "static"
LISTED = 300
MOST_TURNS = 2_000
WATCH_S, WATCH_EVERY_S, WATCH_SCAN_EVERY_S = 8.0, 0.5, 2.0
"""How long a question whether a dialog changed is held (and so may delay a shutdown), and how often the store is looked
at meanwhile; less often for a dialog without an id, whose next turn is found by listing keys."""
MOST_WATCHERS = 64

SECURITY = {
    # No inline script or style, no other host, no frame: text that slips through as markup could still do nothing.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}

TenantOf = Callable[[Request], str]
Endpoint = Callable[[Request, str], Awaitable[Shown]]


class NotAllowed(Exception):
    """The request carries no key that is known."""


class _Refused(Exception):
    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.view = ProblemView(error=Problem(message=message, type=kind))


def inspector_app(
    pipeline: Pipeline,
    tenant_of: TenantOf,
    *,
    auth: Auth = "none",
    history: Literal["client", "managed"] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Starlette:
    """An app to mount (`Mount("/inspect", inspector_app(...))`) or to run; it shows the dialogs of one tenant.

    `tenant_of` gives the tenant of a request by its headers, or raises `NotAllowed`; `auth` tells the page what it does
    and so whether to ask for a key. `history` says what a proxy in front sends to the provider: the client's own
    messages with the grounded one in place of the last, or the prompt laid out here; None: not known here. Where the
    server of the app says that it is `stopping`, pages are no longer kept waiting for news.
    """
    session = Session(auth=auth, history=history, version=_version())
    inspector = _Inspector(pipeline, tenant_of, session, stopping)
    return Starlette(
        routes=[
            Mount("/api", routes=inspector.routes),
            Mount("/", app=StaticFiles(directory=STATIC, html=True)),
        ],
        middleware=[Middleware(_Guarded)],
    )


class _Inspector:
    def __init__(self, pipeline: Pipeline, tenant_of: TenantOf, session: Session, stopping: Callable[[], bool]) -> None:
        self._pipeline = pipeline
        self._shelf = Shelf(pipeline)
        self._tenant_of = tenant_of
        self._session = session
        self._stopping = stopping
        self._counters: dict[str, TokenCounter] = {}
        self._watchers = 0

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/session", self._session_answer),
            Route("/dialogs", self._answering(self.dialogs)),
            Route("/dialog", self._answering(self.dialog)),
            Route("/prompt", self._answering(self.prompt)),
            Route("/watch", self._answering(self.watch)),
        ]

    async def _session_answer(self, _: Request) -> Response:
        return _answer(self._session)

    def _answering(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return _answer(await endpoint(request, self._tenant_of(request)))
            except NotAllowed:
                problem = _Refused(401, "invalid_api_key", "the key is missing or not known; give one of this server's")
            except _Refused as refused:
                problem = refused
            except StateUnreadable:
                problem = _Refused(500, "state_unreadable", "the stored dialog cannot be read by this version")
            except StoreError as error:
                kind = type(error).__name__
                problem = _Refused(503, "store_unavailable", f"the store failed ({kind}); try again")
            return _answer(problem.view, status=problem.status)

        return answer

    # -- endpoints -------------------------------------------------------------------------------------------------

    async def dialogs(self, request: Request, tenant: str) -> DialogList:
        containing = request.query_params.get("find", "")
        dialogs, found = await self._shelf.dialogs(tenant, containing=containing, limit=LISTED)
        return DialogList(dialogs=tuple(map(card_of, dialogs)), found=found)

    async def dialog(self, request: Request, tenant: str) -> Shown:
        turns = _whole(request.query_params.get("turns", "100"), most=MOST_TURNS)
        record = await self._shelf.record(tenant, _asked(request, "ref"), turns=MOST_TURNS)
        if record is None:
            raise _unknown("dialog")
        counters = [
            trace["counter"] for line in record.documents if (trace := line.get("trace")) and "counter" in trace
        ]
        count = await self._counter(counters[-1] if counters else "")
        # Counting and building views takes a while for a long dialog; the loop has chats to serve.
        return await asyncio.to_thread(dialog_view, record, count, turns=turns, now=self._pipeline.clock())

    async def prompt(self, request: Request, tenant: str) -> Shown:
        record = await self._shelf.record(tenant, _asked(request, "ref"), turns=MOST_TURNS)
        turn_id = _asked(request, "turn")
        view = None if record is None else await asyncio.to_thread(prompt_view, record, turn_id)
        if view is None:
            raise _unknown("turn")
        return view

    async def watch(self, request: Request, tenant: str) -> Watched:
        """How the dialog stands as soon as that differs from `mark`, or when time is up."""
        ref, mark = _asked(request, "ref"), request.query_params.get("mark", "")
        if self._watchers >= MOST_WATCHERS:
            raise _Refused(503, "too_many_watchers", f"{MOST_WATCHERS} pages are being kept up to date already")
        self._watchers += 1
        try:
            return await self._news(request, tenant, ref, mark)
        finally:
            self._watchers -= 1

    async def _news(self, request: Request, tenant: str, ref: str, mark: str) -> Watched:
        pause_s = WATCH_SCAN_EVERY_S if ref.startswith("/") else WATCH_EVERY_S
        deadline = asyncio.get_running_loop().time() + WATCH_S
        while True:
            latest = await self._shelf.goes_on_as(tenant, ref)
            found = await self._shelf.find(tenant, latest)
            if found is None:
                raise _unknown("dialog")
            if latest != ref or found.mark != mark or asyncio.get_running_loop().time() + pause_s > deadline:
                return Watched(ref=latest, mark=found.mark)
            await asyncio.sleep(pause_s)
            if self._stopping() or await request.is_disconnected():
                return Watched(ref=ref, mark=mark)

    async def _counter(self, name: str) -> TokenCounter:
        if name not in self._counters:
            self._counters[name] = await counter_named(name)
        return self._counters[name]


def _asked(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise _Refused(400, "missing_parameter", f"the parameter {name!r} is missing or empty; give one")
    return value


def _whole(given: str, *, most: int) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= len(given) <= 9 and int(given)):
        raise _Refused(400, "bad_parameter", "'turns' is a whole number from 1")
    return min(int(given), most)


def _unknown(what: str) -> _Refused:
    return _Refused(404, f"unknown_{what}", f"there is no such {what}; it may have expired or been forgotten")


def _answer(view: Shown, *, status: int = 200) -> Response:
    # json, not pydantic: it writes a lone surrogate as an escape, where pydantic refuses the whole view.
    body = json.dumps(view.model_dump(mode="python"), allow_nan=False)
    return Response(body, status_code=status, media_type="application/json")


class _Guarded:
    """GET and HEAD only, and the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in SECURITY.items()]
                kept = [(name, value) for name, value in message["headers"] if name.decode() not in SECURITY]
                message = {**message, "headers": kept + own}
            await send(message)

        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            problem = ProblemView(error=Problem(message="the inspector only reads; use GET", type="method_not_allowed"))
            answer = _answer(problem, status=405)
            answer.headers["allow"] = "GET, HEAD"
            await answer(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


def _version() -> str:
    try:
        return version("antecedent")
    except PackageNotFoundError:
        return ""
