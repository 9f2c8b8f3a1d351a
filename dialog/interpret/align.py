"""Which words of a message a rewrite kept: a weighted longest common subsequence of tokens.

Tokens are words for alphabetic scripts and single characters for Chinese. Weights: content before function words
before punctuation and space, and a price for every new stretch, so that few, long stretches are kept and a stray
comma does not tear an edit in two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.interpret.word_forms import FUNCTION_CHARS, FUNCTION_WORDS, is_han

MAX_CELLS = 120_000
"""The largest table that is filled (about 60 ms); past it the texts count as not comparable."""

_TOKEN = re.compile(r"[㐀-䶿一-鿿]|[^\W_㐀-䶿一-鿿]+(?:['’][^\W_㐀-䶿一-鿿]+)*|\s+|.", re.S)
_NEW_STRETCH = 0.8


class TooLong(ValueError):
    """The texts are too long to compare."""


@dataclass(frozen=True)
class Token:
    """A token at `start`..`end` of its text; `key` is what is compared."""

    text: str
    start: int
    end: int
    key: str

    @property
    def is_space(self) -> bool:
        return self.key == " "

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(frozen=True)
class Gap:
    """The stretch `old` of the original's tokens that became the stretch `new` of the rewrite's."""

    old: tuple[int, int]
    new: tuple[int, int]


def tokens_of(text: str) -> list[Token]:
    """The tokens of `text`, without gaps; any white space is one token that equals any other."""
    return [Token(found[0], *found.span(), fold(found[0])) for found in _TOKEN.finditer(text)]


def fold(token: str) -> str:
    return " " if token.isspace() else token.casefold().replace("’", "'")


def gaps(old: Sequence[Token], new: Sequence[Token]) -> list[Gap]:
    """Where `new` departs from `old`, in order; raises TooLong."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = _kept(old[head : len(old) - tail], new[head : len(new) - tail])
    kept = [(head + i, head + j) for i, j in middle] + [(len(old) - tail, len(new) - tail)]
    found: list[Gap] = []
    i, j = head, head
    for next_i, next_j in kept:
        if (i, j) != (next_i, next_j):
            found.append(Gap((i, next_i), (j, next_j)))
        i, j = next_i + 1, next_j + 1
    return found


def _common(a: Sequence[Token], b: Sequence[Token]) -> int:
    """How many tokens both begin with."""
    count = 0
    while count < min(len(a), len(b)) and a[count].key == b[count].key:
        count += 1
    return count


def _kept(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[int, int]]:
    """The pairs (i, j) of the best alignment, in order."""
    if not old or not new:
        return []
    if len(old) * len(new) > MAX_CELLS:
        raise TooLong(f"a message and its rewrite of {len(old)} x {len(new)} tokens are too long to compare")
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    joined = [[float("-inf")] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old, 1):
        weight = _weight(a)
        for j, b in enumerate(new, 1):
            if a.key == b.key:
                joined[i][j] = weight + max(joined[i - 1][j - 1], best[i - 1][j - 1] - _NEW_STRETCH)
            best[i][j] = max(joined[i][j], best[i - 1][j], best[i][j - 1])
    return _traced(best, joined, old)


def _traced(best: list[list[float]], joined: list[list[float]], old: Sequence[Token]) -> list[tuple[int, int]]:
    i, j = len(best) - 1, len(best[0]) - 1
    pairs: list[tuple[int, int]] = []
    inside = False
    while i and j:
        if inside or (best[i][j] == joined[i][j] and best[i][j] > 0):
            inside = joined[i - 1][j - 1] >= best[i - 1][j - 1] - _NEW_STRETCH
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _weight(token: Token) -> float:
    if token.is_space:
        return 0.1
    if is_han(token.text):
        return 0.5 if token.text in FUNCTION_CHARS else 0.9
    if not token.is_word:
        return 0.3
    return 0.7 if token.key in FUNCTION_WORDS else 3.0
