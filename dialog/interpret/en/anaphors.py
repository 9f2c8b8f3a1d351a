"""Which pronouns of a message point outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.kinds import kind_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase
from dialog.interpret.en.tables import word_set

Form = Literal["it", "they", "he", "she", "there", "then", "that", "those"]

FORMS: dict[str, tuple[Form, bool]] = {
    "it": ("it", False), "its": ("it", True), "they": ("they", False), "them": ("they", False), "their": ("they", True),
    "theirs": ("they", False), "he": ("he", False), "him": ("he", False), "his": ("he", True), "she": ("she", False),
    "her": ("she", False), "hers": ("she", False), "there": ("there", False), "then": ("then", False),
    "that": ("that", False), "this": ("that", False), "these": ("those", False), "those": ("those", False),
}  # fmt: skip

WEATHER = word_set(
    """rain raining rains rained snow snowing snows snowed hail hailing drizzle drizzling storm stormy windy sunny
    cloudy foggy hot cold warm chilly freezing humid dry wet icy weather degrees outside dark late early time noon
    midnight monday tuesday wednesday thursday friday saturday sunday christmas winter summer spring autumn o'clock
    winter overcast clear blizzard misty"""
)
JUDGING = word_set(
    """safe important possible impossible true false necessary good bad ok okay okey hard difficult easy easier harder
    better best fair legal illegal wrong right normal common likely unlikely healthy fun worth rude polite nice
    great cheaper dangerous clear obvious helpful useful crucial essential advisable rare customary permitted
    allowed mandatory required expensive wise smart time recommended considered cheap realistic appropriate
    acceptable"""
)
TIME_WORDS = word_set("dark late early time noon midnight long")
ABOUT_WEATHER = WEATHER | words.FUNCTION_WORDS | frozenset(".?!,") | word_set("today tonight tomorrow get going now")
SEEMING = word_set(
    """seem seems seemed appears appeared appear happens happened turns turned takes take took depends looks follows"""
)


@dataclass(frozen=True)
class Anaphor:
    """A pronoun that points outside the message: token `i`, characters `start`..`end`."""

    i: int
    start: int
    end: int
    form: Form
    possessive: bool
    goal: bool = False
    """Of "there": somewhere to go to."""


def anaphors_in(message: Message) -> tuple[Anaphor, ...]:
    """The pronouns of `message` that nothing in it explains, in order; of those alike only the first."""
    found: list[Anaphor] = []
    taken: set[Form] = set()
    for i, token in enumerate(message.tokens):
        low = "its" if token.low == "it" and message.low(i + 1) == "'s" and _possessive_slip(message, i) else token.low
        if low not in FORMS or message.is_protected(i):
            continue
        form, possessive = FORMS[low]
        if token.low == "her":
            possessive = message.tag(i) == "D"
        if form in taken or not _refers(message, i, form) or _bound(message, i, form, possessive):
            taken.add(form) if form in ("it", "they") and _refers(message, i, form) else None
            continue
        taken.add(form)
        end = message.tokens[i + 1].end if low == "its" and token.low == "it" else token.end
        goal = form == "there" and _is_goal(message, i)
        found.append(Anaphor(i, token.start, end, form, possessive, goal))
    return tuple(found)


def _is_goal(message: Message, i: int) -> bool:
    """Whether the verb before "there" moves."""
    verb = next(
        (k for k in range(i - 1, max(-1, i - 4), -1) if message.tag(k) == "V" or message.low(k) == "been"), None
    )
    return verb is not None and message.low(verb) in lexicon.CALLS_FOR_PLACE


def _possessive_slip(message: Message, i: int) -> bool:
    """ "Describe it's growth": its."""
    return (
        i > 0
        and message.tag(i - 1) in ("V", "I")
        and message.tag(i + 2) in ("N", "A")
        and message.tag(i + 3) in ("N", ".", "", "I")
    )


def _refers(message: Message, i: int, form: Form) -> bool:
    match form:
        case "it":
            return not is_expletive(message, i)
        case "there":
            return not _existential(message, i)
        case "then":
            return _temporal(message, i)
        case "that" | "those":
            return message.tag(i) == "P"
        case _:
            return True


def is_expletive(message: Message, i: int) -> bool:
    """Whether the "it" at token `i` stands for nothing: weather, time, judgements, appearances (cf. Lappin and Leass,
    Computational Linguistics 1994, section 2.1.2)."""
    if _idiomatic(message, i):
        return True
    lows = [token.low for token in message.tokens]
    after = lows[i + 1 : i + 9]
    before = lows[max(0, i - 3) : i]
    if (
        message.low(i - 1) in ("make", "call")
        and message.low(i - 2) in ("", "ca", "let", "'s")
        and message.low(i + 1) not in ("", "?")
    ):
        return True
    if message.low(i + 1) in SEEMING and message.low(i + 2) in ("that", "like", "to", "as", "out", "a", "about", "on"):
        return (
            not (message.low(i + 1) in ("happens", "happened", "looks") and message.low(i + 2) == "to")
            and message.low(i + 2) != "about"
        )
    if {"how", "long"} <= set(before + lows[:i]) and "take" in after[:2] and "to" in after:
        return True
    if "time" in before and message.low(i - 1) in ("is", "was"):
        return True
    copula = message.low(i - 1) in words.BE | {"will", "would", "does", "do", "did", "'s", "ai"} or message.low(
        i + 1
    ) in words.BE | {"'s", "will", "would", "'ll"}
    if not copula:
        return message.low(i + 1) in ("rains", "rained", "snows", "snowed", "rain", "snow")
    if lows[:1] == ["how"] and lows[1:2] and lows[1] in WEATHER - TIME_WORDS and set(after) <= ABOUT_WEATHER:
        return True
    if WEATHER & {word for word in after[:7]} and not ({"called", "used", "made"} & set(after)):
        near = next((k for k, word in enumerate(after) if word in WEATHER), 9)
        return all(
            word
            in words.FUNCTION_WORDS | WEATHER | {"going", "supposed", "expected", "gonna", "getting", "too", "really"}
            for word in after[:near]
        )
    return _extraposed(message, i)


def _idiomatic(message: Message, i: int) -> bool:
    """ "That's it", "covers it", "make it to the game", "is it Tim or Tom?": nothing that can be named."""
    before, after = message.low(i - 1), message.low(i + 1)
    if before in ("'s", "is", "was", "be") and message.low(i - 2) in ("that", "this", "about"):
        return True
    if after in ("?", ".", ",", "all", "for", "") and before in (
        "covers",
        "covered",
        "cover",
        "does",
        "doubt",
        "got",
        "get",
        "did",
    ):
        return True
    if (before == "of" and message.low(i - 2) == "care") or (
        before == "at" and message.low(i - 2) in ("re", "'re", "your")
    ):
        return True
    if before in ("make", "made", "making") and after in ("to", "there", "home", "on", "in", "tonight", "today", "."):
        return True
    if (
        before in ("expect", "expected", "believe", "imagine", "like", "love", "hate")
        and after in ("", ".", ",", "!")
        and message.low(0) in ("i", "ok", "oh", "wow")
    ):
        return True
    if (
        after in ("is", "'s", "was")
        and (message.low(i + 2) in VERY or message.low(i + 3) in ("bit", "little", "lot"))
        and message.tag(i - 1) in ("", ".", "R")
    ):
        return True
    names = message.tag(i + 1) == "N" and message.tokens[i + 1].text[0].isupper() and before in ("is", "was")
    return names or (after in ("is", "'s", "was", "be") and message.low(i + 2) in ("her", "his", "my", "your"))


VERY = word_set("so too very really pretty quite kind")


def _extraposed(message: Message, i: int) -> bool:
    """ "Is it safe to swim here?", "is it true that": the clause at the end is what "it" announces.

    "Is it easier to learn than Spanish?" is not: the verb has no object there, "it" is the object.
    """
    adjective = next((k for k in range(i + 1, min(i + 6, len(message.tokens))) if message.low(k) in JUDGING), None)
    if adjective is None:
        return message.low(i + 1) in ("'s", "is", "was") and message.low(i + 2) in ("been",)
    k = adjective + 1
    if message.low(k) in ("that", "if", "when", "how", "whether"):
        return True
    if message.low(adjective) == "worth" and message.low(k).endswith("ing"):
        return k + 1 < len(message.tokens) and message.tokens[k + 1].is_word
    if message.low(k) == "for" and any(message.tag(m) == "T" for m in range(k, k + 5)):
        k = next(m for m in range(k, k + 5) if message.tag(m) == "T")
    if message.tag(k) != "T" and not _is_infinitive(message, k):
        return False
    rest = [m for m in range(k + 2, len(message.tokens)) if message.tokens[m].is_word]
    return bool(rest) and message.low(rest[0]) not in ("than", "and", "or", "now", "with", "every", "as", "for")


def _is_infinitive(message: Message, k: int) -> bool:
    """Whether "to" at token `k` stands before a verb that the lexicon lacks ("to ski in Dubai"): a lone small word."""
    word = message.low(k + 1)
    plain = word.isalpha() and message.tokens[k + 1].text.islower() and word not in words.FUNCTION_WORDS
    return message.low(k) == "to" and plain and (message.tag(k + 2) in ("I", "D", "R"))


def _existential(message: Message, i: int) -> bool:
    """ "Is there any", "there are", "what is there to do": no place is meant."""
    if message.low(i + 1) in EXISTS or message.tag(i + 1) == "T":
        return True
    before = message.low(i - 1)
    if before in ("hi", "hello", "hey", "out", "over") or (before == "is" and message.low(i + 1) == ""):
        return True
    inverted = before in words.BE | {"'s", "has", "have", "had"} or (
        before in words.MODALS and message.low(i + 1) == "be"
    )
    if not inverted:
        return False
    start = next((k + 1 for k in range(i - 1, -1, -1) if message.tag(k) in (".", "C")), 0)
    subject_before = any(tag in "NP" for tag in message.tags[start : i - 1])
    return not subject_before or message.low(start) in ("what", "which", "who", "how")


EXISTS = words.BE | {
    "'s",
    "will",
    "would",
    "has",
    "have",
    "had",
    "can",
    "could",
    "should",
    "exist",
    "might",
    "may",
    "must",
    "seems",
}


def _temporal(message: Message, i: int) -> bool:
    """ "Who was president then?", "back then": a time; "then what", "and then": just order."""
    following = message.low(i + 1)
    return i > 1 and following in ("", "?", ".", "!") and (message.low(i - 1) == "back" or "X" in message.tags[:i])


def _bound(message: Message, i: int, form: Form, possessive: bool) -> bool:
    """Whether a noun phrase of the message itself explains the pronoun at token `i`."""
    if form in ("there", "then", "that", "those"):
        return form == "there" and any(
            p.last <= i and p.after in ("in", "at", "to") and _between(message, p.last, i) for p in message.phrases
        )
    return any(_binds(message, phrase, i, form, possessive) for phrase in message.phrases if phrase.last <= i)


def _binds(message: Message, phrase: Phrase, i: int, form: Form, possessive: bool) -> bool:
    if not agrees(phrase, form):
        return False
    if _between(message, phrase.last, i):
        return True
    acts = any(message.tag(k) == "V" or message.low(k) in ("do", "have") for k in range(phrase.last, i))
    return possessive and phrase.role == "subject" and acts


def _between(message: Message, start: int, stop: int) -> bool:
    """Whether a clause ends between two places, so that a pronoun after it may take up a phrase before it."""
    between = range(start, stop)
    ends = any(message.tag(k) in ("C", "W", "T") or message.low(k) in CLAUSE_MARKS for k in between)
    opens = any(message.tag(k) == "P" and message.tag(k + 1) in ("V", "X") for k in range(start, stop - 1))
    begins = message.low(stop) in ("he", "she", "they", "it") and message.tag(stop + 1) in ("V", "X", "R")
    begins = begins and any(message.tag(k) == "V" for k in between)
    participle = any(message.tag(k) == "V" and message.low(k).endswith("ing") for k in between)
    return (ends or opens or begins or participle) and any(message.tag(k) in ("V", "X") for k in range(0, stop))


CLAUSE_MARKS = frozenset(",.?!;:") | word_set("that when since before after until")


def agrees(phrase: Phrase, form: Form) -> bool:
    """Whether a phrase of the same message can be what a pronoun of `form` means."""
    kind = kind_of(phrase)
    match form:
        case "it":
            return not phrase.plural and kind in ("thing", "place", "name", "group") and not _empty(phrase)
        case "they":
            return (phrase.plural or kind in ("group", "person")) and not _empty(phrase)
        case "he":
            return kind in ("he", "person", "name")
        case "she":
            return kind in ("she", "person", "name")
        case _:
            return False


def _empty(phrase: Phrase) -> bool:
    vague = phrase.head in ("time", "kind", "way", "lot", "day", "year", "years", "days", "people")
    return vague and phrase.det != "the"
