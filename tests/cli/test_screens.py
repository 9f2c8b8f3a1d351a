"""The same views on a plain screen, as JSON, and with rich."""

from __future__ import annotations

import io
import json
import re

import pytest

from dialog.cli.cells import cell_width
from dialog.cli.rich_screen import RichScreen
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


class FakeTerminal(io.StringIO):
    """Says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> FakeTerminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return FakeTerminal()


ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def lines_of(terminal: FakeTerminal) -> list[str]:
    return ESCAPES.sub("", terminal.getvalue()).splitlines()


def test_colours_stand_for_marks_and_marks_for_colours(terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    RichScreen(terminal, io.StringIO()).show(VIEW)
    assert "\x1b[1;4;32mThai" in terminal.getvalue()
    assert "{+" not in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    without = FakeTerminal()
    RichScreen(without, io.StringIO()).show(VIEW)
    assert "{+Thai+}" in without.getvalue()
    assert "32m" not in without.getvalue()


def test_rich_columns_line_up_with_chinese_labels(terminal: FakeTerminal) -> None:
    RichScreen(terminal, io.StringIO()).show(View("", (*VIEW.rows, row("提示词", "纽约最好的泰国餐馆" * 9))))
    lines = lines_of(terminal)
    starts = {cell_width(line[: len(line) - len(line.lstrip())]) for line in lines if line.startswith("      ")}
    you, slots = (line for line in lines if "what about Thai" in line or "菜系" in line)
    assert starts == {cell_width(you.partition("what")[0])} == {cell_width(slots.partition("菜系")[0])}
    assert max(cell_width(line) for line in lines) <= 60


def test_rich_puts_two_views_beside_each_other(terminal: FakeTerminal) -> None:
    RichScreen(terminal, io.StringIO()).beside(View("one", (row("you", "left"),)), View("two", (row("you", "right"),)))
    assert any(re.search(r"left\s+right", line) for line in lines_of(terminal))


@pytest.mark.parametrize("markdown", [True, False])
def test_a_live_reply_ends_whole_and_safe(terminal: FakeTerminal, markdown: bool) -> None:
    screen = RichScreen(terminal, io.StringIO())
    with screen.writing("reply", markdown=markdown) as write:
        for piece in ("one\x1b]0;title\x07", " [red]two[/red]", " three"):
            write(piece)
    assert "\x1b]" not in terminal.getvalue()
    assert "one\ufffd]0;title\ufffd [red]two[/red] three" in " ".join(lines_of(terminal))


def test_a_long_reply_stands_whole_when_it_is_over(terminal: FakeTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "10")
    screen = RichScreen(terminal, io.StringIO())
    with screen.writing("reply", markdown=True) as write:
        for number in range(60):
            write(f"paragraph {number}\n\n")
    shown = "\n".join(lines_of(terminal))
    assert all(f"paragraph {number}" in shown for number in range(60))
