"""What perfect decisions reach on public sets: a change of words, window, alignment or renderer that costs coverage
shows here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.oracle import oracle
from training.rows import read_examples

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "rewrite"
ROWS = 300

# Of the first 300 rows, the share rendered word for word as the reference, less half a point.
FLOOR = json.loads((Path(__file__).parent / "oracle.json").read_text())


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_perfect_decisions_reach_at_least_what_they_did(name: str) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"public data not found at {DATA}")
    examples = list(read_examples(path, kind=name.split(".")[0]))[:ROWS]
    found = oracle(examples)
    assert found.exact == found.coverable, "labels that lack nothing must render to the reference"
    assert 100 * found.exact / found.rows >= FLOOR[name]
