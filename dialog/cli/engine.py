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
    from dialog.interpret.local import LocalInterpreter

InterpreterFor = Callable[[SlotSchema | None], Interpreter]

NO_MODEL = (
    "--engine {} asks a language model, and none is configured; "
    "set OPENAI_API_KEY or ANTHROPIC_API_KEY, run Ollama, name a --backend, or use --engine rules"
)


@asynccontextmanager
async def engine(args: argparse.Namespace) -> AsyncIterator[InterpreterFor]:
    """Makes the interpreter of a slot schema, for as long as this is open; afterwards "auto" reports on standard error
    how many turns it asked the model about.

    Raises ValueError when the engine needs what is not there: silently using another would falsify an evaluation.
    """
    if args.engine in ("rules", "local"):
        yield lambda schema: interpreter(args.engine, None, schema)
        return
    backend, _ = await chosen_backend(args)
    made: list[Interpreter] = []

    def make(schema: SlotSchema | None) -> Interpreter:
        made.append(interpreter(args.engine, backend, schema))
        return made[-1]

    try:
        yield make
        report_escalations(made)
    finally:
        await backend.aclose()


def interpreter(name: str, backend: Backend | None, schema: SlotSchema | None = None) -> Interpreter:
    """The interpreter called `name`; "local" runs the trained rewriter, "model" asks `backend` always, "auto" where the
    rules are unsure.

    Raises ValueError when it needs a model and `backend` is none, or the trained rewriter and that cannot run.
    """
    from dialog.interpret.local import LocalInterpreter

    local = LocalInterpreter(schema=schema)
    if name == "rules":
        return local
    if name == "local":
        return trained(local)
    if backend is None or backend.name == "preview":
        raise ValueError(NO_MODEL.format(name))
    from dialog.interpret.auto import AutoInterpreter
    from dialog.interpret.model import ModelInterpreter

    model = ModelInterpreter(backend, local=local, schema=schema)
    return model if name == "model" else AutoInterpreter(local, model)


def trained(rules: LocalInterpreter) -> Interpreter:
    """The rules and the trained rewriter; ValueError, saying what to install, when it cannot run."""
    from dialog.interpret.edit.network import NetworkMissing
    from dialog.interpret.edit.trained import TrainedInterpreter

    interpreter = TrainedInterpreter(rules)
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
