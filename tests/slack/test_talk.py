"""Mentions, threads, direct messages and the assistant, through the real slack_bolt and slack_sdk."""

from __future__ import annotations

from tests.slack.conftest import Bot
from tests.slack.fake import FakeSlack


async def test_a_mention_is_answered_in_its_thread(bot: Bot, slack: FakeSlack) -> None:
    asked = await bot.ask("<@UBOT> What is the best Thai restaurant in Boston?", kind="app_mention")
    [reply] = slack.replies()
    assert reply.text == "re: What is the best Thai restaurant in Boston?"
    assert reply.thread_ts == asked["event"]["ts"]
    assert not reply.streaming
    assert slack.called("chat.startStream")


async def test_a_follow_up_in_the_thread_is_grounded_without_a_mention(bot: Bot, slack: FakeSlack) -> None:
    root = (await bot.ask("<@UBOT> What is the best Thai restaurant in Boston?", kind="app_mention"))["event"]["ts"]
    await bot.ask("what about Chinese?", thread_ts=root)
    assert "best Chinese restaurant in Boston" in slack.replies()[1].text
