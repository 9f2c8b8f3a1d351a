"""The English rules on follow-ups of other subjects than those that they were made with: how many are read right."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.interpret.en.dialogs import LOCAL, after, right

CASES = Path(__file__).with_name("generality.jsonl")
ALONE = frozenset({"leave", "code", "quote", "smalltalk", "acknowledge", "command", "switch"})
ENOUGH = 0.8


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """The cases, as in `cases.jsonl`; the first line of the file tells what was right on the first run."""
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines[1:])


def test_four_in_five_follow_ups_of_far_subjects_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    follow_ups = [case for case in cases() if case["kind"] not in ALONE]
    wrong = [case["id"] for case in follow_ups if not right(case)]
    with capsys.disabled():
        share = f"{len(follow_ups) - len(wrong)} of {len(follow_ups)}"
        print(f"\nFollow-ups of far subjects right: {share}; wrong: {', '.join(wrong)}")
    assert len(follow_ups) >= 100
    assert len(wrong) <= (1 - ENOUGH) * len(follow_ups)


@pytest.mark.parametrize("case", [case for case in cases() if case["kind"] in ALONE], ids=lambda case: str(case["id"]))
def test_what_is_complete_stays_alone(case: dict[str, Any]) -> None:
    assert not LOCAL.interpret(after(case["history"]), case["text"]).rewrite.changed
