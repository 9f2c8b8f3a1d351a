"""The rules compose language, rewrite, slots and topic."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import pytest

from dialog.interpret.pack import Resolution, View
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import answered, opened
from dialog.rewrite import GLUE, Edit, Piece, Span
from dialog.slots import SlotSchema, schema_of
from dialog.state import DialogState, SlotValue
from tests.slots.models import RestaurantSearch

EMPTY = DialogState(dialog_id="d")
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


class Marking:
    """A pack that claims what starts with its mark, and writes the active topic behind every message."""

    def __init__(self, code: str, mark: str) -> None:
        self.code = code
        self.mark = mark

    def claims(self, text: str) -> float:
        return 0.9 if text.startswith(self.mark) else 0.1

    def resolve(self, view: View, text: str) -> Resolution:
        back = re.search(r"back to (\w+)", text)
        piece = Piece(text=f" [{view.state.active_topic}]", source=GLUE)
        edit = Edit(span=Span(start=len(text), end=len(text)), pieces=(piece,), reason="topic")
        cue: Literal["new", "return"] | None = "return" if back else "new" if "new:" in text else None
        return Resolution("follow_up", (edit,), 0.7, "mark", topic_cue=cue, return_to=back[1] if back else None)

    def content_words(self, text: str) -> Sequence[str]:
        return re.findall(r"[a-z]{4,}", text)

    def field(self, word: str) -> str | None:
        return None

    def slots(
        self, view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
    ) -> Sequence[SlotValue]:
        return ()


def told(local: RuleInterpreter, *texts: str) -> DialogState:
    state = EMPTY
    for text in texts:
        state = answered(opened(state, text, local.interpret(state, text, now=NOW)), "Fine.")
    return state


async def test_a_blank_message_changes_nothing() -> None:
    meant = await RuleInterpreter()(EMPTY, "  \n")
    assert (meant.rewrite.text, meant.rewrite.edits, meant.slots, meant.by) == ("  \n", (), (), "rules:any/blank")


def test_without_a_pack_there_is_nothing_to_interpret_with() -> None:
    with pytest.raises(ValueError, match="at least one language pack"):
        RuleInterpreter([])


@pytest.mark.parametrize(("text", "lang"), [("what is the weather in Boston", "en"), ("北京的天气怎么样", "zh")])
def test_each_language_has_its_pack(text: str, lang: str) -> None:
    assert RuleInterpreter().interpret(EMPTY, text).lang == lang


@pytest.mark.parametrize(("before", "lang"), [("what is the weather in Boston", "en"), ("北京的天气怎么样", "zh")])
def test_a_message_of_no_language_is_read_in_the_language_before_it(before: str, lang: str) -> None:
    local = RuleInterpreter()
    assert local.interpret(told(local, before), "12:30").lang == lang


@pytest.mark.parametrize(
    ("before", "text", "lang"),
    [
        ("Python怎么反转列表？", "那JavaScript呢？", "zh"),
        ("iPhone 15多少钱", "Pixel呢", "zh"),
        ("what is the weather in Boston", "what does 你好 mean?", "en"),
        ("what is the weather in Boston", "帮我查一下iPhone多少钱", "zh"),
        ("北京的天气怎么样", "What about the iPhone?", "en"),
    ],
)
def test_a_message_of_two_languages_is_read_in_the_language_before_it(before: str, text: str, lang: str) -> None:
    local = RuleInterpreter()
    assert local.interpret(told(local, before), text).lang == lang


def test_a_third_language_is_added_by_passing_its_pack() -> None:
    local = RuleInterpreter([Marking("aa", "A"), Marking("bb", "B")])
    meant = local.interpret(EMPTY, "B hello")
    assert (meant.lang, meant.by) == ("bb", "rules:bb/mark")


def test_the_rewrite_is_what_the_edits_of_the_pack_make() -> None:
    meant = RuleInterpreter([Marking("aa", "A")]).interpret(EMPTY, "A hello")
    assert meant.rewrite.text == "A hello [None]"
    assert meant.rewrite.confidence == 0.7


def test_a_message_that_returns_is_resolved_in_the_topic_it_returns_to() -> None:
    local = RuleInterpreter([Marking("aa", "A")])
    state = told(local, "A dinner tonight", "A new: hamlet play")
    meant = local.interpret(state, "A back to dinner please")
    assert (meant.topic.kind, meant.topic.topic_id, meant.act) == ("return", "t1", "return")
    assert meant.rewrite.text.endswith("[t1]")


def test_slots_are_tracked_by_the_schema() -> None:
    local = RuleInterpreter(schema=schema_of(RestaurantSearch))
    meant = local.interpret(EMPTY, "a cheap place in Boston tomorrow", now=NOW)
    assert {value.name: value.value for value in meant.slots} == {
        "city": "Boston",
        "day": "2026-11-24",
        "price": "cheap",
    }
    assert {value.scope for value in meant.slots} == {"dialog"}


def test_without_a_schema_general_slots_belong_to_the_topic() -> None:
    meant = RuleInterpreter().interpret(EMPTY, "a Thai restaurant in Boston for four people under $30", now=NOW)
    assert {value.name: value.value for value in meant.slots} == {
        "place": "Boston",
        "party_size": 4,
        "price": "under $30",
        "cuisine": "Thai",
    }
    assert {value.scope for value in meant.slots} == {"topic"}


def test_the_same_message_means_the_same_every_time() -> None:
    local = RuleInterpreter(schema=schema_of(RestaurantSearch))
    state = told(local, "thai food in Boston")
    assert local.interpret(state, "what about Salem?", now=NOW) == local.interpret(state, "what about Salem?", now=NOW)


def test_languages_are_loaded_at_the_first_message_and_not_with_the_package() -> None:
    code = (
        "import sys, dialog.interpret.rules as local; made = local.RuleInterpreter();"
        "assert not [name for name in sys.modules if name.startswith(('dialog.interpret.en', 'dialog.interpret.zh'))];"
        "made.packs; assert 'dialog.interpret.en' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_rules_are_loaded_off_the_event_loop_and_used_on_it() -> None:
    threads: list[int] = []

    class Noting(Marking):
        def resolve(self, view: View, text: str) -> Resolution:
            threads.append(threading.get_ident())
            return super().resolve(view, text)

    interpret = RuleInterpreter([Noting("en", ">")])
    await interpret(EMPTY, "hello")
    await interpret(EMPTY, "hello")
    assert [thread == threading.get_ident() for thread in threads] == [False, True]
