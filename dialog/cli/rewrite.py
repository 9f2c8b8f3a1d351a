"""Rewrite the follow-ups of a file of conversations, one JSON line each, for evaluation."""

from __future__ import annotations

import argparse
import asyncio

from dialog.cli.backend import add_backend_options
from dialog.cli.batch import configure_batch, files_of, progress
from dialog.cli.engine import engine

NAME = "rewrite"
HELP = "rewrite the follow-ups in a file of conversations"


def configure(parser: argparse.ArgumentParser) -> None:
    configure_batch(parser, rows='{"id", "lang", "history": [{"role", "text"}, ...], "utterance"}')
    add_backend_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_rewrite(args))


async def _rewrite(args: argparse.Namespace) -> int:
    from dialog.evaluate.rewriting import rewrite_file

    source, target = files_of(args)
    async with engine(args) as interpreter_for:
        with progress(source) as advance:
            bad = await rewrite_file(source, target, interpret=interpreter_for(None), on_row=advance)
    return 1 if bad else 0
