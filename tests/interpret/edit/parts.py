"""Windows for the tests of the trained rewriter."""

from __future__ import annotations

from dialog.interpret.edit.window import Passage, Window, message_passage, window_over
from dialog.interpret.edit.words import words_of
from dialog.rewrite import Source


def window(*said: str, message: str) -> Window:
    """A window over `said` (user and assistant in turn) and `message`."""
    passages = [
        Passage(
            "user" if n % 2 == 0 else "assistant",
            text,
            words_of(text),
            Source(kind="user" if n % 2 == 0 else "reply", turn_id=f"t{n // 2 + 1}"),
        )
        for n, text in enumerate(said)
    ]
    return window_over([], passages, message_passage(message))
