"""The backends that call nobody, and the other public doubles."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from dialog.backends.base import Backend, BackendRefused, BackendUnavailable, Usage
from dialog.backends.preview import PreviewBackend
from dialog.interpretation import Interpretation, identity
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState
from dialog.testing import FixedClock, Line, RecordingInterpreter, RecordingSleep, ScriptedBackend, prompt_of

PROMPT = prompt_of(("system", "Be brief."), "Where is it?")


async def test_the_preview_shows_what_a_model_would_get() -> None:
    backend: Backend = PreviewBackend()
    reply = await backend.complete(PROMPT)
    assert reply == "".join([piece async for piece in backend.stream(PROMPT)])
    assert "Where is it?" in reply
    assert "Be brief." not in reply
    assert "21 of 21 tokens" in reply


async def test_the_preview_can_show_the_whole_prompt() -> None:
    assert "Be brief." in await PreviewBackend(whole=True).complete(PROMPT)


async def test_the_preview_refuses_structured_output() -> None:
    with pytest.raises(BackendRefused, match="no model"):
        await PreviewBackend().complete(PROMPT, schema={})


async def test_a_script_is_told_in_order_and_recorded() -> None:
    backend = ScriptedBackend(["one", Line(("t", "wo")), ValueError("three")])
    assert await backend.complete(PROMPT, schema={"type": "object"}) == "one"
    assert [piece async for piece in backend.stream(PROMPT)] == ["t", "wo"]
    with pytest.raises(ValueError, match="three"):
        await backend.complete(PROMPT)
    with pytest.raises(BackendUnavailable, match="3 replies"):
        await backend.complete(PROMPT)
    assert backend.prompts == [PROMPT] * 4
    assert backend.calls[0].schema == {"type": "object"}
    assert [call.finished for call in backend.calls] == [True, True, False, False]


async def test_a_script_may_be_a_function_of_the_prompt() -> None:
    def shout(prompt: GroundedPrompt) -> str:
        return prompt.message.text.upper()

    assert await ScriptedBackend(shout).complete(PROMPT) == "WHERE IS IT?"


async def test_a_script_can_fail_in_the_middle() -> None:
    backend = ScriptedBackend([Line(("a", "b"), error=BackendUnavailable("x", "gone"), fail_at=1)])
    got: list[str] = []
    with pytest.raises(BackendUnavailable, match="gone"):
        await _into(got, backend)
    assert got == ["a"]


async def test_a_script_can_pause_and_be_stopped() -> None:
    go_on = asyncio.Event()
    backend = ScriptedBackend([Line(("a", "b"), pause=(1, go_on)), Line(("a", "b"), usage=Usage(output_tokens=2))])
    async with aclosing(backend.stream(PROMPT)) as pieces:
        assert await anext(pieces) == "a"
    assert backend.calls[0].stopped.is_set()
    told: list[Usage] = []
    assert await backend.complete(PROMPT, on_usage=told.append) == "ab"
    assert told == [Usage(output_tokens=2)]


async def test_a_fixed_clock_moves_when_told() -> None:
    clock = FixedClock(datetime(2026, 1, 2, tzinfo=UTC))
    await RecordingSleep(clock)(60)
    assert clock.datetime == datetime(2026, 1, 2, 0, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 1, 2))  # noqa: DTZ001


async def test_a_recording_interpreter_gives_what_it_was_given() -> None:
    state = DialogState(dialog_id="d")
    fixed = identity(state, "hi", by="test")

    async def inner(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        return identity(state, text, by="inner")

    recorder = RecordingInterpreter(fixed)
    assert await recorder(state, "anything") is fixed
    assert recorder.calls == [(state, "anything")]
    assert (await RecordingInterpreter(inner)(state, "hi")).by == "inner"
    with pytest.raises(KeyError):
        await RecordingInterpreter(KeyError("x"))(state, "hi")


async def _into(got: list[str], backend: Backend) -> None:
    async for piece in backend.stream(PROMPT):
        got.append(piece)
