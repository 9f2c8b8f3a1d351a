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
from typing import Literal

from dialog.interpret.edit.words import keys_of
from dialog.state import Act

ACTS: tuple[Act, ...] = ("new", "refine", "correct", "reject", "select", "return")
"""Acts, as the rules tell them, that weigh in the choice."""

FEATURES = (
    "bias",
    "rules_confidence",
    "rules_change",
    "rules_unsure",
    "network_changes",
    "differ",
    "log_probability",
    "weakest",
    "change",
    "words",
    "added",
    "reference",
    "omission",
    "answered",
    "told",
    *(f"act_{act}" for act in ACTS),
    "chosen_network",
)


@dataclass(frozen=True)
class Candidates:
    """What the rules make of a message, and what the network does.

    `confidence` and `unsure` are the rules'; `log_probability`, `weakest` and `change` those of `decode.Decision`;
    `reference` and `omission` say of which kinds the network's edits are; `act` is the rules' word for what the message
    does; `answered`: the dialog has replies; `told`: the caller vouches for some text.
    """

    message: str
    rules: str
    network: str
    confidence: float
    unsure: bool
    log_probability: float
    weakest: float
    change: float
    reference: bool
    omission: bool
    act: Act
    answered: bool
    told: bool


def features_of(these: Candidates, *, network: bool) -> tuple[float, ...]:
    """The numbers that the regressions weigh, in the order of FEATURES; `network`: its rewrite is the chosen one."""
    message, rules, edited = keys_of(these.message), keys_of(these.rules), keys_of(these.network)
    return (
        1.0,
        these.confidence,
        float(rules != message),
        float(these.unsure),
        float(edited != message),
        float(edited != rules),
        max(these.log_probability, -10.0),
        max(these.weakest, -3.0),
        math.tanh(these.change / 4),
        min(len(message), 20) / 10,
        min(max(len(edited) - len(message), 0), 15) / 10,
        float(these.reference),
        float(these.omission),
        float(these.answered),
        float(these.told),
        *(float(these.act == act) for act in ACTS),
        float(network),
    )


Case = Literal["add", "undo", "replace", "same"]
"""The network changes what the rules leave alone, leaves alone what they change, changes it otherwise, or agrees."""


def case_of(these: Candidates) -> Case:
    message, rules, edited = keys_of(these.message), keys_of(these.rules), keys_of(these.network)
    if rules == edited:
        return "same"
    return "add" if rules == message else "undo" if edited == message else "replace"


@dataclass(frozen=True)
class Chooser:
    """The regressions of one language, as weights in the order of FEATURES; for each case the probability of being
    better from which on the network's rewrite is taken (above 1: never); the probability of nothing more to put in from
    which on the network leaves a gap as it is; and the confidence below which a second opinion is worth asking for."""

    better: tuple[float, ...]
    right: tuple[float, ...]
    thresholds: Mapping[Case, float]
    nothing: float = 0.5
    sure_from: float = 0.0

    def prefers_network(self, these: Candidates) -> bool:
        """Whether the network's rewrite is the one to take."""
        case = case_of(these)
        if case == "same":
            return False
        return _logistic(self.better, features_of(these, network=True)) >= self.thresholds[case]

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
