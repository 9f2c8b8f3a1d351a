"""What the rewriter reads: the message, and the words of the conversation that it may take from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dialog.interpret.edit.words import SENTENCE_ENDS, Word, is_mark, words_of
from dialog.interpret.pack import View
from dialog.interpret.word_forms import FUNCTION_WORDS
from dialog.rewrite import Source, Span

Role = Literal["user", "assistant", "caller", "message"]

FIRST_WORDS = 30
LATEST_WORDS = 60
OTHER_WORDS = 40
CALLER_WORDS = 24
HISTORY_WORDS = 150
MESSAGE_WORDS = 60
"""How much is read: of the first turn, of the latest utterance, of each other one, of what the caller vouches for,
in all, and of the message, which is not read at all when it is longer. A word is about 1.3 word pieces; 150 words keep
a turn near 20 ms."""


@dataclass(frozen=True)
class Passage:
    """One text that was said, and those of its `words` that are read. `origin` is its source without a span."""

    role: Role
    text: str
    words: tuple[Word, ...]
    origin: Source

    def source(self, start: int, end: int) -> Source:
        return self.origin.model_copy(update={"span": Span(start=start, end=end)})


@dataclass(frozen=True)
class Window:
    """Passages, oldest first, the message last. Their words are numbered through, in reading order."""

    passages: tuple[Passage, ...]

    @property
    def message(self) -> Passage:
        return self.passages[-1]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for passage in self.passages for word in passage.words)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(word.key for word in self.words)

    @cached_property
    def passage_of(self) -> tuple[int, ...]:
        """For each word, the number of its passage."""
        return tuple(n for n, passage in enumerate(self.passages) for _ in passage.words)

    @cached_property
    def message_start(self) -> int:
        """The number of the first word of the message."""
        return len(self.words) - len(self.message.words)

    @cached_property
    def run_end(self) -> tuple[int, ...]:
        """For each word, where a span that starts there must end at the latest (exclusive).

        A span stays inside its sentence and its passage, and takes no word that was not read.
        """
        ends = [0] * len(self.words)
        for n in range(len(self.words) - 1, -1, -1):
            last = n + 1 == len(self.words) or self.passage_of[n + 1] != self.passage_of[n]
            ends[n] = n + 1 if last or self._parts(n) else ends[n + 1]
        return tuple(ends)

    def _parts(self, n: int) -> bool:
        """Whether no span goes on from word `n` to the next one of its passage."""
        text = self.passages[self.passage_of[n]].text
        left, right = self.words[n], self.words[n + 1]
        if text[left.end : right.start].strip():
            return True  # words between them are not read
        ends = left.text in SENTENCE_ENDS
        # An initial or an abbreviation ("Y. A. Tittle", "St. Louis") ends no sentence.
        if ends and left.text == "." and n and len(self.words[n - 1].text) <= 2 and self.words[n - 1].text[0].isupper():
            return False
        return (ends and text[left.end : right.start] != "") or left.text in "。？！；"


def window_of(view: View, text: str) -> Window:
    """What is read for `text`, the next message of the dialog that `view` shows."""
    said = [
        Passage(
            "user" if each.role == "user" else "assistant",
            each.text,
            words_of(each.text),
            Source(kind=each.kind, turn_id=each.turn_id, by=each.speaker),
        )
        for each in view.utterances
        if each.text.strip()
    ]
    known = [Passage("caller", each, words_of(each), Source(kind="caller", name=name)) for name, each in view.caller]
    return window_over(known, said, message_passage(text))


def message_passage(text: str) -> Passage:
    return Passage("message", text, words_of(text), Source(kind="user"))


def window_over(known: Sequence[Passage], said: Sequence[Passage], message: Passage) -> Window:
    """The passages to read of what the caller vouches for and of what was said (oldest first), each cut to what is
    worth reading for `message`: the first utterance, then the latest backwards until HISTORY_WORDS are spent."""
    about = {word.key for word in message.words} - FUNCTION_WORDS
    left = HISTORY_WORDS
    kept: dict[int, Passage] = {}
    order = [0, *range(len(said) - 1, 0, -1)] if said else []
    for n in order:
        limit = LATEST_WORDS if n == len(said) - 1 else FIRST_WORDS if n == 0 else OTHER_WORDS
        limit = min(limit, left)
        if limit < 4:
            break
        kept[n] = _cut(said[n], limit, about)
        left -= len(kept[n].words)
    titles = _titles(known, about)
    return Window((*titles, *(kept[n] for n in sorted(kept)), message))


def _titles(known: Sequence[Passage], about: set[str]) -> list[Passage]:
    """Short texts (titles) whole, and of the longer ones those that share a word with the message, best first."""
    ranked = sorted(known, key=lambda each: (len(each.words) > 8, -_shared(each.words, about)))
    left, taken = CALLER_WORDS, []
    for each in ranked:
        if each.words and len(each.words) <= left and (len(each.words) <= 8 or _shared(each.words, about)):
            taken.append(each)
            left -= len(each.words)
    return [each for each in known if each in taken]


def _cut(passage: Passage, limit: int, about: set[str]) -> Passage:
    """At most `limit` words: all, or the first sentence and then those that share most with the message."""
    if len(passage.words) <= limit:
        return passage
    sentences = _sentences(passage.words)
    ranked = sorted(range(len(sentences)), key=lambda n: (n != 0, -_shared(sentences[n], about), n))
    kept: list[int] = []
    for n in ranked:
        if limit <= 0:
            break
        sentences[n] = sentences[n][:limit]
        limit -= len(sentences[n])
        kept.append(n)
    words = tuple(word for n in sorted(kept) for word in sentences[n])
    return Passage(passage.role, passage.text, words, passage.origin)


def _sentences(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    found: list[tuple[Word, ...]] = []
    start = 0
    for n, word in enumerate(words):
        if word.text in SENTENCE_ENDS or n + 1 == len(words):
            found.append(tuple(words[start : n + 1]))
            start = n + 1
    return found


def _shared(words: Sequence[Word], about: set[str]) -> int:
    return len({word.key for word in words if not is_mark(word.text)} & about)
