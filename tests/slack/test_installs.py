"""Installing, rotating tokens, uninstalling."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from dialog.cli import slack as command
from dialog.slack import attach
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_ID, BOT_USER, FakeSlack

MANIFEST = Path(__file__).resolve().parents[2] / "examples" / "slack_manifest.json"


async def kept(bot: Bot) -> list[str]:
    """Keys that hold anything of a workspace, besides the ids of events that are done."""
    return sorted([key async for key in bot.pipeline.store.keys("") if "slack-event" not in key])


async def test_an_uninstallation_deletes_the_workspaces_dialogs_and_no_others(bot: Bot, slack: FakeSlack) -> None:
    await bot.ask("Who wrote Hamlet?", channel="D1")
    await bot.pipeline.reply("D1", "Who wrote Faust?", tenant="T2")
    await slack.deliver(slack.body({"type": "app_uninstalled"}))
    await bot.door.settled()
    assert not any("T1" in key for key in await kept(bot))
    assert [dialog async for dialog in bot.pipeline.dialogs(tenant="T2")] == ["D1"]


async def test_a_redelivered_uninstallation_spares_what_was_said_since(bot: Bot, slack: FakeSlack) -> None:
    gone = slack.body({"type": "app_uninstalled"})
    await bot.ask("Who wrote Hamlet?", channel="D1")
    await slack.deliver(gone)
    await bot.door.settled()
    assert not any("T1" in key for key in await kept(bot))
    await bot.ask("Who wrote Faust?", channel="D1")
    await slack.deliver(gone, retry=1)
    await bot.ask("and Macbeth?", channel="D1")
    state = await bot.pipeline.state("D1", tenant="T1")
    assert state is not None
    assert state.next_n == 3


@pytest.mark.parametrize(("revoked", "left"), [({"oauth": ["U1"]}, True), ({"bot": [BOT_USER]}, False)])
async def test_only_a_revoked_bot_token_deletes_dialogs(
    bot: Bot, slack: FakeSlack, revoked: dict[str, list[str]], left: bool
) -> None:
    await bot.ask("Who wrote Hamlet?", channel="D1")
    await slack.deliver(slack.body({"type": "tokens_revoked", "tokens": revoked}))
    await bot.door.settled()
    assert bool(await kept(bot)) is left


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk uses it, until aiohttp 4 takes it away
async def test_a_token_that_expires_is_renewed_and_never_logged(
    start: Start, slack: FakeSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    environ = {
        "SLACK_CLIENT_ID": "111.222",
        "SLACK_CLIENT_SECRET": "client-secret",
        "SLACK_APP_TOKEN": "xapp-secret",
        "XDG_DATA_HOME": str(tmp_path),
    }
    parser = argparse.ArgumentParser()
    command.configure(parser)
    app = command.app_from(parser.parse_args(["--api-url", slack.api_url]), environ)
    store = app.installation_store
    assert store is not None
    await store.async_save(
        Installation(
            app_id="A1",
            team_id="T1",
            user_id="U1",
            bot_id=BOT_ID,
            bot_user_id=BOT_USER,
            bot_token="xoxe.xoxb-expired",
            bot_refresh_token="xoxe-refresh-0",
            bot_token_expires_at=int(time.time()) - 10,
        )
    )
    bot = await start(app=app)
    await bot.ask("Who wrote Hamlet?", channel="D1")
    assert [said.shown for said in slack.replies("D1")] == ["re: Who wrote Hamlet?"]
    posts = {call.token for call in slack.calls if call.method.startswith("chat.")}
    assert posts == {"xoxe.xoxb-rotated-1"}
    for secret in ("xoxe", "client-secret", "xapp-"):
        assert secret not in caplog.text
    await slack.deliver(slack.body({"type": "app_uninstalled"}))
    await bot.door.settled()
    assert await store.async_find_bot(enterprise_id=None, team_id="T1") is None
    assert await kept(bot) == []


async def test_an_app_that_ends_work_at_the_acknowledgement_is_refused(bot: Bot, slack: FakeSlack) -> None:
    app = AsyncApp(client=AsyncWebClient(token="x"), signing_secret="s", process_before_response=True)
    with pytest.raises(ValueError, match="process_before_response"):
        attach(app, bot.pipeline)


def test_the_manifest_asks_for_the_least_and_lists_what_is_listened_to() -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert manifest["oauth_config"]["scopes"] == {"bot": list(command.SCOPES)}
    assert "app_uninstalled" in manifest["settings"]["event_subscriptions"]["bot_events"]
    callbacks = {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]}
    assert callbacks == {"antecedent_why", "antecedent_slots", "antecedent_topic", "antecedent_forget"}
