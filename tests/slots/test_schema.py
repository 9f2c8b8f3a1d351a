"""Slot definitions are read from pydantic models and from JSON."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from dialog.slots import SlotDefinition, content_of, schema_of, schema_of_json, schema_of_services
from tests.slots.models import RestaurantSearch


class Everything(BaseModel):
    """All the types.

    And a second paragraph.
    """

    text: str
    number: int = 3
    share: float | None = None
    either: int | float = 1
    flag: bool = False
    day: date | None = None
    moment: datetime | None = None
    hour: time | None = None
    size: Literal["small", "large"] = "small"
    kind: Annotated[Literal[1, 2], "either"] = 1
    tags: list[Literal["wifi", "bar"]] = Field(default_factory=list)
    free: tuple[str, ...] = ("a",)


def test_a_model_gives_the_type_of_every_field() -> None:
    kinds = {slot.name: slot.type for slot in schema_of(Everything).slots}
    assert kinds == {
        "text": "str",
        "number": "int",
        "share": "float",
        "either": "float",
        "flag": "bool",
        "day": "date",
        "moment": "date",
        "hour": "time",
        "size": "enum",
        "kind": "enum",
        "tags": "list",
        "free": "list",
    }


def test_a_model_gives_values_defaults_descriptions_and_its_name() -> None:
    schema = schema_of(RestaurantSearch)
    assert (schema.name, schema.description) == ("RestaurantSearch", "A table to be found.")
    price, party = schema.slot("price"), schema.slot("party_size")
    assert price is not None
    assert party is not None
    assert (price.type, price.values, price.default) == ("enum", ("cheap", "moderate", "expensive"), None)
    assert (party.default, party.description) == (2, "Number of people")
    assert {slot.name: slot.default for slot in schema_of(Everything).slots}["free"] == ("a",)


def test_a_field_may_give_other_wordings_of_its_values() -> None:
    class Trip(BaseModel):
        cabin: Literal["economy", "first"] = Field(
            default="economy", json_schema_extra={"synonyms": {"coach": "economy"}}
        )

    cabin = schema_of(Trip).slot("cabin")
    assert cabin is not None
    assert cabin.synonyms == (("coach", "economy"),)


@pytest.mark.parametrize("kind", [dict[str, str], bytes, int | str])
def test_a_field_that_is_no_slot_is_refused_by_name(kind: Any) -> None:
    model = type("Odd", (BaseModel,), {"__annotations__": {"thing": kind}})
    with pytest.raises(TypeError, match=r"Odd\.thing"):
        schema_of(model)


def test_services_give_full_names_and_their_own_word_for_open() -> None:
    schema = schema_of_services(
        {
            "Hotels": {
                "description": "Find hotels",
                "intents": [{"name": "Find", "required_slots": ["city"], "optional_slots": {"stars": "dontcare"}}],
                "slots": [
                    {"name": "city", "description": "Where", "is_categorical": False, "possible_values": []},
                    {
                        "name": "stars",
                        "description": "",
                        "is_categorical": True,
                        "possible_values": ["1", "2", "dontcare"],
                    },
                    {"name": "pets", "description": "", "is_categorical": True, "possible_values": ["True", "False"]},
                    {"name": "extras", "description": "", "multi_value": True},
                ],
            }
        }
    )
    assert [(slot.name, slot.label, slot.type) for slot in schema.slots] == [
        ("Hotels.city", "city", "str"),
        ("Hotels.stars", "stars", "enum"),
        ("Hotels.pets", "pets", "bool"),
        ("Hotels.extras", "extras", "list"),
    ]
    assert (schema.slots[1].values, schema.slots[1].open_value) == (("1", "2"), "dontcare")
    assert schema.services[0].intents[0].optional == ("stars",)
    assert schema.restricted_to(["Hotels"]) == schema


@pytest.mark.parametrize(
    ("read", "wrong", "told"),
    [
        (schema_of_services, {}, "at least one service"),
        (schema_of_services, {"A": {}}, "'A' has no list of slots"),
        (schema_of_json, {"name": "x"}, 'a list "slots"'),
        (schema_of_json, {"slots": [{"type": "str"}]}, "with a name"),
        (schema_of_json, {"slots": [{"name": "a", "type": "colour"}]}, "'a' has type 'colour'"),
        (schema_of_json, {"slots": [{"name": "a", "type": "enum"}]}, "type enum and no values"),
    ],
)
def test_a_schema_that_is_none_is_refused_with_what_is_wrong(
    read: Callable[[Any], object], wrong: object, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        read(wrong)


def test_an_unknown_service_is_refused_by_name() -> None:
    schema = schema_of_services({"A": {"slots": []}})
    with pytest.raises(ValueError, match="no service 'B'"):
        schema.restricted_to(["B"])


def test_values_become_slot_content() -> None:
    class Colour(enum.Enum):
        RED = "red"

    given = (Colour.RED, date(2026, 1, 2), time(9, 30), ["a", Colour.RED], 3, None)
    assert [content_of(value) for value in given] == ["red", "2026-01-02", "09:30:00", ("a", "red"), 3, None]


def test_a_label_is_the_name_without_its_service() -> None:
    assert SlotDefinition(name="city").label == "city"
