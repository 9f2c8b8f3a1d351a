"""The cascade: what the network may change, what it may not, and what happens without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from dialog.interpret.edit.candidates import FEATURES
from dialog.interpret.edit.choice import Chooser
from dialog.interpret.edit.labels import Copy, Labels
from dialog.interpret.edit.network import EditNetwork, NetworkMissing
from dialog.interpret.edit.trained import TrainedInterpreter
from dialog.interpret.edit.window import Window
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation
from dialog.replay import state_of
from dialog.state import DialogState

pytest.importorskip("numpy", reason="the trained rewriter needs the extra: pip install 'antecedent[local]'")

from dialog.interpret.edit.decode import Decision

ALWAYS = tuple(30.0 if name == "bias" else 0.0 for name in FEATURES)
NEVER = tuple(-30.0 if name == "bias" else 0.0 for name in FEATURES)
HALF = tuple(0.0 for _ in FEATURES)


class Scripted(EditNetwork):
    """A network that puts the first word said before the message, whatever the message is."""

    def __init__(self, *, missing: bool = False) -> None:
        super().__init__()
        self.asked = 0
        self.missing = missing

    def load(self) -> None:
        if self.missing:
            raise NetworkMissing("the trained rewriter needs onnxruntime; install the extra")

    def decide(self, window: Window, *, nothing: float = 0.5, rivals: Sequence[str] = ()) -> Decision | None:
        self.load()
        self.asked += 1
        n = len(window.message.words)
        labels = Labels((False,) * n, ((Copy(0, 1),), *((),) * n))
        return Decision(labels, -0.1, -0.1, 1.0, (-1.0,) * len(rivals))


def trained(network: EditNetwork, better: tuple[float, ...], **more: Any) -> TrainedInterpreter:
    choose: Mapping[str, Chooser] = {"en": Chooser(better, HALF, {"add": 0.5, "undo": 0.5, "replace": 0.5})}
    return TrainedInterpreter(RuleInterpreter(), network, choose=choose, **more)


def after(*texts: str) -> DialogState:
    return state_of([{"role": "user" if n % 2 == 0 else "assistant", "text": text} for n, text in enumerate(texts)])


def ask(interpret: TrainedInterpreter, state: DialogState, text: str) -> Interpretation:
    return asyncio.run(interpret(state, text))


def test_the_networks_rewrite_is_taken_where_it_is_likelier_right() -> None:
    meant = ask(trained(Scripted(), ALWAYS), after("Rome is warm"), "how much does a hotel there cost")
    assert meant.rewrite.text.startswith("Rome ")
    assert meant.by == "edit:en"
    assert meant.rewrite.confidence == pytest.approx(0.5)
    source = meant.rewrite.edits[0].pieces[0].source
    assert (source.kind, source.turn_id) == ("user", after("Rome is warm").turns[0].turn_id)


def test_the_rules_rewrite_is_kept_where_it_is_likelier_right_with_a_calibrated_confidence() -> None:
    state, text = after("Rome is warm"), "how much does a hotel there cost"
    meant = ask(trained(Scripted(), NEVER), state, text)
    rules = RuleInterpreter().interpret(state, text)
    assert meant.rewrite.text == rules.rewrite.text
    assert meant.rewrite.confidence == pytest.approx(0.5)
    assert meant.by == rules.by


@pytest.mark.parametrize("text", ["thanks!", "start over"])
def test_what_rules_know_by_its_form_never_reaches_the_network(text: str) -> None:
    network = Scripted()
    meant = ask(trained(network, ALWAYS), after("find a hotel in Rome", "Hotel Aurora is free."), text)
    assert meant.rewrite.text == text
    assert network.asked == 0


def test_an_order_asked_again_with_more_of_a_quality_is_the_rules_own() -> None:
    network = Scripted()
    meant = ask(trained(network, ALWAYS), after("Find a hotel in Rome.", "Hotel Aurora is free."), "something cheaper")
    assert meant.rewrite.text == "Find a hotel in Rome, but cheaper."
    assert network.asked == 0


def test_chinese_asked_again_with_more_of_a_quality_is_the_rules_own() -> None:
    chooser = Chooser(ALWAYS, HALF, {"add": 0.5, "undo": 0.5, "replace": 0.5})
    network = Scripted()
    interpret = TrainedInterpreter(RuleInterpreter(), network, choose={"zh": chooser})
    meant = ask(interpret, after("纽约最好的中餐馆是哪家？", "金灯很不错。"), "便宜一点的")
    assert meant.by == "rules:zh/degree"
    assert meant.rewrite.changed
    assert network.asked == 0


def test_a_rewrite_that_is_hardly_ever_right_is_not_taken() -> None:
    doubtful = tuple(-4.0 if name == "bias" else 0.0 for name in FEATURES)
    chooser = Chooser(ALWAYS, doubtful, {"add": 0.5, "undo": 0.5, "replace": 0.5})
    interpret = TrainedInterpreter(RuleInterpreter(), Scripted(), choose={"en": chooser})
    assert not ask(interpret, after("Rome is warm"), "how much does a hotel cost").rewrite.changed


def test_code_and_quotations_are_left_to_the_rules() -> None:
    for text in ('"does it rain there"', "```\nwarm(it)\n```", "x = rome(it)"):
        assert not ask(trained(Scripted(), ALWAYS), after("Rome is warm"), text).rewrite.changed


@pytest.mark.parametrize(("sure_from", "unsure"), [(0.4, False), (0.6, True)])
def test_below_what_calibration_found_worth_a_second_opinion_it_is_unsure(sure_from: float, unsure: bool) -> None:
    for better in (ALWAYS, NEVER):
        chooser = Chooser(better, HALF, {"add": 0.5, "undo": 0.5, "replace": 0.5}, sure_from=sure_from)
        interpret = TrainedInterpreter(RuleInterpreter(), Scripted(), choose={"en": chooser})
        assert ask(interpret, after("Rome is warm"), "how much does a hotel there cost").unsure is unsure


def test_a_first_message_is_not_looked_at_twice() -> None:
    network = Scripted()
    ask(trained(network, ALWAYS), DialogState(dialog_id="d"), "how much does a hotel in Rome cost")
    assert network.asked == 0


def test_without_the_extra_the_rules_serve_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    interpret = trained(Scripted(missing=True), ALWAYS)
    state = after("find a hotel in Rome")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            meant = ask(interpret, state, "how much does it cost")
            assert meant.by.startswith("rules:")
        ask(interpret.with_caller([("title", "Rome")]), state, "how much does it cost")
    assert len(caplog.records) == 1
    assert "onnxruntime" in caplog.text
    assert "how much" not in caplog.text


def test_requiring_the_network_fails_where_it_cannot_run() -> None:
    with pytest.raises(NetworkMissing, match="install"):
        trained(Scripted(missing=True), ALWAYS).require()


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(NetworkMissing, match=r"encoder\.onnx"):
        EditNetwork(tmp_path).load()


def test_a_language_without_calibration_is_left_to_the_rules() -> None:
    network = Scripted()
    meant = ask(trained(network, ALWAYS), after("全聚德怎么样？"), "它的电话是多少？")
    assert meant.by.startswith("rules:zh")


def test_chinese_is_left_to_the_rules_where_nothing_cuts_it_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    state, text = after("看过五月天的演唱会吗", "没抢到票"), "太可惜了"
    chooser = Chooser(ALWAYS, HALF, {"add": 0.5, "undo": 0.5, "replace": 0.5})
    network = Scripted()
    interpret = TrainedInterpreter(RuleInterpreter(), network, choose={"zh": chooser})
    monkeypatch.setattr("dialog.interpret.edit.trained.tagger", lambda: None)
    assert ask(interpret, state, text).by.startswith("rules:zh")
    assert network.asked == 0
    monkeypatch.setattr("dialog.interpret.edit.trained.tagger", lambda: list)
    ask(interpret, state, text)
    assert network.asked == 1
    ask(interpret, after("全聚德怎么样？"), "它的电话是多少？")
    assert network.asked == 1, "what a form of words tells is the rules' own"


async def test_turns_that_run_at_once_do_not_mix() -> None:
    interpret = trained(Scripted(), ALWAYS)
    states = [after(f"Town{n} is warm") for n in range(8)]
    texts = ["how much does a hotel there cost"] * 8
    found = await asyncio.gather(*(interpret(s, t) for s, t in zip(states, texts, strict=True)))
    assert [meant.rewrite.text.split()[0] for meant in found] == [f"Town{n}" for n in range(8)]
