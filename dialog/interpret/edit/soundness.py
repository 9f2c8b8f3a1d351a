"""Whether a rewrite can be a sentence: a check on what the network put together, by what hardly any sentence has."""

from __future__ import annotations

import re
from itertools import pairwise

from dialog.interpret.edit.words import keys_of
from dialog.interpret.word_forms import FUNCTION_WORDS

_ARTICLES = frozenset({"a", "an", "the"})
_DETERMINERS = _ARTICLES | frozenset({"my", "your", "our", "their", "every"})
"""Words that no article follows."""
_BETWEEN = re.compile(r"[.?!,;]\s")


def is_sound(rewrite: str, message: str) -> bool:
    """Whether `rewrite` is free of faults that `message` has not: an article after an article ("a an apple"), one at
    the end of a sentence, or, twice in a sentence, the same two words of which one carries meaning ("Mount Fuji or
    Mount Fuji"). Few rewrites by people have one."""
    return _faults(rewrite) <= _faults(message)


def _faults(text: str) -> int:
    return sum(_faults_of(sentence) for sentence in _BETWEEN.split(text))


def _faults_of(sentence: str) -> int:
    keys = keys_of(sentence)
    pairs = list(pairwise(keys))
    doubled = sum(left in _DETERMINERS and right in _ARTICLES for left, right in pairs)
    telling = [pair for pair in pairs if not FUNCTION_WORDS.issuperset(pair)]
    ends = bool(keys) and keys[-1] in _ARTICLES
    return doubled + len(telling) - len(set(telling)) + ends
