"""Word pieces: how the encoder spells words (WordPiece, uncased, Wu et al. 2016, as BERT uses it).

Written out because the library that does it brings a network client along; a test holds both to the same answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

CLS, SEP, UNKNOWN, PAD = "[CLS]", "[SEP]", "[UNK]", "[PAD]"
_MAX_CHARS = 100


class WordPieces:
    """Spells words with the pieces of a vocabulary, one piece a line; a piece within a word begins with "##"."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._number = {piece: n for n, piece in enumerate(pieces)}
        if missing := [each for each in (CLS, SEP, UNKNOWN, PAD) if each not in self._number]:
            raise ValueError(f"a vocabulary of word pieces has {' '.join(missing)}; this one has not")
        self.cls, self.sep = self._number[CLS], self._number[SEP]
        self.unknown, self.pad = self._number[UNKNOWN], self._number[PAD]
        self.spell = lru_cache(maxsize=16384)(self._spell)

    def __len__(self) -> int:
        return len(self._number)

    @classmethod
    def from_file(cls, path: Path) -> WordPieces:
        return cls(path.read_text(encoding="utf-8").split("\n"))

    def _spell(self, word: str) -> tuple[int, ...]:
        """The numbers of the pieces of one word; one unknown piece for what cannot be spelt."""
        found: list[int] = []
        for part in _parts(_plain(word)):
            pieces = self._greedy(part)
            if pieces is None:
                return (self.unknown,)
            found += pieces
        return tuple(found) or (self.unknown,)

    def _greedy(self, part: str) -> list[int] | None:
        if len(part) > _MAX_CHARS:
            return None
        found, start = [], 0
        while start < len(part):
            for end in range(len(part), start, -1):
                number = self._number.get(part[start:end] if not start else f"##{part[start:end]}")
                if number is not None:
                    break
            else:
                return None
            found.append(number)
            start = end
        return found


def _plain(word: str) -> str:
    """Lower case, without accents."""
    spread = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in spread if unicodedata.category(char) != "Mn")


def _parts(word: str) -> list[str]:
    """The word, cut around its punctuation."""
    parts, plain = [], ""
    for char in word:
        if char.isalnum():
            plain += char
        else:
            parts += [plain, char] if plain else [char]
            plain = ""
    return [*parts, plain] if plain else parts
