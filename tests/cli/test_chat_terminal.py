"""The chat as a person meets it: a real pseudo-terminal, and a model server on loopback."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dialog.cli.cells import cell_width
from dialog.cli.prompt_lines import MENU_LINES
from dialog.cli.words import Lang, words
from tests.cli.terminal import (
    ALT_ENTER,
    CTRL_C,
    CTRL_D,
    CTRL_R,
    ENTER,
    PASTE_BEGIN,
    PASTE_END,
    TAB,
    UP,
    WITHOUT_EXTRAS,
    Terminal,
    run,
)
from tests.fake_provider import FakeProvider, Reply

PROMPT = "you:"


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
async def _no_terminal_outlives_its_test() -> AsyncIterator[None]:
    yield
    Terminal.close_all()


def model(provider: FakeProvider) -> tuple[str, ...]:
    return "--backend", "openai", "--model", "m", "--base-url", f"{provider.url}/v1", "--engine", "rules"


async def chatting(data: Path, provider: FakeProvider, *args: str, **options: Any) -> Terminal:
    terminal = Terminal(data, "chat", *model(provider), *args, **options)
    await terminal.expect(PROMPT)
    return terminal


def said(provider: FakeProvider, number: int = -1) -> str:
    """The text of the last message of a request."""
    text = provider.requests[number].json["messages"][-1]["content"]
    assert isinstance(text, str)
    return text


async def test_a_typed_message_is_answered_and_why_explains_it(tmp_path: Path, provider: FakeProvider) -> None:
    provider.script(Reply("Little Dumpling House."))
    chat = await chatting(tmp_path, provider)
    chat.type("What is the best Chinese restaurant in New York?" + ENTER)
    await chat.expect("Little Dumpling House.")
    await chat.expect(PROMPT)
    chat.type("/why" + ENTER)
    await chat.expect("Turn 1")
    await chat.expect("confidence")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    assert "best Chinese restaurant" in said(provider)


async def test_ctrl_c_stops_a_reply_and_keeps_what_came(tmp_path: Path, provider: FakeProvider) -> None:
    never = asyncio.Event()
    provider.script(Reply(pieces=["The first", " part", " and more"], pause=(2, never)), Reply("Second reply."))
    chat = await chatting(tmp_path, provider, "--dialog", "d1")
    chat.type("Tell me about Hamlet." + ENTER)
    await chat.expect("The first part")
    chat.type(CTRL_C)
    await chat.expect("[stopped]")
    await chat.expect(PROMPT)
    await provider.requests[0].disconnected.wait()
    chat.type("Go on." + ENTER)
    await chat.expect("Second reply.")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    first = json.loads(run(tmp_path, "show", "d1", "--json").stdout)["turns"][0]
    assert (first["status"], first["reply"]) == ("partial", "The first part")


async def test_ctrl_c_before_the_first_word_leaves_no_turn_open(tmp_path: Path, provider: FakeProvider) -> None:
    provider.script(Reply("never", wait_for=asyncio.Event()))
    chat = await chatting(tmp_path, provider, "--dialog", "d1")
    chat.type("Hello there" + ENTER)
    await provider.request(0)
    chat.type(CTRL_C)
    await chat.expect("[stopped]")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    assert json.loads(run(tmp_path, "show", "d1", "--json").stdout)["turns"][0]["status"] == "abandoned"


async def test_a_dialog_is_resumed_after_a_restart_with_its_history(tmp_path: Path, provider: FakeProvider) -> None:
    first = await chatting(tmp_path, provider, "--dialog", "d1")
    first.type("I live in Boston." + ENTER)
    await first.expect("ok")
    await first.expect(PROMPT)
    first.type(CTRL_D)
    assert await first.ended() == 0
    second = await chatting(tmp_path, provider, "--dialog", "d1")
    assert '1 turn(s) so far; the last message was: "I live in Boston."' in re.sub(r"\s+", " ", second.seen)
    second.type(UP)
    await second.expect("I live in Boston.")
    second.type(CTRL_C)
    second.type("Where do I live?" + ENTER)
    await second.expect("ok")
    await second.expect(PROMPT)
    second.type("/quit" + ENTER)
    assert await second.ended() == 0
    assert [message["content"] for message in provider.requests[1].json["messages"][1:3]] == ["I live in Boston.", "ok"]


async def test_a_killed_chat_has_kept_what_was_said(tmp_path: Path, provider: FakeProvider) -> None:
    provider.script(Reply("never", wait_for=asyncio.Event()))
    chat = await chatting(tmp_path, provider, "--dialog", "d1")
    chat.type("I live in Boston." + ENTER)
    await provider.request(0)
    chat.child.kill(9)
    await asyncio.to_thread(chat.child.wait)
    turn = json.loads(run(tmp_path, "show", "d1", "--json").stdout)["turns"][0]
    assert (turn["user"], turn["reply"]) == ("I live in Boston.", "")


async def test_several_lines_are_one_message(tmp_path: Path, provider: FakeProvider) -> None:
    chat = await chatting(tmp_path, provider)
    chat.type("first line" + ALT_ENTER + "second line" + ENTER)
    await chat.expect("ok")
    await chat.expect(PROMPT)
    assert "first line\nsecond line" in said(provider)
    chat.type(PASTE_BEGIN + "def f():\r    return 1\r" + PASTE_END)
    await chat.expect("return 1")
    chat.type("# what is this?" + ENTER)
    await chat.expect("ok")
    await chat.expect(PROMPT)
    assert "def f():\n    return 1\n# what is this?" in said(provider)
    chat.type(CTRL_D)
    assert await chat.ended() == 0


async def test_commands_are_completed_and_history_is_searched(tmp_path: Path, provider: FakeProvider) -> None:
    chat = await chatting(tmp_path, provider)
    chat.type("Where is Harlem?" + ENTER)
    await chat.expect("ok")
    await chat.expect(PROMPT)
    chat.type("/top")
    await chat.expect("/topics")
    chat.type(TAB + ENTER + ENTER)
    await chat.expect("topics")
    await chat.expect(PROMPT)
    chat.type(CTRL_R + "Harl")
    await chat.expect("Where is Harlem?")
    chat.type(ENTER + ENTER)
    await chat.expect("ok")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    assert len(provider.requests) == 2


async def test_ctrl_c_at_the_prompt_clears_the_line_and_twice_on_an_empty_one_leaves(
    tmp_path: Path, provider: FakeProvider
) -> None:
    chat = await chatting(tmp_path, provider)
    chat.type("half a mess")
    await chat.expect("half a mess")
    chat.type(CTRL_C + CTRL_C)
    await chat.expect("Press Ctrl-C again")
    await chat.expect(PROMPT)
    chat.type(CTRL_C)
    assert await chat.ended() == 0
    assert provider.requests == []


async def test_the_screen_may_change_its_size_in_the_middle(tmp_path: Path, provider: FakeProvider) -> None:
    go = asyncio.Event()
    provider.script(Reply(pieces=["纽约最好的泰国餐馆" * 4, "完"], pause=(1, go)))
    chat = await chatting(tmp_path, provider)
    chat.type("泰国菜呢？" + ENTER)
    await chat.expect("泰国餐馆")
    chat.child.setwinsize(24, 30)
    go.set()
    await chat.expect("完")
    await chat.expect(PROMPT)
    chat.child.setwinsize(50, 120)
    chat.type("/slots set city=Boston" + ENTER)
    await chat.expect("city = Boston")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_the_first_run_explains_itself_on_one_screen(tmp_path: Path, lang: Lang) -> None:
    chat = Terminal(tmp_path, "chat", "--lang", lang)
    await chat.expect(words(lang).you + ":")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", chat.seen).replace("\r", "").split("\n")
    assert "preview: " in chat.seen
    assert "/why" in chat.seen
    assert "/quit" in chat.seen
    assert len(lines) + MENU_LINES - 1 <= 24
    assert max(map(cell_width, lines)) <= 80
    chat.type(CTRL_D)
    assert await chat.ended() == 0


async def test_the_help_is_shown_on_the_first_run_only(tmp_path: Path, provider: FakeProvider) -> None:
    provider.script(Reply("Good day."))
    chat = await chatting(tmp_path, provider)
    assert "/why" in chat.seen
    chat.type("Hello" + ENTER)
    await chat.expect("Good day.")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    again = await chatting(tmp_path, provider)
    assert "/why" not in again.seen
    again.type(CTRL_D)
    assert await again.ended() == 0


async def test_a_dialog_is_picked_from_those_that_are_stored(tmp_path: Path, provider: FakeProvider) -> None:
    for dialog, text in (("d1", "I live in Boston."), ("d2", "I live in Paris.")):
        run(tmp_path, "chat", "--backend", "preview", "--dialog", dialog, stdin=text.encode())
    chat = await chatting(tmp_path, provider, "--pick")
    assert "I live in Boston." in chat.seen
    assert "I live in Paris." in chat.seen
    chat.type("7" + ENTER)
    await chat.expect("is not in the store")
    await chat.expect(PROMPT)
    chat.type("2" + ENTER)
    await chat.expect("Dialog d1, 1 turn(s) so far")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0


COLOUR = re.compile(r"\x1b\[(?:[0-9]*;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9]+)*m")


async def test_no_color_leaves_colours_out(tmp_path: Path, provider: FakeProvider) -> None:
    for env, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        chat = await chatting(tmp_path, provider, env=env)
        chat.type("What about Thai food?" + ENTER)
        await chat.expect("ok")
        await chat.expect(PROMPT)
        chat.type("/why" + ENTER)
        await chat.expect("took")
        await chat.expect(PROMPT)
        chat.type(CTRL_D)
        assert await chat.ended() == 0
        assert bool(COLOUR.search(chat.seen)) is coloured


async def test_without_the_extra_the_chat_works_and_names_it_once(tmp_path: Path, provider: FakeProvider) -> None:
    never = asyncio.Event()
    provider.script(Reply("ok"), Reply(pieces=["Some", " words", " more"], pause=(2, never)))
    chat = await chatting(tmp_path, provider, command=WITHOUT_EXTRAS)
    assert chat.seen.count("antecedent[chat]") == 1
    chat.type("Hello\n")
    await chat.expect("reply: ok")
    await chat.expect(PROMPT)
    chat.type("And you?\n")
    await chat.expect("Some words")
    chat.type(CTRL_C)
    await chat.expect("[stopped]")
    await chat.expect(PROMPT)
    chat.type("half a line" + CTRL_C)
    await chat.expect("Press Ctrl-C again")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    assert "\x1b" not in chat.seen
    assert "antecedent[chat]" not in chat.seen.partition("reply: ok")[2]


async def test_a_model_that_is_away_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    chat = Terminal(
        tmp_path,
        "chat",
        "--backend",
        "openai",
        "--model",
        "m",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--engine",
        "rules",
    )
    await chat.expect(PROMPT)
    chat.type("Hello" + ENTER)
    await chat.expect("antecedent: openai:m")
    await chat.expect(PROMPT)
    chat.type("/state" + ENTER)
    await chat.expect("Hello")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0


async def test_ctrl_c_stops_a_comparison_as_well(tmp_path: Path, provider: FakeProvider) -> None:
    provider.script(Reply("First."), Reply("never", wait_for=asyncio.Event()))
    chat = await chatting(tmp_path, provider)
    chat.type("Tell me about Hamlet." + ENTER)
    await chat.expect("First.")
    await chat.expect(PROMPT)
    chat.type("/compare" + ENTER)
    await provider.request(1)
    chat.type(CTRL_C)
    await chat.expect("[stopped]")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0


@pytest.mark.parametrize("how", [{"args": ("--plain",)}, {"env": {"TERM": "dumb"}}])
async def test_a_terminal_that_cannot_be_drawn_on_gets_text_only(
    tmp_path: Path, provider: FakeProvider, how: dict[str, Any]
) -> None:
    chat = await chatting(tmp_path, provider, *how.get("args", ()), env=how.get("env"))
    chat.type("What about Thai food?\n")
    await chat.expect("reply: ok")
    await chat.expect(PROMPT)
    chat.type(CTRL_D)
    assert await chat.ended() == 0
    assert "\x1b" not in chat.seen
