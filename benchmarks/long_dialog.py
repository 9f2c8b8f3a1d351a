"""State size and time per turn of one dialog, from turn 10 to turn 10,000.

    python -m benchmarks.long_dialog [--turns 10000] [--store memory:] [--write]

Every turn goes through the whole pipeline (the rules alone, grounding, two commits) with replies of ordinary length.
The median is over the turns up to each mark, as many as fit since the mark before but at most 200.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from benchmarks.machine import provenance
from dialog import RuleInterpreter, open_pipeline
from dialog.codec import encode

MARKS = (10, 30, 100, 300, 1_000, 3_000, 10_000)
ASKED = (
    "I'm going to {city} on {day}. What is the best {food} restaurant in {city}?",
    "something cheaper",
    "what about {food}?",
    "is the second one open on {day}?",
    "for {n} people",
    "by the way, how far is the airport from {city}?",
    "and by train?",
    "ok, back to dinner: any place near the station?",
)
CITIES = ("New York", "Boston", "Chicago", "Lisbon", "Kyoto", "Oslo", "Quito")
FOODS = ("Chinese", "Thai", "Italian", "Mexican", "Indian")
DAYS = ("Monday", "Friday", "Sunday")
REPLY = "1. {a} House, a quiet place\n2. {b} Garden, popular with families\n3. {a} Kitchen, open late\n" + (
    "Prices vary with the season, and it is wise to book a table some days before you travel. " * 6
)


def message(n: int) -> str:
    pick = {"city": CITIES[n // 8 % 7], "food": FOODS[n % 5], "day": DAYS[n % 3], "n": n % 7 + 2}
    return ASKED[n % len(ASKED)].format(**pick)


async def measure(store: str, turns: int) -> list[tuple[int, int, int, float]]:
    """(turn, bytes of state, tokens of prompt, median milliseconds per turn) at each mark."""
    rows = []
    took: list[float] = []
    async with open_pipeline(store, interpret=RuleInterpreter()) as pipeline:
        for n in range(1, turns + 1):
            started = time.perf_counter()
            async with pipeline.turn("long", message(n)) as turn:
                await turn.close(REPLY.format(a=FOODS[n % 5], b=CITIES[n % 7]))
            took.append((time.perf_counter() - started) * 1000)
            await pipeline.settled()
            if n in MARKS:
                state = await pipeline.state("long")
                assert state is not None
                rows.append((n, len(encode(state)), turn.prompt.tokens, statistics.median(took[-200:])))
                took.clear()
    return rows


def page(rows: list[tuple[int, int, int, float]], store: str) -> str:
    lines = [
        "# State size and time per turn",
        "",
        f"`python -m benchmarks.long_dialog --store {store.partition(':')[0]}:`  ",
        provenance("pydantic", "tiktoken", "redis"),
        "",
        "| turn | state, kB | prompt, tokens | time per turn, ms (median) |",
        "|---:|---:|---:|---:|",
        *(f"| {n:,} | {size / 1000:.1f} | {tokens:,} | {ms:.2f} |" for n, size, tokens, ms in rows),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--store", default="memory:")
    parser.add_argument("--write", action="store_true", help="write the page to benchmarks/results/long_dialog.md")
    options = parser.parse_args()
    text = page(asyncio.run(measure(options.store, options.turns)), options.store)
    print(text)
    if options.write:
        target = Path(__file__).parent / "results" / "long_dialog.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
