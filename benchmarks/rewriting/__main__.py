"""Score the rewriting of follow-ups on public sets beside published systems, on hand-made dialogues, and time it.

    python -m benchmarks.rewriting [--shared ../shared] [--split dev] [--sets cast2019,canard] [--write]

Needs the extras `local` and `zh`; data, scorer and peers' outputs are looked for beside the repository (`../shared`),
and the page says so when they are absent. Rows are read one after the other, histories message by message, each read by
the engine itself. `--write` needs matplotlib (extra `dev`).
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.machine import provenance
from benchmarks.rewriting import speed
from benchmarks.rewriting.confidence import Judged, calibration_error, kept_wrong
from benchmarks.rewriting.engines import engines
from benchmarks.rewriting.handmade import handmade
from benchmarks.rewriting.outputs import Answer, Shared, answers, texts
from benchmarks.rewriting.scores import SETS, figures, header, is_dependent, is_right, line
from dialog.interpret.edit.network import WEIGHTS
from dialog.interpretation import Interpreter

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
ESCALATED = 0.35
SHOWN = ("rules", "cascade")
"""The stages of the first table: what reads without the extra `local`, and with it."""

LEGEND = """
Percentages. EM: the rewrite is a reference, case and punctuation apart; `EM dep.`: of the messages that every reference
changes; `kept`: of the others, left alone. B4, RL: BLEU-4 and ROUGE-L of the whole text. F1 (with P1, R1): words
restored; tR, tP: content words restored, and restored rightly; ungr: added words found nowhere in the conversation;
stuck: left alone although every reference changes it. `raw` is the message as it came; rules, network and cascade are
ours (the cascade reads by default where the extra `local` is installed); the others are what published systems answered
on the same rows.
"""


@dataclass
class Measured:
    """What was found so far: lines of the page, and the cascade's answers as judged, by set."""

    main: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    judged: dict[str, list[Judged]] = field(default_factory=dict)


def measure(shared: Shared, sets: Sequence[str], out: Path, stages: Mapping[str, Interpreter]) -> Measured:
    """Every stage and peer on every set that is there, set by set."""
    scorer, found = shared.scorer(), Measured()
    found.main += header("set")
    for name in sets:
        rows = shared.rows(name)
        if not rows:
            continue
        print(f"{name}: {len(rows)} rows", flush=True)
        said = {stage: answers(shared.set(name), out / stage / f"{name}.jsonl", stages[stage]) for stage in stages}
        found.judged[name] = list(judged(scorer, rows, said["cascade"]))
        found.details += ["", f"### {name}", "", *header("system")]
        raw = {row["id"]: row["utterance"] for row in rows}
        systems = [("raw", raw), *((stage, texts(each)) for stage, each in said.items()), *shared.peers(name)]
        found.details += [line(system, figures(scorer, rows, each)) for system, each in systems]
        found.main += [line(f"{name}, {stage}", figures(scorer, rows, texts(said[stage]))) for stage in SHOWN]
    return found


def judged(scorer: ModuleType, rows: Sequence[Mapping[str, Any]], said: Mapping[str, Answer]) -> Iterator[Judged]:
    """The answers of one set, each with its confidence and whether it was right; first messages lean on nothing."""
    for row in rows:
        if row.get("history"):
            answer = said[row["id"]]
            yield Judged(answer.confidence, is_right(scorer, row, answer.text), is_dependent(scorer, row))


def confidence_table(by_set: Mapping[str, Sequence[Judged]]) -> list[str]:
    """What confidence is worth, by set and over all sets of a language."""
    lines = [
        "| set | messages | right | mean confidence | calibration error | dependent | wrong | "
        f"threshold | wrong with {ESCALATED:.0%} sent on |",
        "|---|" + "---:|" * 8,
    ]
    english = [each for name, some in by_set.items() if not name.startswith("rewrite-zh") for each in some]
    for name, some in [*by_set.items(), ("all English sets", english)]:
        dependent = [each for each in some if each.dependent]
        if not dependent:
            continue
        threshold, wrong = kept_wrong(some, escalated=ESCALATED)
        cells = [
            str(len(some)),
            f"{sum(each.right for each in some) / len(some):.1%}",
            f"{sum(each.confidence for each in some) / len(some):.1%}",
            f"{calibration_error(some):.3f}",
            str(len(dependent)),
            f"{sum(not each.right for each in dependent) / len(dependent):.1%}",
            f"{threshold:.2f}",
            f"{wrong:.1%}",
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def page(shared: Shared, sets: Sequence[str], out: Path, weights: Path, *, plot: bool) -> str:
    stages = engines(weights)
    lines = ["# Rewriting follow-ups", "", "`python -m benchmarks.rewriting --write`  "]
    lines += [provenance("onnxruntime", "numpy"), "", "## Public sets", ""]
    if shared.there:
        found = measure(shared, sets, out, stages)
        lines += ["The rules alone and the cascade of rules and network, which is the default, on all sets:", ""]
        lines += ["<!-- excerpt -->", *found.main, "<!-- end -->", LEGEND]
        lines += ["## Confidence", "", "Of the cascade, on messages with a history.", ""]
        lines += confidence_table(found.judged)
        if plot:
            from benchmarks.rewriting.plots import draw

            lines += ["", *(f"![{name.split('_')[1][:-4]}]({name})" for name in draw(found.judged, RESULTS))]
        lines += ["", "## Set by set", *found.details]
    else:
        lines.append(f"Not measured: the data is not there (looked in `{shared.root.name}` beside the repository).")
    lines += ["", "## Hand-made dialogues", "", *asyncio.run(handmade(stages))]
    lines += [
        "",
        "## Time, memory, size",
        "",
        "One message in a dialog, features and decoding included, one thread.",
        "",
    ]
    lines += speed.table(list(stages.items()), weights)
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where data and scorers are")
    parser.add_argument("--split", default="dev", help="dev (default), train, or that of held-out files")
    parser.add_argument("--sets", default=",".join(SETS), help="comma list (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "rewriting", help="where the rewrites are left")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the network (default: the shipped one)")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}/rewriting.md as well")
    args = parser.parse_args()
    sets = [f"{name}.{args.split}" for name in args.sets.split(",")]
    text = page(Shared(args.shared), sets, args.out, args.weights, plot=args.write)
    print(text)
    if args.write:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / "rewriting.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
