"""Dialogues made by grammars: replacement, refinement, requests about what was just named, and complete messages.

A pattern file (`patterns/*.toml`) lists word classes and dialogues written with them. `{cuisine}` is a word of the
class; `{cuisine2}` another one; the same name is the same word throughout a dialogue.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.rows import Example

PATTERNS = Path(__file__).parent / "patterns"
_WIDE = str.maketrans(",?!:", "，？！：")
_HOLE = re.compile(r"\{([a-z_]+)(\d?)\}")


def made(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """`count` examples of the patterns of `lang`, each pattern as often as the next."""
    with (PATTERNS / f"{lang}.toml").open("rb") as file:
        patterns = tomllib.load(file)
    dialogues = patterns["dialogue"]
    for n in range(count):
        yield _filled(lang, dialogues[n % len(dialogues)], patterns["words"], rng, n)


def _filled(lang: str, dialogue: dict[str, Any], classes: dict[str, list[str]], rng: random.Random, n: int) -> Example:
    chosen: dict[str, str] = {}

    def word(hole: re.Match[str]) -> str:
        name = hole[0]
        if name not in chosen:
            used = {value for key, value in chosen.items() if key.strip("{}").rstrip("23") == hole[1]}
            chosen[name] = rng.choice([each for each in classes[hole[1]] if each not in used])
        return chosen[name]

    def fill(text: str) -> str:
        return _HOLE.sub(word, text)

    turns = [fill(rng.choice(turn) if isinstance(turn, list) else turn) for turn in dialogue["turns"]]
    history = tuple(("user" if k % 2 == 0 else "assistant", text) for k, text in enumerate(turns) if text)
    says, means = rng.choice(dialogue["then"])
    says, means = fill(says), fill(means or says)
    if rng.random() < 0.3:
        says, means = says.rstrip("?"), means.rstrip("?")
    if lang == "zh" and rng.random() < 0.7:
        says, means = says.translate(_WIDE), means.translate(_WIDE)
        history = tuple((role, text.translate(_WIDE)) for role, text in history)
    return Example(lang, history, says, means, f"grammar/{dialogue['kind']}", f"grammar-{lang}:{n}")
