"""What a reply brings to mind first: a name that answers the question, and what it introduces."""

from __future__ import annotations

from dataclasses import replace

from dialog.interpret.en import words
from dialog.interpret.en.introductions import introduced_in
from dialog.interpret.en.kinds import Kind, kind_of
from dialog.interpret.en.phrase_readings import Reading
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.places import is_place
from dialog.interpret.en.text import tokens_of

ANSWER = 2.4
PART_OF_ANSWER = 1.5
SHORT_ANSWER = 9
"""How much more a name weighs that answers the question, in a reply of at most so many words and in a longer one."""


def answers(text: str, phrase: Phrase, question: str | None) -> float:
    """What a name weighs more that a short reply "X is Y" gives in answer to a question, most when it gives no more."""
    if question is not None and phrase.start <= 4 and _is_the_one(phrase, question):
        return PART_OF_ANSWER
    if question is None or not phrase.proper or len(text) > 120 or phrase.after not in ("is", "was", "are", "by"):
        return 0.0
    asked = tokens_of(question)[:1]
    if not asked or asked[0].low not in words.WH or phrase.text.casefold() in question.casefold():
        return 0.0
    alone = len(text.split()) <= SHORT_ANSWER and phrase.after != "by" and not text[phrase.end :].strip(" .!")
    return ANSWER if alone else PART_OF_ANSWER


def with_introduced(text: str, found: list[Reading]) -> list[Reading]:
    """The readings of a reply, in which what it introduces by name outweighs what it says of it ("X is a Y")."""
    place = introduced_in(text)
    if place is None:
        return found
    start, end = place
    outside = [reading for reading in found if reading.end <= start or reading.start >= end]
    same = next(
        (reading for reading in found if reading.start >= start and reading.end <= end and reading.kind != "thing"),
        None,
    )
    lower = [
        replace(reading, weight=reading.weight - 1.2) if reading.det in ("a", "an") else reading for reading in outside
    ]
    head = tokens_of(text[start:end])[-1].low
    kind: Kind = same.kind if same is not None else "name"
    if kind == "name" and (said := _said_of(text, end)) in ("place", "person", "thing", "group"):
        kind = said
    core = start + 4 if text[start : start + 4].lower() == "the " else start
    det = "the" if core != start else ""
    return [*lower, Reading(start, end, core, end, det, head, kind, False, True, 4.0)]


def _said_of(text: str, end: int) -> Kind | None:
    """The kind of what follows "is" after a name: "is a nice hotel" makes it a place."""
    following = next((p for p in phrases_of(text) if p.start >= end), None)
    if following is None or following.det not in ("a", "an", "the", "one") or following.start - end > 8:
        return None
    return kind_of(following)


def _is_the_one(phrase: Phrase, question: str) -> bool:
    """Whether a reply to "who wrote it?" begins with the one who did."""
    asked = tokens_of(question)[:1]
    return bool(asked) and asked[0].low == "who" and phrase.proper and phrase.text.casefold() not in question.casefold()


def acts(text: str, phrase: Phrase, question: str) -> bool:
    """Whether a reply to "who won?" begins with a country or a club as the one who did."""
    asked = [token.low for token in tokens_of(question)[:2]]
    who = asked[:1] == ["who"] or asked in (["which", "team"], ["which", "country"], ["which", "club"])
    return who and phrase.proper and kind_of(phrase) in ("place", "name") and is_place(phrase.text)


def names_an_answer(question: str) -> bool:
    """Whether a question asks for something not yet named, so that the name in its answer is what comes to mind."""
    phrases = phrases_of(question)
    return not any(phrase.proper for phrase in phrases) or any(
        phrase.det in ("a", "an", "any", "some", "what", "which") or phrase.plural for phrase in phrases
    )
