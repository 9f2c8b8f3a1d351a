"""A noun phrase as possible mentions: itself, its owner, and what it holds after "of"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.kinds import Kind, kind_of
from dialog.interpret.en.phrases import Phrase, is_plural
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.tagging import tags_of
from dialog.interpret.en.text import is_cased, singular, tokens_of

EMPTY_HEADS = word_set(
    """kind kinds way ways thing things lot lots bit type sort day days time times reason reasons example examples idea
    ideas information info question questions answer answers fact facts something anything part one ones way year
    years hour hours minute minutes week weeks month months age number amount detail details else difference
    differences other others same most some many interest top best favor favorite sorry morning afternoon evening
    night moment help please problem thanks today tomorrow monday tuesday wednesday thursday friday saturday sunday
    pm am a.m p.m options option miles mile result results"""
)
"""Heads that are hardly ever taken up by a pronoun."""
STREETS = word_set("""street st road rd avenue ave drive dr lane ln place pl court ct boulevard blvd way square""")


@dataclass(frozen=True)
class Reading:
    """A noun phrase as a possible mention, before it is placed in a dialog."""

    start: int
    end: int
    core_start: int
    core_end: int
    det: str
    head: str
    kind: Kind
    plural: bool
    proper: bool
    weight: float


def of_phrase(text: str, phrase: Phrase, weight: float) -> Iterator[Reading]:
    inner = phrase.of
    relational = singular(phrase.head) in lexicon.RELATIONAL or phrase.head in EMPTY_HEADS
    possessor = _possessor(text, phrase)
    if inner is not None:
        yield from of_phrase(text, inner, weight + (0.3 if relational else -0.5))
    if possessor is not None:
        yield _reading(possessor, weight + (0.3 if relational else -1.0))
    if phrase.head in EMPTY_HEADS or _no_name(phrase) or phrase.det in ("his", "her", "its", "their"):
        return
    holder = inner is not None or possessor is not None
    weight -= (3.0 if relational else 0.2) if holder else (1.8 if relational else 0.0)
    if not holder and phrase.det in ("the", "this", "that") and phrase.last - phrase.first == 2 and not phrase.proper:
        weight -= 1.0 if singular(phrase.head) in lexicon.COMMON_HOLDERS else 0.0
    if any(_is_superlative(word) for word in phrase.words):
        weight -= 1.2
    if _is_address(phrase):
        weight -= 2.0
    yield _reading(phrase, weight)


def _is_superlative(word: str) -> bool:
    return word in ("best", "most", "worst", "least") or (word.endswith("est") and word[:-3] in lexicon.ADJECTIVES)


def _is_address(phrase: Phrase) -> bool:
    return phrase.words[0][0].isdigit() and len(phrase.words) > 1 and (phrase.proper or phrase.head in STREETS)


def _no_name(phrase: Phrase) -> bool:
    """Numbers, ordinals and superlatives without a noun name nothing."""
    head = phrase.head
    number = head[0].isdigit() and not phrase.proper
    return number or head in words.ORDINALS or head in words.NUMBER_WORDS or (head.endswith("est") and len(head) > 5)


def _reading(phrase: Phrase, weight: float) -> Reading:
    if phrase.proper:
        weight += 1.0
    elif phrase.det in ("the", "this", "that", "my", "your"):
        weight += 0.5
    elif phrase.det in words.WH_DETERMINERS:
        weight -= 1.2
    elif phrase.det in ("no", "any", "another", "other"):
        weight -= 0.8
    return Reading(
        phrase.start, phrase.end, phrase.core_start, phrase.core_end, phrase.det, phrase.head, kind_of(phrase),
        phrase.plural, phrase.proper, weight,
    )  # fmt: skip


def _possessor(text: str, phrase: Phrase) -> Phrase | None:
    """The owner in "lung cancer's symptoms"."""
    tokens, tags = tokens_of(text), tags_of(text)
    cut = next(
        (i for i in range(phrase.first + 1, phrase.last) if i < len(tags) and tags[i] == "S" and i < phrase.last), None
    )
    if cut is None or tokens[cut].start >= phrase.core_end:
        return None
    head = tokens[cut - 1]
    return Phrase(
        text=text[phrase.start : head.end], start=phrase.start, end=head.end, first=phrase.first, last=cut,
        core_start=phrase.core_start, core_end=head.end, det=phrase.det, head=head.low,
        proper=is_cased(text) and head.text[0].isupper(), plural=is_plural(head.low) and not head.text[0].isupper(),
        role=phrase.role, after=phrase.after,
    )  # fmt: skip
