"""The interpreter that `--engine` names."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from dialog.cli.backend import chosen_backend
from dialog.interpretation import Interpreter
from dialog.slots import SlotSchema

InterpreterFor = Callable[[SlotSchema | None], Interpreter]

NO_MODEL = "--engine {} asks a language model, and none is configured; set {}, or use --engine rules"
NO_REWRITER = (
    "--engine local runs the trained rewriter, and this version of antecedent comes without one; "
    "use rules, model or auto"
)


@asynccontextmanager
async def engine(args: argparse.Namespace) -> AsyncIterator[InterpreterFor]:
    """Makes the interpreter of a slot schema, for as long as this is open.

    Raises ValueError when the engine needs what is not there: silently using another would falsify an evaluation.
    """
    from dialog.interpret.auto import AutoInterpreter
    from dialog.interpret.local import LocalInterpreter
    from dialog.interpret.model import ModelInterpreter

    if args.engine == "local":
        raise ValueError(NO_REWRITER)
    if args.engine == "rules":
        yield lambda schema: LocalInterpreter(schema=schema)
        return
    backend, _ = await chosen_backend(args)
    try:
        if backend.name == "preview":
            raise ValueError(NO_MODEL.format(args.engine, "OPENAI_API_KEY or ANTHROPIC_API_KEY, or --backend"))

        def made(schema: SlotSchema | None) -> Interpreter:
            local = LocalInterpreter(schema=schema)
            model = ModelInterpreter(backend, fallback=local)
            return model if args.engine == "model" else AutoInterpreter(local, model)

        yield made
    finally:
        await backend.aclose()
