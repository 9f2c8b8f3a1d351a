"""Write all that is stored of a dialog as JSON lines: its log, oldest first, then its state."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from dialog.cli.options import add_store_options, store_url

NAME = "export"
HELP = "write a stored dialog as JSON lines"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dialog", metavar="DIALOG", help="its id")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to (default: standard output)")
    add_store_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_export(args))


async def _export(args: argparse.Namespace) -> int:
    from dialog.assemble import open_pipeline

    async with open_pipeline(store_url(args)) as pipeline:
        # Read before the file is opened: an unknown dialog must not empty a file that is there.
        entries = [entry async for entry in pipeline.export(args.dialog, tenant=args.tenant)]
    out: TextIO
    with args.output.open("w", encoding="utf-8") if args.output else nullcontext(sys.stdout) as out:
        for entry in entries:
            print(json.dumps(entry, ensure_ascii=False), file=out)
    return 0
