"""A rewrite as a diff, and slot values with who said them: every source resolved to the words it points at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dialog.inspect.views import Origin, Run, Said
from dialog.rewrite import Edit, Source, Span
from dialog.state import SlotValue


@dataclass(frozen=True)
class Texts:
    """What one turn said, by the kinds of source."""

    n: int
    user: str
    resolved: str
    reply: str


@dataclass(frozen=True)
class Memory:
    """Everything that a source may point at: turns by id, and summaries by the turns they cover ("3-9")."""

    turns: Mapping[str, Texts] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)


def runs_of(original: str, edits: Sequence[Edit], memory: Memory, *, turn_id: str) -> tuple[Run, ...]:
    """The rewrite of turn `turn_id` in reading order, what an edit took out before what it put in its place."""
    return tuple(_runs(original, edits, memory, turn_id))


def _runs(original: str, edits: Sequence[Edit], memory: Memory, turn_id: str) -> Iterator[Run]:
    at = 0
    for edit in edits:
        if edit.span.start > at:
            yield Run(kind="kept", text=original[at : edit.span.start])
        if edit.span.end > edit.span.start:
            yield Run(kind="removed", text=original[edit.span.start : edit.span.end], reason=edit.reason)
        for piece in edit.pieces:
            origin = origin_of(piece.source, memory, turn_id=turn_id)
            yield Run(kind="inserted", text=piece.text, reason=edit.reason, origin=origin)
        at = edit.span.end
    if at < len(original):
        yield Run(kind="kept", text=original[at:])


def origin_of(source: Source, memory: Memory, *, turn_id: str | None) -> Origin | None:
    """Where the source points, read in turn `turn_id` (None: by the calling program); None for glue."""
    match source.kind:
        case "glue":
            return None
        case "summary":
            words = _cut(memory.summaries.get(source.name or "", ""), source.span)
            return Origin(kind="summary", name=source.name, span=source.span, words=words, by=source.by)
        case "slot" | "caller":
            return Origin(kind=source.kind, name=source.name, turn_id=source.turn_id, by=source.by)
        case "user" | "resolved" | "reply":
            told = source.turn_id or turn_id
            texts = memory.turns.get(told or "")
            if texts is None:
                return Origin(kind=source.kind, by=source.by)
            said = {"user": texts.user, "resolved": texts.resolved, "reply": texts.reply}[source.kind]
            words = _cut(said, source.span)
            return Origin(
                kind=source.kind,
                turn_id=told,
                n=texts.n,
                span=source.span if words else None,
                words=words,
                by=source.by,
            )


def said_of(value: SlotValue, memory: Memory, *, turn_id: str | None) -> Said:
    """The slot's value with who said it."""
    origin = origin_of(value.source, memory, turn_id=turn_id)
    return Said(
        value=value.value,
        raw=value.raw,
        status=value.status,
        confidence=value.confidence,
        origin=origin or Origin(kind="caller"),  # a slot has a speaker; glue has none
    )


def _cut(text: str, span: Span | None) -> str:
    return "" if span is None else text[span.start : span.end]
