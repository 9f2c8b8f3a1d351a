"""Noun phrases of a text: where they are, what heads them, how many they speak of, and the part they play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.tagging import Tag, is_name, tags_of
from dialog.interpret.en.text import Token, is_cased, sentences_of, singular, tokens_of

Role = Literal["subject", "about", "object", "oblique", "other"]

TRAILING = word_set("today tomorrow tonight yesterday now please")


@dataclass(frozen=True)
class Phrase:
    """A noun phrase. `start`..`end` are character offsets (end exclusive), `first`..`last` token indices (last
    exclusive); with an "of" phrase attached they cover it too, while `head` and `core_end` are of the part before it.
    """

    text: str
    start: int
    end: int
    first: int
    last: int
    core_start: int
    """Where the phrase begins without its determiner."""
    core_end: int
    det: str
    head: str
    """The head noun, lower case."""
    proper: bool
    plural: bool
    role: Role
    after: str
    """The word before the phrase, lower case ("" at the start)."""
    of: Phrase | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.low for token in tokens_of(self.text) if token.is_word)


@lru_cache(maxsize=512)
def phrases_of(text: str) -> tuple[Phrase, ...]:
    """The noun phrases of `text` in order; one that another holds after "of" is only its `of`."""
    tokens, tags, cased = tokens_of(text), tags_of(text), is_cased(text)
    found: list[Phrase] = []
    i = 0
    while i < len(tokens):
        stop = _extent(tokens, tags, i, cased)
        if stop is None:
            i += 1
            continue
        found.append(_phrase(text, tokens, tags, i, stop, cased))
        i = stop
    return tuple(_attached(text, tokens, found))


def _extent(tokens: Sequence[Token], tags: Sequence[Tag], i: int, cased: bool) -> int | None:
    """The index after the noun phrase that starts at token `i`, None when none does."""
    if tags[i] not in "DAMNW":
        return None
    if tags[i] == "W" and not (tokens[i].low in words.WH_DETERMINERS and i + 1 < len(tags) and tags[i + 1] in "NAM"):
        return None
    stop, noun = i, None
    while stop < len(tokens):
        tag = tags[stop]
        if (
            stop > i
            and tag in "DW"
            and tokens[stop].low not in ("other", "few", "many", "such", "more", "most", "same", "half")
        ):
            break
        if (
            tag not in "DAMNWS"
            and not _inside_name(tokens, tags, stop, cased)
            and not (tag == "R" and stop > i and stop + 1 < len(tags) and tags[stop + 1] in "AN" and noun is None)
        ):
            break
        if tag == "S" and (noun is None or stop + 1 >= len(tags) or tags[stop + 1] not in "AMNR"):
            break
        if noun is not None and tokens[stop].low in ("last", "next"):
            break
        if tag == "M" and noun is not None and not _takes_number(tokens, noun, stop, cased):
            break
        if tag == "N":
            if noun is not None and tokens[stop].low in TRAILING:
                break
            noun = stop
        elif tag == "M" and (noun is not None or stop == i):
            noun = stop
        stop += 1
    return None if noun is None else noun + 1


NUMBERED = word_set("number room chapter season part episode version type level phase")


def _takes_number(tokens: Sequence[Token], noun: int, at: int, cased: bool) -> bool:
    """Whether the number at `at` belongs to the noun before it: "room 12", "Apollo 11"; in speech any short one."""
    low = tokens[at].low
    spoken = not cased and low[0].isdigit() and low.isalnum() and len(low) <= 3
    return spoken or is_name(tokens, noun, cased=cased) or tokens[at - 1].low in NUMBERED


def _inside_name(tokens: Sequence[Token], tags: Sequence[Tag], at: int, cased: bool) -> bool:
    """Whether a small word links two parts of a name: "Museum of Art", "Bank of the West", "Rock & Roll"."""
    if not cased or at == 0 or not is_name(tokens, at - 1, cased=cased):
        return False
    if tokens[at].low in ("and", "&") and _names_institution(tokens, at):
        return True
    if tokens[at].low not in ("of", "the", "&", "de", "la", "del", "van", "von", "da", "du", "for"):
        return False
    nexts = tokens[at + 1 : at + 3]
    if not nexts:
        return False
    if tokens[at].low in ("the", "for"):
        return tokens[at - 1].low in ("of",) and nexts[0].text[0].isupper()
    return nexts[0].text[0].isupper() or (nexts[0].low == "the" and len(nexts) > 1 and nexts[1].text[0].isupper())


def _names_institution(tokens: Sequence[Token], at: int) -> bool:
    """ "the National Air and Space Museum": the noun for the whole comes only after "and"."""
    last = at + 1
    while last < len(tokens) and tokens[last].text[0].isupper():
        last += 1
    heads = lexicon.PLACE_HEADS | lexicon.COMMON_HOLDERS
    return last > at + 2 and tokens[last - 1].low in heads and tokens[at - 1].low not in heads


def _phrase(text: str, tokens: Sequence[Token], tags: Sequence[Tag], first: int, last: int, cased: bool) -> Phrase:
    det = tokens[first].low if tags[first] in "DW" else ""
    core = first + 1 if det and last > first + 1 else first
    head = tokens[last - 1].low
    return Phrase(
        text=text[tokens[first].start : tokens[last - 1].end],
        start=tokens[first].start,
        end=tokens[last - 1].end,
        first=first,
        last=last,
        core_start=tokens[core].start,
        core_end=tokens[last - 1].end,
        det=det,
        head=head,
        proper=cased and is_name(tokens, last - 1, cased=cased),
        plural=is_plural(head)
        and not (cased and is_name(tokens, last - 1, cased=cased) and not _plural_name(tokens, first)),
        role=_role(text, tokens, tags, first),
        after=tokens[first - 1].low if first else "",
    )


def is_plural(head: str) -> bool:
    """Whether a noun is plural by its form."""
    if head in lexicon.PLURAL_ONLY:
        return True
    return (
        head.endswith("s")
        and not head.endswith(("ss", "us", "is"))
        and head not in lexicon.SINGULAR_IN_S
        and len(head) > 2
    )


def _plural_name(tokens: Sequence[Token], first: int) -> bool:
    """Names in -s are plural after "the" ("the Beatles", "the Sea Peoples") or when a lone word ("Cubesats")."""
    return tokens[first].low in ("the", "some", "all", "these", "those")


def _role(text: str, tokens: Sequence[Token], tags: Sequence[Tag], first: int) -> Role:
    before = tags[first - 1] if first else "."
    if before == "I":
        return "about" if tokens[first - 1].low in ("about", "regarding", "concerning") else "oblique"
    if before == "V":
        return "object"
    if before in (".", "C"):
        return "subject"
    if before == "X":
        return "subject"
    return "other"


def _attached(text: str, tokens: Sequence[Token], found: Sequence[Phrase]) -> list[Phrase]:
    """Joins "X of Y" from the right, so that "the history of the city of Paris" is one phrase."""
    out: list[Phrase] = []
    for phrase in reversed(found):
        inner = out[-1] if out else None
        if inner is not None and inner.first == phrase.last + 1 and tokens[phrase.last].low == "of":
            out[-1] = Phrase(
                text=text[phrase.start : inner.end],
                start=phrase.start, end=inner.end, first=phrase.first, last=inner.last,
                core_start=phrase.core_start, core_end=phrase.core_end, det=phrase.det, head=phrase.head,
                proper=phrase.proper, plural=phrase.plural, role=phrase.role, after=phrase.after, of=inner,
            )  # fmt: skip
        else:
            out.append(phrase)
    return out[::-1]


def same_noun(a: str, b: str) -> bool:
    """Whether two nouns are the same up to number."""
    return a == b or singular(a) == singular(b)


def sentence_at(text: str, offset: int) -> tuple[int, int]:
    """The place of the sentence of `text` that holds `offset`."""
    return next(((a, b) for a, b in sentences_of(text) if a <= offset < b), (0, len(text)))
