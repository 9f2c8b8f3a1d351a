"""What users say about declared slots, in both languages, as a table of dialogs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dialog.interpret.rules import RuleInterpreter
from dialog.replay import answered, opened
from dialog.slots import schema_of
from dialog.state import DialogState
from tests.slots.cases import CASES, Case

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""A Monday."""


def state_after(case: Case) -> DialogState:
    _, model, turns, _, _ = case
    local = RuleInterpreter(schema=schema_of(model))
    state = DialogState(dialog_id="d")
    for text, reply in turns:
        state = opened(state, text, local.interpret(state, text, now=NOW))
        if reply:
            state = answered(state, reply)
    return state


def held(state: DialogState) -> dict[str, Any]:
    current = {slot.name: slot.current for slot in state.slots_in_scope if slot.current is not None}
    return {name: "any" if value.status == "any" else value.value for name, value in current.items()}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_dialog_leaves_the_slots_that_its_user_stated(case: Case) -> None:
    state = state_after(case)
    excluded = {slot.name: [no.value for no in slot.excluded] for slot in state.slots_in_scope if slot.excluded}
    assert (held(state), excluded) == (case[3], case[4])


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_every_value_points_at_the_words_it_was_read_from(case: Case) -> None:
    state = state_after(case)
    for slot in state.slots:
        for value in (slot.current, *slot.excluded, *slot.history):
            if value is None:
                continue
            turn = state.turn(value.source.turn_id or "")
            assert turn is not None
            assert value.source.span is not None
            text = turn.reply if value.source.kind == "reply" else turn.user
            said = text[value.source.span.start : value.source.span.end]
            assert said
            if value.raw is not None:
                assert value.raw == said


def test_the_model_reads_what_was_tracked() -> None:
    case = CASES[0]
    search = state_after(case).slots_as(case[1])
    assert search.model_dump(mode="json", exclude_none=True) == {**case[3], "hour": "19:00:00"}
