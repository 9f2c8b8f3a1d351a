"""The command, the shortcuts, the buttons and the form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_USER, TEAM, FakeSlack, Payload

THAI = f"<@{BOT_USER}> What is the best Thai restaurant in Boston?"


class Dinner(BaseModel):
    guests: int = 0
    city: str = ""


async def talked(bot: Bot) -> str:
    """A thread with a follow-up; its root."""
    root = str((await bot.ask(THAI, kind="app_mention"))["event"]["ts"])
    await bot.ask("what about Chinese?", thread_ts=root)
    return root


async def command(bot: Bot, text: str, *, channel: str = "C1", user: str = "U1") -> Payload:
    """Give the command; what the person is told."""
    slack = bot.slack
    before = len(slack.responses)
    payload = {
        "command": "/antecedent",
        "text": text,
        "team_id": TEAM,
        "channel_id": channel,
        "user_id": user,
        "trigger_id": "tr",
        "response_url": f"http://127.0.0.1:{slack.port}/response",
    }
    await slack.deliver(payload, kind="slash_commands", to=bot.connection)
    await slack.until(lambda: len(slack.responses) > before)
    return slack.responses[-1]


def pressed(action: Payload, *, user: str = "U1", **more: Any) -> Payload:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": "tr",
        "actions": [{**action, "action_ts": "1", "block_id": "b"}],
        **more,
    }


def text_of(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False)


def button(footer: list[Payload], action_id: str) -> Payload:
    return next(e for block in footer for e in block["elements"] if e["action_id"] == action_id)


# -- the command -------------------------------------------------------------------------------------------------------


async def test_why_shows_the_resolved_message_and_where_its_words_came_from(bot: Bot) -> None:
    await talked(bot)
    told = await command(bot, "why")
    assert told["response_type"] == "ephemeral"
    shown = text_of(told["blocks"])
    assert "what about Chinese?" in shown
    assert "best" in shown
    assert "restaurant" in shown
    assert "Where the words came from" in shown
    assert "<@U1>" in shown


async def test_slots_shows_each_with_a_button_to_correct_it(start: Start) -> None:
    bot = await start(schema=Dinner)
    await bot.ask(f"<@{BOT_USER}> A table for 4 guests in Boston, please.", kind="app_mention")
    told = await command(bot, "slots")
    rows = [block for block in told["blocks"] if "accessory" in block]
    assert rows
    assert all(row["accessory"]["action_id"] == "antecedent_correct" for row in rows)


async def test_topic_shows_what_is_asked(bot: Bot) -> None:
    await talked(bot)
    assert "asked: " in text_of(await command(bot, "topic"))


async def test_forget_deletes_the_dialog(bot: Bot) -> None:
    root = await talked(bot)
    assert "Forgotten" in (await command(bot, "forget"))["text"]
    assert await bot.pipeline.state(f"C1:{root}", tenant="T1") is None


async def test_new_begins_a_direct_conversation_afresh_and_explains_threads_elsewhere(bot: Bot) -> None:
    await bot.ask("What is the best Thai restaurant in Boston?", channel="D1")
    assert "fresh start" in (await command(bot, "new", channel="D1"))["text"]
    await bot.ask("what about Chinese?", channel="D1")
    assert "Boston" not in bot.backend.prompts[-1].message.text
    assert "Mention me" in (await command(bot, "new"))["text"]


async def test_a_command_is_about_the_thread_the_person_spoke_in_last(bot: Bot) -> None:
    first = await bot.ask(f"<@{BOT_USER}> Who wrote Hamlet?", kind="app_mention", user="U1")
    await bot.ask(f"<@{BOT_USER}> Who wrote Faust?", kind="app_mention", user="U2")
    assert "Hamlet" in text_of(await command(bot, "why", user="U1"))
    assert "Faust" in text_of(await command(bot, "why", user="U2"))
    ts = str(first["event"]["ts"]).replace(".", "")
    assert "Hamlet" in text_of(await command(bot, f"why https://t.slack.com/archives/C1/p{ts}", user="U2"))


@pytest.mark.parametrize("text", ["", "help", "drop tables"])
async def test_any_other_word_gets_the_usage(bot: Bot, text: str) -> None:
    assert "/antecedent why" in (await command(bot, text))["text"]


async def test_a_channel_the_bot_knows_nothing_of_says_so(bot: Bot) -> None:
    assert "remember nothing" in (await command(bot, "why", channel="C9"))["text"]


async def test_another_workspace_sees_nothing_of_this_one(bot: Bot, slack: FakeSlack) -> None:
    root = await talked(bot)
    payload = pressed(
        {"action_id": "antecedent_why", "type": "button", "value": json.dumps({"d": f"C1:{root}", "t": "x"})}
    )
    payload |= {"team": {"id": "T2"}, "user": {"id": "U1", "team_id": "T2"}}
    await slack.deliver(payload, kind="interactive")
    await slack.until(lambda: slack.views)
    assert "Boston" not in text_of(slack.views)


# -- shortcuts and buttons ---------------------------------------------------------------------------------------------


async def test_a_message_shortcut_explains_that_message(bot: Bot, slack: FakeSlack) -> None:
    root = await talked(bot)
    payload = {
        "type": "message_action",
        "callback_id": "antecedent_why",
        "team": {"id": TEAM},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "trigger_id": "tr",
        "message": {"ts": root, "text": "..."},
        "response_url": "http://x",
    }
    await slack.deliver(payload, kind="interactive")
    await slack.until(lambda: slack.views)
    shown = text_of(slack.views[0])
    assert "best Thai restaurant" in shown
    assert "The message said it all" in shown


async def test_the_button_under_a_reply_explains_its_turn(bot: Bot, slack: FakeSlack) -> None:
    await talked(bot)
    why = button(slack.replies()[1].footer, "antecedent_why")
    await slack.deliver(pressed(why), kind="interactive")
    await slack.until(lambda: slack.views)
    assert slack.views[0]["type"] == "modal"
    assert "Where the words came from" in text_of(slack.views[0])


async def thumbs(bot: Bot, slack: FakeSlack, way: str, reply: int = -1) -> str:
    before = len(slack.whispers)
    feedback = button(slack.replies()[reply].footer, "antecedent_feedback")
    action = {"type": "feedback_buttons", "action_id": "antecedent_feedback", "value": feedback[way]["value"]}
    await slack.deliver(pressed(action), kind="interactive")
    await slack.until(lambda: len(slack.whispers) > before)
    return str(slack.whispers[-1]["text"])


async def test_thumbs_down_is_a_rejection_that_the_next_turn_follows(bot: Bot, slack: FakeSlack) -> None:
    root = await talked(bot)
    assert "not helpful" in await thumbs(bot, slack, "negative_button")
    await thumbs(bot, slack, "negative_button")
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert [turn.act for turn in state.turns][2:] == ["reject"], "pressing twice is one rejection"
    assert len(bot.backend.prompts) == 2, "no model is asked for it"
    await bot.ask("something cheaper", thread_ts=root)
    assert any(block.text.startswith("That's not helpful.") for block in bot.backend.prompts[-1].blocks)
    assert "restaurant" in bot.backend.prompts[-1].message.text


async def test_thumbs_up_takes_a_rejection_back(bot: Bot, slack: FakeSlack) -> None:
    root = await talked(bot)
    await thumbs(bot, slack, "negative_button")
    assert "glad" in await thumbs(bot, slack, "positive_button")
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert len(state.turns) == 2


async def test_only_the_latest_answer_can_be_turned_down(bot: Bot, slack: FakeSlack) -> None:
    root = await talked(bot)
    assert "Only my latest" in await thumbs(bot, slack, "negative_button", reply=0)
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert len(state.turns) == 2


async def test_a_rejection_is_in_the_language_of_the_dialog(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(f"<@{BOT_USER}> 北京有什么好的川菜馆？", kind="app_mention")
    assert "没有帮助" in await thumbs(bot, slack, "negative_button")
    state = await bot.pipeline.state(f"C1:{said['event']['ts']}", tenant="T1")
    assert state is not None
    assert state.turns[-1].act == "reject"


# -- correcting a slot -------------------------------------------------------------------------------------------------


async def corrected(bot: Bot, slack: FakeSlack, root: str, typed: str, *, owner: str | None = None) -> Payload:
    """Open the form for the slot "guests", as its button does, and save what was typed; what Slack is answered."""
    at = {"d": f"C1:{root}", "n": "guests", "o": owner}
    views = len(slack.views)
    press = pressed({"type": "button", "action_id": "antecedent_correct", "value": json.dumps(at)})
    await slack.deliver(press, kind="interactive")
    await slack.until(lambda: len(slack.views) > views)
    submission = {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "view": {**slack.views[-1], "id": "V1", "state": {"values": {"value": {"value": {"value": typed}}}}},
    }
    return await slack.deliver(submission, kind="interactive")


async def test_a_slot_is_corrected_in_a_form(start: Start, slack: FakeSlack) -> None:
    bot = await start(schema=Dinner)
    root = (await bot.ask(f"<@{BOT_USER}> A table for 4 guests, please.", kind="app_mention"))["event"]["ts"]
    await corrected(bot, slack, root, "6")
    assert slack.views[0]["blocks"][0]["element"]["initial_value"] == "4"
    await slack.until(lambda: slack.whispers)
    assert slack.whispers[0]["text"] == "Corrected: guests is now 6."
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert state.slots_as(Dinner).guests == 6


async def test_words_for_a_number_are_refused_in_the_form(start: Start, slack: FakeSlack) -> None:
    bot = await start(schema=Dinner)
    root = (await bot.ask(f"<@{BOT_USER}> A table for 4 guests, please.", kind="app_mention"))["event"]["ts"]
    answer = await corrected(bot, slack, root, "many")
    assert answer == {"response_action": "errors", "errors": {"value": "This is a number; write digits only."}}
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert state.slots_as(Dinner).guests == 4


async def test_an_empty_form_clears_the_slot(start: Start, slack: FakeSlack) -> None:
    bot = await start(schema=Dinner)
    root = (await bot.ask(f"<@{BOT_USER}> A table for 4 guests, please.", kind="app_mention"))["event"]["ts"]
    await corrected(bot, slack, root, "")
    await slack.until(lambda: slack.whispers)
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert state.slots_as(Dinner).guests == 0
