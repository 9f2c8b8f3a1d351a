"""Which of the user's sentences outlive their turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.summarise.clauses import Weight, clauses, sentences


@pytest.mark.parametrize(
    "text",
    [
        "I am allergic to peanuts.",
        "My budget is 40 dollars.",
        "Please remember that my name is Ada.",
        "It must not take more than an hour",
        "I don't eat meat",
        "anything except seafood",
        "我对花生过敏。",
        "预算不超过三百元",
        "千万不要放香菜",
        "我吃素",
    ],
)
def test_a_constraint_weighs_most(text: str) -> None:
    assert [clause.weight for clause in clauses(text)] == [Weight.CONSTRAINT]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Could you find me a table in Boston at 7 pm?", "find me a table in Boston at 7 pm?"),
        ("Great, I would like to fly to Paris on March 3rd.", "fly to Paris on March 3rd."),
        ("你好，今晚想吃川菜，给我推荐一家吧", "今晚想吃川菜"),
    ],
)
def test_a_value_is_kept_without_the_polite_opening(text: str, told: str) -> None:
    assert [(clause.text, clause.weight) for clause in clauses(text)] == [(told, Weight.VALUE)]


@pytest.mark.parametrize(
    "text",
    [
        "Yes, please.",
        "Thank you so much!",
        "ok",
        "What is the address?",
        "好的，谢谢",
        "没问题，再见！",
        "嗯嗯",
        "",
        " \n ",
    ],
)
def test_what_states_nothing_is_left_out(text: str) -> None:
    assert clauses(text) == []


@pytest.mark.parametrize(
    "text", ["how about a turkish restaurant?", "Funny movies, please", "are there any gastropubs?"]
)
def test_a_wish_in_lower_case_is_kept(text: str) -> None:
    assert [clause.text for clause in clauses(text)] == [text]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert sentences("Meet Dr. Who at 5 p.m. today. Then go.") == ["Meet Dr. Who at 5 p.m. today.", "Then go."]


@given(st.text(max_size=200))
def test_sentences_keep_every_visible_character(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_a_clause_is_one_line(text: str) -> None:
    assert all(clause.text and "\n" not in clause.text for clause in clauses(text))
