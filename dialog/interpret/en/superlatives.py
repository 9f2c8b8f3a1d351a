"""The rule for superlatives without their noun: "What is the biggest ever caught?"."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.en import lexicon
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.mentions import Mention
from dialog.interpret.en.message import Message
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import singular
from dialog.interpret.pack import Resolution, View

SUPERLATIVES = word_set(
    """best worst most least first last latest youngest tallest shortest fastest strongest longest deepest smallest
    highest lowest"""
)


def most_of_all(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "What is the biggest ever caught?": of what the dialog is about."""
    for i, token in enumerate(message.tokens):
        if message.low(i - 1) != "the" or message.is_protected(i):
            continue
        end = i + 2 if token.low in ("most", "least") and message.tag(i + 1) == "A" else i + 1
        if not _is_superlative(token.low) or (token.low in ("most", "least") and end == i + 1):
            continue
        if message.tag(end) not in (".", "", "I", "V", "T", "R", "X") or message.low(end) in ("of", "to", "time"):
            continue
        if (
            message.tag(i - 2) not in ("X", "V", "I")
            or message.low(i - 2) in ("at", "for", "like")
            or any(p.last <= i - 1 for p in message.phrases)
        ):
            continue
        theme = next(
            (m for m in mentions if m.by_user and m.kind in ("thing", "place", "person") and not m.proper), None
        )
        if theme is None or theme.weight < 0:
            return None
        noun = theme.copy(theme.core_end - len(theme.head), theme.core_end)
        text = noun.text
        if text.casefold() != theme.head or singular(theme.head) in lexicon.RELATIONAL:
            return None
        cut = len(text) - len(singular(text)) if message.low(i - 2) in ("is", "was", "'s") and text.endswith("s") else 0
        if cut and not text.startswith(singular(text)):
            return None
        noun = theme.copy(theme.core_end - len(theme.head), theme.core_end - cut)
        at = message.tokens[end - 1].end
        parts: list[Part] = [Kept(0, at), Glue(" "), noun, Kept(at, len(message.text))]
        return Resolution(
            act="follow_up",
            edits=edits_of(message.text, parts, "omission"),
            rule="superlative",
            confidence=of_rule("superlative"),
        )
    return None


def _is_superlative(low: str) -> bool:
    return low in SUPERLATIVES or (low.endswith("est") and low in lexicon.ADJECTIVES)
