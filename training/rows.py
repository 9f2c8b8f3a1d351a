"""Rewriting examples as the trainer sees them, and the data sets they are read from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialog.interpret.edit.window import Passage, Window, message_passage, window_over
from dialog.interpret.edit.words import words_of
from dialog.rewrite import Source


@dataclass(frozen=True)
class Example:
    """A message in its conversation, and what it means. `group` keeps examples of one dialogue on one side of a split.

    `history` is (role, text), oldest first; `caller` is (name, text) that is known besides. `kind` names how it was
    made ("canard", "sgd/pronoun", "sgd/switch").
    """

    lang: str
    history: tuple[tuple[str, str], ...]
    utterance: str
    rewrite: str
    kind: str
    group: str
    caller: tuple[tuple[str, str], ...] = ()

    def with_(self, **changes: Any) -> Example:
        return replace(self, **changes)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_examples(path: Path, *, kind: str) -> Iterator[Example]:
    """The rewriting rows of `path`; the first reference is the one that is learnt."""
    for row in read_rows(path):
        references = row["rewrites"] if "rewrites" in row else [row["rewrite"]]
        history = tuple((turn["role"], turn["text"]) for turn in row["history"])
        titles = tuple((str(name), text) for name, text in (row.get("context") or {}).items() if text)
        profile = tuple((f"profile {n}", text) for n, text in enumerate(row.get("profile") or [], 1))
        yield Example(
            lang=row["lang"],
            history=history,
            utterance=row["utterance"],
            rewrite=references[0],
            kind=kind,
            group=f"{kind}:{dialogue_of(str(row['id']), kind)}",
            caller=(*titles, *profile),
        )


def dialogue_of(row_id: str, kind: str) -> str:
    """The dialogue that a row is of, by its id: what stands before the number of the turn."""
    parts = row_id.split(":")
    if kind == "camrest676":
        return parts[1]
    if kind == "followup":
        return str(int(parts[-1]) // 8)
    if kind == "canard":
        return parts[1]
    return parts[-1].rsplit("_", 1)[0]


def window_for(example: Example) -> Window:
    """What the rewriter reads of an example."""
    said = [
        Passage("user" if role == "user" else "assistant", text, words_of(text), _origin(role, n))
        for n, (role, text) in enumerate(example.history)
        if text.strip()
    ]
    known = [Passage("caller", text, words_of(text), Source(kind="caller", name=name)) for name, text in example.caller]
    return window_over(known, said, message_passage(example.utterance))


def _origin(role: str, n: int) -> Source:
    return Source(kind="user" if role == "user" else "reply", turn_id=f"m{n}")
