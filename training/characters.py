"""What Chinese characters are like before any dialogue is read: from the words of jieba's dictionary that they make.

Characters that stand beside the same ones, in words of the same classes, get similar vectors: positive pointwise mutual
information of characters and what is around them, reduced by a singular value decomposition (Levy and Goldberg 2014).
Half of the characters of GB 2312 come up rarely or never in what is trained on; they would be noise otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

SMOOTHED = 0.75
"""The power to which counts of contexts are raised (Levy et al. 2015)."""


def character_vectors(characters: Sequence[str], width: int, spread: float) -> Tensor:
    """A vector for each of `characters` (len, width), of standard deviation `spread` in all; zeros for one that the
    dictionary does not have. RuntimeError when jieba is not installed."""
    number = {char: n for n, char in enumerate(characters)}
    counts = _counts(number)
    of_context = counts.sum(dim=0) ** SMOOTHED
    expected = counts.sum(dim=1, keepdim=True) * (of_context / of_context.sum())
    information = torch.log(counts / expected.clamp(min=1e-9)).clamp(min=0)
    torch.manual_seed(0)
    left, values, _ = torch.svd_lowrank(information, q=width, niter=2)
    vectors = left * values.sqrt()
    return vectors * (spread / vectors[counts.sum(dim=1) > 0].std())


def _counts(number: dict[str, int]) -> Tensor:
    """How often each character stands beside each other one, before and after, and in words of each class and place."""
    size = len(number)
    classes: dict[tuple[str, str], int] = {}
    rows, columns, weights = [], [], []
    for word, frequency, kind in _words():
        weight = math.log1p(frequency)
        for n, char in enumerate(word):
            if char not in number:
                continue
            place = "alone" if len(word) == 1 else "first" if not n else "last" if n == len(word) - 1 else "inside"
            contexts = [2 * size + classes.setdefault((kind, place), len(classes))]
            if n and word[n - 1] in number:
                contexts.append(number[word[n - 1]])
            if n + 1 < len(word) and word[n + 1] in number:
                contexts.append(size + number[word[n + 1]])
            for context in contexts:
                rows.append(number[char])
                columns.append(context)
                weights.append(weight)
    counts = torch.zeros(size, 2 * size + len(classes))
    counts.index_put_((torch.tensor(rows), torch.tensor(columns)), torch.tensor(weights), accumulate=True)
    return counts


def _words() -> Iterator[tuple[str, int, str]]:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise RuntimeError("Chinese characters get their first vectors from jieba's dictionary; pip install jieba")
    with (Path(spec.origin).parent / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, frequency, kind = line.split()
            yield word, int(frequency), kind[:2]
