"""The small part of the network that decides, in numpy: what comes in at a gap, where a span ends, what is deleted.

The encoder's states of the word pieces go in. `training/network.py` has the same in torch, and a test holds them to the
same numbers. Shapes: P pieces, W words of the window, n words of the message, d = the encoder's width, k = the head's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialog.interpret.edit.features import Features
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_SPAN

Floats = NDArray[np.float32]

NAMES = (
    "gap.weight",
    "gap.bias",
    "start.weight",
    "end.weight",
    "end_query.weight",
    "end_query.bias",
    "end_distance",
    "glue",
    "none.weight",
    "update.weight",
    "update.bias",
    "item.weight",
    "item.bias",
    "delete.weight",
    "delete.bias",
    "delete_out.weight",
    "delete_out.bias",
    "change.weight",
    "change.bias",
    "start_bias",
)


@dataclass(frozen=True)
class Read:
    """One window, read: word states (W, d), start and end keys (W, k), gap states (n + 1, k), what comes first at each
    gap (as `Head.items` has it), log odds of deletion (n) and of there being anything to change."""

    words: Floats
    starts: Floats
    ends: Floats
    gaps: Floats
    first: Floats
    delete: Floats
    change: float


class Head:
    """The deciding part, over weights by name (see NAMES)."""

    def __init__(self, weights: Mapping[str, NDArray[np.floating]]) -> None:
        if missing := [name for name in NAMES if name not in weights]:
            raise ValueError(f"the weights of the head lack {', '.join(missing)}")
        self._w = {name: np.asarray(weights[name], dtype=np.float32) for name in NAMES}
        if len(self._w["glue"]) != len(GLUE_WORDS):
            raise ValueError(f"weights for {len(self._w['glue'])} glue words, and the list has {len(GLUE_WORDS)}")
        # What a gap can go on with besides a span: the glue words, then nothing more.
        self._closed = np.concatenate([self._w["glue"], self._w["none.weight"]], axis=0)
        self._scale = np.float32(1 / np.sqrt(self._w["glue"].shape[1]))

    def read(self, states: Floats, features: Features) -> Read:
        """`states` (P, d) of the pieces, made ready to decide on."""
        w = self._w
        words: Floats = (states[features.first] + states[features.last]) * np.float32(0.5)
        before, after = features.edges
        n = len(features.first) - int(np.searchsorted(features.first, before))
        message = words[len(words) - n :]
        beside = np.concatenate([states[before][None], message, states[after][None]])
        gaps = np.tanh(np.concatenate([beside[:-1], beside[1:]], axis=1) @ w["gap.weight"].T + w["gap.bias"])
        hidden = np.tanh(
            np.concatenate([message, gaps[:-1], gaps[1:]], axis=1) @ w["delete.weight"].T + w["delete.bias"]
        )
        delete = (hidden @ w["delete_out.weight"].T + w["delete_out.bias"])[:, 0]
        pooled = np.concatenate([states[0], gaps.max(axis=0)])
        change = float((pooled @ w["change.weight"].T + w["change.bias"])[0])
        starts: Floats = words @ w["start.weight"].T
        ends: Floats = words @ w["end.weight"].T
        return Read(words, starts, ends, gaps, self._items(starts, gaps), delete, change)

    def items(self, read: Read, gap: Floats) -> Floats:
        """Log probabilities (..., W + glue + 1) of what comes next at gaps in state `gap` (..., k): a span that starts
        at each word, each glue word, nothing more."""
        return self._items(read.starts, gap)

    def _items(self, starts: Floats, gap: Floats) -> Floats:
        spans = gap @ starts.T * self._scale + self._w["start_bias"]
        scores = np.concatenate([spans, gap @ self._closed.T * self._scale], axis=-1)
        return _log_softmax(scores)

    def ends(self, read: Read, gap: Floats, starts: Sequence[int], limits: Sequence[int]) -> list[Floats]:
        """For each of `starts` the log probabilities that a span from that word ends with each of the words up to its
        limit (exclusive)."""
        w = self._w
        keys = read.starts[starts]
        queries = np.tanh(
            np.concatenate([np.broadcast_to(gap, keys.shape), keys], axis=1) @ w["end_query.weight"].T
            + w["end_query.bias"]
        )
        found = []
        for query, start, limit in zip(queries, starts, limits, strict=True):
            limit = min(limit, start + MAX_SPAN)
            scores = read.ends[start:limit] @ query * self._scale + w["end_distance"][: limit - start]
            found.append(_log_softmax(scores))
        return found

    def after_span(self, read: Read, gap: Floats, start: int, end: int) -> Floats:
        """The state of a gap after the span of words `start`..`end` (exclusive) was put in."""
        return self._update(gap, np.concatenate([read.words[start], read.words[end - 1]]))

    def after_glue(self, gap: Floats, n: int) -> Floats:
        """The state of a gap after glue word `n` was put in."""
        return self._step(gap, self._w["glue"][n])

    def _update(self, gap: Floats, states: Floats) -> Floats:
        return self._step(gap, np.tanh(states @ self._w["item.weight"].T + self._w["item.bias"]))

    def _step(self, gap: Floats, item: Floats) -> Floats:
        """A gated step (as a GRU's, Cho et al. 2014, without the reset gate)."""
        width = gap.shape[-1]
        both = np.concatenate([gap, item]) @ self._w["update.weight"].T + self._w["update.bias"]
        gate = 0.5 * (1 + np.tanh(0.5 * both[:width]))
        stepped: Floats = gate * gap + (1 - gate) * np.tanh(both[width:])
        return stepped


def _log_softmax(scores: Floats) -> Floats:
    top = scores.max(axis=-1, keepdims=True)
    shifted = scores - top
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
