"""How one more word joins the thing that a request asks for: "a living painter" for "a painter"."""

from __future__ import annotations

from dialog.interpret.en import words
from dialog.interpret.en.classes import instances_of
from dialog.interpret.en.compose import Glue, Kept, Part
from dialog.interpret.en.merge import mark_of, politeness
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.standing import Request
from dialog.interpret.en.tagging import tags_of
from dialog.interpret.en.text import tokens_of

ASKED_FOR = ("a", "an", "some", "any", "which", "what", "")
"""Determiners of a thing that is asked for; the first such phrase of a request is what it wants."""


def narrowed(message: Message, request: Request, first: int, last: int, *, end: int) -> list[Part] | None:
    """The request with tokens `first`..`last` of the message before the noun of what it asks for, and what the
    message says from there up to token `end` (past a "one") after it; None when the request asks for no such thing."""
    wanted = wanted_of(request)
    if wanted is None:
        return None
    at = _noun_at(request, wanted)
    start = message.tokens[first].start
    more: list[Part] = []
    if end > last + 1:
        more = [Glue(" "), Kept(message.tokens[last + 1].start, message.tokens[end - 1].end)]
    head = _with_article(message, request, wanted, first, at)
    return [
        *head,
        Kept(start, message.tokens[last - 1].end),
        Glue(" "),
        request.copy(at, request.start + wanted.core_end),
        *more,
        *([request.copy(request.start + wanted.core_end)] if request.start + wanted.core_end < request.end else []),
        *politeness(message, end),
        *mark_of(message, request, end),
    ]


def wanted_of(request: Request) -> Phrase | None:
    """The common noun phrase that the request asks for."""
    for phrase in phrases_of(request.text):
        common = not phrase.proper and phrase.head not in words.FUNCTION_WORDS and not phrase.head[0].isdigit()
        if common and phrase.det in ASKED_FOR and phrase.core_end > phrase.core_start:
            return phrase
    return None


def _noun_at(request: Request, wanted: Phrase) -> int:
    """Where the nouns at the end of the phrase begin, as a character of what was said."""
    tokens, tags = tokens_of(request.text), tags_of(request.text)
    inside = [k for k, token in enumerate(tokens) if wanted.core_start <= token.start < wanted.core_end]
    k = inside[-1]
    while k - 1 in inside and tags[k - 1] == "N" and not tokens[k - 1].low.endswith("est"):
        k -= 1
    return request.start + tokens[k].start


def _with_article(message: Message, request: Request, wanted: Phrase, first: int, at: int) -> list[Part]:
    """The request up to `at`, with "an" for "a" where the word that comes now calls for it."""
    direct = wanted.det in ("a", "an") and request.text[wanted.start : at - request.start].strip().lower() == wanted.det
    article = "an" if message.low(first)[0] in "aeiou" else "a"
    if not direct or wanted.det == article:
        return [request.copy(request.start, at)] if at > request.start else []
    before = [request.copy(request.start, request.start + wanted.start)] if wanted.start else []
    return [*before, Glue(f"{article} ")]


def after_what_is_asked_for(message: Message, request: Request, first: int, last: int) -> list[Part] | None:
    """ "Which pubs in Bristol with a garden have music?": tokens `first`..`last` right after the kind that they narrow,
    where the request asks which of a kind are or have something; None where they tell a time or it asks otherwise."""
    tokens = tokens_of(request.text)
    wanted = wanted_of(request)
    if wanted is None or wanted.det not in ("which", "what") or wanted.first > 1:
        return None
    if any(i.kind in TIMES for i in instances_of(_said(message, first, last))):
        return None
    verb = next((k for k in range(wanted.last, len(tokens)) if tokens[k].low in words.BE | words.HAVE), None)
    if verb is None or any(tag in "XVWP" for tag in tags_of(request.text)[wanted.last : verb]):
        return None
    at = request.start + tokens[verb].start
    if request.text[: tokens[verb].start].rstrip()[-1:] in ",;":
        return None
    own: list[Part] = [Kept(message.tokens[first].start, message.tokens[last - 1].end)]
    return [
        request.copy(request.start, at),
        *(_lowered_first(message, first, own)),
        Glue(" "),
        request.copy(at),
        *politeness(message, last),
        *mark_of(message, request, last),
    ]


TIMES = ("day", "month", "clock", "year", "decade", "daytime", "duration")


def _said(message: Message, first: int, last: int) -> str:
    return message.text[message.tokens[first].start : message.tokens[last - 1].end]


def _lowered_first(message: Message, first: int, own: list[Part]) -> list[Part]:
    """The words with a small first word in lower case, now that something precedes it."""
    token = message.tokens[first]
    if token.text == token.low or not isinstance(own[0], Kept):
        return own
    return [Glue(token.low), Kept(token.end, own[0].end)]
