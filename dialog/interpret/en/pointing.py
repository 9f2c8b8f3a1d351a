"""The rules for "that one", "this restaurant", "that policy": the one thing that was put forward last."""

from __future__ import annotations

import re

from dialog.interpret.en import lexicon
from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.compose import Copied, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import answer_named, item_named
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.places import is_place
from dialog.interpret.en.standing import latest
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import singular, tokens_of
from dialog.interpret.lists import Item, items_marked, items_offered
from dialog.interpret.pack import Resolution, View


def choose_named(view: View, message: Message) -> Resolution | None:
    """ "that one", "this restaurant": the one thing that the last reply put forward."""
    found = THAT_ONE.search(message.text)
    if not found or not view.utterances or view.utterances[-1].role != "assistant":
        return None
    at = next(k for k, token in enumerate(message.tokens) if token.start >= found.start())
    if message.is_protected(at):
        return None
    named = answer_named(view)
    if named is None or not _suits(found["noun"], view, named):
        return None
    parts: list[Part] = [Kept(0, found.start()), named, Kept(found.end(), len(message.text))]
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="follow_up", edits=edits, rule="demonstrative", confidence=of_rule("demonstrative"))


THAT_ONE = re.compile(
    r"\b(?:that|this)\s+(?P<noun>one|place|restaurant|hotel|bar|cafe|shop|store|museum|movie|film|book|song"
    r"|spot|venue|location|option)\b(?!\s+(?:that|which|who))",
    re.I,
)


def _suits(noun: str, view: View, named: Copied) -> bool:
    """Whether the thing named can be called `noun`: the topic has spoken of such things."""
    low = singular(noun.lower())
    if low in ("one", "option"):
        return True
    spoken = " ".join(said.text.lower() for said in view.in_topic[-4:])
    return low in spoken or low in lexicon.PLACE_HEADS or low in ("place", "spot", "venue")


def point_at_kind(view: View, message: Message) -> Resolution | None:
    """ "Can we add my mother to that policy?": the one name of the last reply, or of the last request, when the talk
    has called such things by that noun."""
    phrase = next((p for p in message.phrases if _points(message, p)), None)
    if phrase is None or not view.utterances or any(anaphor.form in ("it", "they") for anaphor in anaphors_in(message)):
        return None
    named = _sole_name(view, phrase)
    if named is None:
        return None
    parts: list[Part] = [Kept(0, phrase.start), *named, Kept(phrase.core_end, len(message.text))]
    edits = edits_of(message.text, parts, "reference")
    rule = "demonstrative/kind"
    return Resolution(act="follow_up", edits=edits, rule=rule, confidence=of_rule(rule))


def _points(message: Message, phrase: Phrase) -> bool:
    """Whether it is "that" or "this" and a lone common noun for a thing."""
    if phrase.det not in ("that", "this") or phrase.last - phrase.first != 2 or phrase.of is not None:
        return False
    if phrase.proper or phrase.plural or phrase.head in NO_KIND or message.is_protected(phrase.first):
        return False
    if singular(phrase.head) in lexicon.PERSON_HEADS:
        return False
    return message.low(phrase.last) not in ("that", "which", "who", "of", "'s") and message.tag(phrase.last) != "N"


NO_KIND = word_set(
    """day time year week weekend month morning afternoon evening night moment hour minute date case way kind sort type
    point reason thing stuff part number price amount question problem idea much many side rate much fact situation
    information answer word list order question area person man woman guy lady boy girl kid child one ones"""
)


def _sole_name(view: View, phrase: Phrase) -> list[Part] | None:
    """The only name that the last reply puts forward, else the only one of the last request, if `phrase` suits it."""
    noun = singular(phrase.head)
    last = view.utterances[-1]
    if last.role == "assistant":
        marked = items_marked(last.text)
        if len(marked) == 1 and _is_name(marked[0]):
            outside = last.text[: marked[0].start] + last.text[marked[0].end :]
            fits = noun in _nouns(marked[0].text) or (_was_asked_for(view, noun) and noun not in _nouns(outside))
            return item_named(last, marked[0]) if fits else None
        if marked or len(items_offered(last.text)) > 1 or noun in _nouns(last.text):
            return None
    user = view.last_user
    request = latest(view, also_choices=True)
    if user is None or request is None or request.said.turn_id != user.turn_id or not _was_asked_for(view, noun):
        return None
    names = [p for p in phrases_of(request.text) if p.proper and not is_place(p.text) and not p.head[0].isdigit()]
    if len(names) != 1 or " or " in request.text:
        return None
    return [request.copy(request.start + names[0].start, request.start + names[0].core_end)]


def _is_name(item: Item) -> bool:
    return item.text[0].isupper() and len(item.text.split()) <= LONGEST_NAME


LONGEST_NAME = 5


def _nouns(text: str) -> set[str]:
    return {singular(token.low) for token in tokens_of(text)}


def _was_asked_for(view: View, noun: str) -> bool:
    """Whether the user has asked for one of that kind: "find me a yoga class", "which policy ..."."""
    return any(
        singular(phrase.head) == noun and phrase.det in ("a", "an", "any", "some", "which", "what", "")
        for said in view.utterances
        if said.role == "user"
        for phrase in phrases_of(said.text)
        if not phrase.proper
    )
