"""The decisions that turn a message into a known rewrite: what a training example teaches.

The words that both share are kept (a weighted longest common subsequence); what the rewrite has besides is covered, in
each gap, by the fewest pieces of the conversation and of the closed list. Words that neither holds are left out, and
counted: such a rewrite cannot be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dialog.interpret.edit.labels import GLUE_WORDS, MAX_ITEMS, MAX_SPAN, Copy, Glue, Item, Labels
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.words import Word, is_mark, key_of, words_of
from dialog.interpret.word_forms import FUNCTION_WORDS

CONTENT, FUNCTION, MARK, TOGETHER = 3.0, 1.0, 0.5, 0.3
"""What keeping a word is worth; and keeping it next to the one kept before."""
COPY_COST, GLUE_COST = 1.0, 0.9
DROP_CONTENT, DROP_FUNCTION, DROP_MARK = 6.0, 1.5, 0.05

_GLUE_NUMBER = {word: n for n, word in enumerate(GLUE_WORDS)}
_WEAK = FUNCTION_WORDS | frozenset(GLUE_WORDS) | frozenset("的了吗呢吧啊呀在是有和就都还也")


@dataclass(frozen=True)
class Alignment:
    """The labels that come nearest to a rewrite, and how many of its words (punctuation apart) they cannot give."""

    labels: Labels
    missing: int

    @property
    def exact(self) -> bool:
        return not self.missing


def aligned(window: Window, reference: str) -> Alignment:
    """The labels under which the message of `window` comes nearest to `reference`."""
    message, target = window.message.words, words_of(reference)
    pairs = kept_pairs(message, target)
    kept = {i for i, _ in pairs}
    inserted: list[tuple[Item, ...]] = [()] * (len(message) + 1)
    missing = 0
    sources = Sources(window)
    edges = [(-1, -1), *pairs, (len(message), len(target))]
    for (i, j), (_, j_next) in pairwise(edges):
        stretch = target[j + 1 : j_next]
        if stretch and not all(is_mark(word.text) for word in stretch):
            items, dropped = sources.cover(stretch)
            inserted[i + 1] = items
            missing += dropped
    # A mark that goes without anything in its place is a matter of style, not of meaning.
    deleted = tuple(
        i not in kept and not (is_mark(word.text) and not inserted[i] and not inserted[i + 1])
        for i, word in enumerate(message)
    )
    return Alignment(Labels(deleted, tuple(inserted)), missing)


def kept_pairs(message: Sequence[Word], target: Sequence[Word]) -> list[tuple[int, int]]:
    """The words of `message` and `target` that are the same, as increasing pairs of positions, worth most in all."""
    rows, columns = len(message), len(target)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    took = [[False] * (columns + 1) for _ in range(rows + 1)]
    left = [word.key for word in message]
    right = [word.key for word in target]
    for i in range(rows - 1, -1, -1):
        worth = _worth(message[i])
        for j in range(columns - 1, -1, -1):
            skip = max(best[i + 1][j], best[i][j + 1])
            if left[i] == right[j]:
                take = worth + best[i + 1][j + 1] + (TOGETHER if took[i + 1][j + 1] else 0.0)
                if take >= skip:
                    best[i][j], took[i][j] = take, True
                    continue
            best[i][j] = skip
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if took[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _worth(word: Word) -> float:
    return MARK if is_mark(word.text) else FUNCTION if word.key in _WEAK else CONTENT


class Sources:
    """Where the words of a window stand, to look spans up by their words."""

    def __init__(self, window: Window) -> None:
        self.window = window

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for n, key in enumerate(self.window.keys):
            places.setdefault(key, []).append(n)
        return places

    def occurrences(self, keys: Sequence[str]) -> list[int]:
        """The starts of the spans that read `keys`, in reading order."""
        window = self.window
        return [
            n
            for n in self._places.get(keys[0], ())
            if n + len(keys) <= window.run_end[n] and window.keys[n : n + len(keys)] == tuple(keys)
        ]

    def cover(self, stretch: Sequence[Word]) -> tuple[tuple[Item, ...], int]:
        """The cheapest items that read `stretch`, at most MAX_ITEMS, and how many words of it they leave out."""
        keys = [key_of(word.text) for word in stretch]
        n = len(keys)
        # best[k][items]: cost, words left out, items of the rest from k on, using that many items at most
        best: list[list[tuple[float, int, tuple[Item, ...]]]] = [[(0.0, 0, ())] * (MAX_ITEMS + 1) for _ in range(n + 1)]
        for k in range(n - 1, -1, -1):
            spans = self._spans(keys, k)
            drop, lost = _drop(stretch[k])
            for items in range(MAX_ITEMS + 1):
                cost, out, rest = best[k + 1][items]
                choices = [(cost + drop, out + lost, rest)]
                if items:
                    for copy in spans:
                        cost, out, rest = best[k + copy.end - copy.start][items - 1]
                        choices.append((cost + COPY_COST, out, (copy, *rest)))
                    if keys[k] in _GLUE_NUMBER:
                        cost, out, rest = best[k + 1][items - 1]
                        choices.append((cost + GLUE_COST, out, (Glue(_GLUE_NUMBER[keys[k]]), *rest)))
                best[k][items] = min(choices, key=lambda choice: choice[:2])
        _, out, items_found = best[0][MAX_ITEMS]
        return items_found, out

    def _spans(self, keys: Sequence[str], k: int) -> list[Copy]:
        """The spans that read words `k`.. of `keys`, one for each length; the latest place they stand at."""
        found = []
        for length in range(1, min(MAX_SPAN, len(keys) - k) + 1):
            starts = self.occurrences(keys[k : k + length])
            if not starts:
                break
            found.append(Copy(starts[-1], starts[-1] + length))
        return found


def _drop(word: Word) -> tuple[float, int]:
    if is_mark(word.text):
        return DROP_MARK, 0
    return (DROP_FUNCTION if word.key in _WEAK else DROP_CONTENT), 1
