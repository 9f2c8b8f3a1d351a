"""Mentions, threads, direct messages and the assistant, through the real slack_bolt and slack_sdk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dialog.prompt import GroundedPrompt
from dialog.testing import Line, ScriptedBackend
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_ID, BOT_USER, FakeSlack, Payload


async def mentioned(bot: Bot, text: str = "What is the best Thai restaurant in Boston?", **how: Any) -> str:
    """Ask in a channel; the time of the message, which names the thread."""
    body = await bot.ask(f"<@{BOT_USER}> {text}", kind="app_mention", **how)
    return str(body["event"]["ts"])


async def test_a_mention_is_answered_in_its_thread(bot: Bot, slack: FakeSlack) -> None:
    root = await mentioned(bot)
    [reply] = slack.replies()
    assert reply.text == "re: What is the best Thai restaurant in Boston?"
    assert reply.thread_ts == root
    assert not reply.streaming
    assert slack.called("chat.startStream")


async def test_a_follow_up_in_the_thread_is_grounded_without_a_mention(bot: Bot, slack: FakeSlack) -> None:
    root = await mentioned(bot)
    await bot.ask("what about Chinese?", thread_ts=root)
    assert "best Chinese restaurant in Boston" in slack.replies()[1].text


async def test_each_thread_is_a_dialog_of_its_own(bot: Bot, slack: FakeSlack) -> None:
    first = await mentioned(bot)
    second = await mentioned(bot, "Who wrote Hamlet?")
    assert sorted([dialog async for dialog in bot.pipeline.dialogs(tenant="T1")]) == [f"C1:{first}", f"C1:{second}"]


async def test_a_direct_conversation_is_one_dialog_and_stays_out_of_threads(bot: Bot, slack: FakeSlack) -> None:
    await bot.ask("What is the best Thai restaurant in Boston?", channel="D1")
    await bot.ask("what about Chinese?", channel="D1")
    first, second = slack.replies("D1")
    assert (first.thread_ts, second.thread_ts) == (None, None)
    assert "best Chinese restaurant in Boston" in second.shown
    assert [dialog async for dialog in bot.pipeline.dialogs(tenant="T1")] == ["D1"]
    assert not slack.called("chat.startStream"), "Slack streams into threads only, in direct messages"


async def test_the_tenant_is_the_workspace(bot: Bot, slack: FakeSlack) -> None:
    body = slack.say("hello there", channel="D1")
    await bot.hear(body)
    assert [dialog async for dialog in bot.pipeline.dialogs(tenant="T1")] == ["D1"]
    assert [dialog async for dialog in bot.pipeline.dialogs(tenant="T2")] == []


async def test_an_organisation_wide_installation_keeps_its_workspaces_apart(bot: Bot, slack: FakeSlack) -> None:
    body = slack.say("hello there", channel="D1")
    body["authorizations"][0] |= {"enterprise_id": "E1", "is_enterprise_install": True}
    await bot.hear(body)
    assert [dialog async for dialog in bot.pipeline.dialogs(tenant="E1:T1")] == ["D1"]


# -- the assistant ---------------------------------------------------------------------------------------------------


def started(slack: FakeSlack, ts: str) -> Payload:
    thread = {"user_id": "U1", "channel_id": "D1", "thread_ts": ts, "context": {}}
    return slack.body({"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": ts})


async def test_an_assistant_thread_offers_prompts(bot: Bot, slack: FakeSlack) -> None:
    await slack.deliver(started(slack, "1700000000.000900"))
    await slack.until(lambda: slack.called("assistant.threads.setSuggestedPrompts"))
    [offered] = slack.called("assistant.threads.setSuggestedPrompts")
    assert offered["thread_ts"] == "1700000000.000900"
    assert [set(prompt) for prompt in offered["prompts"]] == [{"title", "message"}] * 2


async def test_an_assistant_thread_shows_a_status_streams_and_gets_a_title_once(bot: Bot, slack: FakeSlack) -> None:
    root = slack.ts()
    await bot.ask("What is the best Thai restaurant in Boston?", channel="D1", thread_ts=root)
    await bot.ask("what about Chinese?", channel="D1", thread_ts=root)
    assert [said.thread_ts for said in slack.replies("D1")] == [root, root]
    assert len(slack.called("assistant.threads.setStatus")) == 2
    assert [call["title"] for call in slack.called("assistant.threads.setTitle")] == [
        "What is the best Thai restaurant in Boston?"
    ]
    methods = [call.method for call in slack.calls]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.startStream")


async def test_a_missing_scope_for_the_assistant_costs_the_extras_only(bot: Bot, slack: FakeSlack) -> None:
    slack.fail("assistant.threads.setStatus", error="missing_scope")
    slack.fail("assistant.threads.setTitle", error="missing_scope")
    await bot.ask("Who wrote Hamlet?", channel="D1", thread_ts=slack.ts())
    assert [said.text for said in slack.replies("D1")] == ["re: Who wrote Hamlet?"]


# -- who is meant ----------------------------------------------------------------------------------------------------


async def test_what_no_person_says_to_the_bot_is_ignored(bot: Bot, slack: FakeSlack) -> None:
    root = await mentioned(bot)
    others: list[Payload] = [
        {"subtype": "channel_join", "user": "U2", "text": "<@U2> has joined the channel"},
        {"subtype": "bot_message", "bot_id": "B9", "text": f"<@{BOT_USER}> ping"},
        {"user": "U9", "bot_id": "B9", "text": f"<@{BOT_USER}> I am a bot too"},
        {"user": BOT_USER, "bot_id": BOT_ID, "text": "my own words"},
        {"user": "U2", "text": "<@U3> shall we eat there?"},
    ]
    for other in others:
        now = slack.ts()
        event = {"type": "message", "channel": "C1", "channel_type": "channel", "ts": now, "thread_ts": root, **other}
        await bot.hear(slack.body(event))
    await bot.ask("lunch, anyone?", user="U2")
    await bot.ask("me too", user="U3", thread_ts="1690000000.000001")
    assert len(slack.replies()) == 1


async def test_a_bot_that_answers_mentions_only_leaves_follow_ups_alone(start: Start, slack: FakeSlack) -> None:
    bot = await start(threads="mentions")
    root = await mentioned(bot)
    await bot.ask("what about Chinese?", thread_ts=root)
    await bot.ask(f"<@{BOT_USER}> what about Chinese?", thread_ts=root)
    assert len(slack.replies()) == 2


async def test_a_mention_without_words_gets_a_hint(bot: Bot, slack: FakeSlack) -> None:
    await mentioned(bot, "")
    [reply] = slack.replies()
    assert "follow up in this thread" in reply.text
    assert not bot.backend.prompts


async def test_the_model_is_given_names_and_links_without_slacks_markup(bot: Bot) -> None:
    await mentioned(bot, "is <@U2> in <#C2|general> at <https://example.com/a|our page> &amp; &lt;b&gt;?")
    assert bot.backend.prompts[0].message.text == "is @U2 in #general at our page (https://example.com/a) & <b>?"


async def test_an_event_is_acknowledged_before_the_work_on_it_is_done(start: Start, slack: FakeSlack) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(("so ", "late"), pause=(0, gate))]))
    await slack.deliver(slack.say("Who wrote Hamlet?", channel="D1"))
    assert slack.replies("D1") == []
    gate.set()
    await bot.door.settled()
    assert [said.shown for said in slack.replies("D1")] == ["so late"]


# -- several people, many messages, Chinese ----------------------------------------------------------------------------


async def test_several_people_in_a_thread_are_kept_apart(start: Start, slack: FakeSlack) -> None:
    from pydantic import BaseModel

    class Trip(BaseModel):
        budget: int = 0

    bot = await start(schema=Trip)
    root = await mentioned(bot, "We need a hotel in Boston.", user="U1")
    await bot.ask("My budget is 500 dollars.", user="U1", thread_ts=root)
    await bot.ask("My budget is 800 dollars.", user="U2", thread_ts=root)
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert [turn.speaker for turn in state.turns] == ["U1", "U1", "U2"]
    whose = {slot.owner: slot.current.value for slot in state.slots if slot.name == "budget" and slot.current}
    assert whose == {"U1": 500, "U2": 800}
    assert "speaker: U2" in bot.backend.prompts[2].message.text


async def test_a_thread_of_forty_messages_is_answered_once_each_in_order(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend(_counted))
    root = await mentioned(bot, "message 1")
    for number in range(2, 41):  # sent without waiting for the replies
        said = slack.say(f"message {number}", user=f"U{number % 3}", thread_ts=root)
        await slack.deliver(said)
        if number % 7 == 0:
            await slack.deliver(said, retry=1)
    await bot.door.settled()
    assert [said.text for said in slack.replies()] == [f"answer {number}" for number in range(1, 41)]
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert state.next_n == 41


def _counted(prompt: GroundedPrompt) -> str:
    return prompt.message.text.partition("\n")[0].replace("message", "answer")


async def test_a_conversation_in_chinese_is_grounded(bot: Bot, slack: FakeSlack) -> None:
    root = await mentioned(bot, "北京有什么好的川菜馆？")
    await bot.ask("上海呢？", thread_ts=root)
    assert slack.replies()[1].text.startswith("re: 上海有什么好的川菜馆")


@pytest.mark.parametrize(("text", "hint"), [("", "follow up"), ("你好", "re: 你好")])
async def test_the_bot_speaks_the_language_it_is_spoken_to(bot: Bot, slack: FakeSlack, text: str, hint: str) -> None:
    await mentioned(bot, text)
    assert hint in slack.replies()[0].text
