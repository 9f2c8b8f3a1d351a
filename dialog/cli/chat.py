"""Chat in the terminal; each message is grounded before it goes to the model, and the dialog is kept.

The model is the one of --backend, else the one whose key or server the environment shows, else none: then the grounded
prompt is shown in place of a reply. Messages can also be piped in, one per line.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dialog.cli.backend import add_backend_options, chosen_backend
from dialog.cli.cells import shortened
from dialog.cli.commands import COMMANDS, Leave, chosen, help_view, run_command
from dialog.cli.engine import ENGINES, ENGINES_HELP, interpreter
from dialog.cli.interrupts import interruptible, on_interrupt
from dialog.cli.lines import Lines, StreamLines
from dialog.cli.options import add_screen_options, add_store_options, lang_of, store_url
from dialog.cli.session import Session, new_dialog_id
from dialog.cli.state_view import listed
from dialog.cli.stored import stored
from dialog.cli.which_screen import can_redraw, open_screen
from dialog.errors import DialogError, DialogUnknown
from stores.base import StoreError

if TYPE_CHECKING:
    from dialog.ground import Budget

NAME = "chat"
HELP = "chat in the terminal, with a dialog that is kept"

LEAST_TOKENS = 64
SAID = 500
"""How many earlier messages of a dialog can be called back at the prompt."""


def configure(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--dialog", metavar="ID", help="go on in this dialog, or begin it (default: a new one)")
    which.add_argument("--pick", action="store_true", help="choose from the dialogs that are stored")
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        help=f"{ENGINES_HELP} (default: auto with a model, otherwise local)",
    )
    parser.add_argument("--instructions", default="", metavar="TEXT", help="the system prompt")
    parser.add_argument("--budget", type=_tokens, metavar="N", help=f"tokens of a prompt, at least {LEAST_TOKENS}")
    add_store_options(parser)
    add_backend_options(parser)
    add_screen_options(parser)


def run(args: argparse.Namespace) -> int:
    url = store_url(args)
    first_run = args.store is None and sys.stdin.isatty() and not Path(url.removeprefix("sqlite:")).exists()
    return asyncio.run(_chat(args, url, first_run=first_run))


async def _chat(args: argparse.Namespace, url: str, *, first_run: bool) -> int:
    from dialog.assemble import open_pipeline

    screen = open_screen(as_json=args.json, plain=args.plain)
    backend, choice = await chosen_backend(args)
    engine = args.engine or (None if backend.name == "preview" else "auto")
    try:
        async with open_pipeline(
            url,
            backend=backend,
            interpret=interpreter(engine, backend),
            instructions=args.instructions,
            budget=_budget(args.budget),
        ) as pipeline:
            session = Session(
                pipeline,
                backend,
                screen,
                dialog_id=args.dialog or new_dialog_id(),
                tenant=args.tenant,
                lang=lang_of(args),
                preview=backend.name == "preview",
            )
            lines = _lines(session, args)
            if args.pick and not await _pick(session, lines):
                return 0
            await _greet(session, choice, first_run=first_run)
            lines.recall(await _said(session))
            code = await converse(session, lines)
            return 0 if sys.stdin.isatty() else code
    finally:
        await backend.aclose()


def _tokens(text: str) -> int:
    """A number of tokens that a budget can have; argparse reports anything else."""
    if not text.isdecimal() or int(text) < LEAST_TOKENS:
        raise argparse.ArgumentTypeError(f"a budget is a number of at least {LEAST_TOKENS} tokens, got {text!r}")
    return int(text)


def _budget(tokens: int | None) -> Budget | None:
    """The usual budget with another limit; compaction then begins no later than that."""
    from dialog.ground import Budget

    if tokens is None:
        return None
    usual = Budget().compact_at_tokens
    return Budget(budget_tokens=tokens, compact_at_tokens=usual and min(usual, tokens))


async def converse(session: Session, lines: Lines) -> int:
    """Take messages and commands until the input ends; the exit code, 1 when one of them could not be done.

    At a prompt Ctrl-C takes back what was typed, and a second one in a row leaves, as Ctrl-D does. During a reply it
    stops that, and in the moments between it does nothing.
    """
    code, interrupted = 0, False
    with on_interrupt(lambda: None):
        while True:
            try:
                text = (await lines.ask()).strip()
                interrupted = False
                await _take(session, text)
            except (EOFError, Leave):
                return code
            except KeyboardInterrupt:
                if interrupted:
                    return code
                interrupted = True
                session.screen.note(session.words.how_to_leave)
            except (DialogError, StoreError, ValueError) as error:
                session.screen.error(str(error))
                code = 1


async def _take(session: Session, text: str) -> None:
    """Do the command, or send the message; "//" begins a message whose first character is "/"."""
    if text.startswith("//"):
        await session.say(text[1:])
    elif text.startswith("/"):
        if not await interruptible(run_command(session, text)):
            session.screen.note(session.words.partial)
    elif text:
        await session.say(text)


def _lines(session: Session, args: argparse.Namespace) -> Lines:
    """Where messages come from: an edited line on a terminal, plain lines elsewhere."""
    prompt = f"{session.words.you}: "
    if not sys.stdin.isatty():
        return StreamLines()
    if args.json or not can_redraw(plain=args.plain):
        return StreamLines(prompt=prompt, prompt_to=sys.stderr)
    if find_spec("prompt_toolkit") is None:
        session.screen.note(session.words.no_editing)
        return StreamLines(prompt=prompt, prompt_to=sys.stdout)
    from dialog.cli.prompt_lines import PromptLines

    return PromptLines(prompt, suggest=lambda typed: _suggested(session, typed))


def _suggested(session: Session, typed: str) -> list[tuple[str, str]]:
    """The commands that begin as typed."""
    chinese = session.lang == "zh"
    return [
        (command.name, command.about_zh if chinese else command.about)
        for command in COMMANDS
        if command.name.startswith(typed.lower())
    ]


async def _greet(session: Session, choice: str, *, first_run: bool) -> None:
    """Say which model answers and why, and which dialog this is; on the first run, also what can be typed."""
    screen, said = session.screen, session.words
    screen.note(choice)
    if session.preview:
        screen.note(said.no_model)
    state = await session.pipeline.state(session.dialog_id, tenant=session.tenant)
    if state is None:
        screen.note(said.begins.format(session.dialog_id))
    else:
        last = shortened(state.turns[-1].user, 60) if state.turns else ""
        screen.note(said.resumes.format(session.dialog_id, state.next_n - 1, last))
    if first_run:
        screen.note(said.first_run)
        screen.show(help_view(session))
    screen.note(said.hint)


async def _said(session: Session) -> list[str]:
    """The latest messages of the dialog, verbatim, from its log."""
    try:
        entries = [entry async for entry in session.pipeline.export(session.dialog_id, tenant=session.tenant)]
    except DialogUnknown:
        return []
    return [entry["user"] for entry in entries if entry["kind"] == "turn_opened"][-SAID:]


async def _pick(session: Session, lines: Lines) -> bool:
    """Let the user choose among the stored dialogs; False when they leave instead. An empty answer begins a new one."""
    states = await stored(session.pipeline, session.tenant)
    session.screen.show(listed(states, session.words))
    while states:
        session.screen.note(session.words.how_to_pick)
        try:
            answer = (await lines.ask()).strip()
        except (EOFError, KeyboardInterrupt):
            return False
        if not answer:
            break
        try:
            session.enter(chosen(states, answer))
            break
        except DialogUnknown as error:
            session.screen.error(str(error))
    return True
