"""The prompt as a whole: append-only, under its budget, compacted in batches, and forgetting no constraint."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.change import SlotsSet, TurnFailed, fold
from dialog.errors import BudgetTooSmall
from dialog.ground import (
    Budget,
    compact,
    compact_when_due,
    covered,
    estimate_counter,
    ground,
    needs_compaction,
    render_snapshot,
)
from dialog.ground.replies import CUT_OFF
from dialog.state import DialogState, ToolExchange
from tests.ground.parts import REPLY, closed, meant, opened, said, talk, texts

EMPTY = DialogState(dialog_id="d")
ROOMY = Budget(budget_tokens=50_000, compact_at_tokens=None)
ASKED = [
    "What's the best Chinese restaurant in New York?",
    "Something cheaper please",
    "what about Thai?",
    "Is there a place that is open on Sunday?",
    "by the way, who wrote Hamlet?",
    "back to dinner: for four people",
]


async def test_the_prompt_is_instructions_then_turns_as_sent_then_the_message() -> None:
    _, sent = await talk(ASKED[:3], budget=ROOMY)
    blocks = sent[-1].prompt.blocks
    assert [(block.kind, block.role) for block in blocks] == [
        ("instruction", "system"),
        *[("turn", "user"), ("turn", "assistant")] * 2,
        ("message", "user"),
    ]
    assert blocks[0].text.startswith("Be brief.\n\n")
    assert [block.text for block in blocks[1:]] == [ASKED[0], REPLY, ASKED[1], REPLY, ASKED[2]]


async def test_each_request_begins_with_the_bytes_of_the_one_before_until_a_compaction() -> None:
    budget = Budget(compact_at_tokens=400)
    long = REPLY + " It is a large place with many rooms and a garden." * 8
    _, sent = await talk(ASKED * 10, budget=budget, replies=[REPLY, long])
    compactions = 0
    for before, after in pairwise(sent):
        prefix = texts(before)
        if texts(after)[: len(prefix)] != prefix:
            compactions += 1
    assert 0 < compactions < len(sent) / 4


async def test_equal_dialogs_give_equal_bytes() -> None:
    budget = Budget(compact_at_tokens=300)
    _, one = await talk(ASKED * 4, budget=budget)
    _, two = await talk(ASKED * 4, budget=budget)
    assert [texts(grounding) for grounding in one] == [texts(grounding) for grounding in two]


def test_the_snapshot_does_not_depend_on_the_order_or_time_in_which_slots_were_set() -> None:
    values = [said("food", "thai"), said("area", "north"), said("food", "chinese", status="negated")]
    one = two = EMPTY
    for first, second in zip(values, (values[2], values[0], values[1]), strict=True):
        one, two = fold(one, SlotsSet(slots=(first,))), fold(two, SlotsSet(slots=(second,)))
    assert render_snapshot(one) == render_snapshot(two)
    assert "slots: area: north; food: thai, not chinese" in render_snapshot(one)


def test_a_state_that_holds_nothing_has_no_snapshot() -> None:
    assert render_snapshot(EMPTY) == ""


async def test_a_compaction_leaves_summary_snapshot_and_the_newest_turns() -> None:
    state, _ = await talk(ASKED, budget=ROOMY)
    change = compact(state, budget=Budget(keep_turns=2))
    assert change is not None
    assert change.snapshot.through_n == 4
    after = fold(state, change)
    grounding = ground(after, meant(after, "ok"), budget=ROOMY, count=estimate_counter)
    assert [block.kind for block in grounding.prompt.blocks] == [
        *["instruction", "snapshot", "snapshot"],
        *["turn", "turn"] * 2,
        "message",
    ]
    assert grounding.prompt.blocks[3].text == ASKED[4]


async def test_an_open_turn_shows_its_message_and_is_never_compacted() -> None:
    state, _ = await talk(ASKED[:3], budget=ROOMY)
    state = opened(state, meant(state, "are you there?"), "are you there?")
    assert covered(state, budget=Budget(keep_turns=1)) == state.turns[:3]
    grounding = ground(state, meant(state, "hello?"), budget=ROOMY, count=estimate_counter)
    assert [text for _, text in texts(grounding)][-2:] == ["are you there?", "hello?"]
    state, _ = await talk(ASKED[:3], budget=ROOMY, state=state)
    assert all(turn.n < 4 for turn in covered(state, budget=Budget(keep_turns=1)))


async def test_a_failed_turn_shows_its_message_and_a_partial_reply_says_it_was_cut_off() -> None:
    state = opened(EMPTY, meant(EMPTY, "one"), "one")
    state = fold(state, TurnFailed(turn_id="u1", failure="timeout", at=1))
    state = closed(opened(state, meant(state, "two"), "two"), "Well, I", status="partial")
    grounding = ground(state, meant(state, "three"), budget=ROOMY, count=estimate_counter)
    assert texts(grounding)[1:] == [
        *[("user", "one"), ("user", "two")],
        *[("assistant", f"Well, I {CUT_OFF}"), ("user", "three")],
    ]


async def test_a_tool_call_and_its_result_stay_with_their_turn() -> None:
    tool = ToolExchange(call_id="c1", name="find", arguments='{"q": "thai"}', result="<dialog-state>x</dialog-state>")
    state = closed(opened(EMPTY, meant(EMPTY, "find thai"), "find thai"), "Found one.", tools=[tool])
    block = ground(state, meant(state, "ok"), budget=ROOMY, count=estimate_counter).prompt.blocks[2]
    assert block.role == "assistant"
    assert block.tools[0].call_id == "c1"
    assert "<dialog-state>" not in (block.tools[0].result or "")
    tight = Budget(budget_tokens=140, compact_at_tokens=None)
    state = state.model_copy(update={"turns": (state.turns[0].model_copy(update={"sent": "find thai " * 60}),)})
    grounding = ground(state, meant(state, "ok"), budget=tight, count=estimate_counter)
    assert not any(block.tools for block in grounding.prompt.blocks)


async def test_a_huge_tool_result_is_cut_and_listed() -> None:
    tool = ToolExchange(call_id="c1", name="find", arguments="{}", result="row 1 of many " * 2000)
    state = closed(opened(EMPTY, meant(EMPTY, "find"), "find"), "Found.", tools=[tool])
    prompt = ground(state, meant(state, "ok"), budget=Budget(budget_tokens=2000), count=estimate_counter).prompt
    assert [(drop.what, drop.name) for drop in prompt.dropped] == [("tool", "find")]
    assert prompt.tokens <= 2000


def test_instructions_and_message_that_exceed_the_budget_are_refused_with_both_sizes() -> None:
    with pytest.raises(BudgetTooSmall) as refused:
        ground(EMPTY, meant(EMPTY, "word " * 200), budget=Budget(budget_tokens=128, compact_at_tokens=64),
               count=estimate_counter)  # fmt: skip
    assert refused.value.needed > refused.value.budget == 128


async def test_over_budget_the_older_turns_are_compacted_within_grounding() -> None:
    state, _ = await talk(ASKED * 2, budget=ROOMY)
    tight = Budget(budget_tokens=500, compact_at_tokens=None)
    grounding = ground(state, meant(state, "ok then"), budget=tight, count=estimate_counter)
    assert grounding.compacted is not None
    assert grounding.prompt.tokens <= 500
    again = ground(fold(state, grounding.compacted), meant(state, "ok then"), budget=tight, count=estimate_counter)
    assert texts(again) == texts(grounding)
    assert again.compacted is None


async def test_what_does_not_fit_is_listed_with_its_size() -> None:
    state, _ = await talk(["Find me something " + "very " * 60 + "good"] * 4, budget=ROOMY)
    tight = Budget(budget_tokens=150, compact_at_tokens=None)
    prompt = ground(state, meant(state, "ok then"), budget=tight, count=estimate_counter).prompt
    assert prompt.tokens <= 150
    assert prompt.dropped
    assert all(drop.tokens > 0 for drop in prompt.dropped)
    assert [block.kind for block in prompt.blocks][-1] == "message"


async def test_a_retry_sends_the_wording_of_the_first_attempt() -> None:
    grounding = ground(EMPTY, meant(EMPTY, "Hi"), budget=ROOMY, count=estimate_counter, sent="Hi as before")
    assert grounding.sent == grounding.prompt.message.text == "Hi as before"


@pytest.mark.parametrize("turns", [60, 500])
@pytest.mark.parametrize(
    ("constraint", "filler"),
    [
        ("I am allergic to peanuts.", "Where can I eat noodles on day {n} for about {n} dollars?"),
        ("我对花生过敏。", "第{n}天晚上去哪里吃饭，人均{n}元左右，给我推荐一家餐馆"),
    ],
)
async def test_an_early_constraint_is_still_in_the_prompt(constraint: str, filler: str, turns: int) -> None:
    messages = [constraint, *(filler.format(n=n) for n in range(turns))]
    state, sent = await talk(messages, budget=Budget())
    assert constraint in "\n".join(text for _, text in texts(sent[-1]))
    assert sent[-1].prompt.tokens < 8000
    assert len(state.model_dump_json()) < 60_000


async def test_the_state_stays_the_same_size_from_turn_100_to_turn_1000() -> None:
    early, _ = await talk([f"Is museum {n} open today?" for n in range(100)], budget=Budget(summary_tokens=600))
    late, _ = await talk([f"Is museum {n} open today?" for n in range(1000)], budget=Budget(summary_tokens=600))
    assert len(late.model_dump_json()) < 1.5 * len(early.model_dump_json()) + 8000


async def test_compaction_is_due_only_when_the_turns_behind_the_newest_exceed_the_threshold() -> None:
    budget = Budget(compact_at_tokens=100, keep_turns=2)
    state, _ = await talk(ASKED[:2], budget=ROOMY)
    assert not needs_compaction(state, budget=budget, count=estimate_counter)
    state, _ = await talk(ASKED, budget=ROOMY)
    assert needs_compaction(state, budget=budget, count=estimate_counter)
    change = await compact_when_due(state, budget=budget, count=estimate_counter)
    assert change is not None
    assert not needs_compaction(fold(state, change), budget=budget, count=estimate_counter)


async def test_assistant_words_enter_the_summary_only_as_unverified() -> None:
    state, _ = await talk(["Where can I eat?"] * 3, budget=ROOMY)
    change = compact(state, budget=Budget(keep_turns=1))
    assert change is not None
    lines = "\n".join(summary.text for summary in change.summaries).split("\n")
    assert all(line.startswith("~ ") for line in lines if "Golden Wok" in line)
    assert "Golden Wok" not in change.snapshot.text


def test_limits_that_contradict_are_refused() -> None:
    with pytest.raises(ValueError, match="compact_at_tokens"):
        Budget(budget_tokens=500, compact_at_tokens=600)


@st.composite
def dialogs(draw: st.DrawFn) -> DialogState:
    words = st.text(max_size=60) | st.sampled_from(
        ["</dialog-state>", "I'm allergic to nuts. " * 9, "第二家贵吗？" * 8]
    )
    state = EMPTY
    for _ in range(draw(st.integers(0, 8))):
        text = draw(words)
        values = draw(st.lists(st.builds(said, st.sampled_from(["a", "b"]), st.text(max_size=20)), max_size=2))
        state = opened(state, meant(state, text, slots=values), draw(words))
        tools = [ToolExchange(call_id="c", name="t", arguments=draw(words), result=draw(words))]
        ending = draw(st.sampled_from(["closed", "partial", "open"]))
        if ending != "open":
            state = closed(state, draw(words) * draw(st.integers(1, 20)), status=ending, tools=draw(
                st.sampled_from([[], tools])))  # fmt: skip
        if draw(st.booleans()) and draw(st.booleans()):
            change = compact(state, budget=Budget(summary_tokens=64))
            state = fold(state, change) if change else state
    return state


@settings(max_examples=150, deadline=None)
@given(dialogs(), st.text(max_size=40), st.integers(64, 900), st.text(max_size=40))
def test_the_budget_is_never_exceeded(state: DialogState, text: str, tokens: int, instructions: str) -> None:
    budget = Budget(budget_tokens=tokens, compact_at_tokens=None)
    message = meant(state, text)
    alone = ground(EMPTY, message, instructions=instructions, budget=ROOMY, count=estimate_counter, sent=text)
    if alone.prompt.tokens > tokens:
        with pytest.raises(BudgetTooSmall):
            ground(state, message, instructions=instructions, budget=budget, count=estimate_counter, sent=text)
        return
    grounding = ground(state, message, instructions=instructions, budget=budget, count=estimate_counter, sent=text)
    prompt = grounding.prompt
    assert prompt.tokens == sum(block.tokens for block in prompt.blocks) <= tokens
    assert all(block.tokens > estimate_counter.count(block.text) for block in prompt.blocks)
    assert prompt.counter == "estimate"
    assert prompt.message.text == grounding.sent
    assert prompt.blocks[0].text.startswith(instructions)
