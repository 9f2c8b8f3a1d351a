"""The user's next message, read once: its words, their tags, its noun phrases and its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dialog.interpret.en import words
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.tagging import Tag, tags_of
from dialog.interpret.en.text import Token, is_cased, protected_in, sentences_of, tokens_of

LEAD_INS = word_set(
    """ok okay and but so well now then also yes yeah yep sure right alright great oh ah um uh uhm umm er hmm hm like
    please hey hi hello no nope actually thanks wow nice cool good perfect sorry"""
)
"""Words that may stand before what a message is about."""
CLOSERS = word_set("""please thanks thank you then too instead though um uh now ok okay maybe perhaps""")


@dataclass(frozen=True)
class Message:
    """A message and what chunking makes of it. Offsets are characters of `text`, end exclusive."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tokens_of(self.text)

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        return tags_of(self.text)

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        return phrases_of(self.text)

    @cached_property
    def cased(self) -> bool:
        return is_cased(self.text)

    @cached_property
    def lows(self) -> tuple[str, ...]:
        """The words, lower case, without marks."""
        return tuple(token.low for token in self.tokens if token.is_word)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        return sentences_of(self.text)

    def is_protected(self, i: int) -> bool:
        """Whether token `i` is in code, an address or a quotation."""
        at = self.tokens[i].start
        return any(a <= at < b for a, b in protected_in(self.text))

    def low(self, i: int) -> str:
        """Token `i` in lower case; "" outside the message."""
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    def tag(self, i: int) -> str:
        return self.tags[i] if 0 <= i < len(self.tags) else ""

    @cached_property
    def body(self) -> tuple[int, int]:
        """Token indices of the message without lead-ins, fillers, closing politeness and marks."""
        first, last = 0, len(self.tokens)
        while first < last and (self.low(first) in LEAD_INS or not self.tokens[first].is_word):
            first += 1
        while last > first and (self.low(last - 1) in CLOSERS or not self.tokens[last - 1].is_word):
            last -= 1
        return first, last

    @cached_property
    def is_fragment(self) -> bool:
        """Whether the body has no finite verb, auxiliary or command: a phrase, not a sentence."""
        first, last = self.body
        body = self.tags[first:last]
        if not body or first == last:
            return True
        if body[0] == "V":
            return self.tokens[first].low.endswith("ing") and "X" not in body
        if "X" in body or (body[0] == "W" and len(body) > 3):
            return False
        return not any(tag == "V" and self._is_finite(first + k) for k, tag in enumerate(body))

    def _is_finite(self, i: int) -> bool:
        low = self.low(i)
        before = self.tag(i - 1)
        if low.endswith("ing") or before in ("T", "I"):
            return False
        return not (low.endswith("ed") and before not in ("P", "N", "W"))


@lru_cache(maxsize=64)
def read(text: str) -> Message:
    """The message `text`."""
    return Message(text)


def content(words_in: Sequence[str]) -> tuple[str, ...]:
    """The words that are not function words."""
    return tuple(word for word in words_in if word not in words.FUNCTION_WORDS and word[0].isalnum())
