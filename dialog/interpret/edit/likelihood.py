"""How likely the network holds given labels: its own, and those of a rival's rewrite."""

from __future__ import annotations

import numpy as np

from dialog.interpret.edit.align import Sources
from dialog.interpret.edit.head import Floats, Head, Read
from dialog.interpret.edit.labels import MAX_ITEMS, MAX_SPAN, Copy, Item, Labels
from dialog.interpret.edit.window import Window


def log_likelihood(head: Head, read: Read, window: Window, labels: Labels) -> float:
    """The log probability of `labels` for the message of `window`, that of a span summed over the places where its
    words stand. What follows a span is read from the likeliest of them, as in training (`training/loss.py`)."""
    first = read.first
    sources = Sources(window)
    log = float(first[[gap for gap, chain in enumerate(labels.inserted) if not chain], -1].sum())
    for gap, chain in enumerate(labels.inserted):
        if chain:
            log += _chain(head, read, sources, read.gaps[gap], first[gap], chain)
    signs = np.where(np.asarray(labels.deleted, dtype=bool), -1.0, 1.0)
    return log - float(np.logaddexp(0.0, signs * read.delete).sum())


def _chain(head: Head, read: Read, sources: Sources, state: Floats, log: Floats, chain: tuple[Item, ...]) -> float:
    total = 0.0
    for item in chain:
        if isinstance(item, Copy):
            place, chance = _span(head, read, sources, state, log, item)
            state = head.after_span(read, state, place, place + item.end - item.start)
        else:
            chance = float(log[len(read.starts) + item.n])
            state = head.after_glue(state, item.n)
        total += chance
        log = head.items(read, state)
    return total + (float(log[-1]) if len(chain) < MAX_ITEMS else 0.0)


def _span(head: Head, read: Read, sources: Sources, state: Floats, log: Floats, item: Copy) -> tuple[int, float]:
    """The likeliest place of the words of `item`, and the log probability of all places together."""
    window = sources.window
    length = item.end - item.start
    places = sources.occurrences(window.keys[item.start : item.end])
    if length > MAX_SPAN or not places:
        return item.start, -np.inf
    ends = head.ends(read, state, places, [window.run_end[start] for start in places])
    chances = [float(log[start] + each[length - 1]) for start, each in zip(places, ends, strict=True)]
    best = places[int(np.argmax([log[start] for start in places]))]
    return best, float(np.logaddexp.reduce(chances))
