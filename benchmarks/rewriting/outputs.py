"""What an engine or a published system makes of the rows of a set, and the public scorer that judges it."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from dialog.evaluate.rewriting import rewrite_file
from dialog.interpretation import Interpreter


@dataclass(frozen=True)
class Shared:
    """The public data and scorer beside the repository."""

    root: Path

    @property
    def there(self) -> bool:
        return (self.root / "eval" / "score_rewrites.py").is_file()

    def scorer(self) -> ModuleType:
        """The scorer as a module, so that the tables are what it prints; FileNotFoundError when it is not there."""
        path = self.root / "eval" / "score_rewrites.py"
        spec = importlib.util.spec_from_file_location("score_rewrites", path)
        if spec is None or spec.loader is None or not self.there:
            raise FileNotFoundError(f"no scorer score_rewrites in {self.root / 'eval'}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a set such as "canard.dev", none when it is not there."""
        return read(self.set(name)) if self.set(name).is_file() else []

    def set(self, name: str) -> Path:
        return self.root / "data" / "rewrite" / f"{name}.jsonl"

    def peers(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Published systems with what they answered on the rows of `name`, by id."""
        kind = name.partition(".")[0]
        for path in sorted((self.root / "data" / "rewrite" / "peers").glob(f"{kind}.*.jsonl")):
            system = path.name.removeprefix(f"{kind}.").removesuffix(".jsonl")
            yield system, {row["id"]: row["rewrite"] for row in read(path)}


@dataclass(frozen=True)
class Answer:
    """A rewrite, and how likely its engine holds it to be right, 0..1."""

    text: str
    confidence: float


def answers(source: Path, target: Path, interpret: Interpreter) -> dict[str, Answer]:
    """What `interpret` makes of the rows of `source`, by id; left in `target` as `antecedent rewrite` writes it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if bad := asyncio.run(rewrite_file(source, target, interpret)):
        raise ValueError(f"{bad} bad rows in {source.name}")
    return {row["id"]: Answer(row["rewrite"], row["confidence"]) for row in read(target)}


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def texts(found: Mapping[str, Answer]) -> dict[str, str]:
    return {key: each.text for key, each in found.items()}


def references(row: Mapping[str, Any]) -> list[str]:
    return list(row["rewrites"]) if "rewrites" in row else [str(row["rewrite"])]
