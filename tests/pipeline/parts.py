"""Small real parts for pipeline tests: steps whose work is easy to foresee, and a backend that can be held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime

from dialog.change import Compacted
from dialog.config import PipelineConfig
from dialog.interpretation import Interpretation, identity
from dialog.pipeline import Pipeline
from dialog.prompt import Block, GroundedPrompt
from dialog.state import DialogState
from dialog.steps import Steps
from stores.base import Store


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class HeldBackend:
    """Answers "re: <last message>" in two pieces; while `gate` is closed it stops after the first."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    prompts: list[GroundedPrompt] = field(default_factory=list)
    error: Exception | None = None
    name: str = "held"

    async def stream(self, prompt: GroundedPrompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        if self.error is not None:
            raise self.error
        yield "re: "
        self.started.set()
        await self.gate.wait()
        yield prompt.message.text

    async def complete(self, prompt: GroundedPrompt, *, schema: dict[str, object] | None = None) -> str:
        return "".join([piece async for piece in self.stream(prompt)])

    async def aclose(self) -> None:
        return None


def seen_by(prompt: GroundedPrompt) -> list[str]:
    """The texts of a prompt."""
    return [block.text for block in prompt.blocks]


@dataclass(frozen=True)
class Plain:
    prompt: GroundedPrompt
    sent: str
    compacted: Compacted | None = None


async def plain_ground(state: DialogState, interpretation: Interpretation, *, sent: str | None = None) -> Plain:
    """Every recent turn, then the message; one token per character."""
    blocks = []
    for turn in state.turns:
        blocks.append(Block(kind="turn", role="user", text=turn.sent, tokens=len(turn.sent), turn_id=turn.turn_id))
        if turn.reply:
            blocks.append(Block(kind="turn", role="assistant", text=turn.reply, tokens=len(turn.reply)))
    message = sent or interpretation.rewrite.text
    blocks.append(Block(kind="message", role="user", text=message, tokens=len(message)))
    total = sum(block.tokens for block in blocks)
    return Plain(GroundedPrompt(blocks=tuple(blocks), tokens=total, budget=100_000, counter="characters"), message)


async def leave_alone(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
    return identity(state, text, by="test")


async def never_compact(state: DialogState) -> Compacted | None:
    return None


STEPS = Steps(interpret=leave_alone, ground=plain_ground, compact=never_compact)


def pipeline_over(
    store: Store,
    backend: HeldBackend | None = None,
    *,
    clock: Clock | None = None,
    steps: Steps = STEPS,
    **config: object,
) -> Pipeline:
    return Pipeline(store=store, steps=steps, backend=backend, config=PipelineConfig(**config), clock=clock or Clock())
