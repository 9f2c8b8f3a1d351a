"""The rules for "one" after a word that says which: "a red one", "the free one", "vegetarian ones"."""

from __future__ import annotations

import re

from dialog.interpret.en.compose import Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import item_named, latest_list
from dialog.interpret.en.merge import replaced, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.narrowing import narrowed
from dialog.interpret.en.selecting import asked_after
from dialog.interpret.en.standing import latest, requests_of
from dialog.interpret.pack import Resolution, View

THE_ONE = re.compile(
    r"\bthe\s+(?P<which>(?:[\w'-]+\s+){1,2}?)ones?\b(?!\s+(?:that|which|who|with|in|on|at|by|from|of)\b)", re.I
)
PRAISE = frozenset(("good", "great", "nice", "bad", "haha", "lol", "poor", "little"))
"""What is said of what was done ("good one!"), not of what is wanted."""
DETERMINERS = ("a", "an", "the", "some", "any", "only", "just")
MOST_WORDS = 3


def one_described(view: View, message: Message) -> Resolution | None:
    """ "Does the free one have ads?": the one item of the last list of which just that was said."""
    found = THE_ONE.search(message.text)
    offered = latest_list(view) if found is not None and view.utterances else None
    if found is None or offered is None:
        return None
    said, items = offered
    which = re.compile(rf"(?<!\w){re.escape(found['which'].strip())}(?!\w)", re.I)
    ends = [item.start for item in items[1:]] + [max(items[-1].body_end, _sentence_end(said.text, items[-1].end))]
    of_it = [item for item, end in zip(items, ends, strict=True) if which.search(said.text, item.start, end)]
    if len(of_it) != 1:
        return None
    named = item_named(said, of_it[0])
    parts = asked_after(message, found, named) or [
        Kept(0, found.start()), *named, Kept(found.end(), len(message.text)),
    ]  # fmt: skip
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="select", edits=edits, rule="select/described", confidence=of_rule("select/described"))


def _sentence_end(text: str, start: int) -> int:
    stop = re.compile(r"[.!?\n](?=\s|$)").search(text, start)
    return stop.start() if stop else len(text)


def another_sort(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "a red one", "vegetarian ones with rice": what was asked for, of that sort."""
    one = next((k for k in range(first, last) if message.low(k) in ("one", "ones")), None)
    if one is None or one == first:
        return None
    if message.low(first) in DETERMINERS:
        first += 1
    tags = message.tags[first:one]
    if not 0 < one - first <= MOST_WORDS or any(tag not in "ANMR" for tag in tags) or tags[-1] == "R":
        return None
    if any(tag in "XVWP" for tag in message.tags[one + 1 : last]) or (one + 1 < last and message.tag(one + 1) != "I"):
        return None
    if PRAISE & {message.low(k) for k in range(first, one)} and message.low(first - 1) not in DETERMINERS:
        return None
    parts: list[Part] | None = None
    if one + 1 == last:
        parts = _in_place(view, message, first, one)
    if parts is None and (wanted := latest(view)) is not None:
        parts = narrowed(message, wanted, first, one, end=last)
    if parts is None:
        return None
    edits = edits_of(message.text, parts, "omission")
    return Resolution(act="follow_up", edits=edits, rule="omission/sort", confidence=of_rule("omission/sort"))


def _in_place(view: View, message: Message, first: int, last: int) -> list[Part] | None:
    """The latest request that has a word of the same class ("silver" for "gold"), with these in its stead."""
    for request in requests_of(view):
        target = target_for(message, request, first, last, by_form=False)
        if target is not None and target.sure:
            return replaced(message, request, first, last, target)
    return None
