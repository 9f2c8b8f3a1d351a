"""How what a follow-up says joins the standing request: in the place of something, after it, or against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialog.interpret.en import words
from dialog.interpret.en.classes import Instance, instances_of
from dialog.interpret.en.compose import Glue, Kept, Part
from dialog.interpret.en.glue import GLUE_WORDS
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, is_plural, phrases_of
from dialog.interpret.en.places import is_place
from dialog.interpret.en.standing import Request
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import Token, singular, tokens_of

TAKES_NO_PREPOSITION = word_set("today tomorrow tonight yesterday this next last every")


@dataclass(frozen=True)
class Target:
    """The part of a request that gives way: characters of what was said (not of the request). `sure` tells a shared
    class or word from a mere likeness of form."""

    start: int
    end: int
    sure: bool


def kept(message: Message, first: int, last: int) -> list[Part]:
    """Tokens `first`..`last` of the message; a small first word loses its capital, since something now precedes it."""
    start, end = message.tokens[first].start, message.tokens[last - 1].end
    word = message.tokens[first]
    if word.text[0].isupper() and word.low in GLUE_WORDS and message.cased:
        return [Glue(word.low), Kept(word.end, end)]
    return [Kept(start, end)]


def mark_of(message: Message, request: Request, last: int) -> list[Part]:
    """How the merged sentence ends: as the request did, or as the message does."""
    if request.mark:
        return [*request.copy_mark()]
    end = message.tokens[last - 1].end
    tail = message.text[end:].strip()
    return [Kept(len(message.text.rstrip()) - 1, len(message.text.rstrip()))] if tail in (".", "?", "!") else []


def politeness(message: Message, last: int) -> list[Part]:
    """ "please" at the end stays."""
    if last < len(message.tokens) and message.low(last) == "please":
        token = message.tokens[last]
        return [Glue(" "), Kept(token.start, token.end)]
    return []


def appended(message: Message, request: Request, first: int, last: int, joint: str) -> list[Part]:
    """The request, `joint` ("but", "and" or "") and tokens `first`..`last` of the message."""
    comma = "," if joint and (request.is_cased or request.mark) else ""
    glue = f"{comma} {joint} " if joint.strip() else f"{comma if joint else ''} "
    own = [*kept(message, first, last), *politeness(message, last), *mark_of(message, request, last)]
    return [request.copy(), Glue(glue), *own]


def replaced(message: Message, request: Request, first: int, last: int, target: Target) -> list[Part]:
    """The request with tokens `first`..`last` of the message in the stead of `target`; of "Thai food" only "Thai" goes
    before a noun of the request."""
    following = next((t for t in tokens_of(request.text) if request.start + t.start >= target.end), None)
    modifies = following is not None and request.text[target.end - request.start : following.start].isspace()
    if (
        modifies
        and following is not None
        and last - first >= 2
        and _is_noun(request, following.start)
        and message.low(last - 1) in PLAIN_NOUNS
    ):
        last -= 1
    if modifies and following is not None and _is_noun(request, following.start) and last - first >= 2:
        at = target.start - request.start
        inside = any(p.det and p.core_start == at for p in _flat(phrases_of(request.text)))
        if inside and message.tag(first) == "I" and target.start > request.start:
            first += 1  # "in 2018" for the year of "the 2014 World Cup"
    compound = request.said.text[target.end : target.end + 1] == "-"
    if compound and last - first >= 2 and message.tag(first) == "M":
        last = first + 1  # "5 days" for the number of "a 3-day trip"
    if modifies and following is not None and _is_noun(request, following.start):
        target = _without_article(message, request, first, target)
    before = [request.copy(request.start, target.start)] if target.start > request.start else []
    after = [request.copy(target.end, request.end)] if target.end < request.end else []
    own = kept(message, first, last) if before else [Kept(message.tokens[first].start, message.tokens[last - 1].end)]
    return [*before, *own, *after, *politeness(message, last), *mark_of(message, request, last)]


def _without_article(message: Message, request: Request, first: int, target: Target) -> Target:
    """The target without its article, which belongs to the noun after it: the "the" of "the Dublin office"."""
    article = ARTICLE.match(request.said.text, target.start, target.end)
    if article is None or message.tag(first) == "D":
        return target
    return Target(article.end(), target.end, target.sure)


ARTICLE = re.compile(r"(?:the|an?|my|your|our)\s+", re.I)


def target_for(message: Message, request: Request, first: int, last: int, *, by_form: bool = True) -> Target | None:
    """What of the request tokens `first`..`last` of the message take the place of: something of the same class, with
    a word in common, after the same preposition, or failing that the last noun phrase of the same form."""
    fragment = message.text[message.tokens[first].start : message.tokens[last - 1].end]
    by_class = _by_range(fragment, request) or _by_class(fragment, request)
    if by_class is not None:
        return _without_echo(fragment, request, by_class)
    phrase = next((p for p in message.phrases if p.first >= first and p.last <= last), None)
    if phrase is None:
        return None
    found = _by_word(phrase, request) or _by_preposition(fragment, phrase, request) or _by_letters(phrase, request)
    if found is None and by_form and not instances_of(fragment):
        found = _by_form(fragment, phrase, request)
    return _without_echo(fragment, request, found) if found is not None else None


def _without_echo(fragment: str, request: Request, target: Target) -> Target:
    """The target with the words beside it that the fragment brings itself ("game 5" for the 4 of "game 4")."""
    own = [token.low for token in tokens_of(fragment)]
    tokens = tokens_of(request.text)
    start, end = target.start - request.start, target.end - request.start
    before = [token for token in tokens if token.end <= start]
    after = [token for token in tokens if token.start >= end]
    lead = 1 if own[:1] and own[0] in words.PREPOSITIONS | words.ARTICLES | {"to"} else 0
    begins = next((token.low for token in tokens if token.start == start), "")
    if before and len(own) > 1 and not (lead and begins == own[0]):
        if lead and own[0] not in words.ARTICLES and _begins_with_noun(tokens, start) and _is_preposition(before[-1]):
            start = before[-1].start
        elif before[-1].low == own[lead]:
            before_start = before[-1].start
            start = before[-2].start if lead and len(before) > 1 and before[-2].low == own[0] else before_start
        elif lead and len(before) > 1 and before[-2].low == own[0]:
            start = before[-2].start
    for n in range(min(len(after), len(own) - 1), 0, -1):
        if [singular(token.low) for token in after[:n]] == [singular(low) for low in own[-n:]]:
            end = after[n - 1].end
            break
    return Target(request.start + start, request.start + end, target.sure)


def _is_preposition(token: Token) -> bool:
    return token.low in words.PREPOSITIONS or token.low == "to"


def _begins_with_noun(tokens: Sequence[Token], start: int) -> bool:
    """Whether what begins at character `start` has no preposition of its own."""
    return not any(_is_preposition(token) for token in tokens if token.start == start)


def preposition_of(fragment: str) -> str:
    tokens = tokens_of(fragment)
    return tokens[0].low if tokens and tokens[0].low in words.PREPOSITIONS | {"to"} else ""


PLAIN_NOUNS = word_set("food restaurant restaurants place places cuisine type kind one ones")


def _is_noun(request: Request, at: int) -> bool:
    """Whether the word at character `at` of the request is a noun that something before it modifies."""
    return any(phrase.start < at < phrase.core_end for phrase in _flat(phrases_of(request.text)))


RANGE = re.compile(r"\b(?:from|between)\s+\S+(?:\s+\S+){0,3}?\s+(?:to|and|until|till)\s+\S*\d\S*", re.I)


def _by_range(fragment: str, request: Request) -> Target | None:
    """ "from 1995 to 2010" for "from 1988 to 2010"."""
    mine, theirs = RANGE.fullmatch(fragment), RANGE.search(request.text)
    if mine is None or theirs is None:
        return None
    return Target(request.start + theirs.start(), request.start + theirs.end(), sure=True)


def _by_class(fragment: str, request: Request) -> Target | None:
    mine = instances_of(fragment)
    if not mine:
        return None
    tokens = tokens_of(request.text)
    kind = _leading(fragment, mine)
    if kind is None:
        return None
    theirs = [instance for instance in instances_of(request.text) if instance.kind == kind.kind]
    if kind.kind == "number":
        theirs = [instance for instance in theirs if _same_count(fragment, kind, tokens, instance)]
    if not theirs:
        return None
    instance = _agreeing(fragment, theirs, tokens)
    if kind.kind == "superlative" and kind.last < len(own := tokens_of(fragment)):
        instance = _with_its_noun(own[kind.first].low, theirs, tokens)
    start, end = tokens[instance.first].start, tokens[instance.last - 1].end
    start, end = _widened(fragment, tokens, instance, start, end)
    return Target(request.start + start, request.start + end, sure=True)


def _with_its_noun(low: str, theirs: Sequence[Instance], tokens: Sequence[Token]) -> Instance:
    """The superlative that is `low`, or else the first, with the noun after it: "the most assists" for "the most
    goals"."""
    instance = next((each for each in theirs if tokens[each.first].low == low), theirs[0])
    has_noun = instance.last < len(tokens) and tokens[instance.last].is_word
    return replace(instance, last=instance.last + 1) if has_noun else instance


def _leading(fragment: str, mine: Sequence[Instance]) -> Instance | None:
    """The class word that the fragment is about: one that nothing weightier stands beside."""
    tokens = tokens_of(fragment)
    for instance in mine:
        rest = [t for k, t in enumerate(tokens) if t.is_word and not instance.first <= k < instance.last]
        heavy = [t.low for t in rest if t.low not in words.FUNCTION_WORDS and t.low not in ("please", "instead")]
        others = {k for other in mine for k in range(other.first, other.last)}
        heavy = [t.low for k, t in enumerate(tokens) if t.low in heavy and k not in others]
        noun = tokens[instance.last].low if instance.last < len(tokens) else ""
        if not heavy or (len(heavy) == 1 and heavy[0] == noun) or instance.kind in ("clock", "number", "place"):
            return instance
    return None


def _same_count(fragment: str, mine: Instance, tokens: Sequence[object], theirs: Instance) -> bool:
    """Numbers take each other's place when nothing, or the same noun, is counted."""
    own = tokens_of(fragment)
    counted = own[mine.last].low if mine.last < len(own) else ""
    after = theirs.last + 1 if theirs.last < len(tokens) and tokens[theirs.last].low == "-" else theirs.last  # type: ignore[attr-defined]
    other = tokens[after].low if after < len(tokens) else ""  # type: ignore[attr-defined]
    return not counted or not counted[0].isalpha() or singular(counted) == singular(other) or counted == "one"


def _agreeing(fragment: str, theirs: Sequence[Instance], tokens: Sequence[object]) -> Instance:
    """Of several the one after the same preposition, else the last ("flights from Boston to Denver": "to" Rome)."""
    preposition = preposition_of(fragment)
    for instance in theirs:
        before = tokens[instance.first - 1].low if instance.first else ""  # type: ignore[attr-defined]
        if preposition and before == preposition:
            return instance
    return theirs[-1]


def _widened(fragment: str, tokens: Sequence[object], instance: Instance, start: int, end: int) -> tuple[int, int]:
    """Takes in the preposition or article that the fragment brings itself or has no use for."""
    own = tokens_of(fragment)
    before = tokens[instance.first - 1] if instance.first else None
    low = before.low if before is not None else ""  # type: ignore[attr-defined]
    if before is None:
        return start, end
    brings = preposition_of(fragment) and low in words.PREPOSITIONS | {"to"}
    needs_none = own[0].low in TAKES_NO_PREPOSITION and low in ("on", "at", "in")
    article = own[0].low in words.ARTICLES and low in words.ARTICLES
    if brings or needs_none or article or (low in ("this", "next") and own[0].low in TAKES_NO_PREPOSITION):
        return before.start, end  # type: ignore[attr-defined]
    return start, end


def _definiteness(phrase: Phrase) -> str:
    """ "the" for what is known, "a" for what is new, "" for what has no determiner."""
    if phrase.det in words.POSSESSIVES | words.DEMONSTRATIVES | {"the"}:
        return "the"
    return "a" if phrase.det in ("a", "an", "some", "any") else "" if not phrase.det else phrase.det


SELECTING = word_set("on for from under in")
"""Prepositions after which one thing stands for another rather than beside it."""


def _by_preposition(fragment: str, phrase: Phrase, request: Request) -> Target | None:
    """ "from Klara" for "from Sandy"."""
    preposition = preposition_of(fragment)
    if not preposition:
        return None
    for other in reversed(phrases_of(request.text)):
        like = other.proper == phrase.proper or not request.is_cased
        ends = request.text[other.end :].strip() == "" and _definiteness(other) == _definiteness(phrase)
        agrees = phrase.proper or (ends and preposition in SELECTING)
        if is_place(other.text) and not is_place(phrase.text) and is_plural(phrase.head):
            continue  # "for Germans" is of no kind with "for Japan"
        if other.after == preposition and other.of is None and like and other.plural == phrase.plural and agrees:
            before = next(token for token in reversed(tokens_of(request.text)) if token.end <= other.start)
            return Target(request.start + before.start, request.start + other.end, sure=True)
    return None


def _by_letters(phrase: Phrase, request: Request) -> Target | None:
    """ "JSON" for the "CSV" of "a CSV file": one acronym for another."""
    if not ACRONYM.fullmatch(phrase.text):
        return None
    alike = [token for token in tokens_of(request.text) if ACRONYM.fullmatch(token.text)]
    if len(alike) != 1:
        return None
    return Target(request.start + alike[0].start, request.start + alike[0].end, sure=True)


ACRONYM = re.compile(r"[A-Z]{2,6}\d?")
OPPOSITES = ("dis", "un", "in", "non")


def _stem(word: str) -> str:
    """A noun in the singular without a prefix that turns it round: "disadvantages" as "advantage"."""
    base = singular(word)
    return next((base[len(p) :] for p in OPPOSITES if base.startswith(p) and len(base) - len(p) > 5), base)


def _by_word(phrase: Phrase, request: Request) -> Target | None:
    """ "I meant Paris, Texas": what shares a name or a head with the fragment."""
    mine = {_stem(word) for word in phrase.words if word not in words.FUNCTION_WORDS}
    for other in _flat(phrases_of(request.text)):
        core = other.text[: other.core_end - other.start]
        theirs = {_stem(token.low) for token in tokens_of(core) if token.low not in words.FUNCTION_WORDS}
        if mine & theirs and (phrase.of is None or other.of is None):
            bare = phrase.det == "" and other.det not in ("", "which", "what")
            bare = bare and not (phrase.plural and other.det in ("a", "an"))
            start = other.core_start if bare else other.start
            if bare and singular(phrase.head) == singular(other.head):
                start = _after_rank(phrase, other, request)
            end = other.end if phrase.of is not None else other.core_end
            return Target(request.start + start, request.start + end, sure=True)
    return None


def _after_rank(phrase: Phrase, other: Phrase, request: Request) -> int:
    """Where the core of `other` begins without the "next" or "cheapest" that the fragment does not speak of."""
    if RANKS & set(phrase.words) or any(word.endswith("est") for word in phrase.words):
        return other.core_start
    start = other.core_start
    for token in tokens_of(request.text):
        if token.start == start and token.end < other.core_end and (token.low in RANKS or token.low.endswith("est")):
            start = next(t.start for t in tokens_of(request.text) if t.start >= token.end)
    return start


RANKS = word_set("first second third last next previous best worst most least other current")


def _by_form(fragment: str, phrase: Phrase, request: Request) -> Target | None:
    """The last noun phrase that is a name as this one is, or as many as this one is."""
    cased = request.is_cased
    theirs = [p for p in _flat(phrases_of(request.text)) if p.det not in words.WH_DETERMINERS]
    alike = [p for p in theirs if (p.proper == phrase.proper or not cased) and p.plural == phrase.plural]
    kinds = [p for p in _flat(phrases_of(request.text)) if p.det in words.WH_DETERMINERS and p.plural and phrase.plural]
    if not alike and kinds and phrase.det == "" and not preposition_of(fragment) and phrase.last - phrase.first <= 2:
        return Target(request.start + kinds[0].core_start, request.start + kinds[0].core_end, sure=True)
    if phrase.proper:
        alike = [p for p in theirs if p.proper and not QUANTIFIED & set(p.words)]
        if alike and (whole := _coordinated(alike, request)) is not None:
            return whole
    if not alike or preposition_of(fragment):
        return None
    other = alike[-1]
    if not phrase.proper and (other.of is not None or (len(theirs) > 1 and other.role not in ("object", "oblique"))):
        return None
    bare = phrase.det == "" and other.det in words.ARTICLES and not phrase.proper
    counted = phrase.plural or other.det == "the"  # "protein" takes no article, so it replaces that of "an avocado"
    start = other.core_start if bare and counted else other.start
    return Target(request.start + start, request.start + other.end, sure=phrase.proper)


QUANTIFIED = word_set("most least many more fewer fewest several")


def _coordinated(names: Sequence[Phrase], request: Request) -> Target | None:
    """The two names that the last one is joined to, as "Pride and Prejudice"; what is compared is replaced singly."""
    if len(names) < 2 or tokens_of(request.text)[0].low in ("compare", "is", "are", "which"):
        return None
    one, two = names[-2:]
    if request.text[one.end : two.start].strip() not in ("and", "&") or "between" in request.text.lower():
        return None
    return Target(request.start + one.start, request.start + two.end, sure=True)


def _flat(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Phrases with those they hold after "of", each holder before what it holds."""
    out: list[Phrase] = []
    for phrase in phrases:
        while phrase.of is not None:
            out.append(phrase)
            phrase = phrase.of
        out.append(phrase)
    return out
