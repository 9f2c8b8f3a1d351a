"""What kind of thing a noun phrase names: a man, a place, a band."""

from __future__ import annotations

from typing import Literal

from dialog.interpret.en import lexicon
from dialog.interpret.en.phrases import Phrase
from dialog.interpret.en.text import singular, tokens_of

Kind = Literal["he", "she", "person", "name", "place", "thing", "group"]
"""What is mentioned: a man, a woman, a person, a name that may be anybody's or anything's, a place, a thing, or
a number of people that act as one (a band)."""


def kind_of(phrase: Phrase) -> Kind:
    """The kind of a noun phrase, from its head, its title or its first name."""
    low = [word for word in phrase.words if word != phrase.det or word == phrase.head]
    head = phrase.head
    core = [
        token.low for token in tokens_of(phrase.text[phrase.core_start - phrase.start : phrase.core_end - phrase.start])
    ]
    first = core[0] if core else head
    if (
        singular(head) in lexicon.PLACE_HEADS
        or (phrase.proper and first in lexicon.PLACE_HEADS)
        or (phrase.proper and phrase.after in ("in", "near", "at") and len(low) < 4)
    ):
        return "place"
    if head in lexicon.BAND_HEADS:
        return "group"
    if (
        singular(head) in lexicon.COMMON_HOLDERS
        and singular(head) not in lexicon.PERSON_HEADS | lexicon.FEMALE | lexicon.MALE
    ):
        return "thing"
    for word in (head, first) if len(core) <= 4 else (head,):
        if word in lexicon.FEMALE:
            return "she"
        if word in lexicon.MALE:
            return "he"
    if singular(head) in lexicon.PERSON_HEADS or first in lexicon.PERSON_TITLES:
        return "person"
    if phrase.proper and phrase.det == "":
        return "name"
    if phrase.proper and phrase.plural:
        return "group"
    return "thing"


def is_person(phrase: Phrase) -> bool:
    return kind_of(phrase) in ("he", "she", "person")
