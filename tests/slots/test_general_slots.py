"""Without a schema: what is found in a single message, and what must not be."""

from __future__ import annotations

import pytest

from dialog.interpret.rules import RuleInterpreter
from dialog.state import DialogState

LOCAL = RuleInterpreter()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My budget is $500", {"price": "$500"}),
        ("my budget is 1000 dollars", {"price": "1000 dollars"}),
        ("a budget hotel in Rome", {"price": "budget", "place": "Rome"}),
        ("Find me a hotel in Rome near the Colosseum", {"place": "Rome"}),
        ("Find me a hotel near the Colosseum in Rome", {"place": "Rome"}),
        ("Find me a hotel near the Colosseum", {"place": "Colosseum"}),
        ("find me a hotel in rome near termini", {"place": "rome"}),
        ("Translate the sentence into French", {}),
        ("I speak French", {}),
        ("a French restaurant in Boston", {"cuisine": "French", "place": "Boston"}),
        ("下午三点四个人", {"time": "15:00", "party_size": 4}),
        ("三点十五分", {"time": "03:15"}),
    ],
)
def test_general_slots_are_what_the_message_says(text: str, expected: dict[str, object]) -> None:
    said = LOCAL.interpret(DialogState(dialog_id="d"), text).slots
    assert {value.name: value.value for value in said} == expected
