"""Score `antecedent track` on public dialogs and time one interpretation.

    python -m benchmarks.tracking [--shared ../shared] [--splits dev] [--write]

Needs the data and scorers beside the repository (`../shared`); says so when they are absent and only times. Every row
is read causally, with the local rules, on one core.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.machine import provenance
from dialog.evaluate.tracking import read_services, row_of, track_file
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import answered, opened
from dialog.slots import SlotSchema
from dialog.state import DialogState

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "tracking.md"
SLOT_SETS = ("camrest676", "sgd", "crosswoz")
TOPIC_SETS = ("tiage", "dialseg711", "sgd-services", "kdconv", "crosswoz-domains")
TURNS = 20
"""Turns before the messages that are timed."""


def scorer(shared: Path, name: str) -> ModuleType:
    """The public scorer as a module, so that the table is what it prints."""
    spec = importlib.util.spec_from_file_location(name, shared / "eval" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer {name} in {shared / 'eval'}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tracked(source: Path, schema: Path | None) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.jsonl"
        bad = asyncio.run(track_file(source, target, schema=schema))
        if bad:
            raise SystemExit(f"{bad} bad rows in {source.name}")
        return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def slot_rows(shared: Path, splits: list[str]) -> Iterator[str]:
    score = scorer(shared, "score_slots")
    for name in SLOT_SETS:
        schema = shared / "data" / "slots" / f"{name}.schema.json"
        for split in splits:
            source = shared / "data" / "slots" / f"{name}.{split}.jsonl"
            if not source.is_file():
                continue
            dialogs = score.read(str(source))
            states = {row["id"]: row["states"] for row in tracked(source, schema)}
            services = json.loads(schema.read_text(encoding="utf-8"))
            result = score.score(dialogs, services, states)
            empty = score.score(dialogs, services, score.baseline("empty", dialogs))["all"]
            for part in ("all", "seen services", "unseen services"):
                if part in result:
                    row = result[part]
                    alone = f"{empty['JGA']:.1f}" if part == "all" else ""
                    cells = (f"{row[column]:.1f}" for column in ("JGA", "softJGA", "P", "R", "F1"))
                    yield f"| {name}.{split} | {part} | {row['frames']} | " + " | ".join(cells) + f" | {alone} |"


def topic_rows(shared: Path, splits: list[str]) -> Iterator[str]:
    score = scorer(shared, "score_topics")
    for name in TOPIC_SETS:
        for split in splits:
            source = shared / "data" / "topic" / f"{name}.{split}.jsonl"
            if not source.is_file():
                continue
            dialogs = score.read(str(source))
            systems = {"antecedent": {row["id"]: row["shifts"] for row in tracked(source, None)}}
            for rule in ("never", "every-user-turn", "every-4th"):
                systems[rule] = {dialog["id"]: score.BASELINES[rule](dialog) for dialog in dialogs}
            for system, shifts in systems.items():
                row = score.score(dialogs, shifts)
                cells = (f"{row[column]:.1f}" for column in ("P", "R", "F1", "macroF1", "Pk", "WD"))
                yield f"| {name}.{split} | {system} | " + " | ".join(cells) + " |"


EXAMPLE = {
    "id": "example",
    "schema": {
        "name": "search",
        "slots": [
            {"name": "city", "type": "str", "description": "City of the restaurant"},
            {"name": "cuisine", "type": "enum", "values": ["thai", "chinese", "italian", "indian", "mexican"]},
            {"name": "people", "type": "int", "description": "Number of people"},
            {"name": "day", "type": "date", "description": "Date of the reservation"},
            {"name": "hour", "type": "time", "description": "Time of the reservation"},
            {"name": "price", "type": "enum", "values": ["cheap", "moderate", "expensive"]},
            {"name": "outdoors", "type": "bool", "description": "Whether to sit outdoors"},
        ],
    },
    "turns": [{"role": "user", "text": "x"}],
}
TALK = (
    (
        "I need a cheap Thai restaurant in Boston for four people tomorrow.",
        "How about 1. Siam Garden or 2. Brown Sugar?",
    ),
    (
        "is the second one open on Sunday?",
        "Brown Sugar Cafe is open from noon to 10 pm on Sundays, at 1033 Main Street.",
    ),
    ("what about Italian?", "There is Casa Mia in the North End. It is moderately priced."),
    ("no, I meant Cambridge", "Then try Blue Door or Luce. Which day would you like?"),
)


def timed(schema: SlotSchema) -> list[float]:
    """Milliseconds per interpretation of the messages of TALK after TURNS turns, five rounds of each."""
    local = RuleInterpreter(schema=schema)
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    state = DialogState(dialog_id="d")
    for n in range(TURNS):
        text, reply = TALK[n % len(TALK)]
        state = answered(opened(state, text, local.interpret(state, text, now=now)), reply)
    took: list[float] = []
    for n in range(5 * len(TALK)):
        # A new wording each time, so that nothing is answered from a cache.
        text = f"{TALK[n % len(TALK)][0]} ({n})"
        started = time.perf_counter()
        local.interpret(state, text, now=now)
        took.append(1000 * (time.perf_counter() - started))
    return took


def speed_rows(shared: Path) -> Iterator[str]:
    schemas = {"7 slots": row_of(json.dumps(EXAMPLE)).schema}
    services = shared / "data" / "slots" / "sgd.schema.json"
    if services.is_file():
        schemas["34 services, 282 slots (SGD)"] = read_services(services)
    for name, schema in schemas.items():
        if schema is not None:
            took = timed(schema)
            yield f"| {name} | {statistics.median(took):.2f} | {max(took):.2f} |"


def report(shared: Path, splits: list[str]) -> Iterator[str]:
    yield "# Tracking slots and topics\n"
    yield f"`python -m benchmarks.tracking --write`\n\n{provenance('pydantic', 'rjieba')}\n"
    if (shared / "data").is_dir():
        yield "## Slots\n"
        yield "JGA: share of (user turn, active service) frames that are all right; `empty`: JGA of no slots.\n"
        yield "| set | services | frames | JGA | softJGA | P | R | F1 | empty |"
        yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"
        yield from slot_rows(shared, splits)
        yield "\n## Topics\n\nF1 of shifts; Pk and WD (WindowDiff): lower is better. The others are trivial rules.\n"
        yield "| set | system | P | R | F1 | macroF1 | Pk | WD |\n|---|---|---:|---:|---:|---:|---:|---:|"
        yield from topic_rows(shared, splits)
    else:
        yield f"The public dialogs are not here ({shared.name}/data is absent), so nothing was scored.\n"
    yield f"\n## Time\n\nMilliseconds per message, rules alone, after {TURNS} turns.\n"
    yield "| schema | p50 | max |\n|---|---:|---:|"
    yield from speed_rows(shared)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--splits", default="dev", help="comma list of dev, train")
    parser.add_argument("--write", action="store_true", help=f"also write {RESULT.relative_to(ROOT)}")
    chosen = parser.parse_args()
    lines: list[str] = []
    for line in report(chosen.shared, chosen.splits.split(",")):
        print(line, flush=True)
        lines.append(line)
    if chosen.write:
        RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
