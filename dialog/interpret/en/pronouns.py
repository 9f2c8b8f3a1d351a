"""The rule for pronouns: find the ones that point outside the message, choose what each means, put it in place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.en.anaphors import Anaphor, anaphors_in
from dialog.interpret.en.compose import Kept, Part, edits_of
from dialog.interpret.en.mentions import Mention, mentions_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.reference import Choice, choose, replacement
from dialog.interpret.pack import Resolution, View

PERSON_PRONOUN = re.compile(r"\b(?:he|she|him|his|her)\b", re.I)
CLEAR = 0.2
"""With a smaller lead of one person over another, which one is meant is anybody's guess."""
MEANT_HERE = ("it", "they", "he", "she", "there")


def resolve_pronouns(view: View, message: Message) -> Resolution | None:
    """Every pronoun of the message that points outside, by the heaviest mention that agrees with it."""
    anaphors = anaphors_in(message)
    if not anaphors or not view.utterances and not view.caller:
        return None
    mentions = mentions_of(view)
    people = people_spoken_of(view)
    chosen: list[tuple[Anaphor, Mention]] = []
    margins: list[float] = []
    missed = False
    for anaphor in anaphors:
        choice = choice_for(anaphor, mentions, chosen, people=people)
        if choice is None or (anaphor.form in ("he", "she") and choice.margin < CLEAR):
            missed = True
        else:
            chosen.append((anaphor, choice.mention))
            margins.append(choice.margin)
    if not chosen:
        return Resolution(act="follow_up", rule="anaphor/unresolved", confidence=0.3, unsure=True)
    confidence = min(0.85, 0.5 + 0.15 * min(margins)) * (0.7 if missed else 1.0)
    return Resolution(
        act="follow_up",
        edits=edits_of(message.text, _parts(message, chosen), "reference"),
        confidence=confidence,
        rule=f"anaphor/{chosen[0][0].form}",
        unsure=missed or confidence < 0.5,
    )


def choice_for(
    anaphor: Anaphor, mentions: Sequence[Mention], chosen: Sequence[tuple[Anaphor, Mention]], *, people: bool
) -> Choice | None:
    """The choice for one pronoun; two different pronouns of a message do not mean the same."""
    if anaphor.form not in MEANT_HERE:
        return None
    taken = {mention.core.casefold() for _, mention in chosen}
    left = [mention for mention in mentions if mention.core.casefold() not in taken]
    return choose(anaphor, left, people_spoken_of=people)


def people_spoken_of(view: View) -> bool:
    """Whether the user has lately said he or she of someone, so that a bare name is a person's."""
    return any(PERSON_PRONOUN.search(turn.user) for turn in view.state.turns[-4:])


def _parts(message: Message, chosen: Sequence[tuple[Anaphor, Mention]]) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for anaphor, mention in chosen:
        parts += [Kept(at, anaphor.start), *replacement(message, anaphor, mention)]
        at = anaphor.end
    return [*parts, Kept(at, len(message.text))]
