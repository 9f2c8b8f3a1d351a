"""States made from message lists."""

from __future__ import annotations

import pytest

from dialog.interpret.en import EnglishPack
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import continued, replayed, state_of

HISTORY = [
    {"role": "user", "text": "What is Lyme disease?"},
    {"role": "assistant", "text": "An infection."},
    {"role": "user", "text": "Can it be cured?"},
]


def test_messages_become_turns_with_their_replies() -> None:
    state = state_of(HISTORY)
    assert [(turn.turn_id, turn.user, turn.reply, turn.status) for turn in state.turns] == [
        ("u1", "What is Lyme disease?", "An infection.", "closed"),
        ("u2", "Can it be cured?", "", "open"),
    ]
    assert state.turns[1].resolved == "Can it be cured?"


def test_a_history_of_user_messages_only_is_kept_whole() -> None:
    state = state_of([{"role": "user", "text": text} for text in ("one", "two", "three")])
    assert [turn.user for turn in state.turns] == ["one", "two", "three"]


def test_an_opening_of_the_assistant_and_replies_in_a_row_lose_nothing() -> None:
    state = state_of([{"role": "assistant", "text": "Hi!"}, {"role": "assistant", "text": "What can I do?"}])
    assert [(turn.user, turn.reply) for turn in state.turns] == [("", "Hi!\n\nWhat can I do?")]


async def test_replaying_reads_every_message_in_its_place() -> None:
    state = await replayed(HISTORY, RuleInterpreter([EnglishPack()]))
    assert state.turns[1].resolved == "Can Lyme disease be cured?"


async def test_going_on_from_a_state_equals_replaying_it_all() -> None:
    local = RuleInterpreter([EnglishPack()])
    begun = await replayed(HISTORY[:2], local)
    assert await continued(begun, HISTORY[2:], local) == await replayed(HISTORY, local)


@pytest.mark.parametrize("message", [{"role": "system", "text": "x"}, {"role": "user"}, {"text": "x"}])
def test_what_is_no_message_of_a_dialog_is_refused(message: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="message 0"):
        state_of([message])
