"""How much the estimate over-counts: its tokens relative to both real vocabularies, by kind of text.

    python -m benchmarks.prompt_cost.counters

Needs tiktoken's cl100k and o200k vocabularies, and the shared data sets beside the repository.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import dialog
from benchmarks.machine import provenance
from benchmarks.prompt_cost.conversations import DATA
from dialog.tokens import TiktokenCounter, estimate_counter

DIALOGUES = ("slots/sgd.dev", "slots/camrest676.dev", "topic/tiage.dev", "slots/crosswoz.dev", "topic/kdconv.dev")
EMOJI = ("😀", "🎉", "👍🏽", "👩‍👩‍👧", "❤️", "🍜", "🚀", "🇺🇸", "✨")


def samples() -> Iterator[tuple[str, list[str]]]:
    """Kinds of text and texts of each."""
    for name in DIALOGUES:
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:300]
        dialogues = [[turn["text"] for turn in json.loads(line)["turns"]] for line in lines]
        yield f"{name}, dialogues", ["\n".join(texts) for texts in dialogues]
        yield f"{name}, turns", [text for texts in dialogues for text in texts]
    sources = [file.read_text(encoding="utf-8") for file in Path(dialog.__file__).parent.rglob("*.py")]
    yield "Python source, 400 characters", [text[i : i + 400] for text in sources for i in range(0, len(text), 400)]
    digests = [hashlib.sha512(str(n).encode()).digest() for n in range(300)]
    yield "hexadecimal", [digest.hex() for digest in digests]
    yield "base64", [base64.b64encode(digest).decode() for digest in digests]
    draw = random.Random(0)
    yield "emoji", ["".join(draw.choices(EMOJI, k=30)) for _ in range(300)]


def main() -> None:
    old, new = TiktokenCounter("cl100k_base"), TiktokenCounter("o200k_base")
    print(f"{provenance('tiktoken')}\n")
    print("| text | texts | estimate / cl100k | estimate / o200k | texts under-counted |\n|---|---|---|---|---|")
    for kind, texts in samples():
        counts = [(estimate_counter.count(text), old.count(text), new.count(text)) for text in texts]
        estimated, cl100k, o200k = (sum(column) for column in zip(*counts, strict=True))
        under = sum(guess < max(real) for guess, *real in counts) / len(counts)
        print(f"| {kind} | {len(texts)} | {estimated / cl100k:.2f} | {estimated / o200k:.2f} | {under:.2%} |")


if __name__ == "__main__":
    main()
