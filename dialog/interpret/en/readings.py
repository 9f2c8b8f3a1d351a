"""The possible mentions of one text: of an utterance, or of the title that a caller gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from dialog.interpret.en import lexicon
from dialog.interpret.en.kinds import Kind, is_person, kind_of
from dialog.interpret.en.phrase_readings import EMPTY_HEADS, Reading, of_phrase
from dialog.interpret.en.phrases import Phrase, Role, phrases_of
from dialog.interpret.en.reply_readings import acts, answers, names_an_answer, with_introduced
from dialog.interpret.en.tagging import tags_of
from dialog.interpret.en.text import sentences_of, singular, tokens_of

WEIGHT: dict[Role, float] = {"about": 3.0, "subject": 2.6, "object": 2.2, "oblique": 1.2, "other": 1.6}
TITLE = 5.0
"""The weight of what the caller says the dialog is about."""
IN_REPLY = 0.1
REPLY_SHARE = 0.5
LATER_SENTENCE = 0.8
"""A mention in a reply weighs `IN_REPLY` and this share of what it would in the user's words, less after the first
sentence."""
MADE = re.compile(
    r"\bwho\s+(?:(?P<body>founded|co-founded|owns|owned|runs|bought|acquired)|wrote|composed|directed|produced|invented"
    r"|painted|sculpted|designed|built|discovered|created|published|recorded|released|sang|sings|starred in|stars in)"
    r"\s+",
    re.I,
)
"""What begins with this goes on with a work, or with a body of people: not with anybody who may be "he" or "she"."""


@lru_cache(maxsize=512)
def readings_of(text: str, by_user: bool, question: str | None, chars: int) -> tuple[Reading, ...]:
    """The possible mentions of one utterance; `question` is what a reply answers, of which `chars` characters count."""
    text = text if by_user else text[:chars]
    phrases = phrases_of(text)
    found: list[Reading] = []
    opens = sentences_of(text)[:1]
    named = names_an_answer(question) if question is not None else False
    for i, phrase in enumerate(phrases):
        weight = WEIGHT[phrase.role]
        previous = phrases[i - 1] if i else None
        if previous is not None and phrase.role == "oblique" and _leads_on(previous, phrase, text):
            weight = WEIGHT[previous.role] + 0.4
        if not by_user:
            first_sentence = bool(opens) and phrase.start < opens[0][1]
            weight = IN_REPLY + REPLY_SHARE * weight - (0.0 if first_sentence else LATER_SENTENCE)
            weight += 0.9 if named and phrase.proper and phrase.role == "subject" else 0.0
            weight += answers(text, phrase, question)
        found += of_phrase(text, phrase, weight)
        if not by_user and i == 0 and found and question is not None and acts(text, phrase, question):
            found[-1] = replace(found[-1], kind="group", weight=weight + 1.0)
    if not by_user:
        found = with_introduced(text, found)
    elif (made := MADE.search(text)) is not None:
        kind: Kind = "group" if made["body"] else "thing"
        found = [replace(each, kind=kind) if each.start == made.end() and each.proper else each for each in found]
    found += _coordinated(text, phrases, found)
    found += _gerunds(text, by_user)
    return tuple(found)


def _leads_on(previous: Phrase, phrase: Phrase, text: str) -> bool:
    """Whether `previous` is a relational noun whose holder is `phrase`: "the evidence for the collapse"."""
    between = text[previous.end : phrase.start].split()
    holds = singular(previous.head) in lexicon.RELATIONAL or previous.head in EMPTY_HEADS
    return (
        len(between) == 1
        and between[0] in ("for", "around", "behind", "to", "with", "about", "on", "between")
        and holds
    )


def _coordinated(text: str, phrases: Sequence[Phrase], readings: Sequence[Reading]) -> Iterator[Reading]:
    """ "Meg and Calvin": two names joined are many."""
    weights = {(reading.start, reading.end): reading.weight for reading in readings}
    for a, b in pairwise(phrases):
        joined = text[a.end : b.start].strip() in ("and", "&") and a.of is None
        if joined and ((a.proper and b.proper) or (is_person(a) and is_person(b))):
            weight = max(weights.get((a.start, a.end), 0), weights.get((b.start, b.end), 0)) + 0.1
            people = is_person(a) or is_person(b)
            yield Reading(
                a.start,
                b.end,
                a.core_start,
                b.core_end,
                a.det,
                b.head,
                "group" if people else "thing",
                True,
                True,
                weight,
            )


def _gerunds(text: str, by_user: bool) -> Iterator[Reading]:
    """ "Why is learning a second language difficult?": an activity is a thing too."""
    if not by_user:
        return
    tokens, tags = tokens_of(text), tags_of(text)
    for i, tag in enumerate(tags):
        if (
            tag != "V"
            or not tokens[i].low.endswith("ing")
            or not i
            or tags[i - 1] not in "XI"
            or tokens[i - 1].low in ("'m", "'re", "am", "been")
        ):
            continue
        if tags[i - 1] == "X" and any(t in "PN" for t in tags[:i]):
            continue
        last = i
        for phrase in phrases_of(text):
            if phrase.first == i + 1:
                last = phrase.last - 1
        if last > i:
            yield Reading(
                tokens[i].start,
                tokens[last].end,
                tokens[i].start,
                tokens[last].end,
                "",
                tokens[i].low,
                "thing",
                False,
                False,
                2.8,
            )


@lru_cache(maxsize=64)
def title_of(text: str) -> Reading | None:
    """What a title names, without a bracketed explanation."""
    end = text.find(" (")
    end = end if end > 0 else len(text)
    if not text.strip():
        return None
    bracket = text[end:].lower()
    found = phrases_of(text[:end])
    lone = found[0] if len(found) == 1 and found[0].start == 0 and found[0].end == end else None
    kind: Kind = kind_of(lone) if lone is not None else "name"
    if any(word in bracket for word in ("song", "film", "album", "novel", "series", "game", "show")):
        kind = "thing"
    if "band" in bracket or "group" in bracket:
        kind = "group"
    head = tokens_of(text[:end])[-1].low
    return Reading(0, end, 0, end, "", head, kind, False, True, TITLE)
