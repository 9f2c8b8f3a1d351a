"""Classes of words that can take each other's place: "Thai" for "Chinese", "Saturday" for "Friday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.places import LONGEST, is_place
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import Token, singular, tokens_of

Class = Literal[
    "cuisine", "day", "month", "clock", "number", "colour", "price", "size", "place", "superlative", "direction",
    "duration", "meal", "year", "decade", "money", "daytime",
]  # fmt: skip

CUISINES = word_set(
    """chinese thai italian french indian japanese korean vietnamese mexican greek turkish spanish american british
    english german lebanese moroccan ethiopian persian iranian brazilian peruvian cuban caribbean jamaican african
    asian oriental mediterranean european international russian polish hungarian swedish danish portuguese malaysian
    indonesian singaporean filipino australian austrian belgian swiss scottish welsh irish catalan basque tuscan
    sicilian cantonese sichuan szechuan seafood vegetarian vegan halal kosher sushi pizza burger burgers steak
    barbecue bbq tapas ramen tacos kebab fusion gastropub bistro australasian scandinavian canadian norwegian
    argentinian egyptian romanian bavarian creole cajun southern venetian israeli nepalese pakistani bengali tibetan
    georgian ukrainian"""
)
WEEKDAYS = word_set(
    """monday tuesday wednesday thursday friday saturday sunday weekdays weekends mondays tuesdays wednesdays thursdays
    fridays saturdays sundays weekend"""
)
RELATIVE_DAYS = word_set("today tomorrow tonight yesterday")
MONTHS = word_set(
    """january february march april june july august september october november december spring summer autumn winter
    christmas easter thanksgiving"""
)
COLOURS = word_set(
    """red blue green yellow black white brown purple pink orange grey gray beige navy silver gold turquoise"""
)
PRICES = word_set("""cheap inexpensive expensive moderate moderately affordable budget midrange pricey free cheapest""")
SIZES = word_set("small medium large big tiny huge xl xxl extra-large short long")
DIRECTIONS = word_set("""north south east west northern southern eastern western centre center central""")
DAYTIMES = word_set("morning afternoon evening night mornings afternoons evenings nights")
MEALS = word_set("breakfast lunch dinner brunch supper")
CLOCK = re.compile(r"\d{1,2}(?::\d\d)?(?:am|pm)|\d{1,2}:\d\d|noon|midnight", re.I)
DECADE = re.compile(r"(?:1[5-9]|20)?\d0s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties", re.I)
CURRENCIES = word_set("dollar dollars euro euros pound pounds bucks usd eur gbp quid yen francs")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
SPANS = word_set(
    """week weekend month year morning afternoon evening night monday tuesday wednesday thursday friday saturday sunday
    summer winter spring fall"""
)
SUPERLATIVES = word_set("best worst most least first last cheapest")


@dataclass(frozen=True)
class Instance:
    """A word of a class in a text: tokens `first`..`last` (last exclusive)."""

    kind: Class
    first: int
    last: int


@lru_cache(maxsize=256)
def instances_of(text: str) -> tuple[Instance, ...]:
    """The class words of `text` in order; the longest place names first."""
    tokens = tokens_of(text)
    found: list[Instance] = []
    i = 0
    while i < len(tokens):
        instance = _at(tokens, i)
        if instance is None:
            i += 1
        else:
            found.append(instance)
            i = instance.last
    return tuple(found)


def _at(tokens: Sequence[Token], i: int) -> Instance | None:
    for n in range(min(LONGEST, len(tokens) - i), 0, -1):
        if not tokens[i + n - 1].is_word:
            continue
        if is_place(" ".join(token.low for token in tokens[i : i + n])) and tokens[i].text not in ("us", "la", "nice"):
            return Instance("place", i, i + n)
    low = tokens[i].low
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if CLOCK.fullmatch(low):
        return Instance("clock", i, i + (2 if following in ("am", "pm") else 1))
    if DECADE.fullmatch(low):
        return Instance("decade", i, i + 1)
    if low in "$£€¥" and following[:1].isdigit():
        return Instance("money", i, i + 2)
    if low[0].isdigit() and following in CURRENCIES:
        return Instance("money", i, i + 2)
    if low[0].isdigit() and following in ("am", "pm", "o'clock"):
        return Instance("clock", i, i + 2)
    if YEAR.fullmatch(low):
        return Instance("year", i, i + 1)
    if low in ("last", "next", "this") and following in SPANS:
        return Instance("day", i, i + 2)
    if low in PRICES and following == "priced":
        return Instance("price", i, i + 2)
    if low in MONTHS or (low == "may" and _is_month(tokens, i)):
        return Instance("month", i, i + (2 if MONTH_DAY.fullmatch(following) else 1))
    if MONTH_DAY.fullmatch(low) and following in MONTHS:
        return Instance("month", i, i + 2)
    for kind, members in MEMBERS:
        if low in members:
            return Instance(kind, i, i + 1)
    if low in words.NUMBER_WORDS or NUMBER.fullmatch(low):
        return Instance("number", i, i + 1)
    if low in SUPERLATIVES or (low.endswith("est") and low in lexicon.ADJECTIVES | NOT_LISTED_SUPERLATIVES):
        return Instance("superlative", i, i + 1)
    return None


def _is_month(tokens: Sequence[Token], i: int) -> bool:
    """Whether the "may" at `i` is the month and not the verb."""
    before = tokens[i - 1].low if i else ""
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    return before in BEFORE_MONTHS or before[:1].isdigit() or (after[:1].isdigit() and tokens[i].text[0] == "M")


MONTH_DAY = re.compile(r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?", re.I)
"""The day that a month is said with: "March 3rd"."""
BEFORE_MONTHS = word_set("in of since until till by early late mid from last next this during")
NOT_LISTED_SUPERLATIVES = word_set(
    """youngest fastest slowest tallest shortest longest deepest richest poorest smallest strongest weakest newest"""
)
MEMBERS: tuple[tuple[Class, frozenset[str]], ...] = (
    ("cuisine", CUISINES), ("day", WEEKDAYS | RELATIVE_DAYS), ("colour", COLOURS), ("price", PRICES),
    ("direction", DIRECTIONS), ("meal", MEALS), ("size", SIZES), ("daytime", DAYTIMES),
)  # fmt: skip


def class_of(text: str) -> Class | None:
    """The class of a whole phrase: of its last class word, when nothing but small words is beside it."""
    tokens = tokens_of(text)
    found = instances_of(text)
    if not found:
        return None
    covered = {k for instance in found for k in range(instance.first, instance.last)}
    rest = [t.low for k, t in enumerate(tokens) if k not in covered and t.is_word]
    beside = SMALL | lexicon.COMMON_HOLDERS | NOUNS_OF_CLASSES
    light = all(word in SMALL or word[0].isdigit() or singular(word) in beside for word in rest)
    return found[0].kind if light else None


SMALL = word_set("""a an the one ones this next last on in at for of some and please instead any price""")
NOUNS_OF_CLASSES = word_set("""price range people food cuisine restaurant guest person adult side part town area""")
