"""Rules for messages that are no sentence by themselves: they stand on the request before."""

from __future__ import annotations

import re

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.bare import ask_of_another, is_name
from dialog.interpret.en.classes import class_of
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import IN_PLACE_OF_ITS_FORM, IN_PLACE_OF_ITS_KIND, UNSURE, of_rule
from dialog.interpret.en.counterpart import counterpart, same_preposition
from dialog.interpret.en.entities import answer_named
from dialog.interpret.en.merge import appended, mark_of, politeness, replaced, target_for
from dialog.interpret.en.message import CLOSERS, Message
from dialog.interpret.en.narrowing import after_what_is_asked_for
from dialog.interpret.en.ones import another_sort
from dialog.interpret.en.standing import Request, latest, standing
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import sentences_of, tokens_of
from dialog.interpret.en.words import HESITATIONS
from dialog.interpret.pack import Resolution, View
from dialog.state import Act

WHAT_ABOUT = re.compile(
    r"(?:(?:and|but|or|so|ok|okay|no|yes|well)[\s,]+)*(?:(?:what|how)\s+about|what\s+if"
    r"|(?:the\s+)?same(?:\s+(?:thing|question|here))?(?:\s+(?:again|please))?(?:\s+(?:for|but)(?!\s+\d)|,|(?=\s+(?:in|on|at|with|from|to|for)\b)))\s+",
    re.I,
)
AND = re.compile(r"(?:and|or|but)\s+(?:also\s+)?", re.I)
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
BARE_WH = re.compile(
    r"(?:(?:and|but|so|ok|um|uh)[\s,]+)*(?P<wh>why(?: not)?|how(?: come| so)?|when|where|who|how much"
    r"|how many|how long|how far|how often|what time|since when|for how long|how old)"
    r"(?: exactly)?\W*",
    re.I,
)
PLACE_ASKED = re.compile(
    r"\b(?:what|which) (?:city|town|place|location|area|part|neighbou?rhood)|\bwhere\b|city (?:do|would"
    r"|should)|what location",
    re.I,
)
TIME_ASKED = re.compile(r"\b(?:what|which) (?:day|date|time|month|year)|\bwhen\b|what time", re.I)
AUXILIARY_FIRST = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\s+(?!you\b|we\b|there\b)", re.I
)


def merge_fragment(view: View, message: Message) -> Resolution | None:
    """The first way in which the message joins a standing request; None when it stands alone."""
    if not view.utterances:
        return None
    first, last = _trimmed(message)
    if first >= last or _leans_itself(message):
        return None
    for way in WAYS:
        found = way(view, message, first, last)
        if found is not None:
            return found
    return None


def _accepts(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "£1,000 is fine too", "one bedroom is enough": in place of what was asked for."""
    text = _text(message, first, last)
    found = ACCEPTS.fullmatch(text)
    if not found or _awaits_answer(view) or message.low(first) in ("any", "just", "that", "this"):
        return None
    stop = message.tokens[first].start + found.end("what")
    end = next((k for k in range(first, last) if message.tokens[k].start >= stop), last)
    if end <= first or end - first > 5 or any(tag in "XVWP" for tag in message.tags[first:end]):
        return None
    request = latest(view, lambda request: _fits(message, request, first, end, sure=True))
    target = target_for(message, request, first, end) if request is not None else None
    if request is None or target is None:
        return None
    own = replaced(message, request, first, end, target)
    return _resolved(message, own, "refine", "accept")


ACCEPTS = re.compile(
    r"(?P<what>.+?)\s+(?:is|are|would be|will be|works?|will do|would do|would work)(?:\s+(?:also|totally|perfectly))?"
    r"(?:\s+(?:fine|ok|okay|good|enough|great|possible|alright|all right))?(?:\s+(?:too|also|as well|for me|with me))*",
    re.I,
)


def _leans_itself(message: Message) -> bool:
    """Whether the fragment has a pronoun that has to be understood first ("British food there")."""
    return any(anaphor.form not in ("that", "those", "then") for anaphor in anaphors_in(message))


def _trimmed(message: Message) -> tuple[int, int]:
    """Tokens of the message without hesitation, "ok" at its start and politeness at its end."""
    first, last = 0, len(message.tokens)
    leads = HESITATIONS | {
        "ok",
        "okay",
        "oh",
        "well",
        "so",
        "then",
        "yes",
        "yeah",
        "please",
        "hey",
        "sure",
        "great",
        "alright",
    }
    while first < last and (
        message.low(first) in leads
        or not _is_word(message, first)
        or (message.low(first) == "now" and message.tag(first + 1) in ("I", "D", "A", "N", "M"))
    ):
        first += 1
    while last > first and (message.low(last - 1) in CLOSERS | {"thanks"} or not message.tokens[last - 1].is_word):
        last -= 1
    return first, last


def _is_word(message: Message, i: int) -> bool:
    """Whether token `i` is a word or the sign of a currency before its amount."""
    return message.tokens[i].is_word or (message.low(i) in CURRENCY_SIGNS and message.low(i + 1)[:1].isdigit())


CURRENCY_SIGNS = frozenset("$£€¥")


def _text(message: Message, first: int, last: int) -> str:
    return message.text[message.tokens[first].start : message.tokens[last - 1].end]


def _token_at(message: Message, first: int, offset: int) -> int:
    """The first token that starts at or after `offset` characters past the start of token `first`."""
    at = message.tokens[first].start + offset
    return next((k for k in range(first, len(message.tokens)) if message.tokens[k].start >= at), len(message.tokens))


def _resolved(message: Message, parts: list[Part], act: Act, rule: str, confidence: float | None = None) -> Resolution:
    edits = edits_of(message.text, parts, "omission")
    sure = of_rule(f"omission/{rule}") if confidence is None else confidence
    return Resolution(act=act, edits=edits, rule=f"omission/{rule}", confidence=sure, unsure=sure < UNSURE)


def _leaves_open(view: View, message: Message, first: int, last: int) -> Resolution | None:
    if not LEAVES_OPEN.fullmatch(_text(message, first, last)):
        return None
    request = standing(view)
    if request is None or _awaits_answer(view):
        return Resolution(act="refine", rule="omission/open", confidence=0.6)
    parts: list[Part] = [request.copy(), Glue(", " if request.is_cased or request.mark else " ")]
    parts += [*_lowered(message, first, last), *mark_of(message, request, last)]
    return _resolved(message, parts, "refine", "open")


def _lowered(message: Message, first: int, last: int) -> list[Part]:
    token = message.tokens[first]
    end = message.tokens[last - 1].end
    if token.text in ("The", "Any"):
        return [Glue(token.low), Kept(token.end, end)]
    return [Kept(token.start, end)]


def _was_asked(view: View) -> bool:
    """Whether the assistant's last words were a question."""
    if not view.utterances or view.utterances[-1].role != "assistant":
        return False
    reply = view.utterances[-1].text.rstrip()
    if reply.endswith("?"):
        return True
    last = sentences_of(reply)[-1:] or ((0, 0),)
    first = next(iter(tokens_of(reply[last[0][0] :])), None)
    return first is not None and not reply.endswith((".", "!")) and first.low in words.WH | words.AUXILIARIES


def _awaits_answer(view: View) -> bool:
    """Whether those words ask for something that a value could be; a closing offer does not."""
    return _was_asked(view) and OFFERS.search(view.utterances[-1].text.rstrip()) is None


OFFERS = re.compile(
    r"(?:^|[.!?:,]\s+|\n)(?:would you like (?:me )?to|(?:do you )?want me to|shall i|should i|is there anything else"
    r"|anything else)\b(?![^?]*\bor\b)[^?.!]*\?\s*$",
    re.I,
)
"""A closing offer, to which a new wish is no answer."""


def _asks_bare(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "Why?", "how much?", "when?"."""
    found = BARE_WH.fullmatch(message.text[message.tokens[first].start :])
    if not found:
        return None
    request = latest(view)
    if request is None:
        return None
    start = message.tokens[first].start + found.start("wh")
    end = message.tokens[first].start + found.end("wh")
    wh = found["wh"].lower()
    named = answer_named(view)
    if wh in ("how much", "where", "how far") and named is not None and not AUXILIARY_FIRST.match(request.text):
        tail = message.text[end:].rstrip()
        parts: list[Part] = [Kept(start, end), Glue(" is "), named, *([Kept(end, len(message.text))] if tail else [])]
        return _resolved(message, parts, "follow_up", "wh")
    if AUXILIARY_FIRST.match(request.text) and wh in ("why", "when", "where", "how", "why not"):
        body = request.copy()
        lower = body.recased(body.text[0].lower() + body.text[1:])
        parts = [Kept(start, end), Glue(" "), lower, *mark_of(message, request, last)]
        return _resolved(message, parts, "follow_up", "wh")
    if wh in ("why", "how come", "how so", "why not") and view.utterances[-1].role == "assistant":
        return None  # asks for the reasons of what the reply says, not of the question
    lower_wh: list[Part] = [Kept(start, end)] if message.text[start].islower() else [Glue(wh)]
    parts = [
        request.copy(),
        Glue(", and " if request.is_cased or request.mark else " and "),
        *lower_wh,
        *mark_of(message, request, last),
    ]
    return _resolved(message, parts, "follow_up", "wh")


def _excludes(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "not Thai", "no seafood", "anything but horror", "without nuts"."""
    text = _text(message, first, last)
    found = EXCLUDES.match(text)
    if not found or last - first > 8 or not message.is_fragment or _base(message.low(first + 1)):
        return None
    request = standing(view)
    if request is None or (_was_asked(view) and message.low(first) == "no" and message.tag(first + 1) == "."):
        return None
    word = message.low(first)
    joint = "but" if word in ("not", "no", "nothing") else ("" if word in words.PREPOSITIONS else ",")
    parts = _with_joint(message, request, first, last, joint)
    return _resolved(message, parts, "refine", "exclude")


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


def _compares(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "something cheaper", "do you have anything closer to the park?", "a bit more upscale"."""
    text = _text(message, first, last)
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
    a = _token_at(message, first, start)
    if message.low(a) in ("later", "earlier") and indefinite is None and last - a > 1:
        return None
    rest = message.tags[_token_at(message, first, found.end()) : last]
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
    return _resolved(message, parts, "refine", "compare")


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


def _what_about(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "what about Thai?", "and in Boston?", "and tomorrow?"."""
    text = _text(message, first, last)
    asked = WHAT_ABOUT.match(text)
    found = asked or AND.match(text)
    if not found or found.end() >= len(text):
        return None
    a = _token_at(message, first, found.end())
    if a >= last or last - a > 7 or any(tag in "XW" for tag in message.tags[a:last]) or message.tag(a) in "V":
        return None
    supposes = "if" in text[: found.end()].lower().split()
    if (asked is None or supposes) and any(tag == "V" for tag in message.tags[a:last]):
        return None
    if supposes and "P" in message.tags[a:last]:
        return None
    if message.low(a) in ("a", "an") and "I" in message.tags[a:last]:
        return None
    return _substituted(view, message, a, last, "replace", asked=asked is not None)


def _substituted(view: View, message: Message, a: int, last: int, rule: str, *, asked: bool) -> Resolution | None:
    """Tokens `a`..`last` put into the latest request that has a place for them."""
    end = (
        last - 1
        if message.low(last - 1) in ("one", "ones") and last - 1 > a and message.tag(last - 2) in "AN"
        else last
    )
    request = latest(view, lambda request: _fits(message, request, a, end, sure=True, by_form=False))
    target = target_for(message, request, a, end, by_form=False) if request is not None else None
    if request is None and (request := latest(view)) is not None:
        target = same_preposition(message, request, a, end)
        target = target or counterpart(message, request, a, end, names=is_name(view, message, a, end))
    if target is None:
        request = latest(view, lambda request: _fits(message, request, a, end, sure=True))
        request = request or latest(view, lambda request: _fits(message, request, a, end, sure=False))
        target = target_for(message, request, a, end) if request is not None else None
    if request is None or target is None:
        return _only_appended(view, message, a, last, rule)
    parts = replaced(message, request, a, end, target)
    return _resolved(message, parts, "follow_up", rule, IN_PLACE_OF_ITS_KIND if target.sure else IN_PLACE_OF_ITS_FORM)


def _fits(message: Message, request: Request, a: int, end: int, *, sure: bool, by_form: bool = True) -> bool:
    target = target_for(message, request, a, end, by_form=by_form)
    return target is not None and (target.sure or not sure)


def _only_appended(view: View, message: Message, a: int, last: int, rule: str) -> Resolution | None:
    """What has no counterpart is added when it says where, when or for whom."""
    request = standing(view)
    kind = class_of(_text(message, a, last))
    if (
        request is not None
        and (message.tag(a) == "I" or kind == "day")
        and message.low(a) not in ("of", "about", "like", "than")
    ):
        parts = appended(message, request, a, last, "")
        return _resolved(message, parts, "follow_up", rule, of_rule("omission/prepositional"))
    return Resolution(act="follow_up", rule=f"omission/{rule}", confidence=0.4, unsure=True)


def _only(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "only direct flights", "at least four stars"."""
    text = _text(message, first, last)
    if (
        not ONLY.match(text)
        or message.tag(first + 1) == "V"
        or not message.is_fragment
        or last - first > 8
        or _was_asked(view)
    ):
        return None
    request = standing(view)
    if request is None:
        return None
    return _resolved(message, _with_joint(message, request, first, last, ","), "refine", "only")


def _prepositional(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "for four people", "in Boston", "with a pool", "under 100 euros"."""
    indefinite = INDEFINITE.match(_text(message, first, last))
    if (
        indefinite
        and message.low(first) not in ("one", "ones")
        and not _awaits_answer(view)
        and message.tag(_token_at(message, first, indefinite.end())) == "I"
    ):
        first = _token_at(message, first, indefinite.end())
    if message.tag(first) != "I" or not message.is_fragment or last - first > 9:
        return None
    if message.low(first) in ("about", "of", "like", "as", "than", "since") or last - first < 2:
        return None
    if message.low(0) in ("yes", "yeah", "yep") and _was_asked(view):
        return None  # says yes to what the assistant proposed
    request = standing(view)
    if request is None:
        return None
    target = target_for(message, request, first, last)
    if target is not None and target.sure:
        return _resolved(message, replaced(message, request, first, last, target), "refine", "prepositional")
    if message.low(first) == "from":
        return None
    if _was_asked(view):
        own = [Kept(message.tokens[first].start, message.tokens[last - 1].end), *mark_of(message, request, last)]
        return _resolved(message, [request.copy(), Glue(" "), *own], "refine", "prepositional")
    inside = after_what_is_asked_for(message, request, first, last)
    parts = inside if inside is not None else appended(message, request, first, last, "")
    return _resolved(message, parts, "refine", "prepositional")


def _answers(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """A place or time that the assistant asked for: "San Francisco", "Tuesday at 3pm"."""
    if not _was_asked(view) or not message.is_fragment or last - first > 7 or view.last_reply is None:
        return None
    kind = class_of(_text(message, first, last))
    reply = view.last_reply.text
    request = latest(view)
    if request is None or kind in ("cuisine", "price", "number", "size", "colour"):
        return None
    names_place = kind == "place" or (
        message.tag(first) == "N" and all(tag in "N." for tag in message.tags[first:last])
    )
    if PLACE_ASKED.search(reply) and names_place:
        parts = [
            request.copy(),
            Glue(" in "),
            Kept(message.tokens[first].start, message.tokens[last - 1].end),
            *politeness(message, last),
            *mark_of(message, request, last),
        ]
        return _resolved(message, parts, "refine", "answer")
    if TIME_ASKED.search(reply) and kind in ("day", "clock", "month", "duration"):
        target = target_for(message, request, first, last)
        own = [Kept(message.tokens[first].start, message.tokens[last - 1].end), *mark_of(message, request, last)]
        parts = [request.copy(), Glue(" "), *own]
        if target is not None and target.sure:
            parts = replaced(message, request, first, last, target)
        return _resolved(message, parts, "refine", "answer")
    return None


def _sort(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "a red one", "and the silver one?"; to a question of the assistant it is the answer."""
    if _was_asked(view):
        return None
    cue = WHAT_ABOUT.match(text := _text(message, first, last)) or AND.match(text)
    a = _token_at(message, first, cue.end()) if cue else first
    return another_sort(view, message, a, last) if a < last else None


def _bare(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "velcro", "tomorrow?": the same asked of another; to a question of the assistant it is the answer."""
    accepts = message.low(last) == "then" and "?" not in message.text and view.utterances[-1].role == "assistant"
    if _was_asked(view) or accepts or not message.is_fragment:
        return None
    return ask_of_another(view, message, first, last)


WAYS = (
    _leaves_open, _asks_bare, _accepts, _excludes, _compares, _sort, _what_about, _only, _prepositional, _answers,
    _bare,
)  # fmt: skip
"""The ways in which a fragment joins a request, in the order they are tried."""
