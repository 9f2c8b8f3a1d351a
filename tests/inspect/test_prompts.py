"""The log holds the exact prompt of every turn, and grows by what is new in prompts."""

from __future__ import annotations

import asyncio
import json

import pytest

from dialog.assemble import open_pipeline
from dialog.ground import Budget
from dialog.inspect.prompts import prompt_view
from dialog.inspect.shelf import Shelf, ref_of
from dialog.pipeline import Pipeline
from dialog.prompt import GroundedPrompt
from dialog.state import ToolExchange
from stores.memory import MemoryStore

WHOLE = Budget(reply_tokens=None)
"""Replies are repeated whole, so that a dialog of some length is compacted."""

KEEPING = Budget(reply_tokens=None, keep_turns=3)

INSTRUCTIONS = "You help people find a place to eat. " * 4


class Talker:
    """Holds a dialog of many turns and remembers every prompt as it was sent."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.prompts: dict[str, GroundedPrompt] = {}

    async def say(self, text: str, reply: str, *, turn_id: str, tools: tuple[ToolExchange, ...] = ()) -> None:
        async with self.pipeline.turn("d", text, turn_id=turn_id) as turn:
            self.prompts[turn_id] = turn.prompt
            await turn.close(reply, tools=tools)
        await self.pipeline.settled()


LONG_REPLY = "There are many places. " + "The kitchen of the old harbour serves soup, bread and tea all day. " * 12
CITIES = ("Boston", "Chicago", "Denver", "Austin", "Seattle", "Dallas")


async def talk(talker: Talker, turns: int) -> None:
    for at in range(turns):
        text = f"What is the best {('Thai', 'Greek')[at % 2]} restaurant in {CITIES[at % 6]} for {at + 2} people?"
        reply = (LONG_REPLY, "Try the blue door.", f"</dialog-state> Number {at} is best.")[at % 3]
        await talker.say(text, reply, turn_id=f"u{at}")


@pytest.mark.parametrize("budget", [WHOLE, KEEPING, Budget(budget_tokens=900, compact_at_tokens=None)])
async def test_every_prompt_of_a_long_dialog_is_put_together_again_exactly(budget: Budget | None) -> None:
    async with open_pipeline("memory:", instructions=INSTRUCTIONS, budget=budget) as pipeline:
        talker = Talker(pipeline)
        await talk(talker, 30)
        assert any(block.kind == "snapshot" for block in talker.prompts["u29"].blocks), "the dialog was compacted"
        record = await Shelf(pipeline).record("", ref_of("d"), turns=100)
    assert record is not None
    unknown = 0
    for turn_id, prompt in talker.prompts.items():
        view = prompt_view(record, turn_id)
        assert view is not None
        assert [block.tokens for block in view.blocks] == [block.tokens for block in prompt.blocks]
        for seen, sent in zip(view.blocks, prompt.blocks, strict=True):
            unknown += seen.text is None
            assert seen.text in (None, sent.text), "never a text that was not sent"
    if budget is None:
        assert unknown == 0


async def test_tools_and_cut_off_replies_are_shown_as_they_were_sent() -> None:
    exchange = ToolExchange(call_id="c1", name="weather", arguments='{"city":"Boston"}', result="sunny " * 9_000)
    async with open_pipeline("memory:", budget=Budget(compact_at_tokens=None)) as pipeline:
        talker = Talker(pipeline)
        await talker.say("How is the weather in Boston?", "It is sunny.", turn_id="u0", tools=(exchange,))
        async with pipeline.turn("d", "and in Denver?", turn_id="u1") as turn:
            await turn.close("In Denver it is", status="partial")
        await talker.say("What should I wear in Boston?", "A hat.", turn_id="u2")
        record = await Shelf(pipeline).record("", ref_of("d"), turns=100)
    assert record is not None
    view = prompt_view(record, "u2")
    assert view is not None
    sent = talker.prompts["u2"].blocks
    assert [(block.text, block.tools) for block in view.blocks] == [(block.text, block.tools) for block in sent]
    assert len(sent[2].tools[0].result or "") < len(exchange.result or ""), "the result was shortened"


async def test_the_log_keeps_each_text_about_once() -> None:
    store = MemoryStore()
    pipeline = open_pipeline(store, instructions=INSTRUCTIONS)
    await talk(Talker(pipeline), 60)
    lines = [json.loads(entry.data) async for entry in store.read_log("/d")]
    kept = [block["text"] for line in lines for block in line.get("kept", ())]
    said = sum(len(line.get("user", "")) + len(line.get("reply", "")) for line in lines)
    assert sum(map(len, kept)) < said, "prompts are a multiple of what was said; what is kept of them is not"
    assert kept.count(next(text for text in kept if text.startswith(INSTRUCTIONS))) < 20
    await pipeline.aclose()


async def test_a_turn_that_is_not_in_the_log_has_no_prompt() -> None:
    async with open_pipeline("memory:") as pipeline:
        await Talker(pipeline).say("Where is Boston?", "In the east.", turn_id="u0")
        record = await Shelf(pipeline).record("", ref_of("d"), turns=100)
    assert record is not None
    assert prompt_view(record, "u9") is None


async def test_two_turns_open_at_once_never_show_a_text_that_was_not_sent() -> None:
    async with open_pipeline("memory:") as pipeline:
        talker = Talker(pipeline)
        await talker.say("Where is Boston?", LONG_REPLY, turn_id="u0")
        await asyncio.gather(
            talker.say("Where is Denver?", LONG_REPLY, turn_id="u1"),
            talker.say("Where is Austin?", LONG_REPLY, turn_id="u2"),
        )
        await talker.say("Where is Dallas?", "In Texas.", turn_id="u3")
        record = await Shelf(pipeline).record("", ref_of("d"), turns=100)
    assert record is not None
    view = prompt_view(record, "u3")
    assert view is not None
    for seen, sent in zip(view.blocks, talker.prompts["u3"].blocks, strict=True):
        assert seen.text in (None, sent.text)
