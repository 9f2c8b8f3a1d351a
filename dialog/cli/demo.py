"""Play a conversation with eight follow-ups and show, for each turn, what was made of it and what would be sent.

Needs no Redis, no key and no network. The assistant's replies are scripted; all else is computed as for any dialog.
"""

from __future__ import annotations

import argparse
import asyncio

from dialog.cli.demo_script import Scene, script
from dialog.cli.options import add_screen_options, lang_of
from dialog.cli.report import answered, report_of
from dialog.cli.screen import Screen
from dialog.cli.turn_view import turn_view
from dialog.cli.view import View, row
from dialog.cli.which_screen import open_screen
from dialog.cli.words import Words, words
from dialog.pipeline import Pipeline

NAME = "demo"
HELP = "play a conversation and show how each follow-up is grounded"


def configure(parser: argparse.ArgumentParser) -> None:
    add_screen_options(parser)


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_demo(args, open_screen(as_json=args.json, plain=args.plain)))


async def _demo(args: argparse.Namespace, screen: Screen) -> int:
    from dialog.assemble import open_pipeline
    from dialog.backends.scripted import ScriptedBackend
    from dialog.tokens import cached_counter

    lang = lang_of(args)
    scenes = script(lang)
    screen.note(words(lang).demo)
    backend = ScriptedBackend([scene.reply for scene in scenes])
    async with open_pipeline("memory:", backend=backend, count=await cached_counter()) as pipeline:
        for scene in scenes:
            await _play(pipeline, scene, screen, words(lang))
    return 0


async def _play(pipeline: Pipeline, scene: Scene, screen: Screen, said: Words) -> None:
    async with pipeline.turn("demo", scene.user) as turn:
        report = report_of(turn.state, turn.turn_id, turn.interpretation, turn.prompt)
        screen.show(turn_view(report, said))
        reply = await turn.reply()
        report = answered(report, turn.state.turn(turn.turn_id), reply)
    document = {"kind": "turn", "shows": scene.shows, "reply_is_scripted": True} | report.model_dump(mode="json")
    screen.show(View("", (row(said.scripted, reply),)), document)
