"""The interpreter that `--engine` names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from dialog.backends.base import Backend
from dialog.cli.backend import chosen_backend
from dialog.interpretation import Interpreter
from dialog.slots import SlotSchema

if TYPE_CHECKING:
    from dialog.interpret.edit.trained import TrainedInterpreter

InterpreterFor = Callable[[SlotSchema | None], Interpreter]

NO_MODEL = (
    "--engine {} asks a language model, and none is configured; "
    "set OPENAI_API_KEY or ANTHROPIC_API_KEY, run Ollama, name a --backend, or use --engine rules"
)


ENGINES = ("rules", "local", "model", "auto")
ENGINES_HELP = (
    "who reads messages: rules; local, rules and the trained rewriter; model; "
    "auto, the rules and the model where they are unsure"
)


@asynccontextmanager
async def engine(args: argparse.Namespace) -> AsyncIterator[InterpreterFor]:
    """Makes the interpreter of a slot schema, for as long as this is open; afterwards "auto" reports on standard error
    how many turns it asked the model about.

    Raises ValueError when the engine needs what is not there: silently using another would falsify an evaluation.
    """
    name: str = args.engine
    if name in ("rules", "local"):
        yield lambda schema: interpreter(name, None, schema)
        return
    backend, _ = await chosen_backend(args)
    made: list[Interpreter] = []

    def make(schema: SlotSchema | None) -> Interpreter:
        made.append(interpreter(name, backend, schema))
        return made[-1]

    try:
        yield make
        report_escalations(made)
    finally:
        await backend.aclose()


def interpreter(name: str, backend: Backend | None, schema: SlotSchema | None = None) -> Interpreter:
    """The interpreter called `name`, one of ENGINES; "model" asks `backend` always, "auto" where the rules are unsure.

    Raises ValueError when it needs a model and `backend` is none, or is "local" and the trained rewriter cannot run.
    """
    from dialog.interpret.local import LocalInterpreter

    if name == "rules":
        return LocalInterpreter(schema=schema)
    if name == "local":
        return _required(trained(schema))
    if backend is None or backend.name == "preview":
        raise ValueError(NO_MODEL.format(name))
    from dialog.interpret.auto import AutoInterpreter
    from dialog.interpret.model import ModelInterpreter

    rules = LocalInterpreter(schema=schema)
    model = ModelInterpreter(backend, local=rules, schema=schema)
    return model if name == "model" else AutoInterpreter(rules, model)


def trained(schema: SlotSchema | None) -> TrainedInterpreter:
    """The rules and the trained rewriter."""
    from dialog.interpret.edit.trained import TrainedInterpreter
    from dialog.interpret.local import LocalInterpreter

    return TrainedInterpreter(LocalInterpreter(schema=schema))


def _required(interpreter: TrainedInterpreter) -> TrainedInterpreter:
    from dialog.interpret.edit.network import NetworkMissing

    try:
        interpreter.require()
    except NetworkMissing as missing:
        raise ValueError(f"--engine local: {missing}") from None
    return interpreter


def report_escalations(used: Iterable[Interpreter]) -> None:
    """Say on standard error which share of the turns went to the model, of the `auto` interpreters in `used`."""
    from dialog.interpret.auto import AutoInterpreter

    counts = [each.escalations for each in used if isinstance(each, AutoInterpreter)]
    if counts:
        turns, asked, unused = (
            sum(column) for column in zip(*((c.turns, c.asked, c.unused) for c in counts), strict=True)
        )
        print(f"auto: asked the model about {asked} of {turns} turns, {unused} answer(s) unused", file=sys.stderr)
