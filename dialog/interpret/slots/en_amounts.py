"""Dates, times, counts, ratings and money in English text, each for the slot it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.slots.en_plan import PERSONS, stem
from dialog.interpret.slots.en_reading import (
    Reading,
    best_slot,
    closeness,
)
from dialog.interpret.slots.en_values import LOOSE_TIME, NUMBER, NUMBERS, number_of
from dialog.interpret.slots.mentions import Mention, Role, free
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.words import bag

ALONE = re.compile(r"\b(?:by myself|just me|only me|just myself|for myself|on my own|alone|for me)\b", re.I)
COUPLE = re.compile(r"\b(?:my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mother|dad|son|daughter|date)"
                    r" and (?:i|me|myself)|(?:me|myself|i) and my \w+|the two of us|both of us|a"
                        r" friend and (?:i|me))\b", re.I)  # fmt: skip


_UNTIL = re.compile(
    r"\b(?:until|till|to|through|thru|return(?:ing)?(?: on| date)?|back(?: on)?|drop(?:ping|ped)?["
    r" -]?(?:it )?off(?: on)?"
    r"|check(?:ing)?[ -]?out(?: on)?|out on|end(?:ing|s)?(?: on)?|and|-|leave(?: on)?|come back(?:"
    r" on)?)\s+(?:the\s+|it\s+|on\s+)?$",
    re.I,
)


def dates_and_times(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for kind in ("date", "time"):
        slots = [plan for plan in plans if plan.kind == kind]
        mentions = [found for found in reading.amounts if found.kind == kind and not _in_parting(reading, found)]
        if kind == "time" and not mentions and any(plan.name in reading.asked for plan in slots):
            loose = LOOSE_TIME.finditer(reading.text)
            mentions = [Mention("time", *m.span(), m.group()) for m in loose]
        if kind == "time":
            bare = re.finditer(r"(?<=\bat )(\d{1,2})\b(?!\s*(?:\d|[A-Z]|people|persons))|(?<=\bby"
                r" )(\d{1,2})\b(?!\s*\w)",
                               reading.text)  # fmt: skip
            mentions += [Mention("time", *m.span(), m.group()) for m in bare if free(*m.span(), reading.amounts)]
        for n, mention in enumerate(mentions):
            if not slots or (kind == "time" and reading.is_reply and _in_range(reading, mention)):
                continue
            role: Role | None = None
            if len({plan.role for plan in slots}) > 1:
                later = any(_UNTIL.search(reading.before(other.start)) for other in mentions[n + 1 :])
                until = _UNTIL.search(reading.before(mention.start)) and (n > 0 or len(mentions) == 1)
                role = "end" if until else "start" if later else None
            plan = best_slot(slots, reading, mention.start, mention.end, role)
            if plan is not None:
                reading.add(plan, mention.value, mention.start, mention.end, 0.9)


def _in_parting(reading: Reading, mention: Mention) -> bool:
    """Whether "today" only takes leave ("that is all for today")."""
    before = r"\b(?:all|else|thanks|thank you|help|everything|it)(?: i need(?:ed)?)?(?: for)?\s+$"
    return str(mention.value).lower() in ("today", "tonight") and bool(
        re.search(before, reading.text[: mention.start], re.I)
    )


def _in_range(reading: Reading, mention: Mention) -> bool:
    """Whether a time bounds a stretch ("free from 8 am to noon"), so that it is no time for anything."""
    bounds = r"\b(?:from|until|till|through|between|and|to|ends? at|ending at)\s+$"
    return bool(re.search(bounds, reading.text[: mention.start], re.I))


def counts(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.counted and plan.kind not in ("rating", "duration")]
    durations = [plan for plan in plans if plan.kind == "duration"]
    for mention in reading.amounts:
        if mention.kind == "duration" and durations and not _per_unit(reading, mention):
            plan = best_slot(durations, reading, mention.start, mention.end, None)
            if plan is not None:
                reading.add(plan, _as_written(plan, str(mention.value)), mention.start, mention.end, 0.9)
    for match in NUMBER.finditer(reading.text):
        if "." in match.group(1) or not free(*match.span(), [*reading.amounts, *reading.found]):
            continue
        plan = _counting(reading, slots, match)
        if plan is not None:
            reading.add(plan, _as_written(plan, match.group(1)), match.start(), match.end(), 0.85)
    people = [plan for plan in slots if "person" in plan.keys]
    if people and not any(found.slot == plan.name for found in reading.found for plan in people):
        for pattern, n in ((ALONE, "1"), (COUPLE, "2")):
            said = pattern.search(reading.text)
            if said and (n == "2" or _wants_people(reading, people)):
                reading.add(people[0], _as_written(people[0], n), *said.span(), 0.7)
                break


def _per_unit(reading: Reading, mention: Mention) -> bool:
    """Whether "a night" is what something is charged by, not how long it is."""
    return mention.value in ("a", "an") and not re.search(r"\b(?:for|stay)\s+$", reading.before(mention.start), re.I)


NOT_COUNTED = bag("at in on for please and with this next tomorrow today to from by is are the if would will but")
"""Words after a number that it does not count."""


def _wants_people(reading: Reading, people: Sequence[SlotPlan]) -> bool:
    return any(plan.name in reading.asked for plan in people) or "for me" not in reading.low


def _counting(reading: Reading, slots: Sequence[SlotPlan], match: re.Match[str]) -> SlotPlan | None:
    """The slot that a number counts for: by the noun after it, by "for four", or by the question it answers."""
    after = re.match(
        r"[\s-]*(?:more\s+|other\s+|adult\s+|bus\s+|movie\s+|hotel\s+|economy\s+|checked\s+)*([a-z]+)",
        reading.low[match.end() :],
    )
    noun = stem(after.group(1)) if after and after.group(1) not in NOT_COUNTED else ""
    scored = [(plan.keys.get(noun, 0.0), plan) for plan in slots]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if best[0] >= 0.3:
        return best[1]
    word = match.group(1).lower()
    people = [plan for plan in slots if "person" in plan.keys]
    if people and noun in PERSONS | {"of"} and word != "one":
        return people[0]
    asked = [plan for plan in slots if plan.name in reading.asked]
    lone = re.search(
        r"(?:^|\b(?:just|only|for|about|make it|make that|need|want|be|is|yes|like)\s)\W*$",
        reading.before(match.start()),
        re.I,
    )
    if (
        asked
        and (lone or len(reading.tokens) <= 4)
        and (word not in ("one", "second", "single") or not noun or len(reading.tokens) <= 4)
    ):
        return asked[0]
    if (
        people
        and re.search(
            r"\b(?:table|reservation|book\w*|reserve|dinner|lunch|seats?|cab|taxi|ride|party|make"
            r" it|group|it)\b[^.?!]*\b(?:for|of|it)\s+$",
            reading.before(match.start()),
            re.I,
        )
        and not noun
    ):
        return people[0]
    near = reading.near(match.start(), match.end(), 3)
    named = [
        plan
        for plan in slots
        if closeness(plan, {k: v for k, v in near.items() if k not in ("person",)}) >= 0.6
        and re.search(r"(?:\bis|:|of|to|=)\s*$", reading.before(match.start()))
    ]
    return named[0] if named else None


def _as_written(plan: SlotPlan, number: str) -> object:
    """A number as the slot writes it: an int or float by type, else digits."""
    n = number_of(number)
    if n is None:
        return number
    if plan.slot.type == "int":
        return int(n)
    if plan.slot.type == "float":
        return float(n)
    return str(n) if plan.slot.values else number


def ratings(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in (plan for plan in plans if plan.kind == "rating"):
        words = "|".join(word for word in NUMBERS)
        pattern = (
            rf"\b(\d(?:\.\d)?|{words})[\s-]+stars?\b|\brat(?:ing|ed)\s+(?:of\s+|is\s+|at\s+|above\s+"
            rf"|over\s+|at least\s+|higher than\s+)*(\d(?:\.\d+)?)"
        )
        if match := re.search(pattern, reading.low):
            reading.add(plan, _as_written(plan, match.group(1) or match.group(2)), match.start(), match.end(), 0.85)
        elif plan.name in reading.asked and (number := NUMBER.search(reading.text)):
            reading.add(plan, _as_written(plan, number.group(1)), number.start(), number.end(), 0.7)


def money(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind == "money"]
    if not slots:
        return
    for mention in reading.amounts:
        if mention.kind == "money":
            plan = best_slot(slots, reading, mention.start, mention.end, None)
            if plan is not None:
                value: object = mention.value
                if plan.slot.type in ("int", "float"):
                    value = _as_written(plan, re.sub(r"[^\d.]", "", str(mention.value)) or "0")
                reading.add(plan, value, mention.start, mention.end, 0.9)
    if not any(found.slot == plan.name for found in reading.found for plan in slots):
        for match in NUMBER.finditer(reading.text):
            near = reading.near(*match.span(), 3)
            named = [
                plan
                for plan in slots
                if closeness(plan, near) >= 0.5
                or plan.name in reading.asked
                or re.search(
                    r"\b(?:under|over|below|above|less than|more than|at most|up to|around"
                    r"|max(?:imum)?|budget(?: is| of)?)\s+$",
                    reading.before(match.start()),
                    re.I,
                )
            ]
            if named and free(*match.span(), [*reading.found, *reading.amounts]):
                reading.add(named[0], _as_written(named[0], match.group(1)), match.start(), match.end(), 0.7)
