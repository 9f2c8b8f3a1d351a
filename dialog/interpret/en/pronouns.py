"""The rule for pronouns: find the ones that point outside the message, choose what each means, put it in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialog.interpret.en.anaphors import Anaphor, anaphors_in
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import UNSURE, of_pronoun
from dialog.interpret.en.entities import together
from dialog.interpret.en.mentions import Mention, mentions_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.reference import Choice, agreement, choose, replacement
from dialog.interpret.en.tables import word_set
from dialog.interpret.lists import items_offered
from dialog.interpret.pack import Resolution, View

PERSON_PRONOUN = re.compile(r"\b(?:he|she|him|his|her)\b", re.I)
CLEAR = 0.2
"""With a smaller lead of one person over another, which one is meant is anybody's guess."""
MEANT_HERE = ("it", "they", "he", "she", "there", "those")


def resolve_pronouns(view: View, message: Message) -> Resolution | None:
    """Every pronoun of the message that points outside, by the heaviest mention that agrees with it."""
    anaphors = anaphors_in(message)
    if not anaphors or (not view.utterances and not view.caller):
        return None
    if _reports(view, message):
        return Resolution(act="follow_up", rule="anaphor/report", confidence=0.45, unsure=True)
    mentions = mentions_of(view)
    people = people_spoken_of(view)
    chosen: list[Meant] = []
    confidences: list[float] = []
    missed = False
    for anaphor in anaphors:
        choice = choice_for(view, message, anaphor, mentions, chosen, people=people)
        if choice is None or (anaphor.form in ("he", "she") and _is_one_of_two(anaphor, choice, mentions)):
            missed = missed or anaphor.form not in ("that", "then", "those")
        else:
            chosen.append(Meant(anaphor, choice.mention, parts_for(view, message, anaphor, choice)))
            confidences.append(
                of_pronoun(anaphor.form, score=choice.score, margin=choice.margin, answered=view.last_reply is not None)
            )
    if not chosen and not missed:
        return None
    if not chosen:
        return Resolution(act="follow_up", rule="anaphor/unresolved", confidence=0.3, unsure=True)
    confidence = min(confidences) * (0.7 if missed else 1.0)
    return Resolution(
        act="follow_up",
        edits=edits_of(message.text, _parts(message, chosen), "reference"),
        confidence=confidence,
        rule=f"anaphor/{chosen[0].anaphor.form}",
        unsure=missed or confidence < UNSURE,
    )


def _reports(view: View, message: Message) -> bool:
    """ "It's green now", said to the assistant's question or advice: the two know what is meant, words may not tell."""
    first, last = message.body
    states = message.low(first) == "it" and message.low(first + 1) in (
        "is",
        "'s",
        "was",
        "says",
        "shows",
        "works",
        "did",
        "does",
    )
    told = bool(view.utterances) and view.utterances[-1].role == "assistant"
    return states and told and last - first <= 8 and "?" not in message.text


@dataclass(frozen=True)
class Meant:
    """A pronoun, what it means, and the parts that say so."""

    anaphor: Anaphor
    mention: Mention
    parts: tuple[Part, ...]


def choice_for(
    view: View,
    message: Message,
    anaphor: Anaphor,
    mentions: Sequence[Mention],
    chosen: Sequence[Meant],
    *,
    people: bool,
) -> Choice | None:
    """The choice for one pronoun; two different pronouns of a message do not mean the same."""
    if anaphor.form == "then":
        return _time(view)
    if anaphor.form not in MEANT_HERE and not (anaphor.form == "that" and _of_a_thing(message, anaphor)):
        return None
    if anaphor.form == "they" and "both" in message.lows and not _several(view, message, anaphor):
        return None
    if anaphor.form == "those" and not _several(view, message, anaphor):
        return None
    taken = {meant.mention.core.casefold() for meant in chosen}
    own = {phrase.text.casefold() for phrase in message.phrases} | {
        phrase.text[phrase.core_start - phrase.start :].casefold() for phrase in message.phrases
    }
    left = [mention for mention in mentions if mention.core.casefold() not in taken | own]
    choice = choose(anaphor, left, people_spoken_of=people)
    return replace(choice, mention=_known(_fullest(choice.mention, mentions), mentions)) if choice is not None else None


def _known(mention: Mention, mentions: Sequence[Mention]) -> Mention:
    """What was brought up as "a router" by its later "the router"; a word that begins a sentence of a reply as the user
    wrote it."""
    if mention.proper and not mention.by_user and mention.det == "":
        lower = mention.core.lower()
        return next((m for m in mentions if m.by_user and m.core == lower and not m.plural), mention)
    if mention.det not in ("a", "an"):
        return mention
    same = (m for m in mentions if m.det == "the" and m.head == mention.head and m.order > mention.order)
    return next((m for m in same if not m.proper and m.core_end == m.end), mention)


def _of_a_thing(message: Message, anaphor: Anaphor) -> bool:
    """Whether "that" is said to do or undergo what things do and facts do not: "when was that released?"."""
    return message.low(anaphor.i + 1) in OF_THINGS and message.low(0) in ("when", "where", "who", "how", "and", "did")


OF_THINGS = word_set(
    """released published written recorded built founded invented discovered located filmed painted made start begin
    end open close air cost weigh last taste smell"""
)


def _is_one_of_two(anaphor: Anaphor, choice: Choice, mentions: Sequence[Mention]) -> bool:
    """Whether somebody else is as likely: one with the same weight, or the other of two who were named together."""
    if choice.margin < CLEAR:
        return True
    one = choice.mention
    pairs = [
        m for m in mentions if m.kind == "group" and m.where == one.where and m.start <= one.start and one.end <= m.end
    ]
    if any(_is_the_other(anaphor, one, other, pair) for pair in pairs if pair.plural for other in mentions):
        return True
    return one.proper and any(
        _beside(one, other) for other in mentions if agreement(anaphor, other, people_spoken_of=True)
    )


def _beside(one: Mention, other: Mention) -> bool:
    """Whether two names stand in one enumeration: "Owen, Jill and Danny"."""
    if one.where != other.where or not other.proper or one.start == other.start:
        return False
    first, second = (one, other) if one.start < other.start else (other, one)
    return first.said[first.end : second.start].strip() in (",", "and", "or", ", and", "&")


def _is_the_other(anaphor: Anaphor, one: Mention, other: Mention, pair: Mention) -> bool:
    """Whether `other` stands beside `one` in `pair` and agrees as well."""
    inside = other.where == one.where and pair.start <= other.start and other.end <= pair.end
    apart = other.start != one.start and other.end - other.start < pair.end - pair.start
    return inside and apart and agreement(anaphor, other, people_spoken_of=True) is not None


def _fullest(mention: Mention, mentions: Sequence[Mention]) -> Mention:
    """A surname by its full name, where that was said or is the title."""
    if mention.kind not in ("name", "he", "she", "person") or " " in mention.core:
        return mention
    ending = f" {mention.core.casefold()}"
    full = [other for other in mentions if other.proper and not other.plural and other.core.casefold().endswith(ending)]
    return next((other for other in full if len(other.core.split()) <= 4 and other.det == ""), mention)


def _time(view: View) -> Choice | None:
    """The year that was last spoken of, for "then"."""
    for said in reversed(view.utterances[-4:]):
        years = list(A_YEAR.finditer(said.text))
        if years:
            start, end = years[-1].span()
            mention = Mention(said, None, start, end, start, end, "", years[-1][0], "thing", False, False, 1.0, 0, 0)
            return Choice(mention, 1.0, 1.0)
    return None


def parts_for(view: View, message: Message, anaphor: Anaphor, choice: Choice) -> tuple[Part, ...]:
    """What stands in for the pronoun: the phrase, or all that a list or a comparison puts side by side."""
    if anaphor.form == "then":
        return (Glue("in "), choice.mention.copy())
    if anaphor.form in ("they", "those"):
        several = _several(view, message, anaphor)
        if several:
            return (*several, Glue("'s")) if anaphor.possessive else several
    return replacement(message, anaphor, choice.mention)


def _several(view: View, message: Message, anaphor: Anaphor) -> tuple[Part, ...]:
    """The items of a list that the last reply gave by name."""
    if not view.utterances or view.utterances[-1].role != "assistant":
        return ()
    said = view.utterances[-1]
    items = items_offered(said.text)
    if not 2 <= len(items) <= MOST_NAMED or not all(
        item.text[0].isupper() or item.text.startswith("the ") for item in items
    ):
        return ()
    return tuple(together(said, items))


MOST_NAMED = 4
A_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")


def people_spoken_of(view: View) -> bool:
    """Whether the user has lately said he or she of someone, so that a bare name is a person's."""
    return any(PERSON_PRONOUN.search(turn.user) for turn in view.state.turns[-4:])


def _parts(message: Message, chosen: Sequence[Meant]) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for meant in chosen:
        parts += [Kept(at, meant.anaphor.start), *meant.parts]
        at = meant.anaphor.end
    return [*parts, Kept(at, len(message.text))]
