"""Word lists as data: written as one string, read as a set or a series."""

from __future__ import annotations


def bag(words: str) -> frozenset[str]:
    """The words of `words`, which spaces part."""
    return frozenset(words.split())


def series(words: str) -> tuple[str, ...]:
    """The words of `words`, which spaces part, in order."""
    return tuple(words.split())
