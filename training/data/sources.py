"""The sources by name, and on which side of the split their dialogues are."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from training.data import grammar, reverse_en, reverse_zh, written
from training.rows import Example, read_examples, read_rows

GRAMMAR_EXAMPLES = 6000
Read = Callable[[Path, random.Random], Iterable[Example]]


def _public(kind: str, *files: str) -> Read:
    def read(data: Path, rng: random.Random) -> Iterable[Example]:
        return chain.from_iterable(read_examples(data / "rewrite" / file, kind=kind) for file in files)

    return read


def _sgd(data: Path, rng: random.Random) -> Iterable[Example]:
    return reverse_en.from_dialogues(read_rows(data / "slots" / "sgd.train.jsonl"), rng)


def _crosswoz(data: Path, rng: random.Random) -> Iterable[Example]:
    rows = list(read_rows(data / "slots" / "crosswoz.dev.jsonl"))
    return reverse_zh.from_dialogues(rows, "crosswoz", _borders(), rng)


def _kdconv(data: Path, rng: random.Random) -> Iterable[Example]:
    rows = list(read_rows(data / "topic" / "kdconv.dev.jsonl"))
    return reverse_zh.from_dialogues(rows, "kdconv", _borders(), rng, both_sides=True)


def _grammar(lang: str) -> Read:
    return lambda data, rng: grammar.made(lang, GRAMMAR_EXAMPLES, rng)


SOURCES: dict[str, Read] = {
    "en/canard": _public("canard", "canard.train.jsonl"),
    "en/camrest676": _public("camrest676", "camrest676.train.jsonl"),
    "en/followup": _public("followup", "followup.train.jsonl"),
    "en/ikat2023": _public("ikat2023", "ikat2023.train.jsonl", "cast2019.train.jsonl"),
    "en/sgd": _sgd,
    "en/grammar": _grammar("en"),
    "en/written": lambda data, rng: written.all_of("en"),
    "en/talks": lambda data, rng: written.all_of("en_talks"),
    "zh/crosswoz": _crosswoz,
    "zh/kdconv": _kdconv,
    "zh/grammar": _grammar("zh"),
    "zh/written": lambda data, rng: written.all_of("zh"),
    # Research only: what comes of these is never committed (no licence stated; non-commercial).
    "research/rewrite-zh": _public("rewrite-zh", "rewrite-zh.train.jsonl"),
    "research/mudoco-qr": _public("mudoco-qr", "mudoco-qr.train.jsonl"),
    "research/marco-weak": _public("marco-weak", "marco-weak.train.jsonl"),
}


def examples_of(source: str, data: Path, seed: int) -> list[Example]:
    """The examples of a source; the same for the same seed. Those with nothing before the message teach nothing."""
    if source not in SOURCES:
        raise ValueError(f"no source {source!r}; there are {', '.join(SOURCES)}")
    rng = random.Random(f"{seed}:{source}")
    return [example for example in SOURCES[source](data, rng) if example.history]


def values_of(source: str, data: Path) -> list[list[str]]:
    """For each slot of the source's dialogues, the values that may stand for one another; none where it is unknown."""
    if source != "en/camrest676":
        return []
    schema = json.loads((data / "slots" / "camrest676.schema.json").read_text(encoding="utf-8"))
    slots = [slot["possible_values"] for service in schema.values() for slot in service["slots"]]
    return [[value for value in slot if value != "dontcare"] for slot in slots]


def is_validation(group: str, share: float) -> bool:
    """Whether the dialogue `group` is on the validation side, which has `share` of them."""
    digest = hashlib.sha256(f"validation|{group}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def _borders() -> reverse_zh.Borders:
    """Chinese words and their parts of speech, by jieba (needed for training only)."""
    import jieba  # type: ignore[import-untyped]
    import jieba.posseg  # type: ignore[import-untyped]

    jieba.setLogLevel("WARNING")
    return lambda text: [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]
