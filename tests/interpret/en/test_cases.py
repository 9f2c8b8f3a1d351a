"""The hand-made English follow-ups, written before the rules: how many are read right."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.interpret.en.dialogs import LOCAL, after, cases, right

ENOUGH = 0.9
KINDS = sorted({case["kind"] for case in cases()})


def test_there_are_enough_cases_of_every_kind_also_as_speech() -> None:
    assert len(cases()) >= 120
    assert sum(case["text"] == case["text"].lower() for case in cases()) >= 40


def test_at_least_nine_in_ten_cases_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    of, good, wrong = Counter[str](), Counter[str](), []
    for case in cases():
        of[case["kind"]] += 1
        if right(case):
            good[case["kind"]] += 1
        else:
            wrong.append(case["id"])
    with capsys.disabled():
        table = ", ".join(f"{kind} {good[kind]}/{of[kind]}" for kind in KINDS)
        print(f"\nEnglish follow-ups right: {good.total()} of {of.total()} ({table}); wrong: {', '.join(wrong)}")
    assert good.total() >= ENOUGH * of.total()


@pytest.mark.parametrize("kind", ["leave", "acknowledge", "smalltalk", "command", "switch"])
def test_what_needs_nothing_is_never_touched(kind: str) -> None:
    touched = [
        case["id"]
        for case in cases()
        if case["kind"] == kind and LOCAL.interpret(after(case["history"]), case["text"]).rewrite.changed
    ]
    assert touched == []
