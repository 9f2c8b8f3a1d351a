"""Finds in an English text the values of the slots of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.slots.en_amounts import counts, dates_and_times, money, ratings
from dialog.interpret.slots.en_listed import flags, listed_values
from dialog.interpret.slots.en_names import categories, left_over, names, people, places
from dialog.interpret.slots.en_reading import (
    QUESTION_ABOUT,
    Reading,
    position,
)
from dialog.interpret.slots.mentions import Found
from dialog.interpret.slots.plan import SlotPlan


def find(reading: Reading, plans: Sequence[SlotPlan]) -> list[Found]:
    """Everything `reading` says about the slots of `plans`, surest finders first; also kept in `reading.found`."""
    for finder in (listed_values, flags, dates_and_times, counts, ratings, money, people, categories, places, names):
        finder(reading, plans)
    left_over(reading, plans)
    return reading.found


def repeated(text: str, names: Sequence[str]) -> tuple[str, int, int] | None:
    """The first of `names` that `text` says again outside a question about it, and where."""
    reading = Reading(text)
    for name in names:
        at = position(reading.low, name.lower())
        if at is not None and not QUESTION_ABOUT.match(reading.clause(at).strip()):
            return name, at, at + len(name)
    return None
