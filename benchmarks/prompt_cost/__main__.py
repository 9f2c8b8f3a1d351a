"""Tokens and cache-aware cost of whole conversations, by prompt layout.

    python -m benchmarks.prompt_cost [--conversations 8] [--sets sgd,crosswoz] [--write]

`--write` puts the table into `benchmarks/results/prompt_cost.md`. Needs the shared data sets beside the repository
and tiktoken's o200k vocabulary; a minute or two on one core.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import provenance
from benchmarks.prompt_cost.conversations import DATA, Conversation, joined, lengthened
from benchmarks.prompt_cost.cost import Cost, cost
from benchmarks.prompt_cost.layouts import Layout, full_transcript, langchain_summary, ours, sliding_window
from benchmarks.prompt_cost.values import kept_values
from dialog.ground import Budget, TokenCounter, load_counter

SETS = ("sgd", "camrest676", "dialseg711", "ikat2023", "crosswoz", "kdconv")
TURNS = (20, 60)
REPLY_TOKENS = 250
INSTRUCTION_TOKENS = 1200
HERE = Path(__file__).parent

LAYOUTS: dict[str, Layout] = {
    "full": full_transcript,
    "window 6": sliding_window,
    "LangChain 4000/20": langchain_summary,
    "LangChain 1600/4": lambda *args: langchain_summary(*args, trigger_tokens=1600, keep_messages=4),
    "ours": lambda *args: ours(*args, budget=Budget()),
    "ours, whole replies": lambda *args: ours(*args, budget=Budget(reply_tokens=None)),
}


@dataclass(frozen=True)
class Row:
    turns: int
    name: str
    conversations: int
    user: float
    reply: float
    costs: dict[str, list[Cost]]
    kept: int
    stated: int
    missing: tuple[str, ...]

    def ratio(self, layout: str, what: str) -> float:
        """Median over the conversations of the layout's cost relative to the full transcript's."""
        pairs = zip(self.costs[layout], self.costs["full"], strict=True)
        return statistics.median(getattr(one, what) / getattr(full, what) for one, full in pairs)


def measured(conversations: list[Conversation], instructions: str, count: TokenCounter) -> Row:
    exchanges = [exchange for conversation in conversations for exchange in conversation.exchanges]
    costs: dict[str, list[Cost]] = {name: [] for name in LAYOUTS}
    kept = stated = 0
    missing: list[str] = []
    for conversation in conversations:
        for name, layout in LAYOUTS.items():
            requests = layout(conversation, instructions, count)
            costs[name].append(cost(requests, count))
            if name == "ours":
                there, of, gone = kept_values(conversation, requests)
                kept, stated, missing = kept + there, stated + of, missing + gone
    return Row(
        turns=len(conversations[0].exchanges),
        name=conversations[0].name.split("/")[0],
        conversations=len(conversations),
        user=statistics.mean(count.count(exchange.user) for exchange in exchanges),
        reply=statistics.mean(count.count(exchange.reply) for exchange in exchanges),
        costs=costs,
        kept=kept,
        stated=stated,
        missing=tuple(missing),
    )


def rows(sets: list[str], wanted: int, count: TokenCounter, *, reply_tokens: int, instructions: str) -> Iterator[Row]:
    for turns in TURNS:
        for name in sets:
            found = joined(name, turns=turns, wanted=wanted)
            if reply_tokens:
                found = [lengthened(one, tokens=reply_tokens, count=count.count) for one in found]
            if found:
                row = measured(found, instructions, count)
                print(f"{row.turns} {row.name} {row.ratio('ours', 'cached'):.2f}", file=sys.stderr)
                yield row


def table(found: list[Row]) -> str:
    others = [name for name in LAYOUTS if name != "full"]
    lines = [
        "| turns | data | n | user | reply | "
        + " | ".join(others)
        + " | ours, sent | ours, 1,024 min. | values kept |",
        "|---|---|---|---|---|" + "---|" * (len(others) + 3),
    ]
    for row in found:
        ratios = [f"{row.ratio(name, 'cached'):.2f}" for name in others]
        values = f"{row.kept}/{row.stated}" if row.stated else "not annotated"
        lines.append(
            f"| {row.turns} | {row.name} | {row.conversations} | {row.user:.0f} | {row.reply:.0f} | "
            + " | ".join(ratios)
            + f" | {row.ratio('ours', 'sent'):.2f} | {row.ratio('ours', 'with_minimum'):.2f} | {values} |"
        )
    return "\n".join(lines)


def verdict(found: list[Row]) -> str:
    """The target of at most 0.6 at 20 turns and 0.35 at 60, met or missed, for each data set."""
    said = []
    for turns, target in ((20, 0.6), (60, 0.35)):
        of = [(row.name, row.ratio("ours", "cached")) for row in found if row.turns == turns]
        missed = [f"{name} ({ratio:.2f})" for name, ratio in of if ratio > target]
        middle = statistics.median(ratio for _, ratio in of)
        ending = f"missed by {', '.join(missed)}" if missed else "met by all"
        said.append(f"{turns} turns: median {middle:.2f}, target {target} {ending}.")
    lost = [value for row in found for value in row.missing]
    said.append(f"Stated values lost: {', '.join(lost) if lost else 'none'}.")
    return " ".join(said)


async def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prompt_cost")
    parser.add_argument("--conversations", type=int, default=8)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    if not DATA.is_dir():
        print("the shared data sets are not beside the repository; nothing to measure", file=sys.stderr)
        return 1
    count = await load_counter("gpt-5", timeout_s=60)
    instructions = " ".join(["You help people plan their day."] * (INSTRUCTION_TOKENS // 7))
    sections = [
        ("Replies of ordinary length (250 tokens)", REPLY_TOKENS, ""),
        ("The same with a system prompt of 1,200 tokens", REPLY_TOKENS, instructions),
        ("Replies as they are in the data (short)", 0, ""),
    ]
    text = [(HERE / "header.md").read_text(encoding="utf-8"), f"{provenance('tiktoken')}; counted in {count.name}."]
    for title, reply_tokens, system in sections:
        sets = args.sets.split(",")
        found = list(rows(sets, args.conversations, count, reply_tokens=reply_tokens, instructions=system))
        text += [f"## {title}", table(found), verdict(found)]
    page = "\n\n".join(text) + "\n"
    print(page)
    if args.write:
        (HERE.parent / "results" / "prompt_cost.md").write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
