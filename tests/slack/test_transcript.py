"""The example conversation of the documentation, as it goes through the bot.

Run with WRITE_TRANSCRIPT=1 in the environment, the test writes the transcript anew in place of comparing it.
"""

from __future__ import annotations

import json
import os
import re
import textwrap
from pathlib import Path

from dialog.testing import ScriptedBackend
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_USER, TEAM, FakeSlack
from tests.slack.test_controls import button, pressed

TRANSCRIPT = Path(__file__).resolve().parents[2] / "examples" / "slack_transcript.txt"
PEOPLE = {"U1": "Ana", "U2": "Bo", BOT_USER: "Antecedent"}
WIDTH = 100

REPLIES = [
    "Two good ones:\n1. Golden Unicorn, Chinatown\n2. Hwa Yuan, East Broadway",
    "Yes, Hwa Yuan is open on Sunday, 12:00 to 21:00.",
    "For Thai food: Somtum Der, East Village, or Wayla on the Lower East Side.",
    "William Shakespeare, around 1600.",
    "Somtum Der takes tables for four.",
]
SAID = [
    ("U1", f"<@{BOT_USER}> What is the best Chinese restaurant in New York?"),
    ("U2", "Is the second one open on Sunday?"),
    ("U1", "what about Thai?"),
    ("U2", "by the way, who wrote Hamlet?"),
    ("U1", "ok, back to dinner: for four people"),
]


async def transcript(bot: Bot, slack: FakeSlack) -> str:
    """Everything that was said, what the bot understood, and what it shows when it is asked why."""
    lines, root = ["#food"], None
    for number, (user, text) in enumerate(SAID):
        body = slack.say(text, user=user, thread_ts=root, kind="message" if root else "app_mention")
        root = root or body["event"]["ts"]
        await bot.hear(body)
        lines += _said(PEOPLE[user], text.replace(f"<@{BOT_USER}>", "@Antecedent"))
        sent = bot.backend.prompts[number].message.text.partition("\n")[0]
        if sent not in text:
            lines += _said("", f"(understood as: {sent})")
        lines += _said(PEOPLE[BOT_USER], slack.replies()[number].shown)
        lines += _said("", "[👍] [👎] [Why this answer?]")
    assert slack.replies()[0].thread_ts == root
    await slack.deliver(pressed(button(slack.replies()[2].footer, "antecedent_why")), kind="interactive")
    await slack.until(lambda: slack.views)
    lines += ["", "Ana presses [Why this answer?] under the third reply:"]
    for block in slack.views[-1]["blocks"]:
        shown = block["text"]["text"] if block["type"] == "section" else ""
        for user, name in PEOPLE.items():
            shown = shown.replace(f"<@{user}>", f"@{name}")
        lines += [f"    {line}" for line in shown.splitlines()]
    assert TEAM not in "\n".join(lines)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _said(name: str, text: str) -> list[str]:
    rows = [row for line in text.splitlines() for row in textwrap.wrap(line, WIDTH - 14) or [""]]
    return [f"  {name if not number else '':<12}{row}" for number, row in enumerate(rows)]


async def test_the_example_conversation_is_what_happens(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend(list(REPLIES)))
    found = await transcript(bot, slack)
    if os.environ.get("WRITE_TRANSCRIPT"):
        TRANSCRIPT.write_text(found, encoding="utf-8")
    assert found == TRANSCRIPT.read_text(encoding="utf-8"), "if the change is meant, run with WRITE_TRANSCRIPT=1"


async def test_the_example_conversation_leaves_nobody_guessing(start: Start, slack: FakeSlack) -> None:
    bot = await start(ScriptedBackend(list(REPLIES)))
    await transcript(bot, slack)
    sent = [prompt.message.text.partition("\n")[0] for prompt in bot.backend.prompts]
    assert "Hwa Yuan" in sent[1]
    assert re.search(r"Thai.*New York", sent[2])
    assert sent[3].endswith("who wrote Hamlet?")
    assert "New York" in sent[4]
    assert "four people" in sent[4]
    assert json.dumps(sent).count("Hamlet") == 1
