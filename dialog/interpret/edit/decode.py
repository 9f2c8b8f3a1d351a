"""From what the network holds likely to labels: what is put in at each gap, what is deleted, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dialog.interpret.edit.features import Features
from dialog.interpret.edit.head import Floats, Head, Read
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_ITEMS, Copy, Glue, Item, Labels, no_edit
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.words import is_mark

FIRMLY_DELETED = 0.8
"""From this probability on a run of words goes even when nothing comes in beside it."""
LOOSELY_KEPT = -1.5
"""From these log odds on a pronoun goes when something comes in right before it."""
_ENGLISH_PRONOUNS = "it its they them their he him his she her hers this that these those there one ones"
_PRONOUNS = frozenset([*_ENGLISH_PRONOUNS.split(), "它", "他", "她", "这", "那"])


@dataclass(frozen=True)
class Decision:
    """Labels, the log probability of all that was decided for them, of the weakest single decision among it, and the
    log odds (the network's own) of there being anything to change."""

    labels: Labels
    log_probability: float
    weakest: float
    change: float


@dataclass(frozen=True)
class Chain:
    """What is put in at one gap."""

    items: tuple[Item, ...]
    log_probability: float


def decide(head: Head, states: Floats, features: Features, window: Window, *, nothing: float = 0.5) -> Decision:
    """What to do with the message of `window`, of which the encoder made `states`.

    A gap stays as it is, or is done, when the probability of nothing more is at least `nothing`.
    """
    read = head.read(states, features)
    forms = _Forms(window)
    n = len(window.message.words)
    delete_log = -np.logaddexp(0.0, -read.delete)
    keep_log = -np.logaddexp(0.0, read.delete)
    chains = _chains(head, read, window, forms, nothing)
    deleted = [bool(read.delete[k] > 0) for k in range(n)]
    _settle(deleted, chains, read, window)
    decisions = [chain.log_probability for chain in chains]
    decisions += [float(delete_log[k] if deleted[k] else keep_log[k]) for k in range(n)]
    labels = Labels(tuple(deleted), tuple(chain.items for chain in chains))
    if all(deleted) and not any(chain.items for chain in chains):
        labels = no_edit(n)
    return Decision(labels, sum(decisions), min(decisions, default=0.0), read.change)


class _Forms:
    """The words of a window by their form: the same word at several places is one choice."""

    def __init__(self, window: Window) -> None:
        numbers: dict[str, int] = {}
        self.of_word = np.asarray([numbers.setdefault(key, len(numbers)) for key in window.keys], dtype=np.int64)
        self.count = len(numbers)
        self.mark = np.asarray([is_mark(word.text) for word in window.words], dtype=bool)

    def summed(self, probabilities: Floats) -> Floats:
        sums: Floats = np.bincount(self.of_word, weights=probabilities, minlength=self.count).astype(np.float32)
        return sums


def _chains(head: Head, read: Read, window: Window, forms: _Forms, nothing: float) -> list[Chain]:
    """What comes in at each gap. Most gaps end at the first look, which is one product for all of them."""
    log = head.items(read, read.gaps)
    found = []
    for gap in range(len(read.gaps)):
        none = float(log[gap, -1])
        if none >= math.log(nothing):
            found.append(Chain((), none))
        else:
            found.append(_chain(head, read, window, forms, read.gaps[gap], log[gap], nothing))
    return found


def _chain(head: Head, read: Read, window: Window, forms: _Forms, state: Floats, log: Floats, nothing: float) -> Chain:
    items: list[Item] = []
    total = 0.0
    while True:
        none = float(log[-1])
        if (items and none >= math.log(nothing)) or len(items) == MAX_ITEMS:
            return Chain(tuple(items), total + (none if len(items) < MAX_ITEMS else 0.0))
        item, chance = _best(head, read, window, forms, state, log)
        if item is None or item in items:
            return Chain(tuple(items), total + none)
        items.append(item)
        total += chance
        state = (
            head.after_span(read, state, item.start, item.end)
            if isinstance(item, Copy)
            else head.after_glue(state, item.n)
        )
        log = head.items(read, state)


def _best(
    head: Head, read: Read, window: Window, forms: _Forms, state: Floats, log: Floats
) -> tuple[Item | None, float]:
    """The likeliest item and its log probability, that of a span summed over the places where its first word stands."""
    words = len(window.words)
    chances = np.exp(log)
    spans = np.where(forms.mark, 0.0, chances[:words])
    by_form = forms.summed(spans)
    glue = chances[words : words + len(GLUE_WORDS)]
    form = int(by_form.argmax()) if forms.count else 0
    best_glue = int(glue.argmax())
    if not forms.count or glue[best_glue] >= by_form[form]:
        return Glue(best_glue), float(np.log(glue[best_glue] + 1e-12))
    start = int(np.where(forms.of_word == form, spans, -1.0).argmax())
    ends = head.ends(read, state, start, window.run_end[start])
    while len(ends) > 1 and forms.mark[start + int(ends.argmax())] and not _belongs(window, start + int(ends.argmax())):
        ends = ends[: int(ends.argmax())]  # a span does not end in a comma
    length = int(ends.argmax()) + 1
    return Copy(start, start + length), float(np.log(by_form[form] + 1e-12) + ends[length - 1])


def _belongs(window: Window, n: int) -> bool:
    """Whether the mark that is word `n` may end a span: a closing bracket or quote, the point of an abbreviation."""
    return window.words[n].text in ".)]”\"'）》」%°+"


def _settle(deleted: list[bool], chains: list[Chain], read: Read, window: Window) -> None:
    """Make what goes and what comes agree, in place.

    A run that goes without anything in its place comes back unless it goes firmly. A pronoun stays no longer beside
    what was put in for it.
    """
    words = window.message.words
    firmly = math.log(FIRMLY_DELETED / (1 - FIRMLY_DELETED))
    for start, end in list(_runs(deleted)):
        beside = any(chains[gap].items for gap in range(start, end + 1))
        if not beside and min(read.delete[start:end]) <= firmly:
            deleted[start:end] = [False] * (end - start)
    for gap, word in enumerate(words):
        stays = not deleted[gap] and word.key in _PRONOUNS and not (gap and deleted[gap - 1])
        if chains[gap].items and stays and read.delete[gap] > LOOSELY_KEPT:
            deleted[gap] = True


def _runs(deleted: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for k, gone in enumerate([*deleted, False]):
        if gone and start is None:
            start = k
        elif not gone and start is not None:
            yield start, k
            start = None
