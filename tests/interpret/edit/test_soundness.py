"""What can be no sentence is told from what can, and the rules' rewrite stands in its place."""

from __future__ import annotations

import pytest

from dialog.interpret.edit.soundness import is_sound


@pytest.mark.parametrize(
    "rewrite",
    [
        "and which is harder to climb Mount Fuji or Mount Fuji?",
        "how many calories are in a an apple?",
        "recommend a mystery novel less violent mystery novel",
        "who was the second president of the the second president",
        "how much is the?",
    ],
)
def test_what_says_the_same_twice_or_breaks_off_is_no_sentence(rewrite: str) -> None:
    assert not is_sound(rewrite, "and an apple?")


@pytest.mark.parametrize(
    "rewrite",
    [
        "is the Louvre open on Sunday or on Monday?",
        "How about Indian food? What is the phone number of Indian food?",
        "what is the capital of the country?",
    ],
)
def test_what_people_write_is_sound(rewrite: str) -> None:
    assert is_sound(rewrite, "and on Monday?")


def test_a_fault_of_the_message_itself_is_no_fault_of_the_rewrite() -> None:
    assert is_sound("is the the hotel in Rome open?", "is the the hotel open?")
