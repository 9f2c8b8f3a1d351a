"""Which screen a process has: JSON lines for scripts, `rich` on a terminal that has it, plain text anywhere."""

from __future__ import annotations

import os
import sys

from dialog.cli.screen import JsonScreen, PlainScreen, Screen


def open_screen(*, as_json: bool = False, plain: bool = False) -> Screen:
    """The screen for this process: JSON when asked; rich on a terminal where it is installed; else plain text.

    `plain`, `TERM=dumb` and an output that is no terminal give text without any escape sequence; `NO_COLOR`
    (https://no-color.org), any non-empty value, keeps the layout and leaves colours out.
    """
    if as_json:
        return JsonScreen(sys.stdout, sys.stderr)
    if can_redraw(plain=plain):
        try:
            from dialog.cli.rich_screen import RichScreen
        except ImportError:  # the chat extra is not installed; plain text says the same
            pass
        else:
            return RichScreen(sys.stdout, sys.stderr)
    return PlainScreen(sys.stdout, sys.stderr)


def can_redraw(*, plain: bool) -> bool:
    """Whether standard output is a terminal that may be drawn on, and not only written to."""
    return not plain and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
