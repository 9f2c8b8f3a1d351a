"""Examples as tensors: the features of their windows, and the labels to learn, padded to a batch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dialog.interpret.edit.align import Sources, aligned
from dialog.interpret.edit.features import Features, TooLong, features_of
from dialog.interpret.edit.labels import GLUE_WORDS, Copy, Labels
from dialog.interpret.edit.window import MESSAGE_WORDS, Window
from dialog.interpret.edit.wordpiece import WordPieces
from dialog.interpret.word_forms import FUNCTION_CHARS, FUNCTION_WORDS
from training.rows import Example, window_for


@dataclass(frozen=True)
class Target:
    """One thing to put in: the words a span may start at and its length, or (no starts) a number past the words."""

    starts: tuple[int, ...]
    length: int
    closed: int = -1


@dataclass(frozen=True)
class Encoded:
    """One example, ready to be put into a batch. `chains` are the targets of each gap, without the final "nothing"."""

    features: Features
    run_end: tuple[int, ...]
    deleted: tuple[bool, ...]
    chains: tuple[tuple[Target, ...], ...]
    weight: float


@dataclass(frozen=True)
class Blank:
    """Makes content words unreadable, each with probability `share` and wherever it stands, so that the place and
    the surroundings of a word are learnt from and not only the word (word dropout, Iyyer et al. 2015)."""

    share: float
    rng: random.Random

    def __call__(self, window: Window, features: Features, unknown: int) -> Features:
        content = sorted({key for key in window.keys if key.isalnum() and key not in FUNCTION_WORDS | FUNCTION_CHARS})
        lost = {key for key in content if self.rng.random() < self.share}
        pieces = features.pieces.copy()
        for n, key in enumerate(window.keys):
            if key in lost:
                pieces[features.first[n] : features.last[n] + 1] = unknown
        return replace(features, pieces=pieces)


def encoded(
    example: Example, spelling: WordPieces, *, most_missing: int = 2, blank: Blank | None = None
) -> Encoded | None:
    """The example with the labels that its rewrite asks for; words of it unreadable, where `blank` says so.

    None when it is too long to be read, or when labels can say too little of the rewrite to be worth learning.
    """
    window = window_for(example)
    if not 0 < len(window.message.words) <= MESSAGE_WORDS:
        return None
    found = aligned(window, example.rewrite)
    if found.missing > most_missing or (found.missing and found.labels.keep):
        return None
    try:
        features = features_of(window, spelling)
    except TooLong:
        return None
    if blank is not None:
        features = blank(window, features, spelling.unknown)
    return Encoded(
        features,
        window.run_end,
        found.labels.deleted,
        _chains(window, found.labels),
        1.0 if found.exact else 0.5,
    )


def _chains(window: Window, labels: Labels) -> tuple[tuple[Target, ...], ...]:
    sources = Sources(window)
    chains = []
    for gap in labels.inserted:
        chain = []
        for item in gap:
            if isinstance(item, Copy):
                starts = sources.occurrences(window.keys[item.start : item.end])
                chain.append(Target(tuple(starts), item.end - item.start))
            else:
                chain.append(Target((), 0, item.n))
        chains.append(tuple(chain))
    return tuple(chains)


@dataclass
class Batch:
    """Padded tensors; `gap_*` and `message_*` are flat over the batch, with the number of their example."""

    pieces: Tensor
    roles: Tensor
    marks: Tensor
    pairs: Tensor
    recency: Tensor
    cuts: Tensor
    mask: Tensor
    first: Tensor
    last: Tensor
    word_mask: Tensor
    run_end: Tensor
    weight: Tensor
    gap_example: Tensor
    gap_left: Tensor
    gap_right: Tensor
    gap_number: Tensor
    chains: list[tuple[Target, ...]]
    message_example: Tensor
    message_word: Tensor
    message_gap: Tensor
    deleted: Tensor
    changed: Tensor

    def to(self, device: torch.device) -> Batch:
        moved: dict[str, Any] = {k: v.to(device) if isinstance(v, Tensor) else v for k, v in vars(self).items()}
        return Batch(**moved)


GLUE_COUNT = len(GLUE_WORDS)


def batched(examples: Sequence[Encoded]) -> Batch:
    """The examples as one batch. Gap neighbours are numbered as words of the example, -1 and -2 for the pieces before
    and after the message."""
    count = len(examples)
    pieces = max(len(each.features.pieces) for each in examples)
    words = max(len(each.features.first) for each in examples)

    def grid(rows: Sequence[np.ndarray], width: int) -> Tensor:
        out = np.zeros((count, width), dtype=np.int64)
        for n, row in enumerate(rows):
            out[n, : len(row)] = row
        return torch.from_numpy(out)

    gap_example, gap_left, gap_right, gap_number, chains = [], [], [], [], []
    message_example, message_word, message_gap, deleted, changed = [], [], [], [], []
    for n, each in enumerate(examples):
        features = each.features
        size = len(each.deleted)
        start = len(features.first) - size
        before, after = features.edges
        for gap, chain in enumerate(each.chains):
            left_word, right_word = start + gap - 1, start + gap
            gap_example.append(n)
            gap_left.append(
                (before, before) if not gap else (int(features.first[left_word]), int(features.last[left_word]))
            )
            gap_right.append(
                (after, after) if gap == size else (int(features.first[right_word]), int(features.last[right_word]))
            )
            gap_number.append(gap)
            chains.append(chain)
            if gap < size:
                message_example.append(n)
                message_word.append(right_word)
                message_gap.append(len(chains) - 1)
                deleted.append(float(each.deleted[gap]))
        changed.append(float(any(each.deleted) or any(each.chains)))
    rows = [each.features for each in examples]
    return Batch(
        pieces=grid([row.pieces for row in rows], pieces),
        roles=grid([row.roles for row in rows], pieces),
        marks=grid([row.marks for row in rows], pieces),
        pairs=grid([row.pairs for row in rows], pieces),
        recency=grid([row.recency for row in rows], pieces),
        cuts=grid([row.cuts for row in rows], pieces),
        mask=grid([np.ones(len(row.pieces), dtype=np.int64) for row in rows], pieces),
        first=grid([row.first for row in rows], words),
        last=grid([row.last for row in rows], words),
        word_mask=grid([np.ones(len(row.first), dtype=np.int64) for row in rows], words).bool(),
        run_end=grid([np.asarray(each.run_end) for each in examples], words),
        weight=torch.tensor([each.weight for each in examples]),
        gap_example=torch.tensor(gap_example),
        gap_left=torch.tensor(gap_left),
        gap_right=torch.tensor(gap_right),
        gap_number=torch.tensor(gap_number),
        chains=chains,
        message_example=torch.tensor(message_example),
        message_word=torch.tensor(message_word),
        message_gap=torch.tensor(message_gap),
        deleted=torch.tensor(deleted),
        changed=torch.tensor(changed),
    )
