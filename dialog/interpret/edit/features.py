"""What the encoder is given: the word pieces of a window, and what each is to the message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialog.interpret.edit.chinese import cuts_of
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.wordpiece import WordPieces

Ints = NDArray[np.int64]

ROLES = ("user", "assistant", "caller", "message")
MARKS = 3
"""0: nothing special; 1: a word of the conversation that the message repeats; 2: a word of the message that was said
before."""
RECENCY = 8
"""Passages back from the message (0), the last number for all that lie further back."""
MAX_PIECES = 384


@dataclass(frozen=True)
class Features:
    """Pieces by what they are (each array one number a piece), and where words are among them.

    `first` and `last` give each word of the window its first and last piece; `edges` the pieces before and after the
    message.
    """

    pieces: Ints
    roles: Ints
    marks: Ints
    pairs: Ints
    recency: Ints
    cuts: Ints
    first: Ints
    last: Ints
    edges: tuple[int, int]


class TooLong(ValueError):
    """A window of more pieces than the encoder reads."""


def features_of(window: Window, spelling: WordPieces) -> Features:
    """The features of `window`; TooLong when it has more than MAX_PIECES pieces."""
    keys = window.keys
    in_message = set(keys[window.message_start :])
    in_history = set(keys[: window.message_start])
    repeated = _repeated_pairs(window)
    rows: list[tuple[int, int, int, int, int, int]] = [(spelling.cls, 3, 0, 0, 0, 0)]
    first, last, n = [], [], 0
    before_message = 0
    for number, passage in enumerate(window.passages):
        role = ROLES.index(passage.role)
        back = min(len(window.passages) - 1 - number, RECENCY - 1)
        before_message = len(rows) - 1
        cut = cuts_of(passage.text)
        for word in passage.words:
            if number == len(window.passages) - 1:
                mark = 2 if keys[n] in in_history else 0
            else:
                mark = 1 if keys[n] in in_message else 0
            first.append(len(rows))
            rows += [
                (piece, role, mark, int(n in repeated), back, cut[word.start])
                for piece in spelling.spell(word.text.lower())
            ]
            last.append(len(rows) - 1)
            n += 1
        rows.append((spelling.sep, role, 0, 0, back, 0))
    if len(rows) > MAX_PIECES:
        raise TooLong(f"{len(rows)} word pieces, and the rewriter reads {MAX_PIECES} at most")
    table = np.asarray(rows, dtype=np.int64)
    pieces, roles, marks, pairs, recency, cuts = (np.ascontiguousarray(table[:, column]) for column in range(6))
    return Features(
        pieces,
        roles,
        marks,
        pairs,
        recency,
        cuts,
        np.asarray(first, dtype=np.int64),
        np.asarray(last, dtype=np.int64),
        (before_message, len(rows) - 1),
    )


def _repeated_pairs(window: Window) -> set[int]:
    """The words that stand, with a neighbour, in another passage too: names and terms, most often."""
    where: dict[tuple[str, str], set[int]] = {}
    starts: dict[tuple[str, str], list[int]] = {}
    for n in range(len(window.keys) - 1):
        if window.passage_of[n] == window.passage_of[n + 1]:
            pair = window.keys[n], window.keys[n + 1]
            where.setdefault(pair, set()).add(window.passage_of[n])
            starts.setdefault(pair, []).append(n)
    return {k for pair, passages in where.items() if len(passages) > 1 for n in starts[pair] for k in (n, n + 1)}
