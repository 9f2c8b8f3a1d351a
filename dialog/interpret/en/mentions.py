"""What the dialog has mentioned so far, and how much each mention is on people's minds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Copied, copied, copied_from_caller
from dialog.interpret.en.introductions import introduced_in
from dialog.interpret.en.phrases import Phrase, Role, is_plural, phrases_of
from dialog.interpret.en.places import is_place
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.tagging import tags_of
from dialog.interpret.en.text import is_cased, sentences_of, singular, tokens_of
from dialog.interpret.pack import Utterance, View

Kind = Literal["he", "she", "person", "name", "place", "thing", "group"]
"""What is mentioned: a man, a woman, a person, a name that may be anybody's or anything's, a place, a thing, or
a number of people that act as one (a band)."""

ANSWER = 2.4
PART_OF_ANSWER = 1.5
SHORT_ANSWER = 9
"""How much more a name weighs that answers the question, in a reply of at most so many words and in a longer one."""
MAX_TURNS_BACK = 8
"""User turns that are looked back at, besides the first of the topic."""
MAX_REPLY_CHARS = 700
MAX_OLD_REPLY_CHARS = 250
"""Of a reply its beginning counts; what it says later is elaboration."""

EMPTY_HEADS = word_set(
    """kind kinds way ways thing things lot lots bit type sort day days time times reason reasons example examples idea
    ideas information info question questions answer answers fact facts something anything part one ones way year
    years hour hours minute minutes week weeks month months age number amount detail details else difference
    differences other others same most some many interest top best favor favorite sorry morning afternoon evening
    night moment help please problem thanks today tomorrow monday tuesday wednesday thursday friday saturday sunday
    pm am a.m p.m options option miles mile result results"""
)
"""Heads that are hardly ever taken up by a pronoun."""

WEIGHT: dict[Role, float] = {"about": 3.0, "subject": 2.6, "object": 2.2, "oblique": 1.2, "other": 1.6}
OTHER_TOPIC = 1.0
"""How much less a mention of an earlier topic weighs."""
PER_TURN = 1.2
LATER_TURNS = 0.5
"""How much a mention fades with the next user turn, and with those after it."""
FIRST_TURN = 0.8
"""How much more the first turn weighs: what a dialog opens with it is mostly about."""
AGAIN = 0.4
"""How much more a mention weighs for every time (up to three) that its head came up before."""
TITLE = 5.0
"""The weight of what the caller says the dialog is about."""
IN_REPLY = 0.1
REPLY_SHARE = 0.5
LATER_SENTENCE = 0.8
"""A mention in a reply weighs `IN_REPLY` and this share of what it would in the user's words, less after the first
sentence."""
THEME_WEIGHT = 0.8
"""The least weight of a mention that a bare relational noun or a bare "one" is taken to belong to."""


@dataclass(frozen=True)
class Mention:
    """One noun phrase of the dialog (or a text of the caller), with `weight`, higher is more on people's minds."""

    where: Utterance | None
    caller: tuple[str, str] | None
    start: int
    end: int
    core_start: int
    core_end: int
    det: str
    head: str
    kind: Kind
    plural: bool
    proper: bool
    weight: float
    ago: int
    """User turns ago; 0 is the latest."""
    order: int
    """Place among all mentions, for ties and for "the two before"."""

    @property
    def said(self) -> str:
        return self.where.text if self.where is not None else (self.caller or ("", ""))[1]

    @property
    def text(self) -> str:
        return self.said[self.start : self.end]

    @property
    def core(self) -> str:
        return self.said[self.core_start : self.end]

    @property
    def by_user(self) -> bool:
        return self.where is not None and self.where.role == "user"

    def copy(self, start: int | None = None, end: int | None = None) -> Copied:
        """The mention, or characters `start`..`end` of what it was said in, as a sourced part."""
        a, b = self.start if start is None else start, self.end if end is None else end
        if self.where is not None:
            return copied(self.where, a, b)
        name, text = self.caller or ("", "")
        return copied_from_caller(name, text, a, b)


def mentions_of(view: View) -> tuple[Mention, ...]:
    """The mentions of the dialog, heaviest first; those of other topics than the active one are lighter, and one weighs
    more the more often its head came up before."""
    found: list[Mention] = []
    seen: dict[str, int] = {}
    total = sum(said.role == "user" for said in view.utterances)
    users = 0
    for i, said in enumerate(view.utterances):
        users += said.role == "user"
        ago = total - max(users, 1)
        if ago > MAX_TURNS_BACK and i > 1:
            continue
        less = faded(ago) + (OTHER_TOPIC if said.topic_id and said.topic_id != view.state.active_topic else 0.0)
        less -= FIRST_TURN if i == 0 else 0.0
        question = view.utterances[i - 1].text if i and said.role == "assistant" else None
        chars = MAX_REPLY_CHARS if ago < 2 else MAX_OLD_REPLY_CHARS
        for light in _readings(said.text, said.role == "user", question, chars):
            again = seen.get(light.head, 0)
            seen[light.head] = again + 1
            weight = light.weight - less + AGAIN * min(again, 3)
            found.append(_mention(light, said, None, weight, ago, len(found)))
    for name, text in view.caller:
        if name in TITLE_NAMES and (title := _title(text)) is not None:
            weight = title.weight + AGAIN * min(seen.get(title.head, 0), 3)
            found.append(_mention(title, None, (name, text), weight, 0, len(found)))
    return tuple(sorted(found, key=lambda mention: -mention.weight))


def faded(ago: int) -> float:
    """How much a mention has faded after `ago` user turns: fast at first, then slowly."""
    return PER_TURN * ago if ago < 2 else PER_TURN + LATER_TURNS * (ago - 1) ** 0.7


TITLE_NAMES = frozenset({"title", "topic", "subject", "entity"})


@dataclass(frozen=True)
class Reading:
    """A noun phrase as a possible mention, before it is placed in a dialog."""

    start: int
    end: int
    core_start: int
    core_end: int
    det: str
    head: str
    kind: Kind
    plural: bool
    proper: bool
    weight: float


def _mention(
    light: Reading, said: Utterance | None, caller: tuple[str, str] | None, weight: float, ago: int, order: int
) -> Mention:
    return Mention(
        said, caller, light.start, light.end, light.core_start, light.core_end, light.det, light.head, light.kind,
        light.plural, light.proper, weight, ago, order,
    )  # fmt: skip


MADE = re.compile(
    r"\bwho\s+(?:(?P<body>founded|co-founded|owns|owned|runs|bought|acquired)|wrote|composed|directed|produced|invented"
    r"|painted|sculpted|designed|built|discovered|created|published|recorded|released|sang|sings|starred in|stars in)"
    r"\s+",
    re.I,
)
"""What begins with this goes on with a work, or with a body of people: not with anybody who may be "he" or "she"."""


@lru_cache(maxsize=512)
def _readings(text: str, by_user: bool, question: str | None, chars: int) -> tuple[Reading, ...]:
    """The possible mentions of one utterance; `question` is what a reply answers, of which `chars` characters count."""
    text = text if by_user else text[:chars]
    phrases = phrases_of(text)
    found: list[Reading] = []
    opens = sentences_of(text)[:1]
    named = _names_an_answer(question) if question is not None else False
    for i, phrase in enumerate(phrases):
        weight = WEIGHT[phrase.role]
        previous = phrases[i - 1] if i else None
        if previous is not None and phrase.role == "oblique" and _leads_on(previous, phrase, text):
            weight = WEIGHT[previous.role] + 0.4
        if not by_user:
            first_sentence = bool(opens) and phrase.start < opens[0][1]
            weight = IN_REPLY + REPLY_SHARE * weight - (0.0 if first_sentence else LATER_SENTENCE)
            weight += 0.9 if named and phrase.proper and phrase.role == "subject" else 0.0
            weight += _answers(text, phrase, question)
        found += _of_phrase(text, phrase, weight)
        if not by_user and i == 0 and found and question is not None and _acts(text, phrase, question):
            found[-1] = replace(found[-1], kind="group", weight=weight + 1.0)
    if not by_user:
        found = _with_introduced(text, found)
    elif (made := MADE.search(text)) is not None:
        kind: Kind = "group" if made["body"] else "thing"
        found = [replace(each, kind=kind) if each.start == made.end() and each.proper else each for each in found]
    found += _coordinated(text, phrases, found)
    found += _gerunds(text, by_user)
    return tuple(found)


def _answers(text: str, phrase: Phrase, question: str | None) -> float:
    """What a name weighs more that a short reply "X is Y" gives in answer to a question, most when it gives no more."""
    if question is not None and phrase.start <= 4 and _is_the_one(phrase, question):
        return PART_OF_ANSWER
    if question is None or not phrase.proper or len(text) > 120 or phrase.after not in ("is", "was", "are", "by"):
        return 0.0
    asked = tokens_of(question)[:1]
    if not asked or asked[0].low not in words.WH or phrase.text.casefold() in question.casefold():
        return 0.0
    alone = len(text.split()) <= SHORT_ANSWER and phrase.after != "by" and not text[phrase.end :].strip(" .!")
    return ANSWER if alone else PART_OF_ANSWER


def _with_introduced(text: str, found: list[Reading]) -> list[Reading]:
    """The readings of a reply, in which what it introduces by name outweighs what it says of it ("X is a Y")."""
    place = introduced_in(text)
    if place is None:
        return found
    start, end = place
    outside = [reading for reading in found if reading.end <= start or reading.start >= end]
    same = next(
        (reading for reading in found if reading.start >= start and reading.end <= end and reading.kind != "thing"),
        None,
    )
    lower = [
        replace(reading, weight=reading.weight - 1.2) if reading.det in ("a", "an") else reading for reading in outside
    ]
    head = tokens_of(text[start:end])[-1].low
    kind: Kind = same.kind if same is not None else "name"
    if kind == "name" and (said := _said_of(text, end)) in ("place", "person", "thing", "group"):
        kind = said
    core = start + 4 if text[start : start + 4].lower() == "the " else start
    det = "the" if core != start else ""
    return [*lower, Reading(start, end, core, end, det, head, kind, False, True, 4.0)]


def _said_of(text: str, end: int) -> Kind | None:
    """The kind of what follows "is" after a name: "is a nice hotel" makes it a place."""
    following = next((p for p in phrases_of(text) if p.start >= end), None)
    if following is None or following.det not in ("a", "an", "the", "one") or following.start - end > 8:
        return None
    return kind_of(following)


def _is_the_one(phrase: Phrase, question: str) -> bool:
    """Whether a reply to "who wrote it?" begins with the one who did."""
    asked = tokens_of(question)[:1]
    return bool(asked) and asked[0].low == "who" and phrase.proper and phrase.text.casefold() not in question.casefold()


def _acts(text: str, phrase: Phrase, question: str) -> bool:
    """Whether a reply to "who won?" begins with a country or a club as the one who did."""
    asked = [token.low for token in tokens_of(question)[:2]]
    who = asked[:1] == ["who"] or asked in (["which", "team"], ["which", "country"], ["which", "club"])
    return who and phrase.proper and kind_of(phrase) in ("place", "name") and is_place(phrase.text)


def _names_an_answer(question: str) -> bool:
    """Whether a question asks for something not yet named, so that the name in its answer is what comes to mind."""
    phrases = phrases_of(question)
    return not any(phrase.proper for phrase in phrases) or any(
        phrase.det in ("a", "an", "any", "some", "what", "which") or phrase.plural for phrase in phrases
    )


def _leads_on(previous: Phrase, phrase: Phrase, text: str) -> bool:
    """Whether `previous` is a relational noun whose holder is `phrase`: "the evidence for the collapse"."""
    between = text[previous.end : phrase.start].split()
    holds = singular(previous.head) in lexicon.RELATIONAL or previous.head in EMPTY_HEADS
    return (
        len(between) == 1
        and between[0] in ("for", "around", "behind", "to", "with", "about", "on", "between")
        and holds
    )


def _of_phrase(text: str, phrase: Phrase, weight: float) -> Iterator[Reading]:
    inner = phrase.of
    relational = singular(phrase.head) in lexicon.RELATIONAL or phrase.head in EMPTY_HEADS
    possessor = _possessor(text, phrase)
    if inner is not None:
        yield from _of_phrase(text, inner, weight + (0.3 if relational else -0.5))
    if possessor is not None:
        yield _reading(possessor, weight + (0.3 if relational else -1.0))
    if phrase.head in EMPTY_HEADS or _no_name(phrase) or phrase.det in ("his", "her", "its", "their"):
        return
    holder = inner is not None or possessor is not None
    weight -= (3.0 if relational else 0.2) if holder else (1.8 if relational else 0.0)
    if not holder and phrase.det in ("the", "this", "that") and phrase.last - phrase.first == 2 and not phrase.proper:
        weight -= 1.0 if singular(phrase.head) in lexicon.COMMON_HOLDERS else 0.0
    if any(_is_superlative(word) for word in phrase.words):
        weight -= 1.2
    if _is_address(phrase):
        weight -= 2.0
    yield _reading(phrase, weight)


def _is_superlative(word: str) -> bool:
    return word in ("best", "most", "worst", "least") or (word.endswith("est") and word[:-3] in lexicon.ADJECTIVES)


def _is_address(phrase: Phrase) -> bool:
    return phrase.words[0][0].isdigit() and len(phrase.words) > 1 and (phrase.proper or phrase.head in STREETS)


STREETS = word_set("""street st road rd avenue ave drive dr lane ln place pl court ct boulevard blvd way square""")


def _no_name(phrase: Phrase) -> bool:
    """Numbers, ordinals and superlatives without a noun name nothing."""
    head = phrase.head
    number = head[0].isdigit() and not phrase.proper
    return number or head in words.ORDINALS or head in words.NUMBER_WORDS or (head.endswith("est") and len(head) > 5)


def _reading(phrase: Phrase, weight: float) -> Reading:
    if phrase.proper:
        weight += 1.0
    elif phrase.det in ("the", "this", "that", "my", "your"):
        weight += 0.5
    elif phrase.det in words.WH_DETERMINERS:
        weight -= 1.2
    elif phrase.det in ("no", "any", "another", "other"):
        weight -= 0.8
    return Reading(
        phrase.start, phrase.end, phrase.core_start, phrase.core_end, phrase.det, phrase.head, kind_of(phrase),
        phrase.plural, phrase.proper, weight,
    )  # fmt: skip


def _possessor(text: str, phrase: Phrase) -> Phrase | None:
    """The owner in "lung cancer's symptoms"."""
    tokens, tags = tokens_of(text), tags_of(text)
    cut = next(
        (i for i in range(phrase.first + 1, phrase.last) if i < len(tags) and tags[i] == "S" and i < phrase.last), None
    )
    if cut is None or tokens[cut].start >= phrase.core_end:
        return None
    head = tokens[cut - 1]
    return Phrase(
        text=text[phrase.start : head.end], start=phrase.start, end=head.end, first=phrase.first, last=cut,
        core_start=phrase.core_start, core_end=head.end, det=phrase.det, head=head.low,
        proper=is_cased(text) and head.text[0].isupper(), plural=is_plural(head.low) and not head.text[0].isupper(),
        role=phrase.role, after=phrase.after,
    )  # fmt: skip


def _coordinated(text: str, phrases: Sequence[Phrase], readings: Sequence[Reading]) -> Iterator[Reading]:
    """ "Meg and Calvin": two names joined are many."""
    weights = {(reading.start, reading.end): reading.weight for reading in readings}
    for a, b in pairwise(phrases):
        joined = text[a.end : b.start].strip() in ("and", "&") and a.of is None
        if joined and ((a.proper and b.proper) or (_is_person(a) and _is_person(b))):
            weight = max(weights.get((a.start, a.end), 0), weights.get((b.start, b.end), 0)) + 0.1
            people = _is_person(a) or _is_person(b)
            yield Reading(
                a.start,
                b.end,
                a.core_start,
                b.core_end,
                a.det,
                b.head,
                "group" if people else "thing",
                True,
                True,
                weight,
            )


def _gerunds(text: str, by_user: bool) -> Iterator[Reading]:
    """ "Why is learning a second language difficult?": an activity is a thing too."""
    if not by_user:
        return
    tokens, tags = tokens_of(text), tags_of(text)
    for i, tag in enumerate(tags):
        if (
            tag != "V"
            or not tokens[i].low.endswith("ing")
            or not i
            or tags[i - 1] not in "XI"
            or tokens[i - 1].low in ("'m", "'re", "am", "been")
        ):
            continue
        if tags[i - 1] == "X" and any(t in "PN" for t in tags[:i]):
            continue
        last = i
        for phrase in phrases_of(text):
            if phrase.first == i + 1:
                last = phrase.last - 1
        if last > i:
            yield Reading(
                tokens[i].start,
                tokens[last].end,
                tokens[i].start,
                tokens[last].end,
                "",
                tokens[i].low,
                "thing",
                False,
                False,
                2.8,
            )


def _is_person(phrase: Phrase) -> bool:
    return kind_of(phrase) in ("he", "she", "person")


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


@lru_cache(maxsize=64)
def _title(text: str) -> Reading | None:
    """What a title names, without a bracketed explanation."""
    end = text.find(" (")
    end = end if end > 0 else len(text)
    if not text.strip():
        return None
    bracket = text[end:].lower()
    found = phrases_of(text[:end])
    lone = found[0] if len(found) == 1 and found[0].start == 0 and found[0].end == end else None
    kind: Kind = kind_of(lone) if lone is not None else "name"
    if any(word in bracket for word in ("song", "film", "album", "novel", "series", "game", "show")):
        kind = "thing"
    if "band" in bracket or "group" in bracket:
        kind = "group"
    head = tokens_of(text[:end])[-1].low
    return Reading(0, end, 0, end, "", head, kind, False, True, TITLE)
