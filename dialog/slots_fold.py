"""How one slot value changes the slots: pure, bounded, and the same when applied twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dialog.rewrite import Span
from dialog.state import Slot, SlotValue

MAX_SLOTS = 96
MAX_HISTORY = 8
MAX_EXCLUDED = 8


_CLAUSE_ENDS = re.compile(r"[.!?;](?:\s|$)|,\s|[\u3002\uff0c\uff1b\uff01\uff1f\n]|\b(?:and|but)\b")
_OWN_EN = re.compile(
    r"\b(?:my|mine)\b(?:\W+|\W[^.!?;]{0,40}?(?:\b(?:is|are|was|be|to|of|at|under|below)\b|'s\b|[=:])[^.!?;]*)$", re.I
)
_OWN_ZH = re.compile(
    r"(?:\u6211(?:\u7684|\u81ea\u5df1\u7684|\u8fd9\u8fb9\u7684?)|\u6211(?=\u9884\u7b97))[^\u3002\uff0c\uff1b]{0,10}$"
)


def said_by(said: Iterable[SlotValue], text: str, speaker: str | None) -> tuple[SlotValue, ...]:
    """The values that `speaker` stated in `text`, under his name; what he called his own ("my budget is 500",
    "我的预算是500元") has him as its owner. Without a speaker they are left as they are."""
    if speaker is None:
        return tuple(said)
    return tuple(_spoken(value, text, speaker) for value in said)


def _spoken(value: SlotValue, text: str, speaker: str) -> SlotValue:
    source = value.source
    if source.kind != "user" or source.turn_id is not None:
        return value
    own = source.span is not None and _calls_own(text, source.span)
    return value.model_copy(
        update={"source": source.model_copy(update={"by": speaker}), "owner": speaker if own else value.owner}
    )


def _calls_own(text: str, span: Span) -> bool:
    """Whether the words right before `span`, in its clause, say that it is the speaker's own."""
    before = _CLAUSE_ENDS.split(text[: span.start])[-1]
    return bool(_OWN_EN.search(before) or _OWN_ZH.search(before))


def with_slots(
    slots: tuple[Slot, ...], said: Sequence[SlotValue], *, topic_id: str | None, turn_id: str
) -> tuple[Slot, ...]:
    """The slots after all of `said`; values of scope "topic" belong to `topic_id`, the others to the dialog."""
    for value in _last_said([_owned(slots, value, topic_id) for value in said]):
        slots = with_slot(slots, value, topic_id=topic_id if value.scope == "topic" else None, turn_id=turn_id)
    return slots


def _owned(slots: tuple[Slot, ...], said: SlotValue, topic_id: str | None) -> SlotValue:
    """The value with its owner: a speaker who has a slot of his own means that one, also without saying "my"."""
    by = said.source.by
    where = topic_id if said.scope == "topic" else None
    if (
        said.owner is None
        and by is not None
        and any((s.name, s.topic_id, s.owner) == (said.name, where, by) for s in slots)
    ):
        return said.model_copy(update={"owner": by})
    return said


def _last_said(said: Sequence[SlotValue]) -> list[SlotValue]:
    """What holds of `said` in the end: of each slot the last statement, before the exclusions that agree with it.

    Without this, a change that says two things of one slot would add to the history each time it is folded.
    """
    last: dict[tuple[str, str, str | None], SlotValue] = {}
    excluded: dict[tuple[str, str, str | None, object], SlotValue] = {}
    for value in said:
        slot = (value.name, value.scope, value.owner)
        if value.status == "negated":
            excluded[*slot, value.value] = value
            if slot in last and last[slot].value == value.value and last[slot].status == "stated":
                del last[slot]
        else:
            last[slot] = value
            gone = [key for key in excluded if key[:3] == slot and (value.status != "stated" or key[3] == value.value)]
            for key in gone:
                del excluded[key]
    return [*last.values(), *excluded.values()]


def with_slot(slots: tuple[Slot, ...], said: SlotValue, *, topic_id: str | None, turn_id: str) -> tuple[Slot, ...]:
    """The slots after `said`; a value that is already current changes nothing, a negated one leaves `current`."""
    if said.source.kind == "user" and said.source.turn_id is None and turn_id:
        # The interpreter does not know the id of the turn it reads; what undoes a turn needs it.
        said = said.model_copy(update={"source": said.source.model_copy(update={"turn_id": turn_id})})
    place = (said.name, topic_id, said.owner)
    old = next((slot for slot in slots if (slot.name, slot.topic_id, slot.owner) == place), None)
    before = old or Slot(name=said.name, topic_id=topic_id, owner=said.owner)
    after = _changed(before, said)
    if after == before:
        return slots
    after = after.model_copy(update={"changed_in": turn_id})
    if old is None:
        return _bounded((*slots, after))
    return tuple(after if slot is old else slot for slot in slots)


def without_slots(
    slots: tuple[Slot, ...], *, topic_id: str | None = None, turn_id: str | None = None
) -> tuple[Slot, ...]:
    """The slots without those of topic `topic_id`, and with what turn `turn_id` said about any slot undone."""
    kept = tuple(slot for slot in slots if topic_id is None or slot.topic_id != topic_id)
    if turn_id is None:
        return kept
    undone = (_undone(slot, turn_id) for slot in kept)
    return tuple(slot for slot in undone if slot is not None)


def _changed(slot: Slot, said: SlotValue) -> Slot:
    if said.status == "negated":
        return _negated(slot, said)
    if slot.current is not None and _same(slot.current, said):
        return slot.model_copy(update={"excluded": ()}) if said.status == "any" else slot
    if said.status == "cleared":
        if slot.current is None and not slot.excluded:
            return slot
        return slot.model_copy(update={"current": None, "excluded": (), "history": _past(slot)})
    excluded = () if said.status == "any" else tuple(no for no in slot.excluded if no.value != said.value)
    return slot.model_copy(update={"current": said, "excluded": excluded, "history": _past(slot)})


def _negated(slot: Slot, said: SlotValue) -> Slot:
    if any(no.value == said.value for no in slot.excluded):
        return slot
    update: dict[str, object] = {"excluded": (*slot.excluded, said)[-MAX_EXCLUDED:]}
    if slot.current is not None and slot.current.value == said.value:
        update |= {"current": None, "history": _past(slot)}
    return slot.model_copy(update=update)


def _same(a: SlotValue, b: SlotValue) -> bool:
    return (a.value, a.status) == (b.value, b.status)


def _past(slot: Slot) -> tuple[SlotValue, ...]:
    return slot.history if slot.current is None else (*slot.history, slot.current)[-MAX_HISTORY:]


def _undone(slot: Slot, turn_id: str) -> Slot | None:
    """The slot as if the turn had said nothing about it; None when nothing is left.

    A value that the turn accepted comes from an earlier reply, so what the turn changed last goes too.
    """

    def stays(value: SlotValue) -> bool:
        return value.source.turn_id != turn_id

    history = tuple(filter(stays, slot.history))
    current = slot.current
    if current is not None and (not stays(current) or (slot.changed_in == turn_id and current.source.kind == "reply")):
        current, history = (history[-1], history[:-1]) if history else (None, ())
    excluded = tuple(filter(stays, slot.excluded))
    if current is None and not excluded and not history:
        return None
    return slot.model_copy(update={"current": current, "excluded": excluded, "history": history})


def _bounded(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """At most MAX_SLOTS; the oldest slot of a topic goes first, then the oldest of the dialog."""
    if len(slots) <= MAX_SLOTS:
        return slots
    victim = next((slot for slot in slots if slot.topic_id is not None), slots[0])
    return tuple(slot for slot in slots if slot is not victim)
