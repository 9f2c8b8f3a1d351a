"""What a language finds in a text before it is known which slot it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dialog.state import SlotContent

Kind = Literal[
    "date", "time", "duration", "count", "money", "rating", "phone", "address", "place", "person", "name", "category",
    "bool", "text",
]  # fmt: skip
"""What sort of value a slot takes, or a mention is."""

Role = Literal["start", "end"]
"""Where a value stands on a way or in a stretch of time: where from and since when, or where to and until when."""


@dataclass(frozen=True)
class Mention:
    """A value in a text. `start`, `end`: character offsets into the text, end exclusive."""

    kind: Kind
    start: int
    end: int
    value: SlotContent
    role: Role | None = None

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Found:
    """A value for a slot in a text. `status` as in `SlotValue`; `score` 0..1, higher is surer."""

    slot: str
    value: SlotContent
    start: int
    end: int
    score: float = 0.8
    status: Literal["stated", "negated", "cleared", "any"] = "stated"

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def without_overlaps(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions in order of their start; of two that overlap the longer one, or else the one given first."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda found: found.start - found.end):
        if not any(mention.overlaps(other.start, other.end) for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda found: found.start))


def free(start: int, end: int, taken: Sequence[Mention | Found]) -> bool:
    """Whether no one of `taken` lies in `start`..`end`."""
    return not any(other.overlaps(start, end) for other in taken)
