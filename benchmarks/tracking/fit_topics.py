"""Fit the weights of `dialog/interpret/topics.py` on the train parts of TIAGE and Schema-Guided Dialogue.

    python benchmarks/tracking/fit_topics.py [--shared ../shared]

Logistic regression by stochastic gradient descent with an L2 penalty, deterministic; prints the weights to paste. Each
set counts the same, and so do its shifts and its other turns. Dev sets are not read.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path

from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.topics import SIGNALS, signals
from dialog.interpretation import TopicDecision
from dialog.replay import answered, opened
from dialog.state import DialogState

SETS = ("tiage.train", "sgd-services.train")
EPOCHS, RATE, PENALTY = 40, 0.05, 1e-4

Example = tuple[list[float], int]


def examples(path: Path, local: RuleInterpreter) -> Iterator[Example]:
    """The signals of every turn but the first, with the true topics so far as context."""
    for line in path.read_text(encoding="utf-8").splitlines():
        state = DialogState(dialog_id="d")
        for n, turn in enumerate(json.loads(line)["turns"]):
            view, text = View(state), turn["text"]
            pack = local.pack_for(view, text)
            if turn["role"] == "user":
                meant = local.interpret(state, text)
                if n:
                    edited = bool(meant.rewrite.changed)
                    yield signals(view.in_topic, text, pack, reply=False, edited=edited), turn["shift"]
                stay = TopicDecision(kind="stay", topic_id=state.active_topic)
                topic = TopicDecision(kind="new") if turn["shift"] or not n else stay
                state = opened(state, text, meant.model_copy(update={"topic": topic, "command": None}))
            else:
                if n:
                    yield signals(view.in_topic, text, pack, reply=True, edited=False), turn["shift"]
                state = answered(state, text)


def fit(sets: list[list[Example]]) -> list[float]:
    """Weights in the order of SIGNALS, the bias last."""
    weighted: list[tuple[list[float], int, float]] = []
    for found in sets:
        shifts = sum(gold for _, gold in found)
        share = {1: 0.5 / max(shifts, 1), 0: 0.5 / max(len(found) - shifts, 1)}
        scale = len(found)
        weighted += (([*values, 1.0], gold, share[gold] * scale) for values, gold in found)
    rng = random.Random(0)
    weights = [0.0] * (len(SIGNALS) + 1)
    for epoch in range(EPOCHS):
        rng.shuffle(weighted)
        rate = RATE / (1 + 0.2 * epoch)
        for values, gold, weight in weighted:
            total = sum(w * v for w, v in zip(weights, values, strict=True))
            error = (gold - 1 / (1 + math.exp(-total))) * min(weight, 4.0)
            weights = [w + rate * (error * v - PENALTY * w) for w, v in zip(weights, values, strict=True)]
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    shared = parser.parse_args().shared / "data" / "topic"
    if not shared.is_dir():
        raise SystemExit(f"no data in {shared}: clone it beside the repository or pass --shared")
    local = RuleInterpreter()
    weights = fit([list(examples(shared / f"{name}.jsonl", local)) for name in SETS])
    for name, weight in zip((*SIGNALS, "bias"), weights, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
