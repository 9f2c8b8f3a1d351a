"""Reverse rewriting, English: a message that repeats something said before, with the repetition taken out.

The message as it was said is the reference; no labels are needed. What may be taken out: values of the dialogue state
and names. A place after a preposition leaves "there" or nothing, a day "that day" or nothing, a name "it".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from typing import Any

from training.data.leaning import refers
from training.rows import Example

_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z][\w'’&-]*(?:\s+(?:of|the|and|&|at|on)?\s*[A-Z0-9][\w'’&-]*)*")
_BEFORE = re.compile(r"(?:^|\s)((?:in|at|near|around|from|to|for|on|of|about|with|by)(?:\s+the)?)\s+$", re.IGNORECASE)
_PLACE = re.compile(r"city|location|area|destination|origin|where|place|station|airport", re.IGNORECASE)
_DAY = re.compile(r"date|day", re.IGNORECASE)
_ASKS = re.compile(r"\?|\b(?:what|how|when|where|which|who|is|are|does|do|can|could|did)\b", re.IGNORECASE)
_STAND_INS = ("it", "that", "that one", "that place", "the same one", "this one")


def from_dialogues(rows: Iterable[dict[str, Any]], rng: random.Random) -> Iterator[Example]:
    """Of each row of a slot data set: one example for each user turn from the second on, changed or left alone."""
    for row in rows:
        history: list[tuple[str, str]] = []
        for turn in row["turns"]:
            if turn["role"] == "user" and history:
                example = _example(row["id"], tuple(history), turn, rng)
                if example.kind != "sgd/as-is" or not _leans(turn["text"]):
                    yield example
            history.append((turn["role"], turn["text"]))


def _example(dialogue: str, history: tuple[tuple[str, str], ...], turn: dict[str, Any], rng: random.Random) -> Example:
    text = turn["text"]
    plain = Example("en", history, text, text, "sgd/as-is", f"sgd:{dialogue}")
    said = "\n".join(line for _, line in history).casefold()
    spans = [span for span in _repeated(text, turn) if span[2].casefold() in said]
    if not spans:
        return plain
    start, end, _, kind = rng.choice(spans)
    shorter, how = _without(text, start, end, kind, rng)
    if len(shorter.split()) < 2 or shorter == text:
        return plain
    return plain.with_(utterance=shorter, kind=f"sgd/{how}")


def _leans(text: str) -> bool:
    """Whether a message as it was said may well lean on what came before: it teaches nothing about leaving alone."""
    words = text.split()
    if refers(text, "en"):
        return len(words) > 6
    return bool(_ASKS.search(text)) and len(words) < 10


def _repeated(text: str, turn: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    """Start, end, words and slot name of what may be taken out of `text`."""
    found = []
    for slots in turn.get("state", {}).values():
        for slot, values in slots.items():
            for value in values:
                if len(value) > 2 and (match := re.search(rf"\b{re.escape(value)}\b", text, re.IGNORECASE)):
                    found.append((match.start(), match.end(), match[0], slot))
    taken = {(start, end) for start, end, _, _ in found}
    for match in _NAME.finditer(text):
        if len(match[0]) > 2 and (match.start(), match.end()) not in taken and not match[0].startswith("I'"):
            found.append((match.start(), match.end(), match[0], "name"))
    return found


def _without(text: str, start: int, end: int, kind: str, rng: random.Random) -> tuple[str, str]:
    """`text` with the span taken out, and how: "omitted" or "pronoun"."""
    before = _BEFORE.search(text[:start])
    from_ = before.start(1) if before else start
    if before and rng.random() < 0.5:
        return _joined(text[:from_], "", text[end:]), "omitted"
    if before and _PLACE.search(kind) and before[1].casefold() in ("in", "at", "to", "near"):
        return _joined(text[:from_], "there", text[end:]), "pronoun"
    if before and _DAY.search(kind):
        return _joined(text[:from_], rng.choice(("that day", "on that day", "then")), text[end:]), "pronoun"
    return _joined(text[:start], rng.choice(_STAND_INS), text[end:]), "pronoun"


def _joined(left: str, middle: str, right: str) -> str:
    text = re.sub(r"\s+", " ", f"{left} {middle} {right}").strip()
    return re.sub(r"\s+([,.?!])", r"\1", text)
