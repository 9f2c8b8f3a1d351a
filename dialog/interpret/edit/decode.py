"""From what the network holds likely to labels: what is put in at each gap, what is deleted, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.features import Features
from dialog.interpret.edit.head import Floats, Head, Read
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_ITEMS, Copy, Glue, Item, Labels, no_edit
from dialog.interpret.edit.likelihood import log_likelihood
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.words import is_cjk, is_mark
from dialog.interpret.word_forms import CHINESE_PRONOUNS, ENGLISH_PRONOUNS, FUNCTION_WORDS

STARTS, ENDS = 6, 3
"""How many places a span may start at, and how many ends of each, are weighed against one another."""
FIRMLY_DELETED = 0.8
"""From this probability on a run of words goes even when nothing comes in beside it."""
LOOSELY_KEPT = -1.5
"""From these log odds on a pronoun goes when something comes in right before it."""
_LEADING = frozenset(
    [
        *("the", "a", "an", "of", "in", "on", "at", "to", "for", "from", "by", "with", "about", "and", "or", "'s"),
        *("than", "as", "between", "into", "regarding", "their", "his", "her", "its"),
    ]
)
"""Glue that leads to another word."""
_PRONOUNS = ENGLISH_PRONOUNS | CHINESE_PRONOUNS


@dataclass(frozen=True)
class Decision:
    """Labels, their log probability, that of the weakest single decision for them, and the log odds (the network's own)
    of there being anything to change. `rivals` are the log probabilities of other rewrites that were asked about, minus
    infinity for one that labels cannot make."""

    labels: Labels
    log_probability: float
    weakest: float
    change: float
    rivals: tuple[float, ...] = ()


@dataclass(frozen=True)
class Chain:
    """What is put in at one gap; `opened` is the probability that anything is."""

    items: tuple[Item, ...]
    log_probability: float
    opened: float = 0.0


def decide(
    head: Head,
    states: Floats,
    features: Features,
    window: Window,
    *,
    nothing: float = 0.5,
    rivals: Sequence[str] = (),
) -> Decision:
    """What to do with the message of `window`, of which the encoder made `states`.

    A gap stays as it is, or is done, when the probability of nothing more is at least `nothing`. `rivals`: other
    rewrites of the message, to be weighed against what is decided.
    """
    read = head.read(states, features)
    n = len(window.message.words)
    delete_log = -np.logaddexp(0.0, -read.delete)
    keep_log = -np.logaddexp(0.0, read.delete)
    chains = _chains(head, read, window, nothing)
    deleted = [bool(read.delete[k] > 0) for k in range(n)]
    chains = [chain if not _dangles(gap, chain, deleted, window) else _shut(chain) for gap, chain in enumerate(chains)]
    _settle(deleted, chains, read, window)
    chains = _once(deleted, chains, window)
    decisions = [chain.log_probability for chain in chains]
    decisions += [float(delete_log[k] if deleted[k] else keep_log[k]) for k in range(n)]
    labels = Labels(tuple(deleted), tuple(chain.items for chain in chains))
    if all(deleted) and not any(chain.items for chain in chains):
        labels = no_edit(n)
    weighed = tuple(_rival(head, read, window, rival) for rival in rivals)
    log = log_likelihood(head, read, window, labels)
    return Decision(labels, log, min(decisions, default=0.0), read.change, weighed)


def _rival(head: Head, read: Read, window: Window, rewrite: str) -> float:
    found = aligned(window, rewrite)
    return log_likelihood(head, read, window, found.labels) if found.exact else -math.inf


def _chains(head: Head, read: Read, window: Window, nothing: float) -> list[Chain]:
    """What comes in at each gap. Most gaps end at the first look, which is one product for all of them."""
    log = read.first
    found = []
    for gap in range(len(read.gaps)):
        none = float(log[gap, -1])
        if none >= math.log(nothing):
            found.append(Chain((), none))
        else:
            found.append(_chain(head, read, window, read.gaps[gap], log[gap], nothing))
    return found


def _chain(head: Head, read: Read, window: Window, state: Floats, log: Floats, nothing: float) -> Chain:
    items: list[Item] = []
    total, opened = 0.0, 1 - math.exp(float(log[-1]))
    while True:
        none = float(log[-1])
        if (items and none >= math.log(nothing)) or len(items) == MAX_ITEMS:
            return Chain(tuple(items), total + (none if len(items) < MAX_ITEMS else 0.0), opened)
        item, chance = _best(head, read, window, state, log)
        if item is None or item in items:
            return Chain(tuple(items), total + none, opened)
        items.append(item)
        total += chance
        state = (
            head.after_span(read, state, item.start, item.end)
            if isinstance(item, Copy)
            else head.after_glue(state, item.n)
        )
        log = head.items(read, state)


def _best(head: Head, read: Read, window: Window, state: Floats, log: Floats) -> tuple[Item | None, float]:
    """The likeliest item and its log probability, that of a span summed over the places where its words stand."""
    words = len(window.words)
    glue = log[words : words + len(GLUE_WORDS)]
    best_glue = int(glue.argmax())
    by_form: dict[tuple[str, ...], float] = {}
    place: dict[tuple[str, ...], tuple[float, Copy]] = {}
    likeliest = np.argsort(-log[:words])[:STARTS].tolist()
    starts = [start for start in likeliest if not is_mark(window.words[start].text)]
    limits = [window.run_end[start] for start in starts]
    for start, ends in zip(starts, head.ends(read, state, starts, limits), strict=True):
        for length in np.argsort(-ends)[:ENDS]:
            copy = Copy(start, start + int(length) + 1)
            if is_mark(window.words[copy.end - 1].text) and not _belongs(window, copy.end - 1):
                continue  # a span does not end in a comma
            chance = math.exp(float(log[start] + ends[length]))
            form = window.keys[copy.start : copy.end]
            by_form[form] = by_form.get(form, 0.0) + chance
            place[form] = max(place.get(form, (0.0, copy)), (chance, copy), key=lambda found: found[0])
    if not by_form or max(by_form.values()) <= math.exp(float(glue[best_glue])):
        return Glue(best_glue), float(glue[best_glue])
    form = max(by_form, key=lambda each: by_form[each])
    return place[form][1], math.log(by_form[form] + 1e-12)


def _belongs(window: Window, n: int) -> bool:
    """Whether the mark that is word `n` may end a span: a closing bracket or quote, the point of an abbreviation."""
    return window.words[n].text in ".)]”\"'）》」%°+"


def _dangles(gap: int, chain: Chain, deleted: list[bool], window: Window) -> bool:
    """Whether what is put in at `gap` ends in a word that wants another after it, and none comes."""
    if not chain.items or not isinstance(chain.items[-1], Glue) or GLUE_WORDS[chain.items[-1].n] not in _LEADING:
        return False
    words = window.message.words
    following = next((k for k in range(gap, len(words)) if not deleted[k]), None)
    return following is None or is_mark(words[following].text)


def _shut(chain: Chain) -> Chain:
    """The gap with nothing put in after all."""
    return Chain((), chain.log_probability)


def _once(deleted: list[bool], chains: list[Chain], window: Window) -> list[Chain]:
    """`chains`, of which those that add the same words twice (not in the place of others) say them where it is likelier
    only."""
    kept = list(chains)
    adds = [
        gap
        for gap, chain in enumerate(chains)
        if chain.items and not (gap < len(deleted) and deleted[gap]) and not (gap and deleted[gap - 1])
    ]
    said: set[str] = set()
    for gap in sorted(adds, key=lambda gap: chains[gap].opened, reverse=True):
        words = {word for item in chains[gap].items if isinstance(item, Copy) for word in _content(window, item)}
        if words & said:
            kept[gap] = _shut(chains[gap])
        said |= words
    return kept


def _content(window: Window, span: Copy) -> set[str]:
    """The words of a span that carry meaning, a run of Chinese characters as one."""
    keys = window.keys[span.start : span.end]
    runs = ("".join(run) for han, run in groupby(keys, is_cjk) if han)
    return {*runs, *(key for key in keys if not is_cjk(key) and key not in FUNCTION_WORDS)}


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
