"""Replies are repeated whole where the next message may build on them, else as an excerpt, always in the same bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.ground.replies import CUT_OFF, ELISION, Following, ends, excerpt, repeated
from dialog.state import Act, Turn
from dialog.tokens import estimate_counter

LONG = " ".join(
    ["There are several good places to eat near the river."]
    + [f"Number {n} is known for its noodles and stays open late." for n in range(2, 20)]
    + ["Which area do you prefer?"]
)


def shown(text: str, *, reply: str = LONG, act: Act = "follow_up", confidence: float = 1.0, tokens: int = 40) -> str:
    turn = Turn(turn_id="u1", n=1, status="closed", user="q", resolved="q", sent="q", reply=reply)
    return repeated(turn, Following(text, act, (), confidence), reply_tokens=tokens, most=4000)


def test_a_reply_that_is_only_background_becomes_an_excerpt_with_its_closing_question() -> None:
    text = shown("I would like to stay in the old town")
    assert text.startswith("There are several good places")
    assert text.endswith(f"{ELISION} Which area do you prefer?")
    assert estimate_counter.count(text) <= 60


@pytest.mark.parametrize(
    "text",
    [
        "make it shorter",
        "can you explain the third step to me",
        "translate that to French for the waiter",
        "tell me more about the noodles and the river",
        "把上面的内容翻译成英文给我看看好吗",
        "为什么附近的餐馆都那么晚才关门呢",
        "is Number 17 open on Sunday for the family",
    ],
)
def test_a_message_that_may_build_on_the_reply_keeps_it_whole(text: str) -> None:
    assert shown(text) == LONG


def test_a_message_in_a_language_without_cues_keeps_the_reply_whole() -> None:
    statement = LONG.removesuffix(" Which area do you prefer?")
    assert shown("plus court s'il te plaît, merci beaucoup d'avance", reply=statement) == statement


@pytest.mark.parametrize("act", ["select", "reject", "correct"])
def test_acts_that_point_at_the_reply_keep_it_whole(act: Act) -> None:
    assert shown("I would like to stay in the old town", act=act) == LONG


def test_an_unsure_rewrite_keeps_the_reply_whole() -> None:
    assert shown("I would like to stay in the old town", confidence=0.3) == LONG


def test_words_taken_from_the_reply_keep_it_whole() -> None:
    turn = Turn(turn_id="u1", n=1, status="closed", user="q", resolved="q", sent="q", reply=LONG)
    after = Following("I would like to stay in the old town", "follow_up", ("Golden Wok",), 1.0)
    assert repeated(turn, after, reply_tokens=40, most=4000) == LONG


@pytest.mark.parametrize("piece", ["```python\nprint(1)\n```", "| a | b |\n|---|---|\n| 1 | 2 |", '{"a": 1}'])
def test_code_tables_and_data_stay_whole(piece: str) -> None:
    reply = f"{LONG}\n{piece}"
    assert shown("I would like to stay in the old town", reply=reply) == reply


def test_a_short_reply_stays_whole() -> None:
    assert shown("I would like to stay in the old town", reply="Sure, noted.") == "Sure, noted."


def test_a_huge_reply_is_cut_in_its_middle_with_a_mark_even_when_built_upon() -> None:
    turn = Turn(
        turn_id="u1", n=1, status="closed", user="q", resolved="q", sent="q", reply="a start " + "x y z " * 9000
    )
    text = repeated(turn, Following("make it shorter", "refine", (), 1.0), reply_tokens=None, most=200)
    assert text.startswith("a start")
    assert ELISION in text
    assert estimate_counter.count(text) <= 200


def test_a_reply_that_broke_off_says_so() -> None:
    turn = Turn(turn_id="u1", n=1, status="partial", user="q", resolved="q", sent="q", reply="Well, I")
    after = Following("go on", "follow_up", (), 1.0)
    assert repeated(turn, after, reply_tokens=40, most=400) == f"Well, I {CUT_OFF}"


@given(st.text(max_size=400), st.integers(16, 80))
def test_a_cut_never_exceeds_its_size(text: str, tokens: int) -> None:
    if estimate_counter.count(text) > tokens:
        assert estimate_counter.count(ends(text, tokens=tokens)) <= tokens


@given(st.text(min_size=1, max_size=400), st.integers(16, 80))
def test_an_excerpt_is_marked_and_about_its_size(text: str, tokens: int) -> None:
    assert ELISION in excerpt(text, tokens=tokens)
