"""How replies come to stand in Slack: streams and what replaces them, long replies, failures."""

from __future__ import annotations

import asyncio

import pytest

from dialog.backends.base import BackendRefused, BackendUnavailable
from dialog.testing import Line, ScriptedBackend
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_TOKEN, BOT_USER, FakeSlack

MENTION = f"<@{BOT_USER}> Who wrote Hamlet?"
PIECES = ("word " * 60, "more " * 60, "end")
WHOLE = "".join(PIECES)


async def test_a_reply_appears_while_it_is_written(start: Start, slack: FakeSlack) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(PIECES, pause=(1, gate))]))
    await slack.deliver(slack.say(MENTION, kind="app_mention"))
    await slack.until(lambda: slack.replies() and slack.replies()[0].text == PIECES[0])
    assert slack.replies()[0].streaming
    gate.set()
    await bot.door.settled()
    assert slack.replies()[0].text == WHOLE


async def test_a_stream_that_expires_goes_on_as_an_updated_message(start: Start, slack: FakeSlack) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(PIECES, pause=(1, gate))]))
    await slack.deliver(slack.say(MENTION, kind="app_mention"))
    await slack.until(lambda: slack.replies())
    slack.replies()[0].streaming = False  # Slack ends it on its side
    gate.set()
    await bot.door.settled()
    [reply] = slack.replies()
    assert reply.shown == WHOLE
    assert reply.footer
    assert slack.called("chat.update")


@pytest.mark.parametrize("error", ["missing_scope", "unknown_method", "method_not_supported_for_channel_type"])
async def test_where_streams_are_refused_the_message_is_updated(start: Start, slack: FakeSlack, error: str) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(PIECES, pause=(1, gate))]))
    slack.fail("chat.startStream", error=error, times=99)
    await slack.deliver(slack.say(MENTION, kind="app_mention"))
    await slack.until(lambda: slack.replies())
    gate.set()
    await bot.door.settled()
    assert [reply.shown for reply in slack.replies()] == [WHOLE]
    assert slack.called("chat.update")


async def test_a_long_reply_is_split_at_paragraph_ends(start: Start, slack: FakeSlack) -> None:
    paragraphs = [f"Paragraph {number}. " + "word " * 100 + "end." for number in range(60)]
    pieces = ["\n\n".join(paragraphs)[at : at + 37] for at in range(0, len("\n\n".join(paragraphs)), 37)]
    bot = await start(ScriptedBackend([Line(pieces)]))
    await bot.ask(MENTION, kind="app_mention")
    replies = slack.replies()
    assert len(replies) == 3
    assert all(reply.shown.startswith("Paragraph") and reply.shown.endswith("end.") for reply in replies)
    assert "\n\n".join(reply.shown for reply in replies) == "\n\n".join(paragraphs)
    assert [bool(reply.footer) for reply in replies] == [False, False, True]


async def test_a_code_block_that_is_split_is_whole_in_each_part(start: Start, slack: FakeSlack) -> None:
    code = "\n".join(f"print({number})" for number in range(60))
    bot = await start(ScriptedBackend([f"Run this:\n\n```python\n{code}\n```\n\nDone."]), part_chars=400)
    await bot.ask("How?", channel="D1")
    shown = [reply.shown for reply in slack.replies("D1")]
    assert len(shown) > 2
    assert all(text.count("```") % 2 == 0 for text in shown)
    assert all(text.startswith("```python\n") for text in shown[1:-1])
    assert [line for text in shown for line in text.splitlines() if line.startswith("print")] == code.splitlines()


async def test_markdown_goes_where_slack_reads_markdown_and_mrkdwn_elsewhere(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend(["**bold** and [a link](https://example.com)"]))
    await bot.ask("Show me", channel="D1")
    [posted] = slack.called("chat.postMessage")
    assert posted["blocks"][0] == {"type": "markdown", "text": "**bold** and [a link](https://example.com)"}
    assert posted["text"] == "*bold* and <https://example.com|a link>"


async def test_blocks_that_slack_refuses_are_replaced_by_plain_sections(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend(["**bold**"]))
    for method in ("chat.postMessage", "chat.update"):
        slack.fail(method, error="invalid_blocks")
    await bot.ask("Show me", channel="D1")
    assert [block["text"]["text"] for block in slack.replies("D1")[0].blocks] == ["*bold*"]


async def test_a_reply_cannot_notify_a_whole_channel(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend([Line(["Hello <", "!chan", "nel> and <!he", "re> and <!-- that -->"])]))
    await bot.ask(MENTION, kind="app_mention")
    [reply] = slack.replies()
    assert "<!channel" not in reply.text
    assert "<!here" not in reply.text
    assert "<!-- that -->" in reply.text


# -- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BackendUnavailable("m", "secret-detail"), "Edit your message in a minute"),
        (BackendRefused("m", "secret-detail"), "check its key and model name"),
        (RuntimeError("secret-detail"), "Something went wrong on my side (reference "),
    ],
)
async def test_a_failure_is_told_in_the_thread_shortly_and_without_its_details(
    start: Start, slack: FakeSlack, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    bot = await start(ScriptedBackend([error, "Shakespeare"]))
    said = await bot.ask(MENTION, kind="app_mention")
    [reply] = slack.replies()
    assert told in reply.shown
    assert reply.thread_ts == said["event"]["ts"]
    assert "secret-detail" not in reply.shown + caplog.text
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> Who wrote Hamlet, please?"))
    assert [reply.shown for reply in slack.replies()] == ["Shakespeare"], "editing tries again, as the message says"


async def test_a_reply_that_breaks_off_keeps_what_was_said_and_says_so(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend([Line(("Shakespeare, in ",), error=BackendUnavailable("m", "gone"))]))
    await bot.ask(MENTION, kind="app_mention")
    [reply] = slack.replies()
    assert reply.shown.startswith("Shakespeare, in")
    assert "busy or cannot be reached" in reply.shown


async def test_a_message_that_is_too_long_is_refused_politely(start: Start, slack: FakeSlack) -> None:
    bot = await start()
    await bot.ask("word " * 50_000, channel="D1")
    assert "too long" in slack.replies("D1")[0].shown


async def test_a_channel_that_cannot_be_written_to_ends_the_work(bot: Bot, slack: FakeSlack) -> None:
    slack.fail("chat.startStream", error="is_archived", times=99)
    slack.fail("chat.postMessage", error="is_archived", times=99)
    await bot.ask(MENTION, kind="app_mention")
    assert slack.replies() == []
    assert await bot.door.sweep() == 0


async def test_tokens_and_words_never_reach_the_log(
    bot: Bot, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="antecedent")
    slack.fail("chat.startStream", error="missing_scope")
    slack.fail("chat.postMessage", status=429, error="ratelimited", retry_after=1)
    await bot.ask(MENTION, kind="app_mention")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("antecedent"))
    assert "Slack asked to wait" in ours
    assert BOT_TOKEN not in ours
    assert "Hamlet" not in ours
