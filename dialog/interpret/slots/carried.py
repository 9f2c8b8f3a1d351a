"""Values that come from earlier in the dialog: carried over from another service, or taken back to what they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialog.interpret.slots.found_values import value_of
from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.offered import OFFER_TURNS
from dialog.interpret.slots.tracking import Tracking
from dialog.state import SlotValue, Turn


def carried(told: Tracking, said: Sequence[SlotValue]) -> Iterable[SlotValue]:
    """A place or date known from elsewhere, when the message points back to it ("there", "that day")."""
    spoken = {value.name for value in said}
    for kind in sorted(told.language.points_back(told.text)):
        mine = [plan for plan in told.plan.of(told.service) if plan.kind == kind and plan.role != "start"]
        mine = mine or [plan for plan in told.plan.of(told.service) if plan.kind == kind]
        if not mine or any(plan.name in spoken or told.current(plan.name) for plan in mine):
            continue
        known = _latest(told, kind, but=told.service)
        if mine[0].role == "end" and (address := _known_address(told)) is not None:
            turn, span = address
            yield value_of(told, Found(mine[0].name, turn.reply[slice(*span)], *span, 0.6), turn)
        elif known is not None:
            yield known.model_copy(update={"name": mine[0].name, "confidence": 0.6})


def _known_address(told: Tracking) -> tuple[Turn, tuple[int, int]] | None:
    """The street address that a reply gave last."""
    for turn in reversed(told.view.state.turns[-2 * OFFER_TURNS :]):
        if (span := told.language.address(turn.reply)) is not None:
            return turn, span
    return None


def _latest(told: Tracking, kind: Kind, *, but: str) -> SlotValue | None:
    """The value of that kind that was stated last in another service."""
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    slots = [
        slot
        for plan in told.plan.slots
        if plan.kind == kind
        and plan.role != "start"
        and plan.slot.service != but
        and (slot := told.slots.get(plan.name))
        if slot.current is not None and slot.current.status == "stated"
    ]
    latest = max(slots, key=lambda slot: order.get(slot.changed_in, 0), default=None)
    return latest.current if latest else None


def reverted(told: Tracking) -> Iterable[SlotValue]:
    """The earlier value of the slot that changed last."""
    which = told.language.reverts(told.text)
    changed = [slot for slot in told.slots.values() if slot.history]
    if which is None or not changed:
        return
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    latest = max(changed, key=lambda slot: order.get(slot.changed_in, 0))
    yield latest.history[0 if which == "first" else -1].model_copy(update={"name": latest.name})
