"""Run the Slack bot: each thread, and each direct conversation, is a dialog that is kept.

Socket Mode needs SLACK_BOT_TOKEN (xoxb-) and SLACK_APP_TOKEN (xapp-) in the environment; --http needs SLACK_BOT_TOKEN
and SLACK_SIGNING_SECRET. With SLACK_CLIENT_ID and SLACK_CLIENT_SECRET in place of the bot token the app can be
installed in many workspaces (--http serves /slack/install), and tokens that expire are renewed.
examples/slack_manifest.json is the app's manifest.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dialog.cli.backend import add_backend_options, chosen_backend
from dialog.cli.engine import ENGINES, interpreter
from dialog.cli.options import store_url
from dialog.cli.places import data_dir, made

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

NAME = "slack"
HELP = "run the Slack bot"

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "im:history",
    "mpim:history",
)
"""The least scopes that the bot needs, as in the manifest."""

LIBRARIES = ("slack_bolt", "slack_sdk", "aiohttp")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--http", action="store_true", help="take requests over HTTP instead of Socket Mode")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on with --http (default: %(default)s)")
    parser.add_argument("--port", type=int, default=3000, help="port to listen on with --http (default: %(default)s)")
    parser.add_argument(
        "--threads",
        choices=("joined", "mentions"),
        default="joined",
        help="in threads the bot was mentioned in: answer every follow-up, or mentions only (default: %(default)s)",
    )
    parser.add_argument("--engine", choices=ENGINES, help="who reads messages, as for chat")
    parser.add_argument("--instructions", default="", metavar="TEXT", help="the system prompt")
    parser.add_argument("--store", metavar="URL", help="where dialogs are kept (default: as for chat)")
    parser.add_argument(
        "--api-url", metavar="URL", help="Slack's Web API, if not slack.com (GovSlack: https://slack-gov.com/api/)"
    )
    add_backend_options(parser)


def run(args: argparse.Namespace) -> int:
    try:
        import aiohttp  # noqa: F401
        import slack_bolt  # noqa: F401
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES:
            raise
        raise ValueError(
            f"the Slack bot needs {error.name}; install it with: pip install 'antecedent[slack]'"
        ) from None
    _log()
    return asyncio.run(_serve(args, os.environ))


async def _serve(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from dialog.assemble import open_pipeline
    from dialog.config import PipelineConfig
    from dialog.slack import SlackConfig, attach

    app = app_from(args, environ)
    backend, choice = await chosen_backend(args)
    logging.getLogger("antecedent.slack").info("%s", choice)
    engine = args.engine or (None if backend.name == "preview" else "auto")
    try:
        async with (
            open_pipeline(
                store_url(args),
                backend=backend,
                interpret=interpreter(engine, backend),
                instructions=args.instructions,
                config=PipelineConfig(overlap="wait"),
            ) as pipeline,
            attach(app, pipeline, config=SlackConfig(threads=args.threads)),
        ):
            await (_http(app, args) if args.http else _socket(app, environ))
    finally:
        await backend.aclose()
    return 0


def app_from(args: argparse.Namespace, environ: Mapping[str, str]) -> AsyncApp:
    """The app that the environment describes. Raises ValueError, naming the variable that is missing."""
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    several = bool(environ.get("SLACK_CLIENT_ID"))
    needed = ["SLACK_CLIENT_SECRET"] if several else ["SLACK_BOT_TOKEN"]
    needed += ["SLACK_SIGNING_SECRET"] if args.http else ["SLACK_APP_TOKEN"]
    for name in needed:
        if not environ.get(name):
            raise ValueError(
                f"{name} is not set; take it from the app's pages at https://api.slack.com/apps and export it"
            )
    where: dict[str, Any] = {"base_url": args.api_url.rstrip("/") + "/"} if args.api_url else {}
    quiet = logging.getLogger("antecedent.slack.bolt")
    common: dict[str, Any] = {
        "name": "antecedent",
        "logger": quiet,
        "signing_secret": environ.get("SLACK_SIGNING_SECRET", ""),
        "request_verification_enabled": True,
    }
    if not several:
        token = environ["SLACK_BOT_TOKEN"]
        return AsyncApp(client=AsyncWebClient(token=token, logger=quiet, **where), **common)
    client = AsyncWebClient(logger=quiet, **where)
    settings = _oauth(environ)
    settings.authorize.token_rotator.client = client  # the settings make one of their own, which asks slack.com always
    return AsyncApp(client=client, oauth_settings=settings, **common)


def _oauth(environ: Mapping[str, str]) -> Any:
    """Installations in files that only this user can read; Bolt renews tokens that are about to expire."""
    from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
    from slack_sdk.oauth.installation_store import FileInstallationStore
    from slack_sdk.oauth.state_store import FileOAuthStateStore

    folder = made(made(data_dir(environ)) / "slack")
    return AsyncOAuthSettings(
        client_id=environ["SLACK_CLIENT_ID"],
        client_secret=environ["SLACK_CLIENT_SECRET"],
        scopes=list(SCOPES),
        installation_store=FileInstallationStore(
            base_dir=str(folder / "installations"), client_id=environ["SLACK_CLIENT_ID"]
        ),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder / "states")),
    )


async def _socket(app: AsyncApp, environ: Mapping[str, str]) -> None:
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

    handler = AsyncSocketModeHandler(app, environ["SLACK_APP_TOKEN"])
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt leaves it without types
        logging.getLogger("antecedent.slack").info("connected in Socket Mode")
        await _until_told_to_stop()
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # as above


async def _http(app: AsyncApp, args: argparse.Namespace) -> None:
    from aiohttp import web

    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, args.host, args.port)
        await site.start()
        port = runner.addresses[0][1]
        logging.getLogger("antecedent.slack").info("listening on http://%s:%d/slack/events", args.host, port)
        await _until_told_to_stop()
    finally:
        await runner.cleanup()


async def _until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM; replies under way are finished after it."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows knows no handlers; Ctrl-C then ends asyncio.run
            loop.add_signal_handler(number, told.set)
    await told.wait()


def _log() -> None:
    """Log to standard error. The libraries' own detail stays off: at DEBUG they write messages and tokens."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("slack_sdk", "slack_bolt", "aiohttp", "httpx", "antecedent.slack.bolt", "antecedent.slack.web"):
        logging.getLogger(name).setLevel(logging.WARNING)
