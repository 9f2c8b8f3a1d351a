"""The stages that are measured, alone and together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dialog.interpret.edit.candidates import FEATURES, Case
from dialog.interpret.edit.choice import Chooser
from dialog.interpret.edit.network import WEIGHTS, EditNetwork
from dialog.interpret.edit.trained import TrainedInterpreter
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpreter

_DIFFERENT: tuple[Case, ...] = ("add", "undo", "replace", "elliptic")
_ALWAYS = tuple(30.0 if name == "bias" else 0.0 for name in FEATURES)


def engines(weights: Path = WEIGHTS) -> Mapping[str, Interpreter]:
    """The rules; the network, which is asked about every message and always believed; and the cascade of both, which
    reads by default. Raises NetworkMissing when the network cannot run."""
    network = EditNetwork(weights)
    network.load()
    chooser = Chooser(_ALWAYS, _ALWAYS, dict.fromkeys(_DIFFERENT, 0.5))
    always: Mapping[str, Chooser] = {"en": chooser, "zh": chooser}
    return {
        "rules": RuleInterpreter(),
        "network": TrainedInterpreter(RuleInterpreter(), network, choose=always, rules_only=frozenset()),
        "cascade": TrainedInterpreter(RuleInterpreter(), network),
    }
