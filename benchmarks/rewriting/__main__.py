"""Score the rule-based rewriting on public follow-ups, and time it.

    python -m benchmarks.rewriting [--shared ../shared] [--split dev] [--write]

Needs the data and the scorer beside the repository (`../shared`); says so when they are absent and only times. Rows are
read one after the other, histories message by message, with both language packs of this library, on one core.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.machine import provenance
from dialog.evaluate.rewriting import rewrite_file
from dialog.interpret.en import EnglishPack
from dialog.interpret.local import LocalInterpreter
from dialog.interpret.pack import View
from dialog.replay import replayed
from dialog.state import DialogState

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "rewriting.md"
SETS = (
    "cast2019", "canard", "camrest676", "kvret-cqr", "mudoco-qr", "qrecc-sample", "ikat2023", "followup", "rewrite-zh",
)  # fmt: skip
COLUMNS = ("EM", "P_1", "R_1", "F_1", "B4", "tR", "tP", "ungr", "stuck", "meddled")
TURNS = 20
"""Turns of the dialog in which messages are timed."""
ROUNDS = 20

QUESTIONS = (
    "Tell me about the Eiffel Tower.", "How tall is it?", "Who designed it?", "When was it built?",
    "Is it open on Sunday?", "What is the best Chinese restaurant in New York?", "something cheaper",
    "what about Thai?", "is the second one open late?", "by the way, who wrote Hamlet?", "When did he write it?",
    "ok, back to dinner: for four people", "and in Boston?", "What are the main museums there?",
    "Which planets have rings?", "how many moons do they have?",
)  # fmt: skip
REPLY = (
    "Here are some options:\n1. Golden Unicorn - large and lively\n2. Nom Wah Tea Parlor - dim sum since 1920\n"
    "3. Wo Hop - open late. All of them are within walking distance of Columbus Park in Chinatown, which is best "
    "reached by subway; the first two take reservations and the last one does not."
)


def scorer(shared: Path) -> ModuleType:
    """The public scorer as a module, so that the table is what it prints."""
    spec = importlib.util.spec_from_file_location("score_rewrites", shared / "eval" / "score_rewrites.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer score_rewrites in {shared / 'eval'}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rewritten(source: Path) -> dict[str, dict[str, Any]]:
    """The output rows of `source` by id."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.jsonl"
        if bad := asyncio.run(rewrite_file(source, target, LocalInterpreter())):
            raise SystemExit(f"{bad} bad rows in {source.name}")
        rows = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
        return {row["id"]: row for row in rows}


def score_rows(shared: Path, split: str) -> Iterator[str]:
    score = scorer(shared)
    for name in SETS:
        source = shared / "data" / "rewrite" / f"{name}.{split}.jsonl"
        if not source.is_file():
            continue
        rows = score.read(str(source))
        found = score.score(rows, {key: row["rewrite"] for key, row in rewritten(source).items()})
        raw = score.score(rows, {row["id"]: row["utterance"] for row in rows})
        yield f"| {name}.{split} | {found['n']} | {raw['EM']:.1f} | {cells(found)} |"


def cells(found: Mapping[str, float | None]) -> str:
    values = (found.get(column) for column in COLUMNS)
    return " | ".join("-" if value is None else f"{value:.1f}" for value in values)


def long_dialog() -> DialogState:
    """A dialog of `TURNS` turns with a list in every reply."""
    history: list[dict[str, str]] = []
    for n in range(TURNS):
        history.append({"role": "user", "text": QUESTIONS[n % len(QUESTIONS)]})
        history.append({"role": "assistant", "text": REPLY})
    return asyncio.run(replayed(history, LocalInterpreter([EnglishPack()])))


def timed() -> str:
    """Median and 95th percentile of one English resolution in a dialog of `TURNS` turns, in milliseconds."""
    state, pack = long_dialog(), EnglishPack()
    took: list[float] = []
    for n in range(ROUNDS):
        for text in QUESTIONS:
            # A number that was not there before keeps what is remembered of texts from answering for the message.
            fresh = f"{text.rstrip('?.')} {n}{text[len(text.rstrip('?.')) :]}"
            begun = time.perf_counter()
            pack.resolve(View(state), fresh)
            took.append((time.perf_counter() - begun) * 1e3)
    took.sort()
    p95 = took[int(0.95 * len(took))]
    return f"{len(took)} messages in a dialog of {TURNS} turns: p50 {statistics.median(took):.2f} ms, p95 {p95:.2f} ms."


def page(shared: Path, split: str) -> str:
    lines = ["# Rewriting follow-ups by rule", "", f"`python -m benchmarks.rewriting --split {split} --write`  "]
    lines += [provenance(), "", "## Public sets", ""]
    if not (shared / "eval" / "score_rewrites.py").is_file():
        lines += [
            f"Not measured: the data and the scorer are not there (looked in `{shared.name}` beside the repository)."
        ]
    else:
        lines += [
            "Percentages. `raw EM`: the message as it is. F1 (with P1, R1): words restored; tR, tP: content words",
            "restored, and restored rightly; ungr: added words found nowhere in the history; stuck: left alone",
            "although every reference changes it; meddled: changed although a reference leaves it.",
            "",
            "| set | rows | raw EM | " + " | ".join(column.replace("_", "") for column in COLUMNS) + " |",
            "|---|---:|---:|" + "---:|" * len(COLUMNS),
            *score_rows(shared, split),
        ]
    return "\n".join([*lines, "", "## Time", "", f"English pack, one core: {timed()}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where data and scorers are")
    parser.add_argument("--split", default="dev", help="dev (default) or train")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.relative_to(ROOT)} as well")
    args = parser.parse_args()
    text = page(args.shared, args.split)
    print(text)
    if args.write:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
