"""Slots are read as the caller's own model."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from dialog.errors import SlotsUnreadable
from dialog.rewrite import Source
from dialog.state import DialogState, Slot, SlotContent, SlotValue
from tests.slots.models import Price, RestaurantSearch

SOURCE = Source(kind="caller", name="test")


def state(**values: SlotContent) -> DialogState:
    slots = (
        Slot(name=name, current=SlotValue(name=name, value=value, source=SOURCE)) for name, value in values.items()
    )
    return DialogState(dialog_id="d", slots=tuple(slots))


def test_values_come_typed_and_the_rest_by_default() -> None:
    search = state(city="Boston", day="2026-11-24", hour="19:30", price="cheap").slots_as(RestaurantSearch)
    assert (search.city, search.day, search.hour) == ("Boston", date(2026, 11, 24), time(19, 30))
    assert (search.price, search.party_size) == (Price.CHEAP, 2)


def test_a_slot_left_open_gets_its_default() -> None:
    open_slot = Slot(name="party_size", current=SlotValue(name="party_size", status="any", source=SOURCE))
    assert DialogState(dialog_id="d", slots=(open_slot,)).slots_as(RestaurantSearch).party_size == 2


def test_a_number_that_was_written_as_text_fits_a_literal() -> None:
    class Room(BaseModel):
        beds: Literal[1, 2] = 1
        extras: list[str] = Field(default_factory=list)

    assert state(beds="2", extras=("bar",)).slots_as(Room) == Room(beds=2, extras=["bar"])


def test_the_slot_of_the_active_topic_goes_before_that_of_the_dialog() -> None:
    old = Slot(name="city", current=SlotValue(name="city", value="Boston", source=SOURCE))
    new = Slot(name="city", topic_id="t1", current=SlotValue(name="city", value="Salem", source=SOURCE))
    both = DialogState(dialog_id="d", slots=(old, new), active_topic="t1")
    assert both.slots_as(RestaurantSearch).city == "Salem"


def test_a_value_that_does_not_fit_is_named_but_not_quoted() -> None:
    with pytest.raises(SlotsUnreadable, match="'party_size' of RestaurantSearch holds a str") as refused:
        state(party_size="a few friends").slots_as(RestaurantSearch)
    assert (refused.value.slot, refused.value.found) == ("party_size", "a few friends")
    assert "friends" not in str(refused.value)


def test_a_field_without_value_or_default_is_named() -> None:
    class Needs(BaseModel):
        city: str

    with pytest.raises(SlotsUnreadable, match=r"'city' of Needs holds nothing.*needs str"):
        state().slots_as(Needs)
