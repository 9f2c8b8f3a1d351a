"""Tables of figures by set and system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from benchmarks.rewriting.outputs import references

SETS = (
    "cast2019", "canard", "camrest676", "kvret-cqr", "mudoco-qr", "qrecc-sample", "ikat2023", "followup", "rewrite-zh",
)  # fmt: skip
COLUMNS = ("EM", "EM dep.", "kept", "B4", "RL", "P_1", "R_1", "F_1", "tR", "tP", "ungr", "stuck")

Figures = Mapping[str, float | None]


def figures(scorer: ModuleType, rows: Sequence[Mapping[str, Any]], said: Mapping[str, str]) -> Figures:
    """The scorer's numbers, and two more: `EM dep.`, EM of the rows that every reference changes, and `kept`, the
    share of the others that were left alone."""
    found = dict(scorer.score(list(rows), dict(said)))
    dependent = [row for row in rows if row["id"] in said and is_dependent(scorer, row)]
    right = sum(is_right(scorer, row, said[row["id"]]) for row in dependent)
    found["EM dep."] = 100 * right / len(dependent) if dependent else None
    found["kept"] = None if found.get("meddled") is None else 100 - found["meddled"]
    return found


def is_dependent(scorer: ModuleType, row: Mapping[str, Any]) -> bool:
    """Whether every reference changes the message."""
    plain = scorer.bare(row["utterance"])
    return all(scorer.bare(each) != plain for each in references(row))


def is_right(scorer: ModuleType, row: Mapping[str, Any], text: str) -> bool:
    """Whether `text` is one of the references, case, spaces and punctuation apart."""
    return any(scorer.bare(text) == scorer.bare(each) for each in references(row))


def header(first: str) -> list[str]:
    names = " | ".join(column.replace("_", "") for column in COLUMNS)
    return [f"| {first} | rows | {names} |", "|---|---:|" + "---:|" * len(COLUMNS)]


def line(name: str, found: Figures) -> str:
    values = (found.get(column) for column in COLUMNS)
    cells = " | ".join("-" if value is None else f"{value:.1f}" for value in values)
    return f"| {name} | {found['n']} | {cells} |"
