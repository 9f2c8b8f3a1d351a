"""A new wording from parts of the message, copies from the dialog and glue; and the edits that make it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialog.interpret.pack import Utterance
from dialog.rewrite import GLUE, Edit, Piece, Reason, Source, Span


@dataclass(frozen=True)
class Kept:
    """Characters `start`..`end` of the message, as they are."""

    start: int
    end: int


@dataclass(frozen=True)
class Copied:
    """Characters `start`..`end` of something said, or of text `name` of the caller; `form` is them in another case."""

    start: int
    end: int
    text: str
    source: Source

    def recased(self, form: str) -> Copied:
        return Copied(self.start, self.end, form, self.source)


@dataclass(frozen=True)
class Glue:
    """Function words, inflection, spaces and marks of the closed list in `glue`."""

    text: str


Part = Kept | Copied | Glue


def copied(said: Utterance, start: int, end: int) -> Copied:
    return Copied(start, end, said.text[start:end], said.source(start, end))


def copied_from_caller(name: str, text: str, start: int, end: int) -> Copied:
    source = Source(kind="caller", name=name, span=Span(start=start, end=end))
    return Copied(start, end, text[start:end], source)


def edits_of(message: str, parts: Iterable[Part], reason: Reason) -> tuple[Edit, ...]:
    """The edits that turn `message` into `parts` in a row; kept parts must come in their order in the message."""
    edits: list[Edit] = []
    pieces: list[Piece] = []
    at = 0
    for part in [*parts, Kept(len(message), len(message))]:
        match part:
            case Kept(start, end):
                if start < at:
                    raise ValueError(f"kept parts must be in order, got {start} after {at}")
                edits += _edit(message, at, start, pieces, reason)
                pieces, at = [], end
            case Copied():
                pieces.append(Piece(text=part.text, source=part.source))
            case Glue(text):
                if text:
                    pieces.append(Piece(text=text, source=GLUE))
    return tuple(edits)


def _edit(message: str, start: int, end: int, pieces: Sequence[Piece], reason: Reason) -> list[Edit]:
    text = "".join(piece.text for piece in pieces)
    if text == message[start:end]:
        return []
    return [Edit(span=Span(start=start, end=end), pieces=tuple(piece for piece in pieces if piece.text), reason=reason)]
