"""The same views on a plain screen, as JSON, and with rich."""

from __future__ import annotations

import io
import json

import pytest

from dialog.cli.cells import cell_width
from dialog.cli.screen import JsonScreen, PlainScreen
from dialog.cli.view import Row, Run, View, row

VIEW = View(
    "Turn 3",
    (
        row("you", "what about Thai?"),
        Row("resolved", (Run("what about", "removed"), Run("the best "), Run("Thai", "inserted"), Run(" restaurant"))),
        row("槽位", "菜系 = 泰国菜"),
    ),
)


def plain(width: int) -> tuple[PlainScreen, io.StringIO]:
    out = io.StringIO()
    return PlainScreen(out, io.StringIO(), width=lambda: width), out


def test_plain_text_marks_inserted_and_removed_words() -> None:
    screen, out = plain(80)
    screen.show(VIEW)
    assert "[-what about-]the best {+Thai+} restaurant" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_labels_of_any_script_leave_the_text_in_one_column() -> None:
    screen, out = plain(80)
    screen.show(VIEW)
    you, _, slots = [line for line in out.getvalue().splitlines() if line.startswith("  ")]
    assert cell_width(you.partition("what")[0]) == cell_width(slots.partition("菜系")[0])


@pytest.mark.parametrize("width", [10, 20, 43, 44, 60, 200])
def test_no_line_leaves_the_screen(width: int) -> None:
    screen, out = plain(width)
    screen.show(View("", (*VIEW.rows, row("prompt", "纽约最好的泰国餐馆在哪里" * 20), row("", "x" * 300))))
    assert max(cell_width(line) for line in out.getvalue().splitlines()) <= max(width, 8)


def test_two_views_stand_beside_each_other_with_chinese_aligned() -> None:
    screen, out = plain(81)
    left, right = View("原话", (row("用户", "泰国菜呢？"),)), View("补全", (row("补全后", "纽约最好的泰国餐馆"),))
    screen.beside(left, right)
    lines = out.getvalue().splitlines()
    assert {cell_width(line.partition("|")[0]) for line in lines} == {40}
    assert lines[2].split() == ["泰国菜呢？", "|", "纽约最好的泰国餐馆"]


def test_two_views_stand_above_each_other_on_a_narrow_screen() -> None:
    screen, out = plain(30)
    screen.beside(VIEW, VIEW)
    assert "|" not in out.getvalue()


def test_scripts_get_one_document_per_line_and_no_remarks() -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = JsonScreen(out, err)
    screen.note("hello")
    screen.show(VIEW)
    screen.show(VIEW, {"kind": "turn", "text": "a\nb 纽约"})
    screen.error("no such thing")
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"kind": "turn", "text": "a\nb 纽约"},
        {"kind": "error", "message": "no such thing"},
    ]
    assert err.getvalue() == "hello\n"


def test_a_reply_cannot_send_escape_sequences_to_the_terminal() -> None:
    screen, out = plain(80)
    with screen.writing("reply", markdown=True) as write:
        write("one\x1b[2J")
        write(" two")
    assert out.getvalue() == "reply: one\ufffd[2J two\n"
