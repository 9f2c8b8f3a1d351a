"""A fake Slack, and a bot of the real slack_bolt that is connected to it in Socket Mode."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from dialog.assemble import open_pipeline
from dialog.backends.base import Backend
from dialog.config import PipelineConfig
from dialog.pipeline import Pipeline
from dialog.slack import SlackConfig, SlackDoor, attach
from dialog.testing import ScriptedBackend
from stores.base import Store
from stores.memory import MemoryStore
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack, fake_slack


@dataclass
class Pauses:
    """Takes the place of asyncio.sleep in calls to Slack: returns at once and remembers."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@dataclass
class Bot:
    slack: FakeSlack
    app: AsyncApp
    door: SlackDoor
    pipeline: Pipeline
    backend: Any
    pauses: Pauses
    connection: int = -1
    """Which of the fake's connections is this bot's."""

    async def hear(self, body: dict[str, Any], **how: Any) -> None:
        """Deliver an event, see it acknowledged, and wait for the work on it."""
        await self.slack.deliver(body, to=self.connection, **how)
        await self.door.settled()

    async def ask(self, text: str, **how: Any) -> dict[str, Any]:
        """Say something to the bot and wait for the reply."""
        body = self.slack.say(text, **how)
        await self.hear(body)
        return body


Start = Callable[..., Any]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as fake:
        yield fake


@pytest.fixture
async def start(slack: FakeSlack) -> AsyncIterator[Start]:
    """Starts a bot; its backend says "re: <message>" unless told otherwise."""
    async with AsyncExitStack() as stack:

        async def started(
            backend: Backend | None = None,
            *,
            store: Store | None = None,
            schema: type[BaseModel] | None = None,
            token: str = BOT_TOKEN,
            app: AsyncApp | None = None,
            pipeline: PipelineConfig | None = None,
            clock: Callable[[], float] = time.time,
            ping_interval: float = 10.0,
            **config: Any,
        ) -> Bot:
            answering = backend or ScriptedBackend(lambda prompt: f"re: {prompt.message.text}")
            made = await stack.enter_async_context(
                open_pipeline(store or MemoryStore(), backend=answering, schema=schema, config=pipeline)
            )
            pauses = Pauses()
            app = app or AsyncApp(client=AsyncWebClient(token=token, base_url=slack.api_url), signing_secret="s")
            settings = {"late_s": (), "update_every_s": 0.0, "shutdown_s": 5.0, **config}
            door = await stack.enter_async_context(
                attach(app, made, config=SlackConfig(**settings), clock=clock, sleep=pauses)
            )
            handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=ping_interval)
            number = slack.connections
            await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt leaves it without types
            stack.push_async_callback(handler.close_async)
            await slack.until(lambda: slack.connections > number)
            return Bot(slack, app, door, made, answering, pauses, connection=number)

        yield started


@pytest.fixture
async def bot(start: Start) -> Bot:
    made: Bot = await start()
    return made


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """The SDK reports connections that break as errors; here they are broken on purpose."""
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
