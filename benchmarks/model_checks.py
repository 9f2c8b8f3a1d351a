"""How much the checks on a model's rewrite cost, and how often a good rewrite passes them; how often `auto` asks.

    python -m benchmarks.model_checks DATA_FOLDER [--write]

DATA_FOLDER holds rewrite sets (`*.dev.jsonl`: rows with "history", "utterance", "rewrite"). The reference rewrites,
which people wrote, stand in for a model that answers perfectly: what the checks refuse of them is what such a model
would lose. No model is called.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.machine import provenance
from dialog.interpret.align import TooLong
from dialog.interpret.auto import AutoInterpreter
from dialog.interpret.diff import Unsourced, edits_of
from dialog.interpret.remembered import remembered
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import state_of
from dialog.testing import RecordingInterpreter

SETS = ("cast2019", "canard", "camrest676", "kvret-cqr", "mudoco-qr", "ikat2023", "rewrite-zh")
RESULT = Path(__file__).parent / "results" / "model_checks.md"


@dataclass
class Measured:
    """One set: `changed` rows whose reference differs from the utterance, of which `passed`; times in milliseconds."""

    name: str
    changed: int = 0
    passed: int = 0
    took_ms: list[float] = field(default_factory=list)
    share: float = 0.0


def rows_of(path: Path, limit: int) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for _, line in zip(range(limit), lines, strict=False):
            yield json.loads(line)


def caller_text(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Titles and profile statements, which the caller of such a system knows."""
    titles = [(name, str(text)) for name, text in (row.get("context") or {}).items()]
    return titles + [("profile", str(statement)) for statement in row.get("profile") or ()]


async def measure(folder: Path, name: str, limit: int) -> Measured:
    found = Measured(name)
    local = RuleInterpreter()
    auto = AutoInterpreter(local, RecordingInterpreter(local))
    for row in rows_of(folder / f"{name}.dev.jsonl", limit):
        state = state_of(row["history"])
        await auto(state, row["utterance"])
        reference = (row.get("rewrites") or [row["rewrite"]])[0]
        if reference == row["utterance"]:
            continue
        started = time.perf_counter()
        found.changed += 1
        found.passed += passes(row["utterance"], reference, remembered(state, caller_text(row)).said)
        found.took_ms.append((time.perf_counter() - started) * 1e3)
    found.share = auto.escalations.share
    return found


def passes(utterance: str, rewrite: str, said: Any) -> bool:
    try:
        edits_of(utterance, rewrite, said)
    except (Unsourced, TooLong):
        return False
    return True


def table(measured: list[Measured]) -> str:
    lines = [
        "| set | changed rows | reference passes | p50 ms | p95 ms | auto asks |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in measured:
        p50, p95 = statistics.median(one.took_ms), statistics.quantiles(one.took_ms, n=20)[-1]
        lines.append(
            f"| {one.name} | {one.changed} | {one.passed / one.changed:.1%} | {p50:.1f} | {p95:.1f} | {one.share:.1%} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=500, help="rows of each set, from its beginning")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name} too")
    args = parser.parse_args()
    measured = [asyncio.run(measure(args.folder, name, args.limit)) for name in SETS]
    page = (
        "# The checks on a model's rewrite\n\n"
        f"`python -m benchmarks.model_checks DATA_FOLDER --limit {args.limit}`  \n{provenance('rjieba')}\n\n"
        "`reference passes`: rewrites by people, each word of which the source check could trace. `auto asks`: turns "
        "on which `AutoInterpreter` would ask a model, at its default threshold, all rows counted.\n\n"
        f"{table(measured)}\n"
    )
    print(page)
    if args.write:
        RESULT.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
