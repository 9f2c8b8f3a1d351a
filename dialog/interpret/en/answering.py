"""A question of the assistant, and the fragment that answers it."""

from __future__ import annotations

import re

from dialog.interpret.en import words
from dialog.interpret.en.classes import class_of
from dialog.interpret.en.compose import Glue, Kept
from dialog.interpret.en.merge import mark_of, politeness, replaced, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.omissions import resolved, text_of
from dialog.interpret.en.standing import latest
from dialog.interpret.en.text import sentences_of, tokens_of
from dialog.interpret.pack import Resolution, View

PLACE_ASKED = re.compile(
    r"\b(?:what|which) (?:city|town|place|location|area|part|neighbou?rhood)|\bwhere\b|city (?:do|would"
    r"|should)|what location",
    re.I,
)
TIME_ASKED = re.compile(r"\b(?:what|which) (?:day|date|time|month|year)|\bwhen\b|what time", re.I)
OFFERS = re.compile(
    r"(?:^|[.!?:,]\s+|\n)(?:would you like (?:me )?to|(?:do you )?want me to|shall i|should i|is there anything else"
    r"|anything else)\b(?![^?]*\bor\b)[^?.!]*\?\s*$",
    re.I,
)
"""A closing offer, to which a new wish is no answer."""


def was_asked(view: View) -> bool:
    """Whether the assistant's last words were a question."""
    if not view.utterances or view.utterances[-1].role != "assistant":
        return False
    reply = view.utterances[-1].text.rstrip()
    if reply.endswith("?"):
        return True
    last = sentences_of(reply)[-1:] or ((0, 0),)
    first = next(iter(tokens_of(reply[last[0][0] :])), None)
    return first is not None and not reply.endswith((".", "!")) and first.low in words.WH | words.AUXILIARIES


def awaits_answer(view: View) -> bool:
    """Whether those words ask for something that a value could be; a closing offer does not."""
    return was_asked(view) and OFFERS.search(view.utterances[-1].text.rstrip()) is None


def answers(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """A place or time that the assistant asked for: "San Francisco", "Tuesday at 3pm"."""
    if not was_asked(view) or not message.is_fragment or last - first > 7 or view.last_reply is None:
        return None
    kind = class_of(text_of(message, first, last))
    reply = view.last_reply.text
    request = latest(view)
    if request is None or kind in ("cuisine", "price", "number", "size", "colour"):
        return None
    names_place = kind == "place" or (
        message.tag(first) == "N" and all(tag in "N." for tag in message.tags[first:last])
    )
    if PLACE_ASKED.search(reply) and names_place:
        parts = [
            request.copy(),
            Glue(" in "),
            Kept(message.tokens[first].start, message.tokens[last - 1].end),
            *politeness(message, last),
            *mark_of(message, request, last),
        ]
        return resolved(message, parts, "refine", "answer")
    if TIME_ASKED.search(reply) and kind in ("day", "clock", "month", "duration"):
        target = target_for(message, request, first, last)
        own = [Kept(message.tokens[first].start, message.tokens[last - 1].end), *mark_of(message, request, last)]
        parts = [request.copy(), Glue(" "), *own]
        if target is not None and target.sure:
            parts = replaced(message, request, first, last, target)
        return resolved(message, parts, "refine", "answer")
    return None
