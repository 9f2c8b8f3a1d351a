"""Slot tracking in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dialog.interpret.lists import items_offered
from dialog.interpret.pack import Resolution, View
from dialog.interpret.slots import en_find, en_general, en_names, en_reading, en_stance
from dialog.interpret.slots.en_plan import field_marks, plan_of, words_of
from dialog.interpret.slots.en_values import ORDINALS, amount_of, amounts, iso_date, iso_time, number_of
from dialog.interpret.slots.general import GENERAL
from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.plan import Plan, SlotPlan
from dialog.interpret.slots.tracker import track
from dialog.slots import SlotSchema
from dialog.state import SlotContent, SlotValue


def read_slots(
    view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
) -> Sequence[SlotValue]:
    """What the English message `text` says about slots; see `LanguagePack.slots`."""
    if schema is None:
        return track(view, text, GENERAL, GeneralEnglish(), now=now, scope="topic")
    return track(view, text, schema, English(), now=now)


_CHOICE = re.compile(
    r"\b(?:the\s+)?(?P<ordinal>"
    + "|".join(list(ORDINALS)[:10])
    + r"|last|\d{1,2}(?:st|nd|rd|th))\s+(?:one|option|choice"
    r"|place|restaurant|hotel|movie|song|flight|bus|event|item|suggestion|apartment|car|attraction)\b"
    r"|\b(?:number|option|#)\s*(?P<number>\d{1,2}|one|two|three|four|five)\b",
    re.I,
)


_AM_I_FREE = re.compile(
    r"\b(?:am i|i am|i['’]m|i(?:['’]ll| will) be|will i be|if i['’]?m|i have"
    r"|my)\s+(?:\w+\s){0,2}(?:free|available|busy|schedule\w*|calendar|availability"
    r"|anything)\b|\bfree (?:time|slot)|\bempty slot",
    re.I,
)


class English:
    """`SlotLanguage` for English."""

    def plan(self, schema: SlotSchema) -> Plan:
        return plan_of(schema)

    def read(self, text: str, plans: Sequence[SlotPlan], *, asked: Sequence[str]) -> list[Found]:
        return en_find.find(en_reading.Reading(text, asked=asked), plans)

    def repeated(self, text: str, names: Sequence[str]) -> tuple[str, int, int] | None:
        return en_find.repeated(text, names)

    def address(self, reply: str) -> tuple[int, int] | None:
        found = [mention for mention in amounts(reply) if mention.kind == "address"]
        return (found[-1].start, found[-1].end) if found else None

    def offers(self, reply: str, plans: Sequence[SlotPlan]) -> list[Found]:
        reading = en_reading.Reading(reply, is_reply=True)
        found = en_find.find(reading, plans)
        main = next((plan for plan in plans if plan.main), None)
        if main is not None:
            found = [one for one in found if one.slot != main.name]
            reading.found = found
            if (span := en_names.offered_name(reading, main)) is not None:
                found.append(Found(main.name, reply[span[0] : span[1]], *span, 0.7))
        return found

    def asked(self, reply: str, plans: Sequence[SlotPlan]) -> tuple[str, ...]:
        return en_stance.asked_slots(reply, plans)

    def stance(self, text: str) -> Literal["accept", "refuse"] | None:
        return en_stance.stance_of(text)

    def corrects(self, text: str) -> bool:
        return en_stance.corrects(text)

    def correction(self, text: str) -> tuple[int, int] | None:
        return en_stance.correction(text)

    def restarts(self, text: str) -> bool:
        return False

    def unmet(self, reply: str, plans: Sequence[SlotPlan]) -> Sequence[str]:
        return ()

    def adds(self, text: str) -> bool:
        return bool(re.search(r"\b(?:also|too|as well|plus|add|and)\b", text, re.I))

    def asks(self, text: str) -> bool:
        return en_stance.asks(text)

    def stances(self, text: str, plans: Sequence[SlotPlan], asked: Sequence[str]) -> list[Found]:
        return en_stance.stances(text, plans, asked)

    def reverts(self, text: str) -> Literal["first", "previous"] | None:
        return en_stance.reverts(text)

    def chosen(self, reply: str, text: str) -> tuple[int, int] | None:
        match = _CHOICE.search(text)
        if match is None or en_reading.QUESTION_ABOUT.match(text.strip()):
            return None
        items = items_offered(reply)
        word = (match["ordinal"] or match["number"]).lower()
        digits = re.match(r"\d+", word)
        n = len(items) if word == "last" else int(digits.group()) if digits else ORDINALS.get(word) or number_of(word)
        if not n or not 1 <= n <= len(items):
            return None
        return items[int(n) - 1].start, items[int(n) - 1].end

    def free_answer(self, text: str) -> tuple[int, int] | None:
        return None if _CHOICE.search(text) else en_stance.free_answer(text)

    def points_back(self, text: str) -> frozenset[Kind]:
        return en_stance.points_back(text)

    def words(self, text: str) -> Sequence[str]:
        words = words_of(text)
        return [*words, *field_marks(words), *(["#calendar"] if _AM_I_FREE.search(text) else [])]

    def names(self, reply: str) -> Sequence[str]:
        reading = en_reading.Reading(reply, is_reply=True)
        whole = [reply[start:end] for start, end in en_reading.proper_names(reading)]
        return [*whole, *(part for name in whole if " and " in name for part in name.split(" and "))]

    def confirms(self, reply: str) -> bool:
        return en_stance.confirms(reply)

    def convert(self, plan: SlotPlan, value: SlotContent, now: datetime | None) -> SlotContent:
        kind = plan.slot.type
        if not isinstance(value, str):
            return value
        if kind == "date":
            return iso_date(value, now) or value
        if kind == "time":
            return iso_time(value) or value
        if kind in ("int", "float"):
            n = amount_of(value) if plan.kind == "money" else number_of(value)
            return value if n is None else int(n) if kind == "int" else float(n)
        return value


class GeneralEnglish(English):
    """`SlotLanguage` for English without a schema: more careful, since nobody said what is wanted."""

    def read(self, text: str, plans: Sequence[SlotPlan], *, asked: Sequence[str]) -> list[Found]:
        return en_general.find(en_reading.Reading(text, asked=asked), plans)

    def offers(self, reply: str, plans: Sequence[SlotPlan]) -> list[Found]:
        return []
