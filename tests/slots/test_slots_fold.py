"""How statements change slots: repeatable, bounded, and undone by turn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialog.rewrite import Source, Span
from dialog.slots_fold import MAX_EXCLUDED, MAX_HISTORY, MAX_SLOTS, with_slots, without_slots
from dialog.state import Slot, SlotValue

SPAN = Span(start=0, end=1)


def said(
    name: str, value: str | None, status: str = "stated", *, scope: str = "dialog", kind: str = "user"
) -> SlotValue:
    return SlotValue.model_validate(
        {"name": name, "value": value, "status": status, "scope": scope, "source": {"kind": kind, "span": SPAN}}
    )


def _statement(name: str, value: str, status: str, scope: str) -> SlotValue:
    return said(name, value if status in ("stated", "negated") else None, status, scope=scope)


statements = st.builds(
    _statement,
    st.sampled_from(["city", "food"]),
    st.sampled_from([f"v{n}" for n in range(12)]),
    st.sampled_from(["stated", "negated", "cleared", "any"]),
    st.sampled_from(["dialog", "topic"]),
)
changes = st.lists(statements, max_size=14)


def after(*turns: list[SlotValue], topic_id: str = "t1") -> tuple[Slot, ...]:
    slots: tuple[Slot, ...] = ()
    for n, values in enumerate(turns):
        slots = with_slots(slots, values, topic_id=topic_id, turn_id=f"u{n}")
    return slots


@given(st.lists(changes, max_size=6), changes)
def test_saying_a_change_twice_equals_saying_it_once(before: list[list[SlotValue]], change: list[SlotValue]) -> None:
    once = with_slots(after(*before), change, topic_id="t1", turn_id="now")
    assert with_slots(once, change, topic_id="t1", turn_id="now") == once


@given(st.lists(changes, max_size=30))
def test_slots_stay_bounded_and_never_hold_what_they_exclude(turns: list[list[SlotValue]]) -> None:
    for slot in after(*turns):
        assert len(slot.history) <= MAX_HISTORY
        assert len(slot.excluded) <= MAX_EXCLUDED
        if slot.current is not None and slot.current.status == "stated":
            assert slot.current.value not in {no.value for no in slot.excluded}


def test_there_are_never_more_slots_than_allowed_and_those_of_topics_go_first() -> None:
    many = [said(f"s{n}", "x", scope="topic" if n % 2 else "dialog") for n in range(3 * MAX_SLOTS)]
    slots = after(many)
    assert len(slots) == MAX_SLOTS
    assert all(slot.topic_id is None for slot in slots)


@given(st.lists(changes, max_size=6))
def test_forgetting_every_turn_leaves_no_slot(turns: list[list[SlotValue]]) -> None:
    slots = after(*turns)
    for n in range(len(turns)):
        slots = without_slots(slots, turn_id=f"u{n}")
    assert slots == ()


def test_a_statement_takes_the_id_of_its_turn() -> None:
    (slot,) = after([said("city", "Boston")])
    assert slot.current is not None
    assert (slot.current.source.turn_id, slot.changed_in) == ("u0", "u0")


def test_a_replacement_keeps_what_was_there_before() -> None:
    (slot,) = after([said("city", "Boston")], [said("city", "Salem")])
    assert slot.current is not None
    assert (slot.current.value, [value.value for value in slot.history]) == ("Salem", ["Boston"])


def test_excluding_the_current_value_takes_it_back() -> None:
    (slot,) = after([said("food", "thai")], [said("food", "thai", "negated")])
    assert (slot.current, [no.value for no in slot.excluded]) == (None, ["thai"])


def test_stating_an_excluded_value_allows_it_again() -> None:
    (slot,) = after([said("food", "thai", "negated")], [said("food", "thai")])
    assert slot.excluded == ()


def test_leaving_a_slot_open_lifts_its_exclusions_also_when_it_was_open() -> None:
    (slot,) = after([said("food", None, "any")], [said("food", "thai", "negated")], [said("food", None, "any")])
    assert slot.excluded == ()


def test_forgetting_the_turn_that_accepted_an_offer_takes_the_offer_back() -> None:
    offer = SlotValue(name="name", value="Joe's", source=Source(kind="reply", turn_id="u0", span=SPAN))
    slots = after([said("city", "Boston")], [offer])
    assert [slot.name for slot in without_slots(slots, turn_id="u1")] == ["city"]


def test_forgetting_a_topic_leaves_the_slots_of_the_dialog() -> None:
    slots = after([said("city", "Boston"), said("food", "thai", scope="topic")])
    assert [slot.name for slot in without_slots(slots, topic_id="t1")] == ["city"]
