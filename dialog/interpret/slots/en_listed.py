"""English wordings of values that a schema lists, and of flags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from dialog.interpret.slots import en_words
from dialog.interpret.slots.en_plan import stem, words_of
from dialog.interpret.slots.en_reading import (
    QUESTION_ABOUT,
    Reading,
    best_slot,
    part_of_name,
)
from dialog.interpret.slots.mentions import Found
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.words import bag

IS_IT = re.compile(r"\b(?:is|are) (?:it|they|that|this|the \w+) (?:very |really |too |that |quite )?$", re.I)
"""Before a value that is asked about ("is it expensive?")."""

GENERIC_FLAG = bag(
    "has is serve offer allow welcome good seat service option ride entry next day available place"
    " inside other passenger restaurant hotel property entrance"
)


@lru_cache(maxsize=512)
def _patterns(
    values: tuple[str, ...], synonyms: tuple[tuple[str, str], ...], keys: frozenset[str]
) -> tuple[re.Pattern[str], Mapping[str, tuple[str, float]]]:
    """One pattern for all wordings of `values`, and for each wording its value and how sure it is."""
    table: dict[str, tuple[str, float]] = {}
    own = {_plain(value) for value in values}
    words = [set(re.findall(r"[a-z]+", value.lower())) for value in values]
    for value, its in zip(values, words, strict=True):
        plain = _plain(value)
        table[plain] = (value, 1.0)
        for group in en_words.SAME:
            if plain in group:
                table.update({other: (value, 0.8) for other in group - own})
        others = set().union(*(other for other in words if other is not its))
        if len(its) > 1:
            for word in its - others - en_words.NOT_PARTIAL - {key for key in its if stem(key) in keys}:
                table.setdefault(word, (value, 0.6))
    table.update({_plain(wording): (value, 1.0) for wording, value in synonyms})
    forms = sorted(table, key=len, reverse=True)
    body = "|".join(rf"{_loose(form)}" for form in forms)
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])", re.I), table


def _plain(value: str) -> str:
    return re.sub(r"[\s_-]+", " ", value.lower()).strip()


def _loose(form: str) -> str:
    """A pattern for a wording that also takes its plural and adverb ("moderately", "cheaper")."""
    body = r"[\s-]?".join(re.escape(part) for part in form.split(" "))
    return body + r"(?:s|es|ly|er|est)?" if len(form) >= 4 else body + r"s?"


def listed_values(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in plans:
        if plan.kind == "bool" or plan.counted or not (plan.slot.values or plan.slot.synonyms):
            continue
        pattern, table = _patterns(plan.slot.values, plan.slot.synonyms, frozenset(plan.keys))
        for match in pattern.finditer(reading.low):
            value, sure = _value_of(match.group(), table)
            if (sure < 1 and reading.questioned(match.start())) or IS_IT.search(reading.before(match.start())):
                continue
            if plan.slot.type != "enum" and part_of_name(reading, match.start(), match.end()):
                continue
            if not reading.is_reply and QUESTION_ABOUT.match(reading.clause(match.start())) and sure < 0.9:
                continue
            reading.add(plan, value, match.start(), match.end(), 0.5 + 0.5 * sure)
    _separate(reading, plans)


def _value_of(wording: str, table: Mapping[str, tuple[str, float]]) -> tuple[str, float]:
    plain = _plain(wording)
    for ending in ("", "s", "es", "ly", "er", "est"):
        if plain.endswith(ending) and (form := plain[: len(plain) - len(ending)]) in table:
            return table[form]
    loose = {form.replace(" ", ""): found for form, found in table.items()}
    bare = plain.replace(" ", "")
    for ending in ("", "s", "es", "ly", "er", "est"):
        if bare.endswith(ending) and (form := bare[: len(bare) - len(ending)]) in loose:
            return loose[form]
    return table[min(table, key=lambda form: abs(len(form) - len(plain)))]


def _separate(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """Where two slots claim the same words, leaves them to the one named nearby or asked about."""
    by_name = {plan.name: plan for plan in plans}
    spans: dict[tuple[int, int], list[Found]] = {}
    for found in reading.found:
        if found.slot in by_name:
            spans.setdefault((found.start, found.end), []).append(found)
    for (start, end), rivals in spans.items():
        if len(rivals) > 1:
            best = best_slot([by_name[found.slot] for found in rivals], reading, start, end, None)
            reading.found = [f for f in reading.found if f not in rivals or (best and f.slot == best.name)]


def flags(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in plans:
        if plan.kind != "bool":
            continue
        words = set(words_of(plan.slot.label)) - GENERIC_FLAG
        hit = next(((a, b) for word, a, b in reading.tokens if word in words), None)
        if hit is None or (not reading.is_reply and reading.questioned(hit[0])):
            continue
        before = reading.before(hit[0], 30).lower()
        no = re.search(
            r"\b(?:no|not|without|non|un|never|isn't|doesn't|don't|dont|won't|nor)\b(?:\W+\w+){0,3}\W*$", before
        )
        reading.found.append(Found(plan.name, not no, *hit, 0.8))
