"""One turn as a person or a script may read it: what was said, made of it, changed by it, and sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from dialog.interpretation import Interpretation
from dialog.prompt import Dropped, GroundedPrompt
from dialog.rewrite import Edit, Reason, Rewrite, Source, SourceKind, Span
from dialog.state import Act, DialogState, Slot, SlotContent, SlotStatus, Turn
from dialog.values import Value


class Origin(Value):
    """Where inserted words came from: `words` of turn number `n` (None: no longer among the recent turns), of this
    message itself, or of the summary of turns `name`; or `name` of a slot or of text the caller gave. `by` is the
    speaker, where several are told apart."""

    kind: Literal["user", "resolved", "reply", "message", "summary", "slot", "caller"]
    n: int | None = None
    words: str = ""
    name: str | None = None
    by: str | None = None


class Mark(Value):
    """A run of the resolved message, or of words taken out of it; inserted function words have no `origin`."""

    kind: Literal["kept", "inserted", "removed"]
    text: str
    reason: Reason | None = None
    origin: Origin | None = None


class SlotNote(Value):
    """What a turn did to a slot: its value after and before, and the values it must not have."""

    name: str
    value: SlotContent = None
    was: SlotContent = None
    status: SlotStatus = "stated"
    excluded: tuple[SlotContent, ...] = ()


class BlockNote(Value):
    """A message of the prompt, exactly as it goes to the backend."""

    role: str
    kind: str
    text: str
    tokens: int


class TurnReport(Value):
    """Everything that happened in one turn; `marks` without the removed ones concatenate to `resolved`."""

    dialog_id: str
    turn_id: str
    n: int
    user: str
    resolved: str
    marks: tuple[Mark, ...]
    act: Act
    topic: str
    topic_change: Literal["stay", "new", "return"]
    slots: tuple[SlotNote, ...]
    by: str
    confidence: float
    fallback: str | None = None
    degraded: str | None = None
    prompt: tuple[BlockNote, ...]
    dropped: tuple[Dropped, ...] = ()
    tokens: int
    budget: int
    counter: str
    reply: str = ""
    status: str = "open"
    replayed: bool = False


def marks_of(rewrite: Rewrite, state: DialogState) -> tuple[Mark, ...]:
    """The rewrite as runs in reading order, with words that the edits took out before those put in their place."""
    return tuple(_marks(rewrite.original, rewrite.edits, state))


def _marks(original: str, edits: Sequence[Edit], state: DialogState) -> Iterator[Mark]:
    at = 0
    for edit in edits:
        if edit.span.start > at:
            yield Mark(kind="kept", text=original[at : edit.span.start])
        if edit.span.end > edit.span.start:
            yield Mark(kind="removed", text=original[edit.span.start : edit.span.end], reason=edit.reason)
        for piece in edit.pieces:
            origin = origin_of(piece.source, state, message=original)
            yield Mark(kind="inserted", text=piece.text, reason=edit.reason, origin=origin)
        at = edit.span.end
    if at < len(original):
        yield Mark(kind="kept", text=original[at:])


def origin_of(source: Source, state: DialogState, *, message: str) -> Origin | None:
    """The source with its words read from `state` or `message`; None for glue, which comes from nowhere."""
    kind = source.kind
    match kind:
        case "glue":
            return None
        case "user" if source.turn_id is None:
            return Origin(kind="message", words=_cut(message, source.span), by=source.by)
        case "summary":
            return Origin(kind=kind, name=source.name, words=_cut(_summary(state, source.name), source.span))
        case "slot" | "caller":
            return Origin(kind=kind, name=source.name, by=source.by)
        case "user" | "resolved" | "reply":
            turn = state.turn(source.turn_id) if source.turn_id else None
            words = _cut(_said(turn, kind), source.span) if turn else ""
            return Origin(kind=kind, n=turn.n if turn else None, words=words, by=source.by)


def _said(turn: Turn, kind: SourceKind) -> str:
    return {"user": turn.user, "resolved": turn.resolved, "reply": turn.reply}.get(kind, "")


def _summary(state: DialogState, turns: str | None) -> str:
    """The text of the summary of turns "first-last"."""
    return next((known.text for known in state.summaries if f"{known.first_n}-{known.last_n}" == turns), "")


def _cut(text: str, span: Span | None) -> str:
    return "" if span is None else text[span.start : span.end]


def slot_notes(state: DialogState, turn_id: str) -> tuple[SlotNote, ...]:
    """The slots that turn `turn_id` was the last to change."""
    return tuple(slot_note(slot) for slot in state.slots if slot.changed_in == turn_id)


def slot_note(slot: Slot) -> SlotNote:
    """The slot as it stands; `was` is the value before, when another one was current."""
    now, before = slot.current, slot.history[-1] if slot.history else None
    status: SlotStatus = now.status if now else ("negated" if slot.excluded else "cleared")
    return SlotNote(
        name=slot.name,
        value=now.value if now else None,
        was=before.value if before else None,
        status=status,
        excluded=tuple(no.value for no in slot.excluded),
    )


def report_of(
    state: DialogState,
    turn_id: str,
    interpretation: Interpretation,
    prompt: GroundedPrompt,
    *,
    degraded: str | None = None,
    replayed: bool = False,
) -> TurnReport:
    """The report of a turn from the state it left. `state` holds the turn, unless it was never written (degraded)."""
    turn = state.turn(turn_id)
    topic = state.topic(turn.topic_id if turn else state.active_topic)
    rewrite = interpretation.rewrite
    return TurnReport(
        dialog_id=state.dialog_id,
        turn_id=turn_id,
        n=turn.n if turn else state.next_n,
        user=rewrite.original,
        resolved=rewrite.text,
        marks=marks_of(rewrite, state),
        act=interpretation.act,
        topic=topic.label if topic else "",
        topic_change=interpretation.topic.kind,
        slots=slot_notes(state, turn_id),
        by=interpretation.by,
        confidence=rewrite.confidence,
        fallback=interpretation.fallback,
        degraded=degraded,
        prompt=tuple(
            BlockNote(role=block.role, kind=block.kind, text=block.text, tokens=block.tokens) for block in prompt.blocks
        ),
        dropped=prompt.dropped,
        tokens=prompt.tokens,
        budget=prompt.budget,
        counter=prompt.counter,
        replayed=replayed,
    )


def answered(report: TurnReport, turn: Turn | None, reply: str) -> TurnReport:
    """The report with what came back, and how the turn ended."""
    return report.model_copy(update={"reply": reply, "status": turn.status if turn else "closed"})
