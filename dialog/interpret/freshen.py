"""What the user has corrected or taken back does not come back with an earlier request that is repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialog.rewrite import Edit, Piece, Source, Span
from dialog.state import DialogState, Slot, SlotValue, Turn

_LEADING = re.compile(
    r"\s*\b(?:in|at|on|for|under|below|near|from|to|with|around|about|up to|less than|over|by)?\s*$", re.IGNORECASE
)
"""What goes with a value that is taken out, before it."""


_CORRECTS = re.compile(
    r"\s*(?:no\b|nope\b|sorry\b|wait\b|actually\b|i (?:meant?|said)\b|make (?:it|that)\b"
    r"|不对|不是|不，|错了|我是说|我说的是|改)",
    re.IGNORECASE,
)
"""How a correction opens, in the languages there are packs for; also one that the pack read as something else."""


@dataclass(frozen=True)
class _Stale:
    """A wording that no longer holds for `slot`, said up to turn number `until_n`."""

    wording: str
    slot: Slot
    until_n: int


def freshened(state: DialogState, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """`edits` with, in what they repeat of earlier requests, values as the slots have them now.

    A value that was replaced since is put in its new wording (source kind "slot"); one that was taken back goes.
    """
    stale = tuple(_stale(state))
    if not stale:
        return tuple(edits)
    return tuple(
        edit.model_copy(update={"pieces": tuple(new for piece in edit.pieces for new in _renewed(state, piece, stale))})
        if edit.reason in ("omission", "topic")
        else edit
        for edit in edits
    )


def _takes_back(turn: Turn) -> bool:
    """Whether the turn withdraws what was said; a value named in passing ("does it stop in Wuhan?") withdraws none."""
    return turn.act in ("correct", "command") or _CORRECTS.match(turn.user) is not None


def _stale(state: DialogState) -> Iterator[_Stale]:
    current = {_wording(slot.current) for slot in state.slots_in_scope if slot.current is not None}
    for slot in state.slots_in_scope:
        changed = state.turn(slot.changed_in)
        if changed is None or not _takes_back(changed):
            continue
        for before in slot.history:
            wording = _wording(before)
            if len(wording) > 1 and wording not in current:
                yield _Stale(wording, slot, changed.n)


def _renewed(state: DialogState, piece: Piece, stale: Sequence[_Stale]) -> Iterator[Piece]:
    source = piece.source
    turn = state.turn(source.turn_id) if source.kind in ("user", "resolved") and source.turn_id else None
    if turn is None or source.span is None or source.span.end - source.span.start != len(piece.text):
        yield piece
        return
    for old in stale:
        at = _place(piece.text, old.wording)
        if turn.n < old.until_n and at is not None:
            yield from _parted(state, piece, old, at, stale)
            return
    yield piece


def _parted(state: DialogState, piece: Piece, old: _Stale, at: int, stale: Sequence[_Stale]) -> Iterator[Piece]:
    """The piece before the old wording, the new one if there is any, and the piece after it."""
    end = at + len(old.wording)
    value = old.slot.current
    if value is None:
        lead = _LEADING.search(piece.text[:at])
        at = lead.start() if lead is not None else at
    if at > 0:
        yield from _renewed(state, _part(piece, 0, at), stale)
    if value is not None:
        yield Piece(text=_wording(value), source=Source(kind="slot", name=old.slot.name, by=value.source.by))
    if end < len(piece.text):
        yield from _renewed(state, _part(piece, end, len(piece.text)), stale)


def _part(piece: Piece, start: int, end: int) -> Piece:
    span = piece.source.span
    assert span is not None
    part = Span(start=span.start + start, end=span.start + end)
    return Piece(text=piece.text[start:end], source=piece.source.model_copy(update={"span": part}))


def _place(text: str, wording: str) -> int | None:
    """Where `wording` stands in `text` as a word of its own (among Chinese characters: anywhere)."""
    edge = r"(?<![a-zA-Z0-9])", r"(?![a-zA-Z0-9])"
    found = re.search(edge[0] + re.escape(wording) + edge[1], text, re.IGNORECASE)
    return found.start() if found is not None else None


def _wording(value: SlotValue) -> str:
    if value.raw:
        return value.raw
    return "" if value.value is None else str(value.value)
