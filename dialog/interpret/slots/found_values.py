"""What was found in a message as slot values: one per slot and status, the items of a list together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialog.interpret.slots.mentions import Found
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.tracking import Tracking
from dialog.rewrite import Source, Span
from dialog.state import SlotContent, SlotValue, Turn


def value_of(told: Tracking, found: Found, turn: Turn | None = None) -> SlotValue:
    """`found` as a slot value; from the reply of `turn`, or from the message when there is none."""
    plan = told.plan.slot(found.slot)
    assert plan is not None, "finders only name slots of the plan"
    raw = (turn.reply if turn else told.text)[found.start : found.end]
    value = None if found.status in ("any", "cleared") else told.language.convert(plan, found.value, told.now)
    if plan.slot.type == "list" and found.status == "stated":
        value = _with_earlier(told, plan, value) if told.language.adds(told.text) else _listed(value)
    source = (
        Source(kind="reply", turn_id=turn.turn_id, span=Span(start=found.start, end=found.end))
        if turn
        else Source(kind="user", span=Span(start=found.start, end=found.end))
    )
    return SlotValue(
        name=found.slot,
        value=value,
        raw=raw if raw and raw != value else None,
        status=found.status,
        scope=told.scope,
        confidence=found.score,
        source=source,
    )


def _with_earlier(told: Tracking, plan: SlotPlan, value: SlotContent) -> tuple[str, ...]:
    """A list slot takes what is said beside what it holds."""
    new = _listed(value)
    current = told.current(plan.name)
    held = current.value if current is not None and isinstance(current.value, tuple) else ()
    return (*held, *(item for item in new if item not in held))


def _listed(value: SlotContent) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def merged(found: Sequence[Found]) -> list[Found]:
    """One per slot and status: the surest, of equally sure ones the last said."""
    best: dict[tuple[str, bool], Found] = {}
    for one in found:
        key = (one.slot, one.status == "negated")
        if key not in best or (one.score, one.start) >= (best[key].score, best[key].start):
            best[key] = one
    cleared = {slot for (slot, _), one in best.items() if one.status == "cleared"}
    return [one for one in best.values() if one.slot not in cleared or one.status == "cleared"]


def joined(told: Tracking, found: Sequence[Found]) -> list[Found]:
    """`found` with all that is stated for a list slot in one."""
    kept: list[Found] = []
    for one in found:
        plan = told.plan.slot(one.slot)
        at = next((n for n, other in enumerate(kept) if (other.slot, other.status) == (one.slot, one.status)), None)
        if plan is None or plan.slot.type != "list" or one.status != "stated" or at is None:
            kept.append(one)
            continue
        first = kept[at]
        items = tuple(dict.fromkeys((*_listed(first.value), *_listed(one.value))))
        kept[at] = replace(first, value=items, start=min(first.start, one.start), end=max(first.end, one.end))
    return kept


def listwise(told: Tracking, values: list[SlotValue]) -> list[SlotValue]:
    """What is excluded from a list slot leaves what it holds."""
    for value in [value for value in values if value.status == "negated"]:
        plan, current = told.plan.slot(value.name), told.current(value.name)
        stated = any(other.name == value.name and other.status == "stated" for other in values)
        if (
            plan is None
            or plan.slot.type != "list"
            or stated
            or current is None
            or not isinstance(current.value, tuple)
        ):
            continue
        left = tuple(item for item in current.value if item not in _listed(value.value))
        if left != current.value:
            values.append(
                value.model_copy(
                    update={"value": left, "status": "stated"} if left else {"status": "cleared", "value": None}
                )
            )
    return values
