"""The interpreter that `--engine` names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from dialog.backends.base import Backend
from dialog.cli.backend import chosen_backend
from dialog.interpretation import Interpreter
from dialog.slots import SlotSchema

InterpreterFor = Callable[[SlotSchema | None], Interpreter]

NO_MODEL = (
    "--engine {} asks a language model, and none is configured; "
    "set OPENAI_API_KEY or ANTHROPIC_API_KEY, run Ollama, name a --backend, or use --engine rules"
)


ENGINES = ("rules", "local", "model", "auto")
ENGINES_HELP = (
    "who reads messages: rules; local, rules and the trained rewriter; model; "
    "auto, local reading and the model where that is unsure"
)


@asynccontextmanager
async def engine(args: argparse.Namespace) -> AsyncIterator[InterpreterFor]:
    """Makes the interpreter of a slot schema, for as long as this is open; afterwards "auto" reports on standard error
    how many turns it asked the model about.

    Raises ValueError when the engine needs what is not there: silently using another would falsify an evaluation.
    """
    name: str | None = args.engine
    if name not in ("model", "auto"):
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


def interpreter(name: str | None, backend: Backend | None, schema: SlotSchema | None = None) -> Interpreter:
    """The interpreter called `name`, one of ENGINES: "model" asks `backend` always, "auto" where local reading is
    unsure. None: local reading, by rules alone where the extra `local` is not installed.

    Raises ValueError when it needs a model and `backend` is none, or is "local" and the trained rewriter cannot run.
    """
    from dialog.assemble import helped, local_interpreter

    if name is None:
        return local_interpreter(schema=schema)
    match name:
        case "rules" | "local":
            return local_interpreter(name, schema)
    if backend is None or backend.name == "preview":
        raise ValueError(NO_MODEL.format(name))
    local = local_interpreter(schema=schema)
    if name == "auto":
        return helped(local, backend, schema)
    from dialog.interpret.model import ModelInterpreter

    return ModelInterpreter(backend, local=local, schema=schema)


def report_escalations(used: Iterable[Interpreter]) -> None:
    """Say on standard error which share of the turns went to the model, of the `auto` interpreters in `used`."""
    from dialog.interpret.auto import AutoInterpreter

    counts = [each.escalations for each in used if isinstance(each, AutoInterpreter)]
    if counts:
        turns, asked, unused = (
            sum(column) for column in zip(*((c.turns, c.asked, c.unused) for c in counts), strict=True)
        )
        print(f"auto: asked the model about {asked} of {turns} turns, {unused} answer(s) unused", file=sys.stderr)
