"""Inspectors and proxies on real ports, and a real Chromium that takes no other host for an answer."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from dialog.assemble import open_pipeline
from dialog.inspect import inspector_app
from dialog.pipeline import Pipeline

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The URL of the app behind a real uvicorn."""
    settings = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, access_log=False, timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(settings)
    running = asyncio.create_task(server.serve())
    while not server.started:  # uvicorn has no event for it
        await asyncio.sleep(0.005)
        if running.done():
            running.result()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


@pytest.fixture
async def pipeline() -> AsyncIterator[Pipeline]:
    async with open_pipeline("memory:", instructions="You help people find a place to eat.") as pipeline:
        yield pipeline


@pytest.fixture
async def client(pipeline: Pipeline) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the inspector of `pipeline` without a server between; the tenant is what the header `tenant` says."""
    app = inspector_app(pipeline, lambda request: request.headers.get("tenant", ""))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inspector") as client:
        yield client


@dataclass
class Watched:
    """A page, and what must not happen on it."""

    page: Any
    url: str
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    async def open(self, ref: str = "") -> None:
        """Go to the page, or to a dialog on it, and wait until it is drawn."""
        await self.page.goto(f"{self.url}/{'#d=' + quote(ref, safe='') if ref else ''}")
        await self.page.wait_for_selector("article.turn" if ref else "[role=option], #key-form:not([hidden])")

    def unharmed(self) -> None:
        """No error in the console, nothing asked of another host."""
        assert self.console == []
        assert self.foreign == []


OpenPage = Callable[..., Awaitable[Watched]]


def chromium() -> str:
    """Path of a Chromium; skips or fails the asking test when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or _missing("chromium is not on PATH")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
async def open_page() -> AsyncIterator[OpenPage]:
    """Opens pages of a URL, each in an empty profile; keyword arguments are those of Playwright's `new_context`."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        _missing("playwright is not installed; it comes with the extra test")
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        stack.push_async_callback(browser.close)

        async def open_one(url: str, **settings: Any) -> Watched:
            context = await browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | settings)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            seen = Watched(page, url)

            def requested(request: Any) -> None:
                seen.requested.append(request.url)
                if urlsplit(request.url).netloc != urlsplit(url).netloc:
                    seen.foreign.append(request.url)

            page.on("request", requested)

            def said(message: Any) -> None:
                if message.type in ("error", "warning"):
                    seen.console.append(message.text)

            page.on("console", said)
            page.on("pageerror", lambda error: seen.console.append(str(error)))
            return seen

        yield open_one
