"""A rewrite is a list of edits over the user's own words; every inserted piece names where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from dialog.values import Value

Reason = Literal["reference", "omission", "slot", "topic"]
SourceKind = Literal["user", "resolved", "reply", "slot", "summary", "caller", "glue"]


class Span(Value):
    """Character offsets into a named text, `end` exclusive; an empty span is a place between characters."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"a span ends at or after its start, got {self.start}..{self.end}")
        return self


class Source(Value):
    """Where words came from.

    `user`, `resolved` and `reply` index `Turn.user`, `Turn.resolved` and `Turn.reply` of turn `turn_id` by `span`;
    without a turn id, `user` means the message itself. `slot` names a slot. `summary` indexes the text of the summary
    of turns `name` ("3-9", by number), for what was said in turns that the state holds no longer. `caller` is text
    the calling program gave (a title, a default), named by `name`. `glue` is a function word, inflection, space or
    punctuation of a closed list. `by` is the speaker, if known.
    """

    kind: SourceKind
    turn_id: str | None = None
    span: Span | None = None
    name: str | None = None
    by: str | None = None


GLUE = Source(kind="glue")


class Piece(Value):
    """A run of inserted characters that has one source."""

    text: str = Field(min_length=1)
    source: Source


class Edit(Value):
    """Replace `span` of the original (characters, end exclusive) by the concatenated pieces; no pieces: delete."""

    span: Span
    pieces: tuple[Piece, ...] = ()
    reason: Reason

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def apply_edits(original: str, edits: Sequence[Edit]) -> str:
    """The text that results from `edits`, which must be in order and must not overlap (else ValueError).

    Two edits may touch: an insertion at an offset goes before an edit that starts there, in the order given.
    """
    out: list[str] = []
    at = 0
    for edit in edits:
        if edit.span.start < at or edit.span.end > len(original):
            raise ValueError(f"edit at {edit.span.start}..{edit.span.end} overlaps another or leaves the text")
        out += original[at : edit.span.start], edit.text
        at = edit.span.end
    return "".join(out) + original[at:]


class Rewrite(Value):
    """`text` is `original` after `edits`, always; `confidence` is 0..1, higher is surer that `text` is right."""

    original: str
    text: str
    edits: tuple[Edit, ...] = ()
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _edits_give_text(self) -> Self:
        if apply_edits(self.original, self.edits) != self.text:
            raise ValueError("the edits of a rewrite must give its text")
        return self

    @property
    def changed(self) -> bool:
        return self.text != self.original


def unchanged(text: str, *, confidence: float = 1.0) -> Rewrite:
    """The rewrite that leaves `text` alone."""
    return Rewrite(original=text, text=text, confidence=confidence)


def rewritten(original: str, edits: Sequence[Edit], *, confidence: float) -> Rewrite:
    """The rewrite that `edits` make of `original`."""
    return Rewrite(original=original, text=apply_edits(original, edits), edits=tuple(edits), confidence=confidence)
