"""Where Chinese words begin, and of what class they are, for an encoder that reads single characters.

By the optional rjieba (MIT), whose dictionary knows more words than dialogues teach. A prototype read a set of
Chinese rewrites right in 46 of 100 cases with such borders, in 36 without.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from dialog.interpret.edit.words import is_cjk

if TYPE_CHECKING:
    from collections.abc import Callable

_CLASSES = "nvadrtmqpcuyx"
"""First letters of the tags of the dictionary (ICTCLAS): noun, verb, adjective, adverb, pronoun, time, number, measure,
preposition, conjunction, particle, mood, and anything else."""
_NAMES = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])
CUTS = 1 + 2 * (len(_CLASSES) + 1)
"""0: no Chinese character; then, for each class and for names, one number for its first and one for its other
characters."""


@cache
def tagger() -> Callable[[str], list[tuple[str, str]]] | None:
    """Cuts a text into words with their tags; None when rjieba is not installed."""
    try:
        import rjieba
    except ImportError:
        return None

    def tag(text: str) -> list[tuple[str, str]]:
        return rjieba.tag(text, True)

    return tag


@lru_cache(maxsize=512)
def cuts_of(text: str) -> tuple[int, ...]:
    """For each character of `text` a number below CUTS; all 0 when there is no Chinese in it or no rjieba."""
    tag = tagger()
    if tag is None or not any(map(is_cjk, text)):
        return (0,) * len(text)
    found: list[int] = []
    for word, kind in tag(text):
        number = 1 + 2 * _class(kind)
        found += [number + (n > 0) if is_cjk(char) else 0 for n, char in enumerate(word)]
    return tuple(found)


def _class(kind: str) -> int:
    if kind in _NAMES:
        return len(_CLASSES)
    return _CLASSES.find(kind[0]) if kind and kind[0] in _CLASSES else _CLASSES.index("x")
