"""Where Chinese words begin, and of what class they are, for an encoder that reads single characters.

By the optional rjieba (MIT), whose dictionary knows more words than dialogues teach.
"""

from __future__ import annotations

from functools import lru_cache

from dialog.interpret.edit.words import is_cjk
from dialog.interpret.tagger import NAME_TAGS, tagger

_CLASSES = "nvadrtmqpcuyx"
"""First letters of the tags of the dictionary (ICTCLAS): noun, verb, adjective, adverb, pronoun, time, number, measure,
preposition, conjunction, particle, mood, and anything else."""
CUTS = 1 + 2 * (len(_CLASSES) + 1)
"""0: no Chinese character; then, for each class and for names, one number for its first and one for its other
characters."""


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
    if kind in NAME_TAGS:
        return len(_CLASSES)
    return _CLASSES.find(kind[0]) if kind and kind[0] in _CLASSES else _CLASSES.index("x")
