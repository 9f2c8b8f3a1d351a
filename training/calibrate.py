"""Fit the choice between the rules' rewrite and the network's, and the confidence of what is chosen.

All of it on dialogues that were held back from training; the dev sets that are reported are not read.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dialog.interpret.edit.choice import FEATURES, Candidates, features_of
from dialog.interpret.edit.network import EditNetwork
from dialog.interpret.edit.trained import RULES_ONLY, proposal
from dialog.interpret.edit.window import window_of
from dialog.interpret.edit.words import keys_of
from dialog.interpret.local import LocalInterpreter
from dialog.interpret.pack import View
from dialog.replay import replayed
from training.config import Config
from training.data.mixture import Mixture
from training.rows import Example

MEDDLING = 2.0
"""Changing what should be left alone counts this much more than any other difference."""
RIDGE = 1.0
FOLDS = 5
LEAST_ROWS = 60

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """One held-back message with both rewrites; `rules_worth` and `network_worth` say how near each is, 0..1."""

    lang: str
    these: Candidates
    reference: str
    rules_worth: float
    network_worth: float


def calibrate(config: Config, data: Path, weights: Path) -> None:
    """Write `calibration.json` into `weights`, and say how well it does on folds that it was not fitted on."""
    examples = [each for each in Mixture(config, data).validation() if not each.kind.startswith("grammar")]
    compared = asyncio.run(compare(examples, EditNetwork(weights)))
    languages = {}
    for lang in sorted({each.lang for each in compared}):
        rows = [each for each in compared if each.lang == lang]
        if len(rows) < LEAST_ROWS:
            raise ValueError(f"{len(rows)} held-back examples in {lang}; calibration needs {LEAST_ROWS} at least")
        better, threshold = _fit_choice(rows)
        chosen = _chosen(rows, better, threshold)
        right = _logistic_fit(*_right_data(rows, chosen), np.ones(len(rows)))
        _say(lang, rows, chosen)
        languages[lang] = {"better": _plain(better), "right": _plain(right), "threshold": threshold}
    written = {"features": list(FEATURES), "languages": languages}
    (weights / "calibration.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


async def compare(examples: Iterable[Example], network: EditNetwork) -> list[Compared]:
    """Both rewrites of each example that the network is asked about."""
    rules, found = LocalInterpreter(), []
    for example in examples:
        told = rules.with_caller(example.caller)
        state = await replayed([{"role": role, "text": text} for role, text in example.history], told)
        meant = told.interpret(state, example.utterance)
        if meant.act in RULES_ONLY:
            continue
        proposed = proposal(network, window_of(View(state, example.caller), example.utterance), meant)
        if proposed is not None:
            these, _ = proposed
            reference = example.rewrite
            worths = worth(these.message, these.rules, reference), worth(these.message, these.network, reference)
            found.append(Compared(example.lang, these, reference, *worths))
    return found


def worth(message: str, text: str, reference: str) -> float:
    """How near `text` is to `reference`: F1 over words and pairs of words, less for meddling with what is complete."""
    have, want = _grams(text), _grams(reference)
    same = sum((have & want).values())
    f1 = 2 * same / max(1, sum(have.values()) + sum(want.values()))
    meddles = keys_of(reference) == keys_of(message) != keys_of(text)
    return 1 - (1 - f1) * (MEDDLING if meddles else 1.0)


def _grams(text: str) -> Counter[tuple[str, ...]]:
    keys = keys_of(text)
    return Counter([*((key,) for key in keys), *pairwise(keys)])


def _fit_choice(rows: Sequence[Compared]) -> tuple[Array, float]:
    """The regression that prefers the network, and the odds from which on taking its rewrite is worth most."""
    differ = [each for each in rows if keys_of(each.these.rules) != keys_of(each.these.network)]
    gains = np.asarray([each.network_worth - each.rules_worth for each in differ])
    inputs = np.asarray([features_of(each.these, network=True) for each in differ])
    weights = _logistic_fit(inputs, (gains > 0).astype(float), np.abs(gains) + 0.05)
    odds = _across_folds(inputs, (gains > 0).astype(float), np.abs(gains) + 0.05)
    grid = np.linspace(0.3, 0.9, 25)
    worths = [float(gains[odds >= threshold].sum()) for threshold in grid]
    return weights, float(grid[int(np.argmax(worths))])


def _chosen(rows: Sequence[Compared], better: Array, threshold: float) -> list[bool]:
    """For each row, whether the network's rewrite is taken."""
    inputs = np.asarray([features_of(each.these, network=True) for each in rows])
    odds = _probability(inputs, better)
    differ = [keys_of(each.these.rules) != keys_of(each.these.network) for each in rows]
    return [bool(d and o >= threshold) for d, o in zip(differ, odds, strict=True)]


def _right_data(rows: Sequence[Compared], chosen: Sequence[bool]) -> tuple[Array, Array]:
    inputs = [features_of(each.these, network=taken) for each, taken in zip(rows, chosen, strict=True)]
    texts = [each.these.network if taken else each.these.rules for each, taken in zip(rows, chosen, strict=True)]
    right = [keys_of(text) == keys_of(each.reference) for text, each in zip(texts, rows, strict=True)]
    return np.asarray(inputs), np.asarray(right, dtype=float)


def _say(lang: str, rows: Sequence[Compared], chosen: Sequence[bool]) -> None:
    inputs, right = _right_data(rows, chosen)
    odds = _across_folds(inputs, right, np.ones(len(rows)))
    network = np.mean([keys_of(each.these.network) == keys_of(each.reference) for each in rows])
    rules = np.mean([keys_of(each.these.rules) == keys_of(each.reference) for each in rows])
    print(
        f"{lang}: {len(rows)} held-back messages; right: rules {rules:.1%}, network {network:.1%}, "
        f"chosen {right.mean():.1%} (the network's {np.mean(chosen):.0%} of the time); "
        f"expected calibration error {calibration_error(odds, right):.3f}, "
        f"right among the surer half {right[odds >= np.median(odds)].mean():.1%}"
    )


def calibration_error(odds: Array, right: Array, *, bins: int = 10) -> float:
    """The expected calibration error over equally wide bins (Naeini et al. 2015)."""
    which = np.minimum((odds * bins).astype(int), bins - 1)
    gaps = [abs(odds[which == n].mean() - right[which == n].mean()) * (which == n).mean() for n in set(which.tolist())]
    return float(sum(gaps))


def _across_folds(inputs: Array, target: Array, weight: Array) -> Array:
    """Probabilities for each row by a regression fitted on the folds it is not in."""
    odds = np.zeros(len(target))
    fold = np.arange(len(target)) % FOLDS
    for n in range(FOLDS):
        weights = _logistic_fit(inputs[fold != n], target[fold != n], weight[fold != n])
        odds[fold == n] = _probability(inputs[fold == n], weights)
    return odds


def _logistic_fit(inputs: Array, target: Array, weight: Array) -> Array:
    """Ridge logistic regression by Newton's method."""
    found = np.zeros(inputs.shape[1])
    weight = weight / weight.mean()
    for _ in range(50):
        odds = _probability(inputs, found)
        slope = inputs.T @ (weight * (odds - target)) + RIDGE * found
        curve = (inputs * (weight * odds * (1 - odds))[:, None]).T @ inputs + RIDGE * np.eye(inputs.shape[1])
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < 1e-6:
            break
    return found


def _probability(inputs: Array, weights: Array) -> Array:
    odds: Array = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
    return odds


def _plain(weights: Array) -> list[float]:
    return [round(float(each), 4) for each in weights]
