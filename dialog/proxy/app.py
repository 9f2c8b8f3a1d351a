"""The proxy as an ASGI app: provider paths go through the door to the upstream, a few paths are the proxy's own."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from dialog.assemble import local_interpreter, open_pipeline
from dialog.inspect import NotAllowed, inspector_app
from dialog.pipeline import Pipeline
from dialog.proxy.answers import refusal
from dialog.proxy.callers import Callers, UnknownKey
from dialog.proxy.config import ProxyConfig
from dialog.proxy.forward import Forward
from dialog.proxy.measures import Measures
from dialog.proxy.openapi import document
from dialog.proxy.state_api import StateApi
from dialog.proxy.telemetry import Telemetry
from dialog.proxy.upstream import Upstream
from dialog.transport.door import Door, Options
from stores.base import StoreError

log = logging.getLogger("antecedent")


def proxy_app(config: ProxyConfig, *, pipeline: Pipeline | None = None) -> Starlette:
    """An app to run or to mount (`other_app.mount("/llm", proxy_app(config))`).

    `pipeline` None: one over `config.store`, read by `config.engine`, closed with the app; ValueError when that cannot
    run. A pipeline that is given has its own store and interpreter.
    A mounted app is not told of the end of the outer one: close it with `app.state.aclose()`.
    """
    owned = pipeline is None
    dialogs = pipeline or open_pipeline(config.store, interpret=local_interpreter(config.engine))
    measures, callers = Measures(), Callers(config.keys, config.key_headers)
    upstream = Upstream(config)
    forward = Forward(
        door=Door(dialogs, Options(history=config.history)),
        upstream=upstream,
        callers=callers,
        measures=measures,
        telemetry=Telemetry(config.upstream),
        config=config,
    )

    async def aclose() -> None:
        await upstream.aclose()
        await (dialogs.aclose() if owned else dialogs.settled())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await aclose()

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        try:
            await dialogs.store.load("")  # no dialog has this key, so nothing is read
        except StoreError as error:
            return refusal(503, "store_unavailable", f"the store failed: {type(error).__name__}")
        return JSONResponse({"status": "ready"})

    async def counted(_: Request) -> Response:
        return Response(generate_latest(measures.registry), media_type=CONTENT_TYPE_LATEST)

    async def described(_: Request) -> Response:
        return JSONResponse(document())

    async def inspector(_: Request) -> Response:
        return RedirectResponse("inspect/")  # relative: this app may be mounted anywhere

    own = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", counted),
        Route("/openapi.json", described),
        *StateApi(dialogs, callers).routes,
        Route("/inspect", inspector),
        Mount("/inspect", _inspector(dialogs, callers, config)),
    ]
    app = Starlette(routes=own, lifespan=lifespan, exception_handlers={405: _wrong_method, Exception: _fault})
    app.router.redirect_slashes = False  # "/dialogs/" may be a provider's path; only what is listed is ours
    app.router.default = _provider_paths(forward)
    app.state.aclose = aclose
    return app


async def _wrong_method(_: Request, error: Exception) -> Response:
    allowed = error.headers if isinstance(error, HTTPException) else None
    return refusal(405, "method_not_allowed", "this path of the proxy does not take that method", allowed)


async def _fault(_: Request, error: Exception) -> Response:
    return refusal(500, "internal_error", f"a fault of the proxy ({type(error).__name__}); its log has more")


def _inspector(dialogs: Pipeline, callers: Callers, config: ProxyConfig) -> Starlette:
    """The inspector behind the same keys as the state API, but never one in a query: a browser keeps URLs."""

    def tenant_of(request: Request) -> str:
        try:
            return callers.identify(list(request.scope["headers"]), b"").tenant
        except UnknownKey:
            raise NotAllowed from None

    return inspector_app(dialogs, tenant_of, auth="key" if config.keys else "credential", history=config.history)


def _provider_paths(forward: Forward) -> ASGIApp:
    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            log.warning("a WebSocket was refused: its messages cannot be grounded; use plain HTTP")
            await WebSocketClose(code=1008, reason="plain HTTP only")(scope, receive, send)
            return
        await forward(scope, receive, send)

    return passed
