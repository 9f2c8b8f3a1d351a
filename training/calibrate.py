"""Fit the choice between the rules' rewrite and the network's, and the confidence of what is chosen.

All of it on dialogues that were held back from training; the dev sets that are reported are not read.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialog.interpret.edit.candidates import FEATURES, Candidates, Case, case_of, features_of
from dialog.interpret.edit.choice import Chooser
from dialog.interpret.edit.network import EditNetwork
from dialog.interpret.edit.trained import proposal, settled
from dialog.interpret.edit.words import keys_of
from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import replayed
from training.config import Config
from training.data.mixture import Mixture
from training.rows import Example

MEDDLING = 2.0
"""Changing what should be left alone counts this much more than any other difference."""
EXACT = 0.5
"""What being right word for word is worth, of 1; the rest is being near."""
MOST_MEDDLED = {"en": 0.02, "zh": 0.0}
"""Of the complete messages, how many may be changed for it. The Chinese ones held back are all by those who wrote what
was trained on, so that elsewhere many more will be."""
BY_PEOPLE = ("canard", "camrest676", "followup", "ikat2023", "written")
"""The sources whose rewrites people wrote; what was made of other messages by rule says nothing about being right."""
NOTHING = (0.5, 0.6)
"""Probabilities of nothing more to put in, of which the one that serves best becomes the limit."""
MOST_IDLED = 1.0
"""What leaving alone what the rules change may cost the messages that need a change, in messages wholly lost."""
TOLERATED = 0.01
"""The share of a source's messages that are lost by chance, or one message."""
CASES: tuple[Case, ...] = ("add", "undo", "replace")
NEVER = 1.1
LEAST_ODDS = 0.5
"""The network is never taken where the rules are likelier better."""
ESCALATED = 0.35
"""The share of messages that need a change of which a second opinion may be asked."""
RIDGE = 4.0
FOLDS = 5
LEAST_ROWS = 60

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Compared:
    """One held-back message with both rewrites; `rules_worth` and `network_worth` say how near each is, 0..1."""

    lang: str
    source: str
    these: Candidates
    reference: str
    rules_worth: float
    network_worth: float


def calibrate(config: Config, data: Path, weights: Path) -> None:
    """Write `calibration.json` into `weights`, and say how well it does on folds that it was not fitted on."""
    examples = [each for each in Mixture(config, data).validation() if source_of(each) in BY_PEOPLE]
    by_nothing = asyncio.run(compare(examples, EditNetwork(weights)))
    languages = {lang: fitted(lang, by_nothing) for lang in sorted(config.validation.languages)}
    written = {"features": list(FEATURES), "languages": languages}
    (weights / "calibration.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def fitted(lang: str, by_nothing: Mapping[float, list[Compared]]) -> dict[str, Any]:
    """What `choice.choosers` reads of one language, fitted on what `compare` found."""
    nothing, rows = _best_nothing({each: _of(lang, rows) for each, rows in by_nothing.items()})
    if len(rows) < LEAST_ROWS:
        raise ValueError(f"{len(rows)} held-back examples in {lang}; calibration needs {LEAST_ROWS} at least")
    better, thresholds = _fit_choice(rows)
    chosen = _chosen(rows, better, thresholds)
    right = _logistic_fit(*_right_data(rows, chosen), _balance(rows))
    _say(lang, rows, chosen)
    print(f"{lang}: the network's rewrite is taken from {thresholds}; nothing more from {nothing}")
    return {
        "better": _plain(better),
        "right": _plain(right),
        "thresholds": thresholds,
        "nothing": nothing,
        "sure_from": _sure_from(rows, chosen),
    }


async def compare(examples: Iterable[Example], network: EditNetwork) -> dict[float, list[Compared]]:
    """Both rewrites of each example that the network is asked about, for each of the limits NOTHING."""
    rules = RuleInterpreter()
    found: dict[float, list[Compared]] = {nothing: [] for nothing in NOTHING}
    for example in examples:
        told = rules.with_caller(example.caller)
        state = await replayed([{"role": role, "text": text} for role, text in example.history], told)
        meant = told.interpret(state, example.utterance)
        if settled(meant):
            continue
        view = View(state, example.caller)
        for nothing in NOTHING:
            if proposed := proposal(network, view, example.utterance, meant, nothing=nothing):
                found[nothing].append(_compared(example, proposed[0]))
    return found


def _compared(example: Example, these: Candidates) -> Compared:
    reference = example.rewrite
    worths = worth(these.message, these.rules, reference), worth(these.message, these.network, reference)
    return Compared(example.lang, source_of(example), these, reference, *worths)


def source_of(example: Example) -> str:
    """The source of an example, without how it was made: "sgd" of "sgd/pronoun"."""
    return example.kind.partition("/")[0]


def _of(lang: str, rows: Sequence[Compared]) -> list[Compared]:
    return [each for each in rows if each.lang == lang]


def _best_nothing(by_nothing: Mapping[float, list[Compared]]) -> tuple[float, list[Compared]]:
    """The limit under which the network alone comes nearest to the references, and the rows read with it."""

    def gain(nothing: float) -> float:
        return sum(each.network_worth for each in by_nothing[nothing])

    best = max(by_nothing, key=gain)
    return best, by_nothing[best]


def worth(message: str, text: str, reference: str) -> float:
    """How near `text` is to `reference`: F1 over words and pairs of words, less for meddling, more for being it."""
    have, want = _grams(text), _grams(reference)
    same = sum((have & want).values())
    f1 = 2 * same / max(1, sum(have.values()) + sum(want.values()))
    meddles = keys_of(reference) == keys_of(message) != keys_of(text)
    near = 1 - (1 - f1) * (MEDDLING if meddles else 1.0)
    return EXACT * (keys_of(text) == keys_of(reference)) + (1 - EXACT) * near


def _grams(text: str) -> Counter[tuple[str, ...]]:
    keys = keys_of(text)
    return Counter([*((key,) for key in keys), *pairwise(keys)])


def _fit_choice(rows: Sequence[Compared]) -> tuple[Array, dict[Case, float]]:
    """The regression that prefers the network, and for each case the probability from which on its rewrite is taken."""
    differ = [each for each in rows if case_of(each.these) in CASES]
    gains = np.asarray([each.network_worth - each.rules_worth for each in differ])
    inputs = np.asarray([features_of(each.these, network=True) for each in differ])
    weight = np.abs(gains) + 0.05
    complete_rows = sum(_is_complete(each) for each in rows)
    weights = _logistic_fit(inputs, (gains > 0).astype(float), weight)
    odds = _across_folds(inputs, (gains > 0).astype(float), weight)
    return weights, {case: _threshold(case, differ, gains, odds, complete_rows) for case in CASES}


def _threshold(case: Case, differ: Sequence[Compared], gains: Array, odds: Array, complete_rows: int) -> float:
    """The probability from which on taking the network's rewrite gains most, among those where no source of rewrites
    that people wrote loses messages that the rules got right (what helps in one domain must not cost in another), of
    all `complete_rows` complete messages no more than MOST_MEDDLED are changed for it, and leaving alone what the rules
    change costs messages that do need a change nothing."""
    of_case = np.asarray([case_of(each.these) == case for each in differ])
    exact = np.asarray([_exact(each.these.network, each) - _exact(each.these.rules, each) for each in differ])
    sources = np.asarray([each.source for each in differ])
    complete = np.asarray([_is_complete(each) and case != "undo" for each in differ])
    dependent = np.asarray([not _is_complete(each) for each in differ])
    best, most = NEVER, 0.0
    for threshold in np.linspace(LEAST_ODDS, 0.95, 19):
        taken = of_case & (odds >= threshold)
        loses = any(exact[taken & (sources == source)].sum() < -_tolerated(sources, source) for source in BY_PEOPLE)
        meddles = (taken & complete).sum() > MOST_MEDDLED[differ[0].lang] * complete_rows
        idles = case == "undo" and gains[taken & dependent].sum() < -MOST_IDLED
        if not (loses or meddles or idles) and gains[taken].sum() > most:
            best, most = float(threshold), float(gains[taken].sum())
    return round(best, 3)


def _tolerated(sources: NDArray[np.str_], source: str) -> float:
    return max(1.0, TOLERATED * float((sources == source).sum()))


def _sure_from(rows: Sequence[Compared], chosen: Sequence[bool]) -> float:
    """The confidence below which ESCALATED of the messages that need a change lie."""
    inputs, right = _right_data(rows, chosen)
    odds = _across_folds(inputs, right, _balance(rows))
    dependent = np.asarray([not _is_complete(each) for each in rows])
    return round(float(np.quantile(odds[dependent], ESCALATED)), 3)


def _is_complete(each: Compared) -> bool:
    return keys_of(each.reference) == keys_of(each.these.message)


def _exact(text: str, each: Compared) -> int:
    return int(keys_of(text) == keys_of(each.reference))


def _chosen(rows: Sequence[Compared], better: Array, thresholds: Mapping[Case, float]) -> list[bool]:
    """For each row, whether the network's rewrite is taken."""
    chooser = Chooser(tuple(better.tolist()), tuple(better.tolist()), thresholds)
    return [chooser.prefers_network(each.these) for each in rows]


def _right_data(rows: Sequence[Compared], chosen: Sequence[bool]) -> tuple[Array, Array]:
    inputs = [features_of(each.these, network=taken) for each, taken in zip(rows, chosen, strict=True)]
    texts = [each.these.network if taken else each.these.rules for each, taken in zip(rows, chosen, strict=True)]
    right = [keys_of(text) == keys_of(each.reference) for text, each in zip(texts, rows, strict=True)]
    return np.asarray(inputs), np.asarray(right, dtype=float)


def _balance(rows: Sequence[Compared]) -> Array:
    """Weights under which what was written for training counts as much, in all, as what was found: it is the easier
    part, and confidence learnt from it alone is too high elsewhere."""
    ours = np.asarray([each.source == "written" for each in rows])
    share = min(max(ours.mean(), 0.05), 0.95)
    return np.where(ours, 0.5 / share, 0.5 / (1 - share))


def _say(lang: str, rows: Sequence[Compared], chosen: Sequence[bool]) -> None:
    inputs, right = _right_data(rows, chosen)
    odds = _across_folds(inputs, right, _balance(rows))
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
