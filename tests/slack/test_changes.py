"""Edits and deletions of what a person said."""

from __future__ import annotations

import asyncio

from dialog.testing import Line, ScriptedBackend
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_USER, FakeSlack

MENTION = f"<@{BOT_USER}> What is the best Thai restaurant in Boston?"


async def test_an_edit_of_the_last_message_replaces_the_reply_in_place(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    [before] = slack.replies()
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> What is the best Thai restaurant in Chicago?"))
    [after] = slack.replies()
    assert (after.ts, after.shown) == (before.ts, "re: What is the best Thai restaurant in Chicago?")
    state = await bot.pipeline.state(f"C1:{said['event']['ts']}", tenant="T1")
    assert state is not None
    assert [turn.user for turn in state.turns] == ["What is the best Thai restaurant in Chicago?"]


async def test_a_second_edit_is_answered_too_and_the_same_one_only_once(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    first = slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?")
    second = slack.edit(said, f"<@{BOT_USER}> Who wrote Faust?")
    await bot.hear(first)
    await bot.hear(second)
    await bot.hear(first, retry=1)
    assert [reply.shown for reply in slack.replies()] == ["re: Who wrote Faust?"]
    assert len(bot.backend.prompts) == 3


async def test_an_edit_while_the_reply_streams_stops_it_and_starts_over(start: Start, slack: FakeSlack) -> None:
    never = asyncio.Event()
    bot = await start(ScriptedBackend([Line(("x" * 300, "old"), pause=(1, never)), "new"]))
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.called("chat.startStream"))
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"))
    assert [(reply.shown, reply.streaming) for reply in slack.replies()] == [("new", False)]
    assert bot.backend.calls[0].stopped.is_set()


async def test_an_edit_of_an_assistant_thread_message_is_answered(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask("Who wrote Hamlet?", channel="D1", thread_ts=slack.ts())
    await bot.hear(slack.edit(said, "Who wrote Macbeth?"))
    assert [reply.shown for reply in slack.replies("D1")] == ["re: Who wrote Macbeth?"]


async def test_an_edit_of_an_earlier_message_changes_nothing(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    await bot.ask("what about Chinese?", thread_ts=said["event"]["ts"])
    before = [reply.shown for reply in slack.replies()]
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"))
    assert [reply.shown for reply in slack.replies()] == before
    assert len(bot.backend.prompts) == 2


async def test_a_link_preview_is_no_edit(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    preview = slack.edit(said, said["event"]["text"])
    del preview["event"]["message"]["edited"]
    await bot.hear(preview)
    assert len(bot.backend.prompts) == 1


async def test_a_shorter_edited_reply_takes_the_parts_that_are_left_over_away(start: Start, slack: FakeSlack) -> None:
    long = "\n\n".join(f"Paragraph {number}. " + "word " * 30 for number in range(8))
    bot = await start(ScriptedBackend([long, "short"]), part_chars=400)
    said = await bot.ask(MENTION, kind="app_mention")
    assert len(slack.replies()) > 1
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"))
    assert [reply.shown for reply in slack.replies()] == ["short"]


async def test_a_deleted_message_is_forgotten_with_its_reply(bot: Bot, slack: FakeSlack) -> None:
    root = (await bot.ask(MENTION, kind="app_mention"))["event"]["ts"]
    said = await bot.ask("only vegetarian places please", thread_ts=root)
    await bot.hear(slack.delete(said))
    assert len(slack.replies()) == 1
    state = await bot.pipeline.state(f"C1:{root}", tenant="T1")
    assert state is not None
    assert [turn.turn_id for turn in state.turns] == [f"C1:{root}"]
    assert "vegetarian" not in state.model_dump_json()


async def test_a_deletion_stops_the_reply_that_is_being_written(start: Start, slack: FakeSlack) -> None:
    never = asyncio.Event()
    bot = await start(ScriptedBackend([Line(("x" * 300, "old"), pause=(1, never))]))
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.called("chat.startStream"))
    await bot.hear(slack.delete(said))
    assert slack.replies() == []


async def test_a_deleted_root_of_a_thread_with_replies_is_forgotten(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    gone = slack.edit(said, "This message was deleted.")
    gone["event"]["message"] = {"subtype": "tombstone", "ts": said["event"]["ts"], "user": "USLACKBOT", "text": "gone"}
    await bot.hear(gone)
    assert slack.replies() == []
