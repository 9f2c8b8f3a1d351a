"""Slots in words: one short line each, equal for equal slots."""

from __future__ import annotations

from collections.abc import Iterable

from dialog.fence import one_line
from dialog.state import Slot, SlotContent, SlotValue


def slot_lines(slots: Iterable[Slot]) -> list[str]:
    """A line for each slot that says something, by name: "food: thai, not chinese", "price: any"."""
    ordered = sorted(slots, key=lambda slot: (slot.name, slot.owner or "", slot.topic_id or ""))
    return [line for slot in ordered if (line := slot_line(slot))]


def slot_line(slot: Slot) -> str:
    """The slot's current value verbatim and what it must not be; "" when nothing is known of it.

    A speaker's own slot shows whose it is: "budget (Ana): 500".
    """
    said = [value_words(slot.current)] if slot.current is not None else []
    said += (value_words(no) for no in slot.excluded)
    name = one_line(slot.name) if slot.owner is None else f"{one_line(slot.name)} ({one_line(slot.owner)})"
    return f"{name}: {', '.join(said)}" if said else ""


def value_words(said: SlotValue) -> str:
    """The value as the prompt shows it: "thai", "not chinese", "any", "no longer set"."""
    match said.status:
        case "stated":
            return plain(said.value)
        case "negated":
            return f"not {plain(said.value)}"
        case "any":
            return "any"
        case "cleared":
            return "no longer set"


def plain(value: SlotContent) -> str:
    """A slot's content as text on one line."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " + ".join(one_line(part) for part in value)
        case str():
            return one_line(value)
        case _:
            return str(value)
