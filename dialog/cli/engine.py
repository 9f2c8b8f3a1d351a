"""The interpreter that `--engine` names."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
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
NO_REWRITER = (
    "--engine local runs the trained rewriter, and this version of antecedent comes without one; "
    "use rules, model or auto"
)


@asynccontextmanager
async def engine(args: argparse.Namespace) -> AsyncIterator[InterpreterFor]:
    """Makes the interpreter of a slot schema, for as long as this is open.

    Raises ValueError when the engine needs what is not there: silently using another would falsify an evaluation.
    """
    if args.engine == "local":
        raise ValueError(NO_REWRITER)
    if args.engine == "rules":
        yield lambda schema: interpreter("rules", None, schema)
        return
    backend, _ = await chosen_backend(args)
    try:
        yield lambda schema: interpreter(args.engine, backend, schema)
    finally:
        await backend.aclose()


def interpreter(name: str, backend: Backend | None, schema: SlotSchema | None = None) -> Interpreter:
    """The interpreter called `name`; "model" asks `backend` always, "auto" where the rules are unsure.

    Raises ValueError when it needs a model and `backend` is none.
    """
    from dialog.interpret.local import LocalInterpreter

    local = LocalInterpreter(schema=schema)
    if name == "rules":
        return local
    if backend is None or backend.name == "preview":
        raise ValueError(NO_MODEL.format(name))
    from dialog.interpret.auto import AutoInterpreter
    from dialog.interpret.model import ModelInterpreter

    model = ModelInterpreter(backend, local=local, schema=schema)
    return model if name == "model" else AutoInterpreter(local, model)
