"""Words of a message with their places, its sentences, and the stretches that nobody may touch."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from dialog.interpret.en.tables import word_set

TOKEN = re.compile(
    r"n't\b|n’t\b|['’](?:s|re|ve|ll|d|m|t)\b"
    r"|\d+(?:[:.,]\d+)*(?:st|nd|rd|th|am|pm|k|m|%)?\b"
    r"|(?:Dr|Mr|Mrs|Ms|St|Jr|Sr)\.(?=\s)|[A-Z]\.(?=\s[A-Z])|(?:[A-Za-z]\.){2,}"
    r"|[^\W_](?:(?!n['’]t\b)(?:[^\W_]|[-&](?=[^\W_])|['’](?=[A-Z])))*"
    r"|[^\w\s]|_"
)
PROTECTED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]+`|https?://\S+|www\.\S+|\S+@\S+\.\w+|“[^”]*”|\"[^\"]*\"|``.*?(?:''|``|\Z)|(?<!\w)'[^'\n]{3,}'(?!\w)",
    re.S,
)
SENTENCE_END = re.compile(r"[.!?]+['\"”’)]*(?=\s|$)|\n+")
ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|etc|Jr|Sr|e\.g|i\.e)|\b[A-Z])$")


class Token(NamedTuple):
    """A word or a mark: its characters, their lower-case form, and its place in the text (end exclusive)."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.low in CLITICS


CLITICS = word_set("n't 's 're 've 'll 'd 'm 't")


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of `text` in order; clitics ("'s", "n't") apart from their word."""
    return tuple(Token(m[0], lowered(m[0]).replace("’", "'"), m.start(), m.end()) for m in TOKEN.finditer(text))


@lru_cache(maxsize=512)
def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """Places of the sentences of `text`, trimmed of the spaces around them."""
    found: list[tuple[int, int]] = []
    at = 0
    for end in [*(m.end() for m in SENTENCE_END.finditer(text) if not _abbreviates(text, m)), len(text)]:
        body = text[at:end].strip()
        if body:
            start = text.index(body, at)
            found.append((start, start + len(body)))
        at = end
    return tuple(found)


def _abbreviates(text: str, mark: re.Match[str]) -> bool:
    return (
        mark[0] == "."
        and mark.end() < len(text)
        and ABBREVIATION.search(text[max(0, mark.start() - 6) : mark.start()]) is not None
    )


@lru_cache(maxsize=256)
def protected_in(text: str) -> tuple[tuple[int, int], ...]:
    """Places of code, addresses and quotations in `text`."""
    return tuple((m.start(), m.end()) for m in PROTECTED.finditer(text))


def is_cased(text: str) -> bool:
    """Whether capitals in `text` tell names from words: it has some, and is not all capitals."""
    return any(c.isupper() for c in text) and any(c.islower() for c in text)


def lowered(text: str) -> str:
    """`text` in lower case, character by character: as long as it was, so that offsets hold ("İ" has a longer one)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def singular(word: str) -> str:
    """`word` without a regular plural ending (Harman's S-stemmer, JASIS 1991)."""
    if len(word) > 3 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    if len(word) > 2 and word.endswith("s") and word[-2] not in "us":
        return word[:-1]
    return word
