"""What the assistant put forward last: the one thing it named, or the list it gave."""

from __future__ import annotations

import re

from dialog.interpret.en.compose import Copied, Glue, Part, copied
from dialog.interpret.en.introductions import OPENING_CHARS, introduced_in
from dialog.interpret.en.kinds import kind_of
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.text import is_cased, sentences_of
from dialog.interpret.lists import Item, items_offered
from dialog.interpret.pack import Utterance, View

MAX_REPLIES_BACK = 3


def latest_list(view: View) -> tuple[Utterance, tuple[Item, ...]] | None:
    """The latest reply of the topic that offers two or more things, at most three replies back."""
    replies = [said for said in view.in_topic if said.role == "assistant"][-MAX_REPLIES_BACK:]
    for said in reversed(replies):
        items = items_offered(said.text)
        if items:
            return said, items
    return None


def answer_named(view: View) -> Copied | None:
    """The one name the latest reply of the topic puts forward: its first item, or its first proper name that the
    user had not said before."""
    replies = [said for said in view.in_topic if said.role == "assistant"]
    if not replies:
        return None
    said = replies[-1]
    place = introduced_in(said.text)
    if place is not None:
        return copied(said, *place)
    items = items_offered(said.text)
    if items and (items[0].layout != "prose" or items[0].text[0].isupper()):
        return copied(said, items[0].start, items[0].end)
    before = " ".join(user.text for user in view.utterances if user.role == "user").casefold()
    phrase = named_in(said.text, before)
    return copied(said, phrase.start if phrase.det != "a" else phrase.core_start, phrase.core_end) if phrase else None


def named_in(text: str, known: str) -> Phrase | None:
    """The first proper name in the opening of `text` that `known` (case-folded) does not hold; its first subject in a
    text without capitals."""
    text = text[:OPENING_CHARS]
    opening = sentences_of(text)[:2]
    end = opening[-1][1] if opening else len(text)
    phrases = [phrase for phrase in phrases_of(text) if phrase.start < end]
    if is_cased(text):
        names = [
            phrase
            for phrase in phrases
            if phrase.proper
            and not phrase.words[0][0].isdigit()
            and phrase.text[phrase.core_start - phrase.start :].casefold() not in known
        ]
        whole = [phrase for phrase in names if kind_of(phrase) != "place" or phrase.role in ("subject", "object")]
        return next(iter(whole), None)
    fresh = [
        p
        for p in phrases
        if p.text.casefold() not in known and p.det in ("", "the") and p.role in ("subject", "object")
    ]
    return next(iter(fresh), None)


def together(said: Utterance, items: tuple[Item, ...]) -> list[Part]:
    """The items as one enumeration; a whole series of a sentence as it was said."""
    if items[0].layout == "prose" and said.text[items[-2].end : items[-1].start].strip(", ") in ("and", "&"):
        return [copied(said, items[0].start, items[-1].end)]
    parts: list[Part] = []
    for i, item in enumerate(items):
        if i:
            parts.append(Glue(" and " if i == len(items) - 1 else ", "))
        parts += item_named(said, item)
    return parts


def item_named(said: Utterance, item: Item) -> list[Part]:
    """An item by its name, with the "the" that the reply says before it: "the **Arzler Alm** walk"."""
    name = copied(said, item.start, item.end)
    before = said.text[max(0, item.start - 8) : item.start].rstrip("*_\"“'`")
    return [Glue("the "), name] if item.layout == "prose" and THE.search(before) else [name]


THE = re.compile(r"(?:^|\W)the $", re.I)
