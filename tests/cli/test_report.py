"""Where inserted words came from, as it is told, and what a turn did to the slots."""

from __future__ import annotations

import pytest

from dialog.cli.report import Origin, marks_of, origin_of, slot_note
from dialog.cli.turn_view import origin_text, slot_text
from dialog.cli.words import CHINESE, ENGLISH
from dialog.rewrite import GLUE, Edit, Piece, Rewrite, Source, Span, rewritten
from dialog.state import DialogState, Slot, SlotValue, Summary, Turn

STATE = DialogState(
    dialog_id="d",
    turns=(
        Turn(
            turn_id="a",
            n=3,
            status="closed",
            user="what about Thai?",
            resolved="What is the best Thai restaurant?",
            sent="",
            reply="Siam Garden.",
        ),
    ),
    summaries=(Summary(first_n=1, last_n=2, text="allergic to peanuts", covers="x", by="extract"),),
)


def span(start: int, end: int) -> Span:
    return Span(start=start, end=end)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Source(kind="user", turn_id="a", span=span(11, 15)), 'you, turn 3: "Thai"'),
        (Source(kind="user", turn_id="a", span=span(11, 15), by="Ann"), 'Ann, turn 3: "Thai"'),
        (Source(kind="resolved", turn_id="a", span=span(17, 32)), 'resolved, turn 3: "Thai restaurant"'),
        (Source(kind="reply", turn_id="a", span=span(0, 11)), 'assistant, turn 3: "Siam Garden"'),
        (Source(kind="reply", turn_id="gone", span=span(0, 11)), "assistant, an earlier turn"),
        (Source(kind="user", span=span(0, 2)), 'this message: "it"'),
        (Source(kind="summary", name="1-2", span=span(12, 19)), 'summary 1-2: "peanuts"'),
        (Source(kind="summary", name="5-9", span=span(0, 4)), "summary 5-9"),
        (Source(kind="slot", name="city"), "slot city"),
        (Source(kind="caller", name="title"), "caller: title"),
        (Source(kind="caller"), "caller"),
    ],
)
def test_every_kind_of_source_is_told_in_words(source: Source, text: str) -> None:
    origin = origin_of(source, STATE, message="it")
    assert isinstance(origin, Origin)
    assert origin_text(origin, ENGLISH) == text


def test_glue_comes_from_nowhere() -> None:
    assert origin_of(GLUE, STATE, message="it") is None


def test_marks_stand_in_reading_order_with_what_was_removed_first() -> None:
    source = Source(kind="reply", turn_id="a", span=span(0, 11))
    edit = Edit(span=span(3, 5), pieces=(Piece(text="Siam Garden", source=source),), reason="reference")
    rewrite: Rewrite = rewritten("is it open?", [edit], confidence=0.9)
    marks = [(mark.kind, mark.text) for mark in marks_of(rewrite, STATE)]
    assert marks == [("kept", "is "), ("removed", "it"), ("inserted", "Siam Garden"), ("kept", " open?")]


def said(value: str | int | tuple[str, ...] | None, **more: object) -> SlotValue:
    return SlotValue.model_validate({"name": "price", "value": value, "source": GLUE, **more})


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        (Slot(name="price", current=said("cheap")), "price = cheap"),
        (Slot(name="price", current=said("cheap"), history=(said("dear"),)), "price = cheap (was dear)"),
        (Slot(name="price", current=said(None, status="any")), "price = any"),
        (Slot(name="price", history=(said("dear"),)), "price = nothing (was dear)"),
        (Slot(name="price", excluded=(said("dear"), said(9))), "price = nothing; not dear, 9"),
        (Slot(name="price", current=said(("a", "b"))), "price = a, b"),
    ],
)
def test_a_slot_is_told_with_its_past_and_what_it_must_not_be(slot: Slot, text: str) -> None:
    assert slot_text(slot_note(slot), ENGLISH) == text


def test_chinese_has_words_of_its_own_for_everything() -> None:
    for name in ENGLISH.__slots__:
        english, chinese = getattr(ENGLISH, name), getattr(CHINESE, name)
        assert chinese
        assert english.count("{}") == chinese.count("{}")
        assert english != chinese
