"""The words that the rewriter moves: English words, single Chinese characters, single punctuation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_CJK}]"
_WORD = re.compile(
    rf"[{_CJK}]"
    rf"|['’][sS](?!{_LETTER})"
    rf"|{_LETTER}+(?:['’](?![sS](?!{_LETTER})){_LETTER}+)*"
    r"|[^\w\s]|_"
)
_CJK_CHAR = re.compile(rf"[{_CJK}]")
_WIDE_MARKS = frozenset("，。？！：；、（）《》「」“”…—")

SENTENCE_ENDS = frozenset(".?!。？！；;\n")
OPENING = frozenset("([{$#£€¥@《「（“‘")
CLOSING = frozenset(",.?!:;)]}%…，。？！：；、）》」”") | {"'s", "’s", "'S", "’S", "'", "’"}


@dataclass(frozen=True, slots=True)
class Word:
    """`text` stands at `start`..`end` (characters, end exclusive) of the text it was read in."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What makes two words the same: case and the shape of an apostrophe do not count."""
        return key_of(self.text)


def key_of(word: str) -> str:
    return word.casefold().replace("’", "'")


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text` in order; every character that is not white space is in exactly one."""
    return tuple(Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text))


def keys_of(text: str) -> tuple[str, ...]:
    """The words of `text` as they are compared, punctuation left out."""
    return tuple(word.key for word in words_of(text) if not is_mark(word.text))


def is_mark(word: str) -> bool:
    """Whether a word is punctuation or a symbol."""
    return len(word) == 1 and not word.isalnum()


def is_cjk(word: str) -> bool:
    return _CJK_CHAR.match(word) is not None


def space_between(left: str, right: str) -> str:
    """The space to write between two words that come to stand together: one, or none.

    None at the edges of the text (an empty word), before closing and after opening marks, and around Chinese.
    """
    if not left or not right or right in CLOSING or left in OPENING:
        return ""
    if is_cjk(left[-1]) or is_cjk(right[0]) or left[-1] in _WIDE_MARKS or right[0] in _WIDE_MARKS:
        return ""
    return " "
