"""Widths, folding and making text safe for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.cli.cells import cell_width, folded, padded, shortened, visible

ANY_TEXT = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("纽约的 \n，abc")))


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("纽约", 4), ("Ｎ", 2), ("e\u0301", 1), ("a\u200bb", 2), ("（）", 4)],
)
def test_wide_characters_count_two_columns_and_combining_ones_none(text: str, columns: int) -> None:
    assert cell_width(text) == columns


def test_columns_of_chinese_and_english_line_up() -> None:
    lines = [padded("纽约", 10) + "|", padded("New York", 10) + "|"]
    assert [cell_width(line) for line in lines] == [11, 11]


@given(ANY_TEXT, st.integers(min_value=2, max_value=40))
def test_no_folded_line_is_wider_than_asked_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    lines = folded(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_spaces_and_beside_chinese_characters() -> None:
    assert folded("best Thai restaurant", 11) == ["best Thai", "restaurant"]
    assert folded("纽约最好的餐馆", 6) == ["纽约最", "好的餐", "馆"]


def test_no_line_begins_with_closing_punctuation() -> None:
    assert folded("纽约，好。", 4) == ["纽", "约，", "好。"]


def test_escape_sequences_are_shown_and_not_obeyed() -> None:
    assert visible("\x1b]0;title\x07\x1b[31mred\u202e\n\tok") == "\ufffd]0;title\ufffd\ufffd[31mred\ufffd\n\tok"


@given(ANY_TEXT, st.integers(min_value=4, max_value=40))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert cell_width(shortened(text, width)) <= width
