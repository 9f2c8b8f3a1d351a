"""`fold` is pure and total, and every change is folded at most once in effect."""

from __future__ import annotations

from hypothesis import given

from dialog.bounds import MAX_TOPICS, MAX_TURNS
from dialog.change import (
    Change,
    TurnClosed,
    TurnFailed,
    TurnForgotten,
    TurnOpened,
    fold,
    fold_all,
)
from dialog.interpretation import Interpretation, TopicDecision, identity
from dialog.rewrite import Source, Span, unchanged
from dialog.state import DialogState, SlotValue
from tests.core.strategies import changes, histories

EMPTY = DialogState(dialog_id="d")


def opened(turn_id: str, text: str = "hello", *, attempt: int = 1, **meant: object) -> TurnOpened:
    reading = identity(EMPTY, text, by="test").model_copy(update=meant)
    return TurnOpened(
        turn_id=turn_id, attempt=attempt, user=text, sent=text, interpretation=reading, at=1.0, lease_until=2.0
    )


def stated(name: str, value: str, turn_id: str) -> SlotValue:
    return SlotValue(name=name, value=value, source=Source(kind="user", turn_id=turn_id, span=Span(start=0, end=1)))


@given(histories, changes)
def test_folding_a_change_twice_equals_folding_it_once(history: list[Change], change: Change) -> None:
    once = fold(fold_all(EMPTY, history), change)
    assert fold(once, change) == once


@given(histories)
def test_turns_stay_in_order_and_every_size_is_bounded(history: list[Change]) -> None:
    state = fold_all(EMPTY, history)
    numbers = [turn.n for turn in state.turns]
    assert numbers == sorted(set(numbers))
    assert len(state.turns) <= MAX_TURNS
    assert len(state.topics) <= MAX_TOPICS
    assert state.active_topic is None or state.topic(state.active_topic) is not None


def test_a_close_by_an_older_attempt_is_ignored() -> None:
    state = fold_all(EMPTY, [opened("a"), TurnFailed(turn_id="a", failure="x", at=2.0), opened("a", attempt=2)])
    late = fold(state, TurnClosed(turn_id="a", attempt=1, reply="too late", at=3.0))
    assert late == state
    assert fold(state, TurnClosed(turn_id="a", attempt=2, reply="right", at=3.0)).turns[0].reply == "right"


def test_a_turn_that_left_the_recent_ones_is_not_opened_again() -> None:
    state = fold_all(EMPTY, [opened(f"turn {n}") for n in range(MAX_TURNS + 1)])
    assert state.turn("turn 0") is None
    assert fold(state, opened("turn 0")) == state


def test_start_over_forgets_everything_but_the_ids() -> None:
    said = (stated("city", "Boston", "a"),)
    state = fold(EMPTY, opened("a", slots=said))
    state = fold(state, opened("b", "start over", act="command", command="start_over"))
    assert [turn.turn_id for turn in state.turns] == ["b"]
    assert (state.slots, state.topics, state.active_topic) == ((), (), None)
    assert fold(state, opened("a")) == state


def test_a_forgotten_turn_takes_what_only_it_said_along() -> None:
    state = fold(EMPTY, opened("a", slots=(stated("city", "Boston", "a"),)))
    state = fold(state, opened("b", slots=(stated("city", "Brooklyn", "b"),)))
    undone = fold(state, TurnForgotten(turn_id="b"))
    slot = undone.slot("city")
    assert slot is not None
    assert slot.current is not None
    assert slot.current.value == "Boston"
    assert undone.turn("b") is None


def test_a_return_makes_the_earlier_topic_active_again() -> None:
    state = fold(EMPTY, opened("a"))
    dinner = state.active_topic
    state = fold(state, opened("b", topic=TopicDecision(kind="new", label="Hamlet")))
    assert state.active_topic != dinner
    state = fold(state, opened("c", topic=TopicDecision(kind="return", topic_id=dinner)))
    assert state.active_topic == dinner


def test_a_rejection_leaves_the_standing_request_as_it_was() -> None:
    state = fold(EMPTY, opened("a", "best Thai restaurant?"))
    meant = Interpretation(act="reject", topic=TopicDecision(kind="stay"), rewrite=unchanged("no"), by="test")
    state = fold(state, opened("b", "no").model_copy(update={"interpretation": meant}))
    topic = state.topic(state.active_topic)
    assert topic is not None
    assert topic.request is not None
    assert topic.request.text == "best Thai restaurant?"


def test_an_undo_said_in_words_takes_the_turn_before_back() -> None:
    state = fold(EMPTY, opened("a", slots=(stated("city", "Boston", "a"),)))
    state = fold(state, opened("b", slots=(stated("city", "Brooklyn", "b"),)))
    undo = opened("c", "undo that", act="command", command="undo")
    undone = fold(state, undo)
    slot = undone.slot("city")
    assert slot is not None
    assert slot.current is not None
    assert slot.current.value == "Boston"
    assert [turn.turn_id for turn in undone.turns] == ["a", "c"]
    assert fold(undone, undo) == undone
