"""However much is said at once, the state stays within what a store accepts, and the dialog goes on."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from dialog import open_pipeline
from dialog.backends.scripted import ScriptedBackend
from dialog.bounds import MAX_LABEL_CHARS, MAX_REPLY_CHARS, MAX_REQUEST_CHARS, MAX_TURN_BYTES, text_bytes
from dialog.change import TurnClosed, fold, fold_all
from dialog.codec import encode
from dialog.ground import Budget, estimate_counter, needs_compaction
from dialog.interpretation import TopicDecision
from dialog.state import DialogState, ToolExchange
from stores.limits import MAX_VALUE_BYTES
from stores.memory import MemoryStore
from tests.core.test_fold import EMPTY, opened


def closed(turn_id: str, reply: str, *tools: ToolExchange) -> TurnClosed:
    return TurnClosed(turn_id=turn_id, reply=reply, tools=tools, at=2.0)


sizes = st.lists(st.tuples(st.integers(1, 20_000), st.integers(0, 200_000)), min_size=1, max_size=40)


@given(sizes)
def test_long_messages_and_replies_push_the_oldest_turns_out_and_never_the_newest(said: list[tuple[int, int]]) -> None:
    state = EMPTY
    for n, (message, reply) in enumerate(said):
        state = fold_all(state, [opened(f"t{n}", "字" * message), closed(f"t{n}", "x" * reply)])
        once = fold(state, closed(f"t{n}", "x" * reply))
        assert once == state
    assert state.turns[-1].turn_id == f"t{len(said) - 1}"
    assert text_bytes(state.turns[:-2]) <= MAX_TURN_BYTES
    assert len(encode(state)) < MAX_VALUE_BYTES


def test_a_turn_that_is_still_open_stays_however_much_is_said_after_it() -> None:
    state = fold(EMPTY, opened("first"))
    for n in range(20):
        state = fold_all(state, [opened(f"t{n}", "x" * 20_000), closed(f"t{n}", "y" * 60_000)])
    assert state.turns[0].turn_id == "first"
    assert text_bytes(state.turns) <= MAX_TURN_BYTES


def test_of_a_long_reply_or_tool_result_the_state_holds_both_ends() -> None:
    text = "start " + "x" * 300_000 + " end"
    tool = ToolExchange(call_id="c", name="read", arguments="{}", result=text)
    turn = fold_all(EMPTY, [opened("a"), closed("a", text, tool)]).turns[0]
    for kept in (turn.reply, turn.tools[0].result or ""):
        assert (kept[:6], kept[-4:]) == ("start ", " end")
        assert len(kept) < MAX_REPLY_CHARS + 10


def test_requests_and_labels_of_topics_are_bounded() -> None:
    topic = TopicDecision(kind="new", label="y" * 5_000)
    state = fold(EMPTY, opened("a", "x" * 50_000, topic=topic))
    assert state.topics[0].request is not None
    assert len(state.topics[0].request.text) == MAX_REQUEST_CHARS
    assert len(state.topics[0].label) == MAX_LABEL_CHARS


def test_turns_are_summed_up_before_they_would_have_to_go() -> None:
    budget = Budget(budget_tokens=1_000_000, compact_at_tokens=None)
    state = EMPTY
    for n in range(8):
        state = fold_all(state, [opened(f"t{n}", "long words " * 900), closed(f"t{n}", "more words " * 1_000)])
    assert len(state.turns) == 8  # none had to go
    assert needs_compaction(state, budget=budget, count=estimate_counter)


async def test_a_dialog_of_long_pastes_goes_on() -> None:
    async with open_pipeline("memory:", backend=ScriptedBackend([f"answer {n}" for n in range(16)])) as pipeline:
        for n in range(16):
            reply = await pipeline.reply("d", f"error {n} in module foo " * 1_500)
            assert reply.text == f"answer {n}"


async def test_a_duplicate_gets_a_long_reply_whole() -> None:
    long = "word " * 60_000
    async with open_pipeline(MemoryStore(), backend=ScriptedBackend([long])) as pipeline:
        await pipeline.reply("d", "write a lot", turn_id="m1")
        again = await pipeline.reply("d", "write a lot", turn_id="m1")
    assert (again.text, again.replayed) == (long, True)


async def test_an_emoji_that_comes_in_two_halves_is_recorded_whole() -> None:
    async with open_pipeline("memory:", backend=ScriptedBackend([])) as pipeline:
        async with pipeline.turn("d", json.loads('"hi \\ud83d\\ude00 \\ud800"')) as turn:
            await turn.close("\ud83d" + "\ude00")
        state = await pipeline.state("d")
    assert isinstance(state, DialogState)
    assert [(turn.user, turn.reply) for turn in state.turns] == [("hi \U0001f600 \ufffd", "\U0001f600")]
