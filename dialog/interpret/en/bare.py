"""The rule for a bare phrase: "June?", "velcro", "in Devon" said after a request asks the same of something else."""

from __future__ import annotations

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.compose import edits_of
from dialog.interpret.en.confidence import UNSURE, of_rule
from dialog.interpret.en.counterpart import counterpart
from dialog.interpret.en.merge import Target, replaced, target_for
from dialog.interpret.en.message import Message, read
from dialog.interpret.en.phrases import is_plural
from dialog.interpret.en.standing import Request, latest, requests_of
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import is_cased, singular, tokens_of
from dialog.interpret.fields.en import FIELDS
from dialog.interpret.pack import Resolution, View
from dialog.rewrite import apply_edits

NO_PHRASE = word_set("that which who any other another more no not")
"""Words that begin what adds to a request or asks anew rather than what changes it."""
LONGEST = 4
"""Words of a bare phrase; a longer one is a search of its own."""


def ask_of_another(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """The latest request with tokens `first`..`last` in the stead of their like; None when they have none there."""
    if not 0 < last - first <= LONGEST or not _is_bare(message, first, last):
        return None
    found, rule = _of_its_kind(view, message, first, last), "bare/kind"
    if found is None:
        found, rule = _of_its_form(view, message, first, last), "bare/form"
    if found is None:
        return None
    edits = edits_of(message.text, replaced(message, found[0], first, last, found[1]), "omission")
    if _words(apply_edits(message.text, edits)) == _words(message.text):
        return None  # all of the request gave way ("question 2?" after "question 1?")
    sure = of_rule(f"omission/{rule}")
    return Resolution(act="follow_up", edits=edits, rule=f"omission/{rule}", confidence=sure, unsure=sure < UNSURE)


def _of_its_kind(view: View, message: Message, first: int, last: int) -> tuple[Request, Target] | None:
    """The latest request that has something of the same class or with a word in common, and where."""
    for request in requests_of(view):
        target = target_for(message, request, first, last, by_form=False)
        if target is not None and target.sure:
            return request, target
    return None


def _of_its_form(view: View, message: Message, first: int, last: int) -> tuple[Request, Target] | None:
    request = latest(view)
    if request is None or anaphors_in(read(request.text)):
        return None  # a request that was not understood itself says little about what could take whose place
    target = counterpart(message, request, first, last, names=is_name(view, message, first, last))
    return (request, target) if target is not None else None


def is_name(view: View, message: Message, first: int, last: int) -> bool | None:
    """Whether the phrase is a name; None when its only capital is that of a message's first word."""
    at = next((k for k in range(first, last) if message.tokens[k].text[0].isupper()), None)
    if at is None:
        return False if any(said.role == "user" and is_cased(said.text) for said in view.utterances) else None
    if at > first or message.tokens[first].start > 0:
        return True
    writes_lower = all(turn.user[:1].islower() for turn in view.state.turns)
    low = singular(message.low(first))
    known = low in lexicon.NOUN_OR_VERB | lexicon.ADJECTIVES | lexicon.RELATIONAL | lexicon.ATTRIBUTES or low in FIELDS
    return True if writes_lower else False if known or is_plural(message.low(last - 1)) else None


def _is_bare(message: Message, first: int, last: int) -> bool:
    """Whether those words are all of the message, and a noun phrase or a time."""
    tags = message.tags[first:last]
    if message.low(first) in NO_PHRASE or any(tag in "XVWPC." for tag in tags) or not any(tag in "NMA" for tag in tags):
        return False
    return all(low not in words.INTERJECTIONS for low in (message.low(k) for k in range(first, last)))


def _words(text: str) -> list[str]:
    return [token.low for token in tokens_of(text) if token.low[0].isalnum()]
