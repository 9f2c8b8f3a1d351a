"""A proxy on a real port, in front of the fake provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from dialog.assemble import open_pipeline
from dialog.pipeline import Pipeline
from dialog.proxy import ProxyConfig, proxy_app
from tests.fake_provider import FakeProvider


@dataclass(frozen=True)
class Running:
    """A proxy that takes requests at `url`."""

    url: str
    port: int
    client: httpx.AsyncClient
    server: uvicorn.Server


StartProxy = Callable[..., Awaitable[Running]]


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as provider:
        yield provider


@pytest.fixture
async def pipeline() -> AsyncIterator[Pipeline]:
    async with open_pipeline("memory:") as pipeline:
        yield pipeline


@pytest.fixture
async def start_proxy(provider: FakeProvider, pipeline: Pipeline) -> AsyncIterator[StartProxy]:
    """Starts proxies in front of `provider`; keyword arguments are `ProxyConfig`'s, or `pipeline`, or `http`, the
    HTTP parser that uvicorn uses."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> Running:
            over, http = settings.pop("pipeline", pipeline), settings.pop("http", "auto")
            config = ProxyConfig(**{"upstream": provider.url} | settings)
            return await stack.enter_async_context(Serving(proxy_app(config, pipeline=over), config, http=http))

        yield start


@pytest.fixture
async def proxy(start_proxy: StartProxy) -> Running:
    return await start_proxy()


class Serving:
    """The app behind a real uvicorn while its context is open."""

    def __init__(self, app: Any, config: ProxyConfig, *, http: Any = "auto") -> None:
        settings = uvicorn.Config(
            app,
            http=http,
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=round(config.shutdown_s),
        )
        self._server = uvicorn.Server(settings)

    async def __aenter__(self) -> Running:
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # uvicorn has no event for it
            await asyncio.sleep(0.005)
            if self._serving.done():
                self._serving.result()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20)
        return Running(f"http://127.0.0.1:{port}", port, self._client, self._server)

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        self._server.should_exit = True
        await self._serving
