"""Where views go: what a screen does, and the two that need nothing installed: plain text and JSON lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import zip_longest
from typing import Any, Protocol, TextIO

from pydantic import BaseModel

from dialog.cli.cells import cell_width, folded, padded, visible
from dialog.cli.view import Row, Run, View

NARROW = 44
"""Below this many columns labels stand above their text instead of beside it."""

Write = Callable[[str], None]


class Screen(Protocol):
    """Shows views and streams replies. Text is made safe for a terminal on its way."""

    def show(self, view: View, data: Any = None) -> None:
        """Draw `view`; a screen for scripts writes `data` (a pydantic value or JSON document) instead, if given."""
        ...

    def beside(self, left: View, right: View, data: Any = None) -> None:
        """Draw two views side by side, or one above the other where there is no room; `data` as in `show`."""
        ...

    def note(self, text: str) -> None:
        """A remark to the person at the terminal; never on standard output where that goes elsewhere."""
        ...

    def error(self, text: str) -> None:
        """Something that was asked and could not be done."""
        ...

    def writing(self, label: str, *, markdown: bool) -> AbstractContextManager[Write]:
        """A place where a reply appears as its pieces are written."""
        ...


class PlainScreen:
    """Text in two columns, remarks on `err`. Marks as wdiff writes them: `{+inserted+}`, `[-removed-]`."""

    def __init__(self, out: TextIO, err: TextIO, *, width: Callable[[], int] | None = None) -> None:
        self._out = out
        self._err = err
        self._width = width or (lambda: shutil.get_terminal_size((100, 24)).columns)

    def show(self, view: View, data: Any = None) -> None:
        width = self._width()
        if view.title:
            print(f"\n== {visible(view.title)} ".ljust(min(width, 72) + 1, "="), file=self._out)
        for line in plain_lines(view.rows, width):
            print(line, file=self._out)
        self._out.flush()

    def beside(self, left: View, right: View, data: Any = None) -> None:
        half = (self._width() - 3) // 2
        if half < NARROW // 2:
            self.show(left)
            self.show(right)
            return
        for one, other in zip_longest(_column(left, half), _column(right, half), fillvalue=""):
            print(f"{padded(one, half)} | {other}".rstrip(), file=self._out)
        self._out.flush()

    def note(self, text: str) -> None:
        self._out.flush()
        for line in folded(visible(text), self._width()):
            print(line, file=self._err, flush=True)

    def error(self, text: str) -> None:
        self._out.flush()
        print(f"antecedent: {visible(text)}", file=self._err, flush=True)

    @contextmanager
    def writing(self, label: str, *, markdown: bool) -> Iterator[Write]:
        print(f"{label}: ", end="", file=self._out, flush=True)
        try:
            yield lambda piece: print(visible(piece), end="", file=self._out, flush=True)
        finally:
            print(file=self._out, flush=True)


class JsonScreen:
    """One JSON document per line on `out`; remarks go to `err`, errors are documents of kind "error"."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err

    def show(self, view: View, data: Any = None) -> None:
        if data is not None:
            self._write(data.model_dump(mode="json") if isinstance(data, BaseModel) else data)

    def beside(self, left: View, right: View, data: Any = None) -> None:
        self.show(left, data)

    def note(self, text: str) -> None:
        print(visible(text), file=self._err, flush=True)

    def error(self, text: str) -> None:
        self._write({"kind": "error", "message": text})

    @contextmanager
    def writing(self, label: str, *, markdown: bool) -> Iterator[Write]:
        yield lambda piece: None

    def _write(self, document: Any) -> None:
        print(json.dumps(document, ensure_ascii=False), file=self._out, flush=True)


def _column(view: View, width: int) -> list[str]:
    return [*folded(visible(view.title), width), *plain_lines(view.rows, width)]


def plain_lines(rows: tuple[Row, ...], width: int) -> Iterator[str]:
    """The rows as lines of at most `width` columns: labels beside the text, or above it on a narrow terminal."""
    labels = max((cell_width(row.label) for row in rows), default=0)
    indent = 2 if width < NARROW or not labels else labels + 4
    for row in rows:
        text = folded(visible(marked(row.runs)), width - indent)
        if width < NARROW and row.label:
            yield row.label
            yield from (f"{'':{indent}}{line}".rstrip() for line in text)
            continue
        for number, line in enumerate(text):
            label = row.label if number == 0 else ""
            yield f"{padded(f'  {label}', indent)}{line}".rstrip()


def marked(runs: tuple[Run, ...]) -> str:
    """The runs as one text in which marks stand for the styles that carry meaning."""
    return "".join(_marked(run) for run in runs)


def _marked(run: Run) -> str:
    match run.style:
        case "inserted":
            return _around(run.text, "{+", "+}")
        case "removed":
            return _around(run.text, "[-", "-]")
        case _:
            return run.text


def _around(text: str, before: str, after: str) -> str:
    """`text` in marks, with its outer spaces left outside so that lines still break there."""
    core = text.strip()
    if not core:
        return text
    lead = text[: len(text) - len(text.lstrip())]
    return f"{lead}{before}{core}{after}{text[len(text.rstrip()) :]}"
