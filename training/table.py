"""The dev sets, rewritten by each stage alone and together, and scored."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from dialog.evaluate.rewriting import rewrite_file
from dialog.interpret.edit.choice import FEATURES, Chooser
from dialog.interpret.edit.network import EditNetwork
from dialog.interpret.edit.trained import TrainedInterpreter
from dialog.interpret.local import LocalInterpreter
from dialog.interpretation import Interpreter

SETS = (
    "cast2019.dev",
    "canard.dev",
    "camrest676.dev",
    "qrecc-sample.dev",
    "followup.dev",
    "ikat2023.dev",
    "mudoco-qr.dev",
    "kvret-cqr.dev",
    "rewrite-zh.dev",
)
_ALWAYS = tuple(30.0 if name == "bias" else 0.0 for name in FEATURES)


def engines(weights: Path) -> Iterator[tuple[str, Interpreter]]:
    """The stages by name."""
    yield "rules", LocalInterpreter()
    always = Chooser(_ALWAYS, _ALWAYS, {"add": 0.5, "undo": 0.5, "replace": 0.5})
    alone: Mapping[str, Chooser] = {"en": always}
    network = EditNetwork(weights)
    yield "network", TrainedInterpreter(LocalInterpreter(), network, choose=alone, rules_only=frozenset())
    yield "cascade", TrainedInterpreter(LocalInterpreter(), network)


def table(data: Path, weights: Path, out: Path, *, sets: Sequence[str] = SETS) -> None:
    """Print one line for each set and stage; leave the rewrites in `out`."""
    scorer = _scorer(data.parent / "eval" / "score_rewrites.py")
    columns = ("EM", "B4", "RL", "F_1", "stuck", "meddled")
    print("| set | stage | rows | " + " | ".join(columns) + " | ms a row |\n|---|---|" + "---:|" * (len(columns) + 2))
    for name in sets:
        path = data / "rewrite" / f"{name}.jsonl"
        rows = scorer.read(str(path))
        for stage, interpret in engines(weights):
            target = out / "table" / stage / f"{name}.jsonl"
            target.parent.mkdir(parents=True, exist_ok=True)
            began = time.monotonic()
            asyncio.run(rewrite_file(path, target, interpret))
            took = (time.monotonic() - began) * 1000 / len(rows)
            said = {row["id"]: row["rewrite"] for row in scorer.read(str(target))}
            found = scorer.score(rows, said)
            cells = ["–" if found.get(c) is None else f"{found[c]:.1f}" for c in columns]
            print(f"| {name} | {stage} | {found['n']} | " + " | ".join(cells) + f" | {took:.1f} |", flush=True)


def _scorer(path: Path) -> ModuleType:
    if not path.exists():
        raise ValueError(f"no scorer at {path}")
    spec = importlib.util.spec_from_file_location("score_rewrites", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
