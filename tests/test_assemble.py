"""Which interpreter a pipeline is given, with the extra `local` and without it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest

from dialog.assemble import local_interpreter, open_pipeline
from dialog.interpret.edit.network import shared_network
from dialog.proxy import ProxyConfig, proxy_app
from dialog.replay import state_of

HISTORY = [{"role": "user", "text": "find a hotel in Rome"}, {"role": "assistant", "text": "Hotel Aurora is free."}]
FOLLOW_UP = "how much does it cost"


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if onnxruntime were not installed, and no network had been loaded."""
    shared_network.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    yield
    shared_network.cache_clear()


async def confidence(*, rules: bool) -> float:
    interpret = local_interpreter("rules" if rules else None)
    return (await interpret(state_of(HISTORY), FOLLOW_UP)).rewrite.confidence


async def test_by_default_the_trained_rewriter_has_a_say() -> None:
    async with open_pipeline("memory:") as pipeline:
        async with pipeline.turn("d", HISTORY[0]["text"]) as turn:
            await turn.close(HISTORY[1]["text"])
        async with pipeline.turn("d", FOLLOW_UP) as turn:
            found = turn.interpretation.rewrite.confidence
            await turn.close("90 euros.")
    assert found != await confidence(rules=True)


@pytest.mark.usefixtures("without_extra")
async def test_without_the_extra_the_rules_serve_and_say_so_once_a_process(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await confidence(rules=False) == await confidence(rules=False) == await confidence(rules=True)
    (said,) = caplog.records
    assert "antecedent[local]" in said.getMessage()
    assert "hotel" not in said.getMessage()


@pytest.mark.usefixtures("without_extra")
async def test_without_the_extra_it_is_said_before_the_first_message_and_not_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(2):
        async with open_pipeline("memory:") as pipeline:
            assert ["onnxruntime" in record.getMessage() for record in caplog.records] == [True]
            for text in (HISTORY[0]["text"], FOLLOW_UP):
                async with pipeline.turn("d", text) as turn:
                    await turn.close(HISTORY[1]["text"])
    assert len(caplog.records) == 1


@pytest.mark.usefixtures("without_extra")
async def test_nothing_is_said_of_a_rewriter_that_is_not_wanted(caplog: pytest.LogCaptureFixture) -> None:
    async with open_pipeline("memory:", interpret=local_interpreter("rules")):
        pass
    assert caplog.records == []


@pytest.mark.usefixtures("without_extra")
def test_a_rewriter_that_was_asked_for_by_name_must_be_there() -> None:
    with pytest.raises(ValueError, match=r"antecedent\[local\]"):
        local_interpreter("local")
    with pytest.raises(ValueError, match=r"antecedent\[local\]"):
        proxy_app(ProxyConfig(upstream="http://127.0.0.1:1", engine="local"))
    proxy_app(ProxyConfig(upstream="http://127.0.0.1:1", engine="rules"))
