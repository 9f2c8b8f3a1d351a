"""Whatever is said, tracking answers, and points at words that are there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.slots.words import bag
from dialog.replay import answered, opened
from dialog.slots import SlotSchema, schema_of
from dialog.state import DialogState
from tests.slots.models import RestaurantSearch, Trip, ZhSearch

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

WORDS = sorted(
    bag(
        "no not without instead of the first second one any is fine forget price cheap expensive thai chinese sushi in"
        " at to from Boston New York with Ryanair Joe's Diner for four people 5 $30 under tomorrow 7 pm next friday yes"
        ' sounds good that , . ? ! i meant make it 1. 2. # "quoted"'
        " 不 要 川菜 是 北京 四 个人 明天 第二家 吧 都可以 ， 。 ？ 评分4分以上 免费"
    )
)
texts = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=60)
talks = st.lists(st.tuples(texts, texts), min_size=1, max_size=4)
SCHEMAS = (None, schema_of(RestaurantSearch), schema_of(Trip), schema_of(ZhSearch))
LOCALS = [RuleInterpreter(schema=schema) for schema in SCHEMAS]


def _named(schema: SlotSchema | None) -> str:
    return schema.name if schema else "general"


@pytest.mark.parametrize("local", LOCALS, ids=[_named(local.schema) for local in LOCALS])
@given(talks)
@settings(max_examples=60, deadline=None)
def test_any_talk_is_tracked_and_every_source_is_there(local: RuleInterpreter, talk: list[tuple[str, str]]) -> None:
    state = DialogState(dialog_id="d")
    for text, reply in talk:
        meant = local.interpret(state, text, now=NOW)
        names = [(value.name, value.status == "negated") for value in meant.slots]
        assert len(names) == len(set(names))
        for value in meant.slots:
            source = value.source
            turn = state.turn(source.turn_id) if source.turn_id else None
            words = text if turn is None else turn.reply if source.kind == "reply" else turn.user
            assert source.span is not None
            assert 0 <= source.span.start <= source.span.end <= len(words)
        state = answered(opened(state, text, meant), reply)


def test_an_excluded_price_is_no_trouble_without_a_schema() -> None:
    meant = LOCALS[0].interpret(DialogState(dialog_id="d"), "a place in Boston but not expensive", now=NOW)
    assert {(value.name, value.status) for value in meant.slots} == {("place", "stated"), ("price", "negated")}
