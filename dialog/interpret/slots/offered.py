"""What replies put up: offers that are accepted, a name that is repeated, a thing that is picked from a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialog.interpret.slots.found_values import value_of
from dialog.interpret.slots.mentions import Found
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.tracking import Tracking
from dialog.state import SlotContent, SlotValue, Turn

OFFER_TURNS = 3
"""Turns back that something offered can still be accepted."""


def pending_offers(told: Tracking) -> list[tuple[Turn, Found]]:
    """What replies offered and the user has neither taken nor refused since; of each slot the latest."""
    pending: list[tuple[Turn, Found]] = []
    plans = told.plan.of(told.before)
    for turn in reversed(told.view.state.turns[-OFFER_TURNS:]):
        known = {found.slot for _, found in pending}
        pending += ((turn, found) for found in _offers(told, turn, plans) if found.slot not in known)
        if any(told.is_main(found.slot) for _, found in pending) or not told.language.asks(turn.user):
            break
    return pending


def _offers(told: Tracking, turn: Turn, plans: Sequence[SlotPlan]) -> Iterable[Found]:
    """What the reply of `turn` puts up for acceptance: all it reads back; else no mere answer to a question, and no
    place where one is known."""
    if not turn.reply:
        return
    everything = told.language.confirms(turn.reply)
    informs = told.language.asks(turn.user) and turn.user.rstrip().endswith("?") and not everything
    offers = told.language.offers(turn.reply, plans)
    values: dict[str, set[SlotContent]] = {}
    for found in offers:
        values.setdefault(found.slot, set()).add(found.value)
    for found in offers:
        plan = told.plan.slot(found.slot)
        if plan is None or found.status != "stated" or (len(values[found.slot]) > 1 and plan.kind == "category"):
            continue
        if plan.main and told.criteria_known(told.before):
            continue
        known = told.current(found.slot) is not None
        if (
            everything
            or plan.main
            or plan.kind in ("date", "time")
            or not (
                informs
                or plan.counted
                or plan.kind in ("bool", "rating")
                or (plan.kind == "place" and known and plan.role != "end")
            )
        ):
            yield found


def accepted(told: Tracking, offered: Sequence[tuple[Turn, Found]]) -> Iterable[SlotValue]:
    """What was offered, as stated by the user who takes it."""
    for turn, found in offered:
        if found.status == "stated":
            yield value_of(told, found, turn)


def repeated(told: Tracking) -> Iterable[SlotValue]:
    """A name that was offered, said again."""
    main = next((plan for plan in told.plan.of(told.before) if plan.main), None)
    names = [
        name for turn in reversed(told.view.state.turns[-OFFER_TURNS:]) for name in told.language.names(turn.reply)
    ]
    said = told.language.repeated(told.text, names) if main else None
    if main is not None and said is not None and not _is_value(told, said[0]):
        yield value_of(told, Found(main.name, said[0], said[1], said[2], 0.9))


def _is_value(told: Tracking, name: str) -> bool:
    """Whether `name` is the value of some other slot, held or listed."""
    low = name.lower()
    held = any(slot.current and str(slot.current.value).lower() == low for slot in told.slots.values())
    return held or any(low == value.lower() for plan in told.plan.slots for value in plan.slot.values)


def chosen(told: Tracking) -> Iterable[SlotValue]:
    """The thing picked from a list that the reply gave."""
    main = next((plan for plan in told.plan.of(told.before) if plan.main), None)
    if main is None:
        return
    for turn in reversed(told.view.state.turns[-OFFER_TURNS:]):
        span = told.language.chosen(turn.reply, told.text) if turn.reply else None
        if span is not None:
            yield value_of(told, Found(main.name, turn.reply[span[0] : span[1]], *span, 0.8), turn)
            return
