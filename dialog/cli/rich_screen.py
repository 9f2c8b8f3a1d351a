"""The screen on a terminal with `rich` (extra "chat"): colours, folding by cell width, a reply that is drawn live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.box import SIMPLE
from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dialog.cli.cells import visible
from dialog.cli.screen import NARROW, Write, marked
from dialog.cli.view import Row, Run, View

_STYLES = {
    "plain": "",
    "strong": "bold",
    "quiet": "dim",
    "inserted": "bold green underline",
    "removed": "red strike",
    "warning": "yellow",
}


class RichScreen:
    """Colours from the terminal's own palette. Without colours, marks stand for them as on a plain screen."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._console = Console(file=out, highlight=False, markup=False, emoji=False)
        self._errors = Console(file=err, highlight=False, markup=False, emoji=False)

    def show(self, view: View, data: Any = None) -> None:
        if view.title:
            self._console.print(Rule(Text(visible(view.title), "bold"), align="left", style="dim"))
        if not view.rows:
            return
        if self._console.width < NARROW:
            for row in view.rows:
                self._console.print(Text(row.label, "cyan") if row.label else "", self._text(row.runs), sep="\n")
            return
        self._console.print(self._grid(view.rows))

    def beside(self, left: View, right: View, data: Any = None) -> None:
        table = Table(expand=True, box=SIMPLE)
        for view in (left, right):
            table.add_column(Text(visible(view.title)), ratio=1, overflow="fold")
        table.add_row(*(self._stacked(view.rows) for view in (left, right)))
        self._console.print(table)

    def note(self, text: str) -> None:
        self._console.print(Text(visible(text), "dim"))

    def error(self, text: str) -> None:
        self._errors.print(Text(f"antecedent: {visible(text)}", "red"))

    @contextmanager
    def writing(self, label: str, *, markdown: bool) -> Iterator[Write]:
        self._console.print(Text(f"{label}:", "cyan"))
        if not markdown:
            with self._writing_plain() as write:
                yield write
            return
        written = ""
        # Live draws a few times a second, and only then is the Markdown read: a long reply costs what a short one does.
        with Live(console=self._console, get_renderable=lambda: Markdown(written), refresh_per_second=10):

            def write(piece: str) -> None:
                nonlocal written
                written += visible(piece)

            yield write

    @contextmanager
    def _writing_plain(self) -> Iterator[Write]:
        try:
            yield lambda piece: self._console.print(Text(visible(piece)), end="", soft_wrap=True)
        finally:
            self._console.print()

    def _stacked(self, rows: tuple[Row, ...]) -> Group:
        return Group(*(part for row in rows for part in (Text(row.label, "cyan"), self._text(row.runs))))

    def _grid(self, rows: tuple[Row, ...]) -> Table:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="cyan", no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        for row in rows:
            grid.add_row(Text(f"  {row.label}"), self._text(row.runs))
        return grid

    def _text(self, runs: tuple[Run, ...]) -> Text:
        if self._console.no_color:
            return Text(visible(marked(runs)))
        return Text.assemble(*((visible(run.text), _STYLES[run.style]) for run in runs))
