"""What is shown, apart from how: titled rows of styled runs. Screens (`dialog.cli.screen`) lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "strong", "quiet", "inserted", "removed", "warning"]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in one style; may hold newlines."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what stands beside it; an empty label continues the row above."""

    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Rows under a title; an empty title draws none."""

    title: str
    rows: tuple[Row, ...]


def row(label: str, text: str, style: Style = "plain") -> Row:
    """A row of one run."""
    return Row(label, (Run(text, style),))
