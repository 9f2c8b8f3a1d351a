"""The command `antecedent`: one module per command, rendering apart from what is done."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dialog.cli import chat, demo, export, forget, inspect, rewrite, serve, show, slack, track
from dialog.errors import DialogError
from stores.base import StoreError

Run = Callable[[argparse.Namespace], int]

COMMANDS: tuple[Any, ...] = (demo, chat, serve, slack, inspect, show, export, forget, rewrite, track)
"""Modules with NAME, HELP, `configure(parser)` and `run(args) -> int`, the exit code."""

EPILOG = "exit codes: 0 done, 1 not done or not all of it, 2 the command line makes no sense, 130 interrupted"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: that of the process); returns the exit code."""
    _never_fail_to_print()
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:  # argparse has printed the help, the version or what is wrong
        return end.code if isinstance(end.code, int) else 2
    try:
        return _run(args.run, args)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be said to them, also not while Python shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(run: Run, args: argparse.Namespace) -> int:
    try:
        return run(args)
    except (DialogError, StoreError, OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"antecedent: {_said(error)}", file=sys.stderr)
        return 1


def _said(error: Exception) -> str:
    """The error's own sentence; for a file that cannot be used, the file and the system's reason."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}; check the path and its permissions"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="antecedent",
        description="Keep a conversation's state and turn each follow-up into a request a stranger could answer.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"antecedent {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.__doc__, epilog=EPILOG)
        command.configure(sub)
        sub.set_defaults(run=command.run)
    return parser


def _version() -> str:
    try:
        return version("antecedent")
    except PackageNotFoundError:
        return "(not installed)"


def _never_fail_to_print() -> None:
    """Characters that the output's encoding lacks come out as "?", instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
