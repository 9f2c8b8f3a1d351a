"""Delete a dialog for good: its state and its log."""

from __future__ import annotations

import argparse
import asyncio
import sys

from dialog.cli.options import add_store_options, store_url
from dialog.errors import DialogUnknown

NAME = "forget"
HELP = "delete a stored dialog"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dialog", metavar="DIALOG", help="its id")
    add_store_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_forget(args))


async def _forget(args: argparse.Namespace) -> int:
    from dialog.assemble import open_pipeline

    async with open_pipeline(store_url(args)) as pipeline:
        if not await pipeline.forget(args.dialog, tenant=args.tenant):
            raise DialogUnknown(args.dialog)
    print(f"dialog {args.dialog} is deleted", file=sys.stderr)
    return 0
