"""The only words that a rewrite may add without a source: function words, endings, spaces and marks."""

from __future__ import annotations

import re

from dialog.interpret.en.tables import word_set

GLUE_WORDS = word_set(
    """a an the of in on at to for from by with without about under over near and or but not no only is are was were be
    that than other as also any one because between my what how when where why who much many long far often old time"""
)
GLUE_ENDINGS = frozenset({"'s", "'", "s", "es", "ies"})
GLUE_MARKS = frozenset(",.?!:;-()")

PIECE = re.compile(r"'s|[A-Za-z]+|[^\sA-Za-z]")


def is_glue(text: str) -> bool:
    """Whether every word and mark of `text` is on the closed list."""
    return all(part.lower() in GLUE_WORDS or part in GLUE_ENDINGS or part in GLUE_MARKS for part in PIECE.findall(text))
