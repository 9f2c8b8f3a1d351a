"""A bot in a process of its own, over a SQLite file: `python -m tests.slack.process API_URL DATABASE`."""

from __future__ import annotations

import asyncio
import sys

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from dialog import open_pipeline
from dialog.config import PipelineConfig
from dialog.slack import SlackConfig, attach
from dialog.testing import ScriptedBackend
from tests.slack.fake import APP_TOKEN, BOT_TOKEN


async def main(api_url: str, database: str) -> None:
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=api_url), signing_secret="s")
    backend = ScriptedBackend(lambda prompt: f"re: {prompt.message.text}")
    config = PipelineConfig(lease_s=1.0, wait_s=2.0)
    slack = SlackConfig(lease_s=1.0, sweep_s=0.5, late_s=(0.5, 2.0))
    async with (
        open_pipeline(f"sqlite:{database}", backend=backend, config=config) as pipeline,
        attach(app, pipeline, config=slack),
    ):
        handler = AsyncSocketModeHandler(app, APP_TOKEN)
        await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt leaves it without types
        await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
