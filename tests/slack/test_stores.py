"""The bot's own records on every kind of store: taking a message, sweeping, deleting a workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stores.base import Store
from stores.redis import RedisStore
from stores.sqlite import SqliteStore
from tests.slack.conftest import Start
from tests.slack.fake import BOT_USER, FakeSlack


@pytest.fixture(params=["redis", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "redis":
        made = RedisStore.from_url(request.getfixturevalue("redis_url"))
    else:
        made = SqliteStore(str(tmp_path / "dialogs.db"))
    yield made
    await made.aclose()


async def test_each_message_is_answered_once_by_two_bots_and_goes_with_its_workspace(
    store: Store, start: Start, slack: FakeSlack
) -> None:
    bots = [await start(store=store), await start(store=store)]
    said = [slack.say(f"<@{BOT_USER}> question {number}", kind="app_mention") for number in range(8)]
    for body in said:
        await asyncio.gather(*(slack.deliver(body, to=bot.connection) for bot in bots))
    for bot in bots:
        await bot.door.settled()
    assert sorted(reply.shown for reply in slack.replies()) == [f"re: question {number}" for number in range(8)]
    assert await bots[0].door.sweep() == 0
    await slack.deliver(slack.body({"type": "app_uninstalled"}), to=bots[0].connection)
    await bots[0].door.settled()
    assert [key async for key in store.keys("") if "slack-event" not in key] == []
