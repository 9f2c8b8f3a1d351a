"""Which rewrite to take, the rules' or the network's, and how likely it is to be right.

Two logistic regressions for each language, fitted by `training/calibrate.py` on dialogues that nothing was trained on:
one says how likely the network's rewrite is the better one where the two differ, the other how likely the chosen
rewrite is word for word what a person would write.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialog.interpret.edit.candidates import FEATURES, Candidates, Case, case_of, features_of

LEAST_SURE = 0.05
"""A network's rewrite that is right less often than this reads garbled, also where it comes nearer to the meaning; the
rules' stands in its place."""


@dataclass(frozen=True)
class Chooser:
    """The regressions of one language, as weights in the order of FEATURES; for each case the probability of being
    better from which on the network's rewrite is taken (above 1, or for a case not named: never); the probability of
    nothing more to put in from which on the network leaves a gap as it is; and the confidence below which a second
    opinion is worth asking for."""

    better: tuple[float, ...]
    right: tuple[float, ...]
    thresholds: Mapping[Case, float]
    nothing: float = 0.5
    sure_from: float = 0.0

    def prefers_network(self, these: Candidates) -> bool:
        """Whether the network's rewrite is the one to take."""
        case = case_of(these)
        if case not in self.thresholds:
            return False
        return _logistic(self.better, features_of(these, network=True)) >= self.thresholds[case]

    def takes_network(self, these: Candidates) -> bool:
        """Whether it is preferred, and not less likely to be right than LEAST_SURE."""
        return self.prefers_network(these) and self.confidence(these, network=True) >= LEAST_SURE

    def confidence(self, these: Candidates, *, network: bool) -> float:
        """How likely the chosen rewrite is right, 0..1."""
        return _logistic(self.right, features_of(these, network=network))


def _logistic(weights: tuple[float, ...], features: tuple[float, ...]) -> float:
    score = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def choosers(path: Path) -> Mapping[str, Chooser]:
    """The choosers by language, from the file that calibration wrote; ValueError when it is of another version."""
    written = json.loads(path.read_text(encoding="utf-8"))
    if tuple(written["features"]) != FEATURES:
        raise ValueError(f"{path.name} weighs {written['features']}, this version {list(FEATURES)}; calibrate again")
    return {
        lang: Chooser(
            tuple(each["better"]), tuple(each["right"]), each["thresholds"], each["nothing"], each["sure_from"]
        )
        for lang, each in written["languages"].items()
    }
