"""Which noun phrase of a request gives way to one that names no known class: "velcro" after "who invented the zip",
weighed by number, kind and place; "with lamb" after "wine with sardines", by its preposition."""

from __future__ import annotations

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.classes import instances_of
from dialog.interpret.en.merge import Target, preposition_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.standing import Request
from dialog.interpret.en.text import singular, tokens_of
from dialog.interpret.fields.en import FIELDS

ENOUGH = 1.0
"""The least weight of a phrase that gives way."""
EXCLUDED = 9.0
CLEAR = 0.5
"""With a smaller lead over the next one, which phrase is meant is anybody's guess."""


def counterpart(
    message: Message, request: Request, first: int, last: int, *, names: bool | None = None
) -> Target | None:
    """The part of the request that tokens `first`..`last` of the message, one noun phrase, stand in the stead of.
    `names`: whether they are a name; None when that cannot be told."""
    mine = next((p for p in message.phrases if p.first == first and p.last == last and p.of is None), None)
    if mine is None:
        return None
    weighed = sorted(
        ((_weight(mine, other, request, names), other) for other in _candidates(request)), key=lambda pair: -pair[0]
    )
    if not weighed or weighed[0][0] < ENOUGH:
        return None
    if len(weighed) > 1 and weighed[0][0] - weighed[1][0] < CLEAR:
        return None
    other = weighed[0][1]
    start = other.start if mine.det or (mine.proper and other.proper) else _without_article(mine, other)
    if other.det in words.WH_DETERMINERS or (mine.det == "" and other.det in words.QUANTIFIERS):
        start = other.core_start
    return Target(request.start + start, request.start + other.core_end, sure=False)


def same_preposition(message: Message, request: Request, first: int, last: int) -> Target | None:
    """The phrase after the same preposition: "with grilled sardines" for "and with lamb"."""
    fragment = message.text[message.tokens[first].start : message.tokens[last - 1].end]
    preposition = preposition_of(fragment)
    mine = next((p for p in message.phrases if p.first == first + 1 and p.last == last), None)
    if not preposition or mine is None:
        return None
    kinds = {instance.kind for instance in instances_of(mine.text)} - {"number"}
    alike = [p for p in phrases_of(request.text) if p.after == preposition and p.of is None]
    fits = [
        p
        for p in alike
        if (p.proper == mine.proper or not request.is_cased)
        and {instance.kind for instance in instances_of(p.text)} - {"number"} == kinds
    ]
    if len(fits) != 1 or len(alike) != 1:
        return None
    before = next(token for token in reversed(tokens_of(request.text)) if token.end <= fits[0].start)
    return Target(request.start + before.start, request.start + fits[0].end, sure=True)


def _candidates(request: Request) -> list[Phrase]:
    out: list[Phrase] = []
    for phrase in phrases_of(request.text):
        inner: Phrase | None = phrase
        while inner is not None:
            if inner.head not in words.FUNCTION_WORDS and inner.core_end > inner.core_start:
                out.append(inner)
            inner = inner.of
    return out


def _without_article(mine: Phrase, other: Phrase) -> int:
    """Where what gives way begins when the one that comes has no article of its own."""
    drops = other.det in ("a", "an") and (mine.plural or mine.proper or other.proper)
    return other.start if drops else other.core_start


def _weight(mine: Phrase, other: Phrase, request: Request, names: bool | None) -> float:
    if names is not None and request.is_cased and names != other.proper:
        return -EXCLUDED
    weight = 1.0 if mine.plural == other.plural else -1.0
    asked = other.det in words.WH_DETERMINERS
    weight += 0.6 if asked else {"subject": 0.8, "object": 0.8, "about": 0.5}.get(other.role, 0.0)
    weight += 1.0 if other.after in ("how", "many") else 0.0
    weight += 0.5 if bool(mine.det) == bool(other.det) else 0.0
    return weight + _kinship(mine, other)


def _kinship(mine: Phrase, other: Phrase) -> float:
    """How much the two heads are of one kind: a subject field, an ending, or both what things have."""
    one, two = singular(mine.head), singular(other.head)
    field = FIELDS.get(one)
    if field is not None and field == FIELDS.get(two):
        return 1.0
    holders = lexicon.RELATIONAL | lexicon.ATTRIBUTES
    if one in holders and two not in holders:
        return -EXCLUDED
    if two in holders and one not in holders:
        return -1.0
    return 1.5 if one in holders else 0.8 if _ending(one) == _ending(two) else 0.0


def _ending(word: str) -> str:
    return word[-3:]
