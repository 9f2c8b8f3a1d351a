"""What a message changes in the slots: its own values, answers, accepted offers, refusals and retractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from dialog.interpret.pack import View
from dialog.interpret.slots.carried import carried, reverted
from dialog.interpret.slots.found_values import joined, listwise, merged, value_of
from dialog.interpret.slots.language import SlotLanguage
from dialog.interpret.slots.mentions import Found
from dialog.interpret.slots.offered import accepted, chosen, pending_offers, repeated
from dialog.interpret.slots.tracking import Tracking
from dialog.slots import SlotSchema
from dialog.state import SlotValue, Turn


def track(
    view: View,
    text: str,
    schema: SlotSchema,
    language: SlotLanguage,
    *,
    now: datetime | None,
    scope: Literal["dialog", "topic"] = "dialog",
) -> tuple[SlotValue, ...]:
    """The slot changes that `text` makes, at most one per slot and status, in the order of the schema."""
    told = Tracking(view, text, schema, language, now, scope)
    changes: dict[tuple[str, bool], SlotValue] = {}

    def take(values: Iterable[SlotValue]) -> None:
        for value in values:
            changes[value.name, value.status == "negated"] = value

    offered = pending_offers(told)
    said = _said(told, offered)
    if language.stance(text) == "accept" or (said and language.confirms(told.reply) and language.corrects(text)):
        take(accepted(told, offered))
    take(_relaxed(told))
    take(_over(told, said))
    take(carried(told, said))
    take(chosen(told))
    take(said)
    take(repeated(told))
    take(reverted(told))
    order = {plan.name: n for n, plan in enumerate(told.plan.slots)}
    return tuple(sorted(changes.values(), key=lambda value: order[value.name]))


def _said(told: Tracking, offered: Sequence[tuple[Turn, Found]]) -> list[SlotValue]:
    """What the message itself says, or answers to the question before it."""
    plans = told.plan.of(told.service)
    found = told.language.read(told.text, plans, asked=told.asked)
    stances = told.language.stances(told.text, plans, told.asked)
    spoken = {one.slot for one in found}
    found += (one for one in stances if one.status == "cleared" or one.slot not in spoken)
    found += _flag_answers(told, [*found, *(one for _, one in offered)])
    if not found:
        found += _corrected(told) or _answer(told)
    if told.criteria_known(told.service):
        found = [one for one in found if not told.is_main(one.slot)]
    return listwise(told, [value_of(told, one) for one in merged(joined(told, found))])


def _over(told: Tracking, said: Sequence[SlotValue]) -> Iterable[SlotValue]:
    """What stood for the service before a message that asks for another of the same kind, with wishes of its own."""
    if not told.service or not told.language.restarts(told.text) or not any(value.status == "stated" for value in said):
        return
    whole = Found("", None, 0, len(told.text), 0.7, "cleared")
    yield from (value_of(told, replace(whole, slot=slot.name)) for slot in told.filled(told.service))


def _relaxed(told: Tracking) -> Iterable[SlotValue]:
    """Wishes that the reply said cannot be met, when the user goes on with what it offered instead."""
    if not told.reply or told.language.stance(told.text) == "refuse":
        return
    for name in told.language.unmet(told.reply, told.plan.of(told.before)):
        if told.current(name) is not None:
            yield value_of(told, Found(name, None, 0, len(told.text), 0.5, "cleared"))


def _flag_answers(told: Tracking, found: Sequence[Found]) -> list[Found]:
    """Yes or no to a question about a flag."""
    stance = told.language.stance(told.text)
    flags = [plan for plan in told.plan.of(told.before) if plan.kind == "bool" and plan.name in told.asked[:1]]
    if stance is None or any(one.slot == plan.name for one in found for plan in flags):
        return []
    return [Found(plan.name, stance == "accept", 0, len(told.text), 0.7) for plan in flags]


def _corrected(told: Tracking) -> list[Found]:
    """A bare correction ("no, Brooklyn"): for the slot of free wording that changed last."""
    span = told.language.correction(told.text)
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    free = ("place", "name", "person", "text", "address", "category")
    mendable = [
        (order.get(slot.changed_in, 0), slot.current.source.span.start if slot.current.source.span else 0, plan)
        for plan in told.plan.of(told.service)
        if plan.kind in free and plan.slot.type == "str" and (slot := told.slots.get(plan.name)) and slot.current
    ]
    if span is None or not mendable:
        return []
    _, _, plan = max(mendable, key=lambda found: found[:2])
    return [Found(plan.name, told.text[span[0] : span[1]], *span, 0.7)]


def _answer(told: Tracking) -> list[Found]:
    """The message as the answer to what was asked, when it has no other value in it."""
    span = told.language.free_answer(told.text)
    wanted = [told.plan.slot(name) for name in told.asked[:2]]
    plan = next(
        (one for one in wanted if one and one.kind in ("place", "name", "text", "person", "address", "category")), None
    )
    if plan is None or span is None or told.language.stance(told.text) is not None:
        return []
    if plan.slot.type == "enum" or (plan.kind == "category" and plan.slot.values):
        return []
    return [Found(plan.name, told.text[span[0] : span[1]], *span, 0.5)]
