"""The weights that are shipped: they fit this version, they are small, and what they decide can be relied on."""

from __future__ import annotations

import asyncio
import json

import pytest

pytest.importorskip("onnxruntime", reason="the trained rewriter needs the extra: pip install 'antecedent[local]'")

from dialog.interpret.edit.candidates import FEATURES
from dialog.interpret.edit.choice import choosers
from dialog.interpret.edit.labels import GLUE_WORDS
from dialog.interpret.edit.network import FILES, WEIGHTS, EditNetwork
from dialog.interpret.edit.render import rendered
from dialog.interpret.edit.trained import CALIBRATION, TrainedInterpreter
from dialog.interpret.edit.words import words_of
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import state_of
from tests.interpret.edit.parts import window

NETWORK = EditNetwork()
MOST_BYTES = 30_000_000


def test_all_files_are_there_and_small() -> None:
    sizes = [(WEIGHTS / name).stat().st_size for name in (*FILES, CALIBRATION, "facts.json", "README.md")]
    assert sum(sizes) <= MOST_BYTES


def test_the_calibration_is_of_this_version() -> None:
    assert all(
        len(each.better) == len(each.right) == len(FEATURES) for each in choosers(WEIGHTS / CALIBRATION).values()
    )
    assert json.loads((WEIGHTS / "facts.json").read_text())["config"] == "shipped"


@pytest.mark.parametrize(
    ("said", "message", "meant"),
    [
        (("What is throat cancer?",), "Is it treatable?", "Is throat cancer treatable?"),
        (("Who was Nina Simone?", "A singer."), "When was she born?", "When was Nina Simone born?"),
        (("你看过流浪地球吗", "看过"), "它好看吗", "流浪地球好看吗"),
        (("成都的火锅怎么样", "很辣"), "贵不贵", "成都的火锅贵不贵"),
    ],
)
def test_the_network_resolves_a_plain_reference(said: tuple[str, ...], message: str, meant: str) -> None:
    read = window(*said, message=message)
    decision = NETWORK.decide(read)
    assert decision is not None
    assert rendered(read, decision.labels) == meant


@pytest.mark.parametrize(
    "message", ["Thanks, that helps.", "What is the population of Norway?", "yes please", "谢谢", "那我先走了"]
)
def test_the_network_leaves_what_is_complete_alone(message: str) -> None:
    read = window("Find me a hotel in Rome.", "Hotel Aurora is free.", message=message)
    decision = NETWORK.decide(read)
    assert decision is not None
    assert decision.labels.keep


async def test_many_turns_at_once_get_the_answers_of_one_at_a_time() -> None:
    interpret = TrainedInterpreter(RuleInterpreter(), NETWORK)
    subjects = ("throat cancer", "the Bronze Age", "Nina Simone", "quantum computing")
    states = [state_of([{"role": "user", "text": f"Tell me about {subject}."}]) for subject in subjects]
    message = "What is known about the early history?"
    alone = [await interpret(state, message) for state in states]
    together = await asyncio.gather(*(interpret(state, message) for state in states))
    assert list(together) == alone
    for state, meant in zip(states, together, strict=True):
        known = {word.key for text in (state.turns[0].user, message) for word in words_of(text)} | set(GLUE_WORDS)
        assert {word.key for word in words_of(meant.rewrite.text)} <= known
        assert 0 <= meant.rewrite.confidence <= 1


def test_nothing_to_lean_on_is_nothing_to_decide() -> None:
    assert NETWORK.decide(window(message="What is the population of Norway?")) is None
    assert NETWORK.decide(window("hello", message="")) is None
