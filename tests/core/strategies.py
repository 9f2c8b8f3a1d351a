"""Random dialogs for property tests: sequences of changes that a pipeline could have proposed."""

from __future__ import annotations

from hypothesis import strategies as st

from dialog.change import (
    Change,
    Compacted,
    LeaseExtended,
    SlotsSet,
    TurnClosed,
    TurnFailed,
    TurnForgotten,
    TurnOpened,
)
from dialog.interpretation import Interpretation, TopicDecision
from dialog.rewrite import Edit, Piece, Source, Span, rewritten
from dialog.state import SlotValue, Snapshot

turn_ids = st.sampled_from(["a", "b", "c", "d", "e"])
speakers = st.sampled_from([None, "Ana", "Bo"])
texts = st.text(min_size=1, max_size=30)
times = st.floats(min_value=0, max_value=1e6)


@st.composite
def slot_values(draw: st.DrawFn) -> SlotValue:
    status = draw(st.sampled_from(["stated", "negated", "cleared", "any"]))
    value = draw(st.sampled_from(["thai", "chinese", 4, True, ("x", "y")])) if status in ("stated", "negated") else None
    return SlotValue(
        name=draw(st.sampled_from(["cuisine", "city", "guests"])),
        value=value,
        status=status,
        scope=draw(st.sampled_from(["dialog", "topic"])),
        source=Source(kind="user", turn_id=draw(st.none() | turn_ids), span=Span(start=0, end=1), by=draw(speakers)),
        owner=draw(speakers),
    )


@st.composite
def interpretations(draw: st.DrawFn, text: str) -> Interpretation:
    edits = ()
    if draw(st.booleans()):
        piece = Piece(text=draw(texts), source=Source(kind="user", turn_id="a", span=Span(start=0, end=1)))
        edits = (Edit(span=Span(start=0, end=0), pieces=(piece,), reason="omission"),)
    act = draw(st.sampled_from(["new", "follow_up", "refine", "correct", "reject", "acknowledge", "command"]))
    command = (
        draw(st.sampled_from(["start_over", "forget_slots", "forget_topic", "undo"])) if act == "command" else None
    )
    return Interpretation(
        act=act,
        command=command,
        topic=TopicDecision(
            kind=draw(st.sampled_from(["stay", "new", "return"])),
            topic_id=draw(st.sampled_from([None, "t1", "t2", "t9"])),
            label=draw(st.sampled_from([None, "dinner"])),
        ),
        slots=tuple(draw(st.lists(slot_values(), max_size=3))),
        rewrite=rewritten(text, edits, confidence=0.5),
        by="test",
    )


@st.composite
def openings(draw: st.DrawFn) -> TurnOpened:
    text = draw(texts)
    return TurnOpened(
        turn_id=draw(turn_ids),
        attempt=draw(st.integers(1, 3)),
        user=text,
        sent=text,
        interpretation=draw(interpretations(text)),
        speaker=draw(speakers),
        at=draw(times),
        lease_until=draw(times),
    )


changes: st.SearchStrategy[Change] = st.one_of(
    openings(),
    st.builds(
        TurnClosed,
        turn_id=turn_ids,
        attempt=st.integers(1, 3),
        status=st.sampled_from(["closed", "partial"]),
        reply=texts,
        at=times,
    ),
    st.builds(
        TurnFailed,
        turn_id=turn_ids,
        attempt=st.integers(1, 3),
        status=st.sampled_from(["failed", "abandoned"]),
        failure=st.just("TimeoutError"),
        at=times,
    ),
    st.builds(LeaseExtended, turn_id=turn_ids, attempt=st.integers(1, 3), lease_until=times),
    st.builds(
        Compacted,
        snapshot=st.builds(Snapshot, through_n=st.integers(1, 6), text=texts),
        summaries=st.just(()),
    ),
    st.builds(SlotsSet, slots=st.lists(slot_values(), max_size=3, unique_by=lambda value: value.name).map(tuple)),
    st.builds(TurnForgotten, turn_id=turn_ids),
)
histories = st.lists(changes, max_size=20)
