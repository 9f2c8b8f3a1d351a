"""Building edits whose every piece has a source: words that were said, or glue from the closed list."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.pack import Utterance
from dialog.interpret.zh.mentions import Mention
from dialog.interpret.zh.words import GLUE as GLUE_WORDS
from dialog.rewrite import GLUE, Edit, Piece, Reason, Span


def said(utterance: Utterance, start: int, end: int) -> tuple[Piece, ...]:
    """The words `utterance.text[start:end]` as a piece; nothing when they are empty."""
    if start >= end:
        return ()
    return (Piece(text=utterance.text[start:end], source=utterance.source(start, end)),)


def of(mention: Mention) -> tuple[Piece, ...]:
    return said(mention.said, mention.start, mention.end)


def glue(text: str) -> tuple[Piece, ...]:
    """A function word or punctuation mark of the closed list. Raises ValueError for any other."""
    if text not in GLUE_WORDS:
        raise ValueError(f"{text!r} is not in the closed list of glue; take it from the conversation or add it there")
    return (Piece(text=text, source=GLUE),)


def put(start: int, end: int, pieces: Sequence[Piece], reason: Reason) -> Edit:
    """Replace `start`..`end` of the message by `pieces`."""
    return Edit(span=Span(start=start, end=end), pieces=tuple(pieces), reason=reason)
