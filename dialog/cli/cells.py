"""How wide text stands on a terminal, and text made safe and folded to fit it."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


_CLOSING = frozenset("，。？！、；：）》」』】〉”’…")
"""Punctuation that does not begin a line of Chinese text (W3C, Requirements for Chinese Text Layout)."""


def visible(text: str) -> str:
    """`text` with every control and direction-override character replaced by U+FFFD, except newline and tab.

    What a person or a model wrote must not move the cursor, change colours or set the window title.
    """
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))


def cell_width(text: str) -> int:
    """Columns that `text` takes: 2 for wide and full-width characters (Unicode UAX #11), 0 for combining ones."""
    return sum(_width(char) for char in text)


def padded(text: str, width: int) -> str:
    """`text` and as many spaces as make it `width` columns; longer text comes back as it is."""
    return text + " " * (width - cell_width(text))


def shortened(text: str, width: int) -> str:
    """The first line of `text` in at most `width` columns, ending in "..." where something was left out."""
    line = " ".join(text.split())
    if cell_width(line) <= width:
        return line
    kept, taken = "", 3
    for char in line:
        taken += _width(char)
        if taken > width:
            break
        kept += char
    return kept + "..."


def folded(text: str, width: int) -> list[str]:
    """The lines of `text`, none wider than `width` columns (at least 2): broken at spaces, beside wide characters,
    and within a word only where the word alone is too wide."""
    return [line for paragraph in text.expandtabs(4).split("\n") for line in _fold_line(paragraph, max(2, width))]


def _fold_line(line: str, width: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for unit in _units(line):
        if cell_width(current) + cell_width(unit) <= width:
            current += unit
        elif unit.isspace():
            lines, current = [*lines, current], ""
        else:
            if current.strip():
                lines, current = [*lines, current.rstrip()], ""
            *whole, current = _cut(unit, width)
            lines += whole
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _units(line: str) -> list[str]:
    """Runs of spaces, single wide characters with the punctuation that closes them, and the words between them."""
    units: list[str] = []
    word = ""
    for char in line:
        if char.isspace() or _width(char) == 2 or char in _CLOSING:
            if word:
                units.append(word)
                word = ""
            if units and (units[-1].isspace() if char.isspace() else char in _CLOSING and not units[-1].isspace()):
                units[-1] += char
            else:
                units.append(char)
        else:
            word += char
    return [*units, word] if word else units


def _cut(word: str, width: int) -> list[str]:
    pieces = [""]
    for char in word:
        if cell_width(pieces[-1]) + _width(char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _width(char: str) -> int:
    if char < "\x7f":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
