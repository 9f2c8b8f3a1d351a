"""What perfect decisions would reach: the best labels of each row, rendered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.render import rendered
from dialog.interpret.edit.words import keys_of
from training.rows import Example, window_for


@dataclass(frozen=True)
class Oracle:
    """Of `rows`, how many have labels that lack nothing, and how many render to the reference word for word."""

    rows: int
    coverable: int
    exact: int


def oracle(examples: Iterable[Example]) -> Oracle:
    rows = coverable = exact = 0
    for example in examples:
        window = window_for(example)
        found = aligned(window, example.rewrite)
        rows += 1
        coverable += found.exact
        exact += keys_of(rendered(window, found.labels)) == keys_of(example.rewrite)
    return Oracle(rows, coverable, exact)
