"""Track slots and topics through whole dialogs, one JSON line each, for evaluation."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from dialog.cli.backend import add_backend_options
from dialog.cli.batch import configure_batch, files_of, progress
from dialog.cli.engine import engine

NAME = "track"
HELP = "track slots and topics in a file of dialogs"


def configure(parser: argparse.ArgumentParser) -> None:
    configure_batch(parser, rows='{"id", "lang", "turns": [{"role", "text"}, ...]}')
    parser.add_argument("--schema", type=Path, metavar="S", help="services and their slots (default: general slots)")
    add_backend_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_track(args))


async def _track(args: argparse.Namespace) -> int:
    from dialog.evaluate.tracking import track_file

    source, target = files_of(args)
    async with engine(args) as interpreter_for:
        with progress(source) as advance:
            bad = await track_file(source, target, schema=args.schema, interpreter_for=interpreter_for, on_row=advance)
    return 1 if bad else 0
