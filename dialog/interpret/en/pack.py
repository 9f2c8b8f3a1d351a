"""The English pack: the rules in the order they are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from dialog.interpret.en.message import content, read
from dialog.interpret.en.rules import resolve
from dialog.interpret.en.text import singular, tokens_of
from dialog.interpret.fields.en import FIELDS
from dialog.interpret.pack import Resolution, View
from dialog.interpret.slots.en import read_slots
from dialog.slots import SlotSchema
from dialog.state import SlotValue

_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
"""A word is a run of letters, or a Chinese character: a Latin name in a Chinese sentence is one word of it."""


@lru_cache(maxsize=1024)
def _content_words(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in content([token.low for token in tokens_of(text)]))


class EnglishPack:
    """`LanguagePack` for English."""

    @property
    def code(self) -> str:
        return "en"

    def claims(self, text: str) -> float:
        """The share of words that are in Latin letters, counting a Chinese character as a word."""
        words = _WORDS.findall(text)
        return sum(word < "\u0250" for word in words) / len(words) if words else 0.0

    def resolve(self, view: View, text: str) -> Resolution:
        """See `rules.resolve`."""
        return resolve(view, read(text))

    def content_words(self, text: str) -> Sequence[str]:
        return _content_words(text)

    def field(self, word: str) -> str | None:
        return FIELDS.get(word)

    def slots(
        self, view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
    ) -> Sequence[SlotValue]:
        return read_slots(view, text, resolution, schema, now)
