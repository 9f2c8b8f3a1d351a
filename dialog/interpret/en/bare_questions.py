"""The rule for question words alone: "why?", "how much?", "when?"."""

from __future__ import annotations

import re

from dialog.interpret.en.compose import Glue, Kept, Part
from dialog.interpret.en.entities import answer_named
from dialog.interpret.en.merge import mark_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.omissions import resolved
from dialog.interpret.en.standing import latest
from dialog.interpret.pack import Resolution, View

BARE_WH = re.compile(
    r"(?:(?:and|but|so|ok|um|uh)[\s,]+)*(?P<wh>why(?: not)?|how(?: come| so)?|when|where|who|how much"
    r"|how many|how long|how far|how often|what time|since when|for how long|how old)"
    r"(?: exactly)?\W*",
    re.I,
)
AUXILIARY_FIRST = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\s+(?!you\b|we\b|there\b)", re.I
)


def asks_bare(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "Why?", "how much?", "when?"."""
    found = BARE_WH.fullmatch(message.text[message.tokens[first].start :])
    if not found:
        return None
    request = latest(view)
    if request is None:
        return None
    start = message.tokens[first].start + found.start("wh")
    end = message.tokens[first].start + found.end("wh")
    wh = found["wh"].lower()
    named = answer_named(view)
    if wh in ("how much", "where", "how far") and named is not None and not AUXILIARY_FIRST.match(request.text):
        tail = message.text[end:].rstrip()
        parts: list[Part] = [Kept(start, end), Glue(" is "), named, *([Kept(end, len(message.text))] if tail else [])]
        return resolved(message, parts, "follow_up", "wh")
    if AUXILIARY_FIRST.match(request.text) and wh in ("why", "when", "where", "how", "why not"):
        body = request.copy()
        lower = body.recased(body.text[0].lower() + body.text[1:])
        parts = [Kept(start, end), Glue(" "), lower, *mark_of(message, request, last)]
        return resolved(message, parts, "follow_up", "wh")
    if wh in ("why", "how come", "how so", "why not") and view.utterances[-1].role == "assistant":
        return None  # asks for the reasons of what the reply says, not of the question
    lower_wh: list[Part] = [Kept(start, end)] if message.text[start].islower() else [Glue(wh)]
    parts = [
        request.copy(),
        Glue(", and " if request.is_cased or request.mark else " and "),
        *lower_wh,
        *mark_of(message, request, last),
    ]
    return resolved(message, parts, "follow_up", "wh")
