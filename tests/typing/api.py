"""The public API as a user writes against it: type-checked, never run."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from dialog import (
    Budget,
    DialogState,
    Interpretation,
    Pipeline,
    PipelineConfig,
    Reply,
    RuleInterpreter,
    TurnTrace,
    open_pipeline,
    open_store,
)
from dialog.backends.anthropic import AnthropicBackend
from dialog.backends.openai import OpenAIBackend
from stores.memory import MemoryStore


class RestaurantSearch(BaseModel):
    city: str | None = None
    guests: int = 2


class Louder:
    """An interpreter of the user's own, around ours."""

    def __init__(self, inner: RuleInterpreter) -> None:
        self._inner = inner

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        return await self._inner(state, text, now=now)


async def main() -> None:
    backend = OpenAIBackend("gpt-5.2", api_key="key")
    helper = AnthropicBackend("claude-haiku-4-5", api_key="key")
    async with open_pipeline("memory:", backend=backend, helper=helper, schema=RestaurantSearch) as pipeline:
        reply: Reply = await pipeline.reply("ann", "hello", tenant="acme")
        text: str = reply.text
        async for piece in pipeline.stream("ann", text):
            print(piece)
        async with pipeline.turn("ann", "more", turn_id="m2", speaker="U1") as turn:
            print(turn.prompt.tokens, turn.interpretation.act)
            await turn.close("done")
        trace: TurnTrace = await pipeline.why("ann")
        print(trace.tokens)
        state: DialogState | None = await pipeline.state("ann")
        if state is not None:
            search: RestaurantSearch = state.slots_as(RestaurantSearch)
            print(search.guests)
    store = open_store("redis://localhost")
    custom: Pipeline = open_pipeline(
        store,
        interpret=Louder(RuleInterpreter()),
        budget=Budget(budget_tokens=8_000),
        config=PipelineConfig(overlap="wait", ttl_s=None),
    )
    await custom.aclose()
    await MemoryStore().aclose()
