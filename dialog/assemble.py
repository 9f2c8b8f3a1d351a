"""The usual pipeline, put together: the one place that knows every part."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Literal

from pydantic import BaseModel

from dialog.backends.base import Backend
from dialog.change import Compacted
from dialog.config import PipelineConfig
from dialog.ground import Budget, Grounding, Summarise, TokenCounter, compact_when_due, ground, load_counter
from dialog.interpret.edit.network import NetworkMissing, shared_network
from dialog.interpret.edit.trained import TrainedInterpreter
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation, Interpreter
from dialog.pipeline import Pipeline
from dialog.slots import SlotSchema, schema_of
from dialog.state import DialogState
from dialog.steps import Steps
from dialog.store_url import open_store
from stores.base import Store

log = logging.getLogger("antecedent")

NEEDED = ("numpy", "onnxruntime")
"""What the trained rewriter imports, of the extra `local`."""

LocalEngine = Literal["rules", "local"]
"""Who reads messages without asking a model: rules; or rules and the trained rewriter."""


def open_pipeline(
    store: str | Store = "memory:",
    *,
    backend: Backend | None = None,
    helper: Backend | None = None,
    interpret: Interpreter | None = None,
    schema: type[BaseModel] | SlotSchema | None = None,
    instructions: str = "",
    budget: Budget | None = None,
    model: str | None = None,
    count: TokenCounter | None = None,
    config: PipelineConfig | None = None,
    clock: Callable[[], float] = time.time,
) -> Pipeline:
    """A pipeline over `store` (a URL, see `open_store`, or a store) that answers through `backend`.

    Interpretation is local: rules and the trained rewriter (`TrainedInterpreter`), or the rules alone where the extra
    `local` is not installed. With a `helper` model, it is asked where these are unsure (`AutoInterpreter`), and it
    writes the summaries. `interpret` replaces all that: `RuleInterpreter(schema=...)` is the rules alone. `schema`
    declares the slots to track; without one, general slots are tracked. `instructions` is the system prompt. `model`
    names the model whose vocabulary counts tokens, by default the backend's; it is downloaded where it is not at hand,
    unless `count` counts them.

    `Pipeline.aclose` closes the store when it was given as a URL; a store or backend that was passed in stays open.
    """
    slots = schema_of(schema) if isinstance(schema, type) else schema
    meant = interpret or _default_interpreter(helper, slots)
    counted = Counted(budget or Budget(), instructions, model or _model_of(backend), summarised_by(helper), count)
    opened = open_store(store) if isinstance(store, str) else store

    return Pipeline(
        store=opened,
        steps=Steps(interpret=meant, ground=counted.ground, compact=counted.compact),
        backend=backend,
        config=config,
        clock=clock,
        owned=(opened,) if isinstance(store, str) else (),
    )


def local_interpreter(engine: LocalEngine | None = None, schema: SlotSchema | None = None) -> Interpreter:
    """The local interpreter called `engine`; None: rules and the trained rewriter, or the rules alone, which the log
    then says once, where the extra `local` is not installed.

    Raises ValueError when `engine` is "local" and the trained rewriter cannot run.
    """
    rules = RuleInterpreter(schema=schema)
    if engine == "rules":
        return rules
    both = TrainedInterpreter(rules)
    if engine is None:
        _say_what_is_missing()
        return both
    try:
        both.require()
    except NetworkMissing as missing:
        raise ValueError(f"the engine local was asked for: {missing}") from None
    return both


def _default_interpreter(helper: Backend | None, schema: SlotSchema | None) -> Interpreter:
    local = local_interpreter(schema=schema)
    return helped(local, helper, schema) if helper else local


def _say_what_is_missing() -> None:
    """Log once a process, before the first message, that the network cannot run for want of the extra."""
    network = shared_network()
    missing = [name for name in NEEDED if find_spec(name) is None]  # importing them would take half a second
    if missing and not network.absent.is_set():
        network.absent.set()
        log.warning(
            "the trained rewriter needs %s; install the extra: pip install 'antecedent[local]'; "
            "the rules serve without it",
            " and ".join(missing),
        )


def helped(local: Interpreter, helper: Backend, schema: SlotSchema | None = None) -> Interpreter:
    """`local` first, the helper model where it is unsure."""
    from dialog.interpret.auto import AutoInterpreter
    from dialog.interpret.model import ModelInterpreter

    return AutoInterpreter(local, ModelInterpreter(helper, local=local, schema=schema), threshold=None)


def summarised_by(helper: Backend | None) -> Summarise | None:
    """Summaries written by the helper model; None, where there is none, leaves them to extraction."""
    if helper is None:
        return None
    from dialog.summarise.model import ModelSummariser

    return ModelSummariser(helper)


def _model_of(backend: Backend | None) -> str | None:
    """The model in a backend's name ("openai:gpt-5.2")."""
    return None if backend is None else backend.name.partition(":")[2] or None


class Counted:
    """Grounding under one budget. A token counter that is not given is loaded once, off the event loop, at the first
    turn."""

    def __init__(
        self,
        budget: Budget,
        instructions: str,
        model: str | None,
        summarise: Summarise | None = None,
        count: TokenCounter | None = None,
    ) -> None:
        self._budget = budget
        self._instructions = instructions
        self._model = model
        self._summarise = summarise
        self._loading: asyncio.Lock = asyncio.Lock()
        self._counter = count

    async def ground(self, state: DialogState, interpretation: Interpretation, *, sent: str | None = None) -> Grounding:
        count = await self._count()
        return ground(
            state, interpretation, instructions=self._instructions, budget=self._budget, count=count, sent=sent
        )

    async def compact(self, state: DialogState) -> Compacted | None:
        """The compaction of `state` when it is due; the summary is extracted unless a model writes it."""
        count = await self._count()
        return await compact_when_due(state, budget=self._budget, count=count, summarise=self._summarise)

    async def _count(self) -> TokenCounter:
        async with self._loading:
            if self._counter is None:
                self._counter = await load_counter(self._model)
            return self._counter
