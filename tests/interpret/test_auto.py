"""The model is asked where it may help, and nowhere else."""

from __future__ import annotations

import asyncio
import threading

import pytest

from dialog.assemble import open_pipeline
from dialog.backends.base import BackendUnavailable
from dialog.interpret.auto import RECENT_TURNS, AutoInterpreter, reaches_far_back
from dialog.interpret.model import ModelInterpreter
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation, identity
from dialog.rewrite import unchanged
from dialog.state import DialogState
from dialog.testing import RecordingInterpreter, ScriptedBackend
from tests.interpret.model_cases import answer, dinner, turn

TEXT = "is it open?"
HOTEL = "We stay at the Plaza hotel with our dogs. Is it nice?"


def read(confidence: float = 1.0, *, unsure: bool = False, act: str = "follow_up") -> Interpretation:
    plain = identity(dinner(), TEXT, by="rules")
    return plain.model_copy(update={"rewrite": unchanged(TEXT, confidence=confidence), "unsure": unsure, "act": act})


def long_dialog(first: str = HOTEL, *, forgotten: bool = False) -> DialogState:
    """One early turn that is `first`, then small talk; `forgotten`: the early turn is only in the summary."""
    talk = [turn(n, f"Tell me joke number {n}.", "Ha.") for n in range(2, 8)]
    if forgotten:
        summary = dinner().summaries[0].model_copy(update={"text": f"- {first}"})
        return DialogState(dialog_id="d", turns=tuple(talk[-1:]), summaries=(summary,))
    return DialogState(dialog_id="d", turns=(turn(1, first, "Very."), *talk))


SECOND = identity(dinner(), TEXT, by="model:m")


@pytest.mark.parametrize(
    ("local", "asks"),
    [
        (read(0.9), False),
        (read(0.6), False),
        (read(0.59), True),
        (read(0.9, unsure=True), True),
        (read(0.1, act="command"), False),
    ],
)
async def test_the_model_is_asked_when_the_rules_are_unsure(local: Interpretation, asks: bool) -> None:
    model = RecordingInterpreter(SECOND)
    auto = AutoInterpreter(RecordingInterpreter(local), model, threshold=0.6)
    found = await auto(dinner(), TEXT)
    assert found is (SECOND if asks else local)
    assert len(model.calls) == asks
    assert auto.escalations.share == float(asks)


@pytest.mark.parametrize(
    ("state", "text"), [(DialogState(dialog_id="d"), "hello"), (dinner(), "   ")], ids=["first message", "blank"]
)
async def test_the_model_is_not_asked_without_need(state: DialogState, text: str) -> None:
    model = RecordingInterpreter(SECOND)
    await AutoInterpreter(RecordingInterpreter(read(0.0, unsure=True)), model)(state, text)
    assert model.calls == []


@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize(
    ("text", "far"),
    [
        ("does the hotel take dogs?", True),
        ("what did you say earlier?", True),
        ("back to my first question", True),
        ("are those dogs allowed?", True),
        ("is that joke new?", False),
        ("tell me the time", False),
        ("what about Thai?", False),
        ("I like dogs", False),
    ],
)
def test_a_message_that_points_at_what_was_said_long_ago_reaches_far_back(
    text: str, far: bool, forgotten: bool
) -> None:
    assert reaches_far_back(long_dialog(forgotten=forgotten), text) is far


@pytest.mark.parametrize(
    ("text", "far"),
    [("那家酒店贵吗", True), ("一开始的问题", True), ("你之前说的呢", True), ("那个笑话好笑", False), ("贵吗", False)],
)
def test_chinese_reaches_far_back_too(text: str, far: bool) -> None:
    state = long_dialog("我们住在广场酒店")
    talk = turn(9, "讲个笑话", "哈哈")
    assert reaches_far_back(state.model_copy(update={"turns": (*state.turns, talk)}), text) is far


def test_nothing_reaches_far_back_in_a_short_dialog() -> None:
    turns = long_dialog().turns[:RECENT_TURNS]
    assert not reaches_far_back(DialogState(dialog_id="d", turns=turns), "does the hotel take dogs, as I said earlier?")


async def test_a_far_message_goes_to_the_model_though_the_rules_are_sure() -> None:
    auto = AutoInterpreter(RecordingInterpreter(read(1.0)), RecordingInterpreter(SECOND))
    assert await auto(long_dialog(), "does the hotel take dogs?") is SECOND


async def test_with_the_model_down_the_local_interpretation_stands_and_is_counted() -> None:
    local = RecordingInterpreter(read(0.1))
    backend = ScriptedBackend([BackendUnavailable("m", "gone"), answer(TEXT)])
    auto = AutoInterpreter(local, ModelInterpreter(backend, local=local))
    found = await auto(dinner(), TEXT)
    assert (found.by, found.fallback) == ("rules", "model: BackendUnavailable")
    assert (await auto(dinner(), TEXT)).by == "model:scripted"
    counts = auto.escalations
    assert (counts.turns, counts.asked, counts.unused, counts.share) == (2, 2, 1, 1.0)


async def test_in_a_pipeline_the_trace_says_who_interpreted_and_why() -> None:
    backend = ScriptedBackend(["1. Joe's Shanghai 2. Golden Dragon", "Yes.", "Yes."])
    unsure = RecordingInterpreter(read(0.1))
    helper = ScriptedBackend([answer("is Golden Dragon open?"), BackendUnavailable("m", "gone")], name="m")
    auto = AutoInterpreter(unsure, ModelInterpreter(helper, local=unsure))
    async with open_pipeline("memory:", backend=backend, interpret=auto) as pipeline:
        await pipeline.reply("d", TEXT)
        helped = await pipeline.reply("d", TEXT)
        alone = await pipeline.reply("d", TEXT)
    assert helped.trace.interpretation.by == "model:m"
    assert "Golden Dragon" in backend.prompts[1].message.text
    assert (alone.trace.interpretation.by, alone.trace.interpretation.fallback) == (
        "rules",
        "model: BackendUnavailable",
    )
    assert "Golden Dragon" not in backend.prompts[2].message.text


def test_counts_hold_when_threads_share_the_interpreter() -> None:
    auto = AutoInterpreter(RecordingInterpreter(read(0.1)), RecordingInterpreter(SECOND))

    async def many() -> None:
        for _ in range(200):
            await auto(dinner(), TEXT)

    threads = [threading.Thread(target=lambda: asyncio.run(many())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (auto.escalations.turns, auto.escalations.asked) == (800, 800)


async def test_without_a_threshold_the_word_of_the_local_interpreter_is_enough() -> None:
    quiet = AutoInterpreter(RecordingInterpreter(read(0.1)), RecordingInterpreter(SECOND), threshold=None)
    assert await quiet(dinner(), TEXT) is not SECOND


def test_before_the_first_turn_the_share_is_nought() -> None:
    assert AutoInterpreter(RecordingInterpreter(read()), RecordingInterpreter(SECOND)).escalations.share == 0.0


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_confidence(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        AutoInterpreter(RecordingInterpreter(read()), RecordingInterpreter(SECOND), threshold=threshold)


async def test_text_the_caller_vouches_for_reaches_both_and_the_counts_are_shared() -> None:
    backend = ScriptedBackend(["not JSON"])
    local = RuleInterpreter()
    auto = AutoInterpreter(local, ModelInterpreter(backend, local=local), threshold=1.0)
    told = auto.with_caller([("title", "Marie Curie")])
    await told(dinner(), "what about the second one?")
    assert auto.escalations.asked == 1
    assert any("Marie Curie" in block.text for block in backend.prompts[0].blocks)
