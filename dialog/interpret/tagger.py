"""The optional library that cuts Chinese into words, looked for once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

log = logging.getLogger(__name__)

Tagger = Callable[[str], list[tuple[str, str]]]
"""From a text to its words, each with a tag of jieba's dictionary ("n..." nouns, "v..." verbs)."""
NAME_TAGS = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz"})
"""Tags of names of persons, places, organisations and other things."""


@cache
def tagger() -> Tagger | None:
    """The tagger of rjieba, None when it is not installed (said once in the log)."""
    try:
        import rjieba
    except ImportError:
        log.info("rjieba is not installed; Chinese is cut into words less well (pip install 'antecedent[zh]')")
        return None

    def tag(text: str) -> list[tuple[str, str]]:
        return rjieba.tag(text, True)

    return tag
