"""The general slots in English text: what a schema-less message says about place, people, money and things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.slots import en_find, en_names, en_reading, en_words
from dialog.interpret.slots.mentions import Found, free
from dialog.interpret.slots.plan import SlotPlan

_BOUND = re.compile(
    r"\b(?:under|below|less than|at most|up to|no more than|over|above|more than|at least|around"
    r"|about|between|max(?:imum)?"
    r"(?: of)?)\s+[$€£¥]?\s?\d[\d,.]*k?(?:\s*(?:and|to|-)\s*[$€£¥]?\d[\d,.]*)?(?:\s?(?:dollars?"
    r"|bucks|euros?|pounds?|usd|eur))?",
    re.I,
)
_LEVEL = re.compile(
    r"\b(?:cheap(?:er|est)?|inexpensive|affordable|budget(?=\s+(?:hotel|hostel|motel|airline|flight|restaurant"
    r"|place|room|option|choice|phone|laptop|car)s?\b)|low[- ]cost|moderate(?:ly priced)?|mid[-"
    r" ]range|expensive|upscale|fancy"
    r"|high[- ]end|luxury|less expensive|not too expensive|reasonably priced)\b",
    re.I,
)
_BUDGET = re.compile(
    r"\bbudget\s*(?:is|of|was|:|=|for \w+ is)?\s*(?:about|around|up to|under)?\s*([$€£¥]?\s?\d[\d,.]*k?"
    r"(?:\s?(?:dollars?|bucks|euros?|pounds?|usd|eur))?)",
    re.I,
)
_LANGUAGE = re.compile(
    r"(?:\b(?:into|speaks?|speaking|spoke|learn(?:ing)?|in|study(?:ing)?|translate[ds]?)\s+|-)$", re.I
)
"""What comes before a language, where the same word after it would be a cuisine."""
_TITLE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Sir|Doctor|Senator|King|Queen)\.?\s+({en_reading.NAME.pattern})"
)
_BY = re.compile(
    rf"\b(?i:by|written by|directed by|starring|with|meet(?:ing)?(?: with)?|call|email|text|invite|ask|named|called"
    rf"|songs? by|books? by|married to|friend|colleague|who (?:is|was))\s+({en_reading.NAME.pattern})"
)
_ORGANISATION = re.compile(
    r"\b([A-Z][\w&'.-]*(?:\s+(?:of|and|&|for|the|[A-Z][\w&'.-]*))*\s+(?:Inc|Corp(?:oration)?|Ltd"
    r"|LLC|GmbH|Company|Co|University|College"
    r"|Institute|Bank|Airlines|Airways|Group|Foundation|Association|Agency|Hospital|Ministry"
    r"|Department|School|Museum))\b\.?"
)
_WANTED = re.compile(
    r"\b(?:buy|order|purchase|shopping for|in the market for|pick up|get me|sell me|recommend"
    r"|review of|reviews for|price of)\s+(?:me\s+)?"
    r"(?:a|an|some|the|new|a new|a good|any good|good|a pair of)\s+((?!(?:place|way|time|idea"
    r"|table|room|ticket|restaurant|hotel|flight|movie)\b)[\w-]+"
    r"(?:\s+(?!(?:for|in|at|on|from|to|with|that|which|under|below|please|near|by|and|or|is|it)\b)[\w-]+){0,2})",
    re.I,
)


def find(reading: en_reading.Reading, plans: Sequence[SlotPlan]) -> list[Found]:
    """What `reading` says about the general slots."""
    by_name = {plan.name: plan for plan in plans}
    _price(reading, by_name["price"])
    _matches(reading, by_name["organisation"], _ORGANISATION, 1)
    _people(reading, by_name["person"])
    en_find.find(reading, [plan for plan in plans if plan.name not in ("organisation", "product", "person", "price")])
    _matches(reading, by_name["product"], _WANTED, 1)
    return [found for found in reading.found if not (found.slot == "cuisine" and _is_language(reading.text, found))]


def _is_language(text: str, found: Found) -> bool:
    return _LANGUAGE.search(text[: found.start]) is not None


def _price(reading: en_reading.Reading, plan: SlotPlan) -> None:
    if named := _BUDGET.search(reading.text):
        reading.add(plan, named.group(1).strip(), *named.span(1), 0.8)
        return
    for pattern, score in ((_BOUND, 0.8), (_LEVEL, 0.7)):
        match = pattern.search(reading.text)
        if match and not reading.questioned(match.start()) and not _of_people(reading, match):
            reading.add(plan, match.group(), *match.span(), score)
            return
    money = next((found for found in reading.amounts if found.kind == "money"), None)
    if money is not None:
        reading.add(plan, money.value, money.start, money.end, 0.8)


def _of_people(reading: en_reading.Reading, match: re.Match[str]) -> bool:
    """Whether a bounded number counts people, hours or the like, and no money."""
    unit = re.match(
        r"\s*(?:people|persons?|guests|of us|hours?|minutes?|days?|miles?|km|years?|stars?|am|pm)\b",
        reading.text[match.end() :],
    )
    return unit is not None or any(
        found.kind in ("date", "time") and found.overlaps(*match.span()) for found in reading.amounts
    )


def _matches(reading: en_reading.Reading, plan: SlotPlan, pattern: re.Pattern[str], group: int) -> None:
    match = pattern.search(reading.text)
    if match and free(*match.span(group), reading.found):
        reading.add(plan, match.group(group).strip(), *match.span(group), 0.6)


def _people(reading: en_reading.Reading, plan: SlotPlan) -> None:
    for pattern in (_TITLE, _BY):
        for match in pattern.finditer(reading.text):
            name = match.group(1)
            known = name.lower() in en_words.NOT_NAMES | en_words.CUISINES | en_names.KNOWN_PLACES
            if not known and free(*match.span(1), [*reading.found, *reading.amounts]):
                start = match.start() if pattern is _TITLE else match.start(1)
                reading.add(plan, reading.text[start : match.end(1)], start, match.end(1), 0.6)
                return
