"""The rule for comparisons: "which is cheaper?", "how do they compare?", "can I take both?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dialog.interpret.en import lexicon
from dialog.interpret.en.classes import class_of
from dialog.interpret.en.compose import Copied, Glue, Kept, Part, copied, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import item_named, latest_list
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.text import tokens_of
from dialog.interpret.lists import Item
from dialog.interpret.pack import Resolution, Utterance, View

MOST_NAMED = 4
"""Alternatives that are named one by one."""
LONGEST_COMPARISON = 90
TURNS_BACK = 4
MAX_WORDS_APART = 5
"""Words by which two requests may differ that ask the same of two things."""

WHICH = re.compile(
    r"\bwhich(?P<one>\s+ones?)?(?=\s+(?:is|are|was|were|has|have|had|do|does|would|should|will|can|could|costs?|takes?"
    r"|needs?|lasts?|works?|makes?|comes?)\b)(?=.*\b(?:better|worse|best|worst|more|most|less|least|\w{2,}(?:er|est)"
    r"|recommend|choose|pick|get|buy|take|prefer|suggest|go with)\b)",
    re.I,
)
_LEAD = r"\W*(?:(?:and|ok|okay|so|um|uh)[\s,]+)*"
WHICH_ONE = re.compile(
    _LEAD + r"which(?: one(?=(?:\s+(?:is|has|does|do|can|should|would|will|\w+s)|'s)\b)"
    r"|(?=\s+(?:has|does|offers|allows|comes|\w+s\b.*\b(?:better|more|less|\w{2,}er))\b))",
    re.I,
)
WHICH_KIND = re.compile(_LEAD + r"which [a-z]+ (?=.*\b(?:better|worse|more|less|\w{2,}er)\b)", re.I)
"""A comparison that says of what kind the two are: "which city is warmer"."""
BOTH = re.compile(r"\bboth(?=\s*(?:[.?!]|$|\b(?:together|at|in|on|for|with|too|now)\b))(?!\s+of\b)", re.I)
PAIR = re.compile(
    r"\bwhich of (?P<d>them|(?:these|those|the)(?: two)? (?!is\b|was\b|has\b|does\b|lasts\b|costs\b)[a-z]+s(?=\s+\w)"
    r"|the two|(?:these|those)(?: two)?)(?=\s+\w+)"
    r"|\b(?:(?:which|both) of|between|compare|comparing)\s+(?P<a>them(?: both)?|the two|these(?: two)?"
    r"|those(?: two)?)(?=\s*(?:[.?!,]|$|\b(?:is|are|has|have|do|does|would|should|will|can|in|on|for|by|to|best)\b))"
    r"|\b(?:do|are|did|were)\s+(?P<b>they|the two|these(?: two)?|those(?: two)?)(?=\s+(?:compare|differ|different"
    r"|similar|alike|the same|compatible)\b)"
    r"|\b(?P<c>they|them)(?=\s+both\b)",
    re.I,
)
OWN_ALTERNATIVES = re.compile(r"\b(?:or|than|versus|vs|which\s+(?:one\s+)?of\s+(?!them|these|those|the two))\b", re.I)
JOINS_ALTERNATIVES = re.compile(r"\s*,?\s*(?:or|vs\.?|versus)\s+", re.I)
JOINS_COMPARED = re.compile(r"\s*,?\s*(?:and|with|to)\s+", re.I)
COMPARES = re.compile(r"\b(?:compare|comparison|difference|differences|between)\b", re.I)


def compare(view: View, message: Message) -> Resolution | None:
    """What is compared is named where the message leaves it out or only points at it."""
    if not view.utterances or len(message.text) > LONGEST_COMPARISON:
        return None
    place = _place(message)
    if place is None:
        return None
    start, end, kind = place
    things = alternatives(view)
    if not things or (kind in ("both", "kind") and len(things) != 2) or _names_one(message, things):
        return None
    if kind in ("one", "kind") or (kind == "which" and not _was_compared(view)):
        return _with_choice(message, things)
    named = _joined(things)
    lead: list[Part] = [] if kind == "named" else [Glue(" of " if kind == "which" else " ")]
    parts: list[Part] = [Kept(0, start), *lead, *named, Kept(end, len(message.text))]
    edits = edits_of(message.text, parts, "omission" if lead else "reference")
    return Resolution(act="follow_up", edits=edits, rule="comparison", confidence=of_rule("comparison"))


def _was_compared(view: View) -> bool:
    """Whether the user put the things together as "compare A and B", so that they are spoken of as such a pair."""
    said = view.last_user
    return said is not None and COMPARES.search(said.text) is not None and bool(_named_pair(said))


def _with_choice(message: Message, things: Sequence[tuple[Part, ...]]) -> Resolution:
    """ "Which is cheaper?" with what there is to choose from at its end: "Which is cheaper, A or B?"."""
    end = next((token.end for token in reversed(message.tokens) if token.is_word), len(message.text))
    parts: list[Part] = [Kept(0, end), Glue(", "), *_joined(things, last="or"), Kept(end, len(message.text))]
    edits = edits_of(message.text, parts, "omission")
    return Resolution(act="follow_up", edits=edits, rule="comparison", confidence=of_rule("comparison"))


def _place(message: Message) -> tuple[int, int, str] | None:
    """Where the things belong, and how: in place of what points at them ("named"), after "which" or after "both"."""
    text = message.text
    if (found := PAIR.search(text)) and not re.search(r"\bor\b", text[found.end() :]):
        group = next(name for name in "abcd" if found[name])
        return (*found.span(group), "named") if not _protected(message, found.start(group)) else None
    if OWN_ALTERNATIVES.search(text):
        return None
    if len(message.lows) <= 10 and (asked := _which(message)) is not None:
        return asked
    if any(phrase.proper for phrase in message.phrases):
        return None
    if (found := BOTH.search(text)) and _is_object(message, found.start()):
        return found.end(), found.end(), "both"
    return None


def _which(message: Message) -> tuple[int, int, str] | None:
    for kind, found in (
        ("which", WHICH.search(message.text)),
        ("one", WHICH_ONE.match(message.text)),
        ("kind", WHICH_KIND.match(message.text)),
    ):
        if found is not None and not _protected(message, found.start()):
            kind = "one" if found[0].lower().rstrip().endswith(" one") else kind
            return found.end(), found.end(), kind
    return None


def _names_one(message: Message, things: Sequence[tuple[Part, ...]]) -> bool:
    """Whether the message names one of the things itself."""
    said = {part.text.lower() for thing in things for part in thing if isinstance(part, Copied)}
    return any(phrase.proper and phrase.text.lower() in text for phrase in message.phrases for text in said)


def _is_object(message: Message, at: int) -> bool:
    """Whether the "both" at character `at` is the object of the verb before it ("take both", not "read them both")."""
    i = next(k for k, token in enumerate(message.tokens) if token.start >= at)
    return message.tag(i - 1) in ("V", "I") and not message.is_protected(i)


def _protected(message: Message, at: int) -> bool:
    token = next((k for k, token in enumerate(message.tokens) if token.start >= at), None)
    return token is not None and message.is_protected(token)


def alternatives(view: View) -> tuple[tuple[Part, ...], ...]:
    """What stands side by side, each as parts: the list of the last reply, what the user named with "or", what the
    last two requests ask the same of, or an earlier list; nothing when there is no such thing or too much."""
    last = view.utterances[-1]
    offered = latest_list(view)
    if offered is not None and offered[0] is last:
        return _items(offered)
    users = [said for said in view.in_topic if said.role == "user"][-TURNS_BACK:]
    for said in reversed(users):
        if pair := _named_pair(said):
            return pair
    for before, after in reversed(list(pairwise(users))):
        if pair := _asked_of_both(before, after):
            return pair
    return _items(offered) if offered is not None else ()


def _items(offered: tuple[Utterance, tuple[Item, ...]]) -> tuple[tuple[Part, ...], ...]:
    said, items = offered
    loose = any(item.layout == "prose" and not (item.text[0].isupper() or item.text[:4] == "the ") for item in items)
    if not 2 <= len(items) <= MOST_NAMED or loose:
        return ()
    return tuple(tuple(item_named(said, item)) for item in items)


def _named_pair(said: Utterance) -> tuple[tuple[Part, ...], ...]:
    """ "Is A or B better?", "compare A and B"."""
    compared = COMPARES.search(said.text) is not None
    for a, b in pairwise(phrases_of(said.text)):
        between = said.text[a.end : b.start]
        joined = JOINS_ALTERNATIVES.fullmatch(between) or (compared and JOINS_COMPARED.fullmatch(between))
        of_more = said.text[: a.start].rstrip().endswith(",")
        if joined and not of_more and _can_be_named(said, a) and _can_be_named(said, b):
            return (_named(said, a), _named(said, b))
    return ()


def _can_be_named(said: Utterance, phrase: Phrase) -> bool:
    """Whether it is a thing of its own: no number, and no participle or adjective alone."""
    word = tokens_of(said.text)[phrase.last - 1].low
    return not (word[0].isdigit() or word.endswith("ed") or word in lexicon.ADJECTIVES | {"more", "less"})


def _named(said: Utterance, phrase: Phrase) -> tuple[Part, ...]:
    start = phrase.core_start if phrase.det in ("which", "what") else phrase.start
    return (copied(said, start, phrase.end),)


def _asked_of_both(before: Utterance, after: Utterance) -> tuple[tuple[Part, ...], ...]:
    """Two requests with the same words but for one stretch: the two stretches."""
    one, two = tokens_of(before.text), tokens_of(after.text)
    lows, others = [t.low for t in one if t.is_word], [t.low for t in two if t.is_word]
    front = 0
    while front < min(len(lows), len(others)) and lows[front] == others[front]:
        front += 1
    back = 0
    while back < min(len(lows), len(others)) - front and lows[-1 - back] == others[-1 - back]:
        back += 1
    apart = len(lows) - front - back, len(others) - front - back
    if front + back < 3 or not all(0 < n <= MAX_WORDS_APART for n in apart):
        return ()
    found = []
    for said, tokens, n in ((before, one, apart[0]), (after, two, apart[1])):
        stretch = [t for t in tokens if t.is_word][front : front + n]
        thing = _thing_at(said, stretch[0].start, stretch[-1].end)
        if thing is None or class_of(thing.text) in NO_THINGS:
            return ()
        found.append((thing,))
    return tuple(found)


NO_THINGS = ("number", "year", "day", "clock", "daytime", "money", "duration")
"""Classes of what a thing was asked for, not of things that are compared."""


def _thing_at(said: Utterance, start: int, end: int) -> Copied | None:
    """The noun phrase of `said` that holds characters `start`..`end`; None when none does."""
    for phrase in phrases_of(said.text):
        inner: Phrase | None = phrase
        while inner is not None:
            if inner.start <= start and end <= inner.core_end:
                which = inner.det in ("which", "what")
                return copied(said, inner.core_start if which else inner.start, inner.core_end)
            inner = inner.of
    return None


def _joined(things: Sequence[tuple[Part, ...]], *, last: str = "and") -> list[Part]:
    """ "A, B and C"; `last`: the word before the last."""
    parts: list[Part] = []
    for i, thing in enumerate(things):
        if i:
            parts.append(Glue(f" {last} " if i == len(things) - 1 else ", "))
        parts += [_lowered(part) for part in thing] if i else thing
    return parts


def _lowered(part: Part) -> Part:
    """ "The" in lower case inside the sentence."""
    if isinstance(part, Copied) and part.text.startswith("The ") and part.start == 0:
        return part.recased("the " + part.text[4:])
    return part
