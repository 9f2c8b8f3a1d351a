"""What the ways of joining a fragment to a request share: its text, its tokens, and what is resolved from it."""

from __future__ import annotations

from dialog.interpret.en.compose import Part, edits_of
from dialog.interpret.en.confidence import UNSURE, of_rule
from dialog.interpret.en.message import Message
from dialog.interpret.pack import Resolution
from dialog.state import Act


def text_of(message: Message, first: int, last: int) -> str:
    """What tokens `first`..`last` of the message say."""
    return message.text[message.tokens[first].start : message.tokens[last - 1].end]


def token_at(message: Message, first: int, offset: int) -> int:
    """The first token that starts at or after `offset` characters past the start of token `first`."""
    at = message.tokens[first].start + offset
    return next((k for k in range(first, len(message.tokens)) if message.tokens[k].start >= at), len(message.tokens))


def resolved(message: Message, parts: list[Part], act: Act, rule: str, confidence: float | None = None) -> Resolution:
    """The message as `parts`, by the rule of that name; its confidence is the rule's where none is given."""
    edits = edits_of(message.text, parts, "omission")
    sure = of_rule(f"omission/{rule}") if confidence is None else confidence
    return Resolution(act=act, edits=edits, rule=f"omission/{rule}", confidence=sure, unsure=sure < UNSURE)
