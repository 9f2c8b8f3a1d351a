"""Show what is remembered of a dialog: topics, slots, summary and recent turns; without DIALOG, list the dialogs."""

from __future__ import annotations

import argparse
import asyncio

from dialog.cli.options import add_screen_options, add_store_options, lang_of, store_url
from dialog.cli.screen import Screen
from dialog.cli.state_view import dialog_view, listed
from dialog.cli.stored import stored, used_at
from dialog.cli.which_screen import open_screen
from dialog.cli.words import words
from dialog.errors import DialogUnknown
from dialog.pipeline import Pipeline

NAME = "show"
HELP = "show a stored dialog, or list them"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dialog", nargs="?", metavar="DIALOG", help="its id")
    add_store_options(parser)
    add_screen_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_show(args, open_screen(as_json=args.json, plain=args.plain)))


async def _show(args: argparse.Namespace, screen: Screen) -> int:
    from dialog.assemble import open_pipeline

    async with open_pipeline(store_url(args)) as pipeline:
        if args.dialog is None:
            await _list(pipeline, args, screen)
            return 0
        state = await pipeline.state(args.dialog, tenant=args.tenant)
        if state is None:
            raise DialogUnknown(args.dialog)
        screen.show(dialog_view(state, words(lang_of(args))), {"kind": "state"} | state.model_dump(mode="json"))
    return 0


async def _list(pipeline: Pipeline, args: argparse.Namespace, screen: Screen) -> None:
    states = await stored(pipeline, args.tenant)
    dialogs = [{"dialog_id": state.dialog_id, "turns": state.next_n - 1, "used_at": used_at(state)} for state in states]
    screen.show(listed(states, words(lang_of(args))), {"kind": "dialogs", "dialogs": dialogs})
