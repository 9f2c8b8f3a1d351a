"""Fragments that say more of what is wanted: "not Thai", "something cheaper", "only direct flights"."""

from __future__ import annotations

import re

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.answering import awaits_answer, was_asked
from dialog.interpret.en.compose import Glue, Kept, Part
from dialog.interpret.en.merge import appended, mark_of, politeness, replaced, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.narrowing import after_what_is_asked_for
from dialog.interpret.en.omissions import resolved, text_of, token_at
from dialog.interpret.en.standing import Request, standing
from dialog.interpret.en.tables import word_set
from dialog.interpret.pack import Resolution, View

SEARCHES = re.compile(
    r"(?:(?:can|could|would) you (?:please )?(?:find|show|recommend|suggest|give|get)(?: me)?"
    r"|do you (?:have|know)(?: of)?|have you got|is there|are there"
    r"|show me|find me|give me|get me|i(?:'d| would) (?:like|prefer)|i want|i need|i prefer|let's (?:try|do"
    r"|find)|try|maybe|how about|what about|any chance of)\s+",
    re.I,
)
INDEFINITE = re.compile(
    r"(?:something|anything|somewhere|anywhere|someplace|one|ones|a place|an option|options)\s+(?:that(?:'s"
    r"| is)\s+|which is\s+)?",
    re.I,
)
COMPARATIVE = re.compile(
    r"(?:(?:a (?:bit|little|lot)|much|slightly|even|way|far)\s+)?(?:(?:more|less)\s+(?P<of>[\w-]+)"
    r"|(?P<er>[a-z]{2,}(?:er|ier))|better|worse|closer|nearer|further)\b",
    re.I,
)
NOT_COMPARATIVE = word_set(
    """other another after under over either neither never ever whether together however water dinner supper number
    paper river summer winter computer october september november december her per super corner center order offer
    answer father mother brother sister daughter weather letter member chapter theater career danger tower power
    flower twitter character remember consider deliver cover discover enter prefer refer transfer peter kosher user"""
)
EXCLUDES = re.compile(
    r"(?:but\s+)?(?:not?(?:thing)?|n't|without|except(?: for)?|excluding|anything but|anywhere but"
    r"|other than|besides|apart from|avoid|skip)\s+(?!thanks|thank|idea|problem|one\b|way\b|really|sure|yet"
    r"|now|at all|that\b)",
    re.I,
)
ONLY = re.compile(
    r"(?:only|just|preferably|ideally|at least|at most|no more than|less than|more than|up to|around)\s+", re.I
)
LEAVES_OPEN = re.compile(
    r"(?:(?:the |my )?(?:price|cost|budget|area|location|place|date|day|time|cuisine|food|type|size|colou?r"
    r"|brand|style)s?(?: range)? (?:does not|doesn't|does n't|do not|don't|isn't|is not) (?:matter"
    r"|important|a problem|an issue)"
    r"|any (?:price|area|location|place|date|day|time|cuisine|food|type|kind|size|colou?r|brand|style"
    r"|part)s?(?: range| of food| of town)? (?:is|are|will be|would be|works?|will do)(?: fine| ok| okay"
    r"| good)?"
    r"|i (?:do not|don't|do n't) (?:care|mind) (?:about |what )(?:the )?(?:price|cost|budget|area|location"
    r"|place|date|day|time|cuisine|food|type|size|colou?r|brand)s?(?: range)?)\W*",
    re.I,
)


def leaves_open(view: View, message: Message, first: int, last: int) -> Resolution | None:
    if not LEAVES_OPEN.fullmatch(text_of(message, first, last)):
        return None
    request = standing(view)
    if request is None or awaits_answer(view):
        return Resolution(act="refine", rule="omission/open", confidence=0.6)
    parts: list[Part] = [request.copy(), Glue(", " if request.is_cased or request.mark else " ")]
    parts += [*_lowered(message, first, last), *mark_of(message, request, last)]
    return resolved(message, parts, "refine", "open")


def _lowered(message: Message, first: int, last: int) -> list[Part]:
    token = message.tokens[first]
    end = message.tokens[last - 1].end
    if token.text in ("The", "Any"):
        return [Glue(token.low), Kept(token.end, end)]
    return [Kept(token.start, end)]


def excludes(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "not Thai", "no seafood", "anything but horror", "without nuts"."""
    text = text_of(message, first, last)
    found = EXCLUDES.match(text)
    if not found or last - first > 8 or not message.is_fragment or _base(message.low(first + 1)):
        return None
    request = standing(view)
    if request is None or (was_asked(view) and message.low(first) == "no" and message.tag(first + 1) == "."):
        return None
    word = message.low(first)
    joint = "but" if word in ("not", "no", "nothing") else ("" if word in words.PREPOSITIONS else ",")
    parts = _with_joint(message, request, first, last, joint)
    return resolved(message, parts, "refine", "exclude")


def _base(low: str) -> bool:
    """Whether a word is nothing but a verb ("no, remove Jill")."""
    return low in lexicon.VERBS and low not in lexicon.NOUN_OR_VERB


def _joint(request: Request, word: str) -> str:
    """ ", but " as it is written, " but " as it is spoken."""
    return f", {word} " if request.is_cased or request.mark else f" {word} "


def _with_joint(message: Message, request: Request, first: int, last: int, joint: str) -> list[Part]:
    if joint == ",":
        comma = ", " if request.is_cased or request.mark else " "
        return [
            request.copy(),
            Glue(comma),
            Kept(message.tokens[first].start, message.tokens[last - 1].end),
            *politeness(message, last),
            *mark_of(message, request, last),
        ]
    return appended(message, request, first, last, joint)


def compares(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "something cheaper", "do you have anything closer to the park?", "a bit more upscale"."""
    text = text_of(message, first, last)
    at = 0
    searches = SEARCHES.match(text)
    if searches:
        at = searches.end()
    indefinite = INDEFINITE.match(text, at)
    start = indefinite.end() if indefinite else at
    article = re.match(r"an?\s+(?=.+\bones?\b)", text[start:], re.I) if indefinite is None else None
    found = COMPARATIVE.match(text, start + (article.end() if article else 0))
    if not found or (searches and not indefinite) or (found["of"] or "").lower() == "than":
        return None
    if (er := found["er"]) and (er.lower() in NOT_COMPARATIVE or not _is_comparative(er.lower())):
        return None
    a = token_at(message, first, start)
    if message.low(a) in ("later", "earlier") and indefinite is None and last - a > 1:
        return None
    rest = message.tags[token_at(message, first, found.end()) : last]
    if any(tag in "XVW" for tag in rest) or last - a > 8:
        return None
    request = standing(view)
    if request is None:
        return None
    end = last - 1 if message.low(last - 1) in ("one", "ones") and last - 1 > a and not article else last
    parts = appended(message, request, a, last, "but")
    if end != last:
        own: list[Part] = [Kept(message.tokens[a].start, message.tokens[end - 1].end), *politeness(message, last)]
        parts = [request.copy(), Glue(_joint(request, "but")), *own, *mark_of(message, request, last)]
    return resolved(message, parts, "refine", "compare")


def _is_comparative(low: str) -> bool:
    stem = low[:-2]
    return any(s in lexicon.ADJECTIVES for s in (low, stem, stem + "e", stem[:-1], stem[:-1] + "y")) or low in (
        "cheaper",
        "nicer",
        "fancier",
        "healthier",
        "quieter",
        "lighter",
        "darker",
        "spicier",
    )


def limits(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "only direct flights", "at least four stars"."""
    text = text_of(message, first, last)
    if (
        not ONLY.match(text)
        or message.tag(first + 1) == "V"
        or not message.is_fragment
        or last - first > 8
        or was_asked(view)
    ):
        return None
    request = standing(view)
    if request is None:
        return None
    return resolved(message, _with_joint(message, request, first, last, ","), "refine", "only")


def adds_a_phrase(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "for four people", "in Boston", "with a pool", "under 100 euros"."""
    indefinite = INDEFINITE.match(text_of(message, first, last))
    if (
        indefinite
        and message.low(first) not in ("one", "ones")
        and not awaits_answer(view)
        and message.tag(token_at(message, first, indefinite.end())) == "I"
    ):
        first = token_at(message, first, indefinite.end())
    if message.tag(first) != "I" or not message.is_fragment or last - first > 9:
        return None
    if message.low(first) in ("about", "of", "like", "as", "than", "since") or last - first < 2:
        return None
    if message.low(0) in ("yes", "yeah", "yep") and was_asked(view):
        return None  # says yes to what the assistant proposed
    request = standing(view)
    if request is None:
        return None
    target = target_for(message, request, first, last)
    if target is not None and target.sure:
        return resolved(message, replaced(message, request, first, last, target), "refine", "prepositional")
    if message.low(first) == "from":
        return None
    if was_asked(view):
        own = [Kept(message.tokens[first].start, message.tokens[last - 1].end), *mark_of(message, request, last)]
        return resolved(message, [request.copy(), Glue(" "), *own], "refine", "prepositional")
    inside = after_what_is_asked_for(message, request, first, last)
    parts = inside if inside is not None else appended(message, request, first, last, "")
    return resolved(message, parts, "refine", "prepositional")
