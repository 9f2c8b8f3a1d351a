"""Free text to edits: what a rewrite changed, and where each inserted word came from.

Every inserted word must have been said (in the conversation, a slot, or text the caller vouches for) up to case,
inflection and number words, or be a function word of a closed list; else the rewrite is refused. So a model's free
text can bring words together, and cannot bring in a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dialog.interpret.align import Gap, Token, gaps, tokens_of
from dialog.interpret.tagger import tagger
from dialog.interpret.word_forms import (
    ADDED_CHINESE,
    ADDED_ENGLISH,
    MARKS,
    bases_of,
    is_han,
    is_same_number,
    is_same_word,
    number_in,
)
from dialog.interpret.zh.tokens import cut
from dialog.rewrite import GLUE, Edit, Piece, Reason, Source, SourceKind, Span

_SPAN, _FORM, _GLUE, _MARK = 1.0, 1.2, 0.9, 0.05
MAX_PLACES, MAX_RUN = 32, 32
"""Places looked at for each word, the preferred texts' first, and words taken from one in a row. Text that repeats one
word for ever would otherwise take minutes."""

_LONGEST_GLUE = max(map(len, ADDED_CHINESE))


class Unsourced(ValueError):
    """The rewrite brings in a word that nobody said. The message does not show it; `word` does."""

    def __init__(self, word: str) -> None:
        super().__init__("the rewrite brings in a word that has no source in the conversation")
        self.word = word


@dataclass(frozen=True)
class Said:
    """A text that words may come from: `text` stands at character `offset` of what `kind` and `turn_id` name.

    `whole`: only the text as a whole is a source (a slot's value), and it has no span.
    """

    text: str
    kind: SourceKind
    turn_id: str | None = None
    name: str | None = None
    by: str | None = None
    offset: int = 0
    whole: bool = False

    @cached_property
    def tokens(self) -> list[Token]:
        return tokens_of(self.text)

    def source(self, start: int, end: int) -> Source:
        span = None if self.whole else Span(start=self.offset + start, end=self.offset + end)
        return Source(kind=self.kind, turn_id=self.turn_id, span=span, name=self.name, by=self.by)


def edits_of(original: str, rewrite: str, said: Sequence[Said]) -> tuple[Edit, ...]:
    """The edits that turn `original` into `rewrite`, up to the case and spacing of words that were kept.

    `said` is in order of preference. Words of the message itself count as said, too (a source of kind "user" without
    a turn id). Raises Unsourced, or TooLong when the texts cannot be compared.
    """
    old, new = tokens_of(original), tokens_of(rewrite)
    sources = _Sources((Said(original, "user"), *said))
    return tuple(_edit(gap, old, new, sources, end=len(original)) for gap in gaps(old, new))


def _edit(gap: Gap, old: Sequence[Token], new: Sequence[Token], sources: _Sources, *, end: int) -> Edit:
    first, last = gap.old
    start = old[first].start if first < len(old) else end
    stop = old[last - 1].end if last > first else start
    pieces = sources.cover(new[gap.new[0] : gap.new[1]])
    return Edit(span=Span(start=start, end=stop), pieces=pieces, reason=_reason(old[first:last], pieces))


def _reason(removed: Sequence[Token], pieces: Sequence[Piece]) -> Reason:
    if any(piece.source.kind == "slot" for piece in pieces):
        return "slot"
    return "reference" if any(token.is_word for token in removed) else "omission"


@dataclass(frozen=True)
class _Step:
    """The cheapest way to cover the tokens up to here: its last piece begins at token `since`."""

    cost: float
    since: int = 0
    source: Source = GLUE


class _Sources:
    """Finds where words were said."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._said = tuple(said)
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, one in enumerate(self._said):
            for at, token in enumerate(one.tokens):
                places = self._places[token.key] if token.is_word else None
                if places is not None and len(places) < MAX_PLACES:
                    places.append((number, at))

    def cover(self, tokens: Sequence[Token]) -> tuple[Piece, ...]:
        """The tokens as the fewest pieces that each have one source; raises Unsourced."""
        steps: list[_Step | None] = [_Step(0.0), *[None] * len(tokens)]
        for at in range(len(tokens)):
            before = steps[at]
            if before is None:
                continue
            for end, cost, source in self._ways(tokens, at):
                known = steps[end]
                if known is None or before.cost + cost < known.cost:
                    steps[end] = _Step(before.cost + cost, at, source)
        if steps[-1] is None:
            reached = max(at for at, step in enumerate(steps) if step is not None)
            raise Unsourced(tokens[reached].text)
        return _pieces(tokens, steps)

    def _ways(self, tokens: Sequence[Token], at: int) -> Iterable[tuple[int, float, Source]]:
        """The ways to cover tokens from `at`, as (end, cost, source)."""
        token = tokens[at]
        if token.is_space or token.text in MARKS:
            yield at + 1, _MARK, GLUE
        elif token.key in ADDED_ENGLISH:
            yield at + 1, _GLUE, GLUE
        for end in range(at + 1, min(at + _LONGEST_GLUE, len(tokens)) + 1):
            if "".join(one.text for one in tokens[at:end]) in ADDED_CHINESE:
                yield end, _GLUE, GLUE
        if token.is_word:
            yield from self._spans(tokens, at)
            yield from self._forms(token, at)

    def _spans(self, tokens: Sequence[Token], at: int) -> Iterable[tuple[int, float, Source]]:
        found: set[int] = set()
        for number, place in self._places.get(tokens[at].key, ()):
            said = self._said[number]
            run = _run(tokens, at, said.tokens, place)
            for length in range(1, run + 1):
                if length in found or not _may_be_taken(said, place, place + length):
                    continue  # what was found first is preferred
                found.add(length)
                start, end = said.tokens[place].start, said.tokens[place + length - 1].end
                yield at + length, _SPAN + number * 1e-4, said.source(start, end)
            yield from self._inflected(tokens, at, run, number, place)

    def _inflected(
        self, tokens: Sequence[Token], at: int, run: int, number: int, place: int
    ) -> Iterable[tuple[int, float, Source]]:
        """The run with one more word that was said in another form ("Irving Thalberg's")."""
        said, end = self._said[number], at + run
        if end == len(tokens) or place + run == len(said.tokens):
            return
        word, found = tokens[end], said.tokens[place + run]
        same = word.is_word and found.is_word and is_same_word(word.key, found.key)
        if same and _may_be_taken(said, place, place + run + 1):
            yield end + 1, _FORM + number * 1e-4, said.source(said.tokens[place].start, found.end)

    def _forms(self, token: Token, at: int) -> Iterable[tuple[int, float, Source]]:
        """Another form of a word that was not said in this one; another way to write a number."""
        number = number_in(token.key)
        if number is not None:
            others = [key for key in self._by_number[number] if is_same_number(token.key, key)]
        elif token.key not in self._places:
            others = [key for base in bases_of(token.key) for key in self._by_base.get(base, ())]
        else:
            others = []
        cost = _FORM if number is None else _SPAN
        for key in others:
            for rank, place in self._places[key] if key != token.key else ():
                said, found = self._said[rank], self._said[rank].tokens[place]
                if _may_be_taken(said, place, place + 1):
                    yield at + 1, cost + rank * 1e-4, said.source(found.start, found.end)

    @cached_property
    def _by_base(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self._places:
            for base in bases_of(key):
                found[base].append(key)
        return found

    @cached_property
    def _by_number(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for key in self._places:
            number = number_in(key)
            if number is not None:
                found[number].append(key)
        return found


def _run(tokens: Sequence[Token], at: int, said: Sequence[Token], place: int) -> int:
    """How many tokens from `at` on, MAX_RUN at most, were said in a row from `place` on."""
    longest = min(MAX_RUN, len(tokens) - at, len(said) - place)
    return next((n for n in range(longest) if tokens[at + n].key != said[place + n].key), longest)


def _may_be_taken(said: Said, start: int, end: int) -> bool:
    """Whether the tokens are words in full: nobody who says 南京 has said 京."""
    tokens = said.tokens
    if said.whole:
        return (start, end) == (0, len(tokens))
    if not tokens[end - 1].is_word:
        return False
    return {tokens[start].start, tokens[end - 1].end}.isdisjoint(_inside_words(said.text)) and not _torn_out(
        tokens, start, end
    )


@lru_cache(maxsize=256)
def _inside_words(text: str) -> frozenset[int]:
    """Offsets inside the Chinese words of `text`, as far as there is a library that knows words."""
    if text.isascii() or tagger() is None:
        return frozenset()
    return frozenset(at for word in cut(text) if is_han(word.text[0]) for at in range(word.start + 1, word.end))


def _torn_out(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a single character is taken from between others, where nothing knows whether it is a word."""
    if end - start > 1 or not is_han(tokens[start].text) or tagger() is not None:
        return False
    neighbours = (*tokens[max(0, start - 1) : start], *tokens[end : end + 1])
    return any(is_han(token.text) for token in neighbours)


def _pieces(tokens: Sequence[Token], steps: Sequence[_Step | None]) -> tuple[Piece, ...]:
    """The pieces of the cheapest cover; raises Unsourced for a name put together from parts."""
    pieces: list[Piece] = []
    end = len(tokens)
    while end:
        step = steps[end]
        assert step is not None, "every step of the cheapest cover was reached"
        text = "".join(token.text for token in tokens[step.since : end])
        if pieces and step.source == GLUE == pieces[-1].source:
            text += pieces.pop().text
        pieces.append(Piece(text=text, source=step.source))
        end = step.since
    pieces.reverse()
    _refuse_stitched(pieces)
    return tuple(pieces)


def _refuse_stitched(pieces: Sequence[Piece]) -> None:
    """Parts that were said apart are no source for a name: "New" and "Jersey", 北 and 京."""
    for number, piece in enumerate(pieces[:-1]):
        spaced = pieces[number + 1].text.isspace() and number + 2 < len(pieces)
        other = pieces[number + 2] if spaced else pieces[number + 1]
        if piece.source == GLUE or other.source == GLUE:
            continue
        if _is_name(piece.text.split()[-1]) and _is_name(other.text.split()[0]):
            raise Unsourced(f"{piece.text} {other.text}")
        if is_han(piece.text) and is_han(other.text):
            raise Unsourced(piece.text + other.text)


def _is_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()
