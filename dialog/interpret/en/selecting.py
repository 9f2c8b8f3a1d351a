"""The rule for what counts to a list: "the second one", "is the last one open?", "and the third?"."""

from __future__ import annotations

import re

from dialog.interpret.en.anaphors import Anaphor, anaphors_in
from dialog.interpret.en.comparing import alternatives
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import item_named, latest_list, together
from dialog.interpret.en.message import Message, read
from dialog.interpret.en.standing import Request, latest
from dialog.interpret.en.words import ORDINALS
from dialog.interpret.lists import Item
from dialog.interpret.pack import Resolution, Utterance, View

_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_HOLDER = (
    r"one|option|choice|place(?<!first place)|suggestion|item|restaurant|hotel|movie|film|book|song|result"
    r"|recommendation|museum|bar|cafe|store|shop|flight|answer|link"
)
POINTS = re.compile(
    rf"\bthe\s+(?P<ordinal1>{_ORDINAL})\s+(?P<joint>and|or)\s+(?:the\s+)?(?P<ordinal2>{_ORDINAL})(?:\s+(?:{_HOLDER}))?s?\b"
    rf"|\bthe\s+(?P<count>first|last)\s+(?P<n>two|three|couple)(?:\s+(?:ones|options|places))?\b"
    rf"|\bthe\s+(?:very\s+)?(?P<ordinal>{_ORDINAL})(?:\s+(?:{_HOLDER}|ones)\b)?(?:\s+of\s+(?:those|these|them)\b)?"
    rf"|\b(?:number|option|#|no\.)\s*(?P<number>\d{{1,2}}|one|two|three|four|five)\b"
    rf"|\bthe\s+(?P<middle>middle\s+(?:{_HOLDER})|one\s+in\s+the\s+middle)\b"
    rf"|\bthe\s+(?P<pair>former|latter)(?:\s+(?:{_HOLDER}))?\b"
    rf"|\bthe\s+(?P<other>other)(?:\s+one)?\b(?=\W*$|\s*[,:])",
    re.I,
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple": 2}


def select(view: View, message: Message) -> Resolution | None:
    """ "the second one", "is the last one open on Sunday?", "number 3", "and the third?"."""
    found = next((m for m in POINTS.finditer(message.text) if _points(message, m)), None)
    if found is None or not view.utterances:
        return None
    offered = latest_list(view)
    if offered is None:
        return None if found["other"] else _of_two(view, message, found)
    said, items = offered
    request = latest(view, lambda request: _item_in(request, items) is not None, also_choices=True)
    chosen = _the_other(items, request) if found["other"] else _chosen(found, items)
    if not chosen:
        return None if found["other"] else Resolution(act="select", rule="select", confidence=0.3, unsure=True)
    named = _named(said, chosen, joint=found["joint"])
    parts = _asked_of_it(view, message, found, request, items, named) or asked_after(message, found, named)
    if parts is None and found["other"]:
        return None
    parts = parts or [Kept(0, found.start()), *named, Kept(found.end(), len(message.text))]
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="select", edits=edits, rule="select", confidence=of_rule("select"))


def _item_in(request: Request, items: tuple[Item, ...]) -> tuple[int, int] | None:
    """Where the request names one of the items: characters of what was said, the longest name of all."""
    best: tuple[int, int] | None = None
    for item in items:
        found = re.search(rf"(?<!\w)(?:the )?{re.escape(item.text)}(?!\w)", request.text, re.I)
        if found is not None and (best is None or found.end() - found.start() > best[1] - best[0]):
            best = found.start(), found.end()
    return (request.start + best[0], request.start + best[1]) if best is not None else None


def _the_other(items: tuple[Item, ...], request: Request | None) -> tuple[Item, ...]:
    """The one of two that the latest request does not name."""
    if len(items) != 2 or request is None:
        return ()
    left = [item for item in items if item.text.lower() not in request.text.lower()]
    return tuple(left) if len(left) == 1 else ()


ALONE = re.compile(r"\W*(?:(?:ok|okay|um|uh|so|oh|well)[\s,]+)*(?P<cue>(?:and|or|but|what about|how about)\s+)*", re.I)


def _asked_of_it(
    view: View,
    message: Message,
    found: re.Match[str],
    request: Request | None,
    items: tuple[Item, ...],
    named: list[Part],
) -> list[Part] | None:
    """ "and the third?": what was last asked of another item, asked of this one."""
    before, after = message.text[: found.start()], message.text[found.end() :]
    alone = ALONE.fullmatch(before)
    last = view.last_user
    if alone is None or any(c.isalnum() for c in after) or request is None or last is None:
        return None
    if request.said.turn_id != last.turn_id or not (alone["cue"] or "?" in after):
        return None
    at = _item_in(request, items)
    if at is None:
        return None
    head = [request.copy(request.start, at[0])] if at[0] > request.start else []
    tail = [request.copy(at[1], request.end)] if at[1] < request.end else []
    return [*head, *named, *tail, *request.copy_mark()]


TURNS_TO = re.compile(r"\s*(?:please|then)?\s*[,:.?!]+\s*", re.I)
ONE_OF_MANY = ("it", "they", "he", "she", "there")


def asked_after(message: Message, found: re.Match[str], named: list[Part]) -> list[Part] | None:
    """ "the second one, is it heavy?": the question, asked of that one."""
    alone = ALONE.fullmatch(message.text[: found.start()])
    turns = TURNS_TO.match(message.text, found.end())
    if alone is None or turns is None or turns.end() >= len(message.text):
        return None
    rest = read(message.text[turns.end() :])
    meant = next((a for a in anaphors_in(rest) if a.form in ONE_OF_MANY), None)
    if meant is None:
        return None
    start, end = turns.end() + meant.start, turns.end() + meant.end
    parts: list[Part] = [Kept(turns.end(), start), *_leading(rest, meant), *named]
    return [*parts, *([Glue("'s")] if meant.possessive else []), Kept(end, len(message.text))]


def _leading(rest: Message, meant: Anaphor) -> list[Part]:
    """The preposition that the place of "there" needs."""
    if meant.form != "there" or rest.tag(meant.i - 1) == "I":
        return []
    return [Glue("to " if meant.goal else "at ")]


def _of_two(view: View, message: Message, found: re.Match[str]) -> Resolution | None:
    """ "the latter" of the two that the user put side by side; what counts to a list that is not there is unsure."""
    pair = found["pair"] or (found["ordinal"] if found["ordinal"] in ("first", "second") else None)
    things = alternatives(view) if pair and not message.text[found.end() :].strip().startswith("of") else ()
    start, end = found.span()
    if pair and len(things) == 2:
        thing = things[0] if pair.lower() in ("former", "first") else things[1]
        parts: list[Part] = [Kept(0, start), *thing, Kept(end, len(message.text))]
        edits = edits_of(message.text, parts, "reference")
        return Resolution(act="select", edits=edits, rule="select", confidence=of_rule("select"))
    counted = found[0].lower().endswith(("one", "option", "choice")) or (start == 0 and end >= len(message.text) - 1)
    final = found["ordinal"] == "final" and not found[0].lower().endswith(("one", "option", "choice"))
    if counted and not final and not DESCRIBED.match(message.text, end):
        return Resolution(act="select", rule="select/nothing", confidence=0.3, unsure=True)
    return None


DESCRIBED = re.compile(r"\s+(?:to|who|that|which|of|in|on|for|with|i|you|we)\b", re.I)
"""What follows an ordinal that counts to no list: "the first one to walk on the moon"."""


def _points(message: Message, found: re.Match[str]) -> bool:
    """Whether nothing after the ordinal is a noun of its own ("the first album" points at no list)."""
    after = next((k for k, token in enumerate(message.tokens) if token.start >= found.end()), len(message.tokens))
    at = next(k for k, token in enumerate(message.tokens) if token.start >= found.start())
    if message.is_protected(at):
        return False
    if found[0].lower() in ("the first", "the last") and message.low(after) in (
        "place",
        "time",
        "day",
        "year",
        "thing",
        "of",
    ):
        return False
    if message.low(at - 1) in ("on", "by", "until") and found["ordinal"] and found["ordinal"][0].isdigit():
        return False
    bare = found["ordinal"] and found[0].lower().endswith(found["ordinal"].lower())
    return not (
        (bare and message.tag(after) in ("N", "M"))
        or (bare and message.tag(after) == "A" and message.tag(after + 1) == "N")
    )


def _chosen(found: re.Match[str], items: tuple[Item, ...]) -> tuple[Item, ...]:
    if found["ordinal1"]:
        both = [ORDINALS[found[name].lower()] for name in ("ordinal1", "ordinal2")]
        return tuple(items[k] for k in both) if all(k < len(items) for k in both) else ()
    if found["count"]:
        n = NUMBERS[found["n"].lower()]
        return items[:n] if found["count"].lower() == "first" else items[-n:]
    if found["pair"]:
        return (items[0],) if found["pair"].lower() == "former" else (items[-1],)
    if found["middle"]:
        return (items[len(items) // 2],) if len(items) % 2 else ()
    if found["number"]:
        raw = found["number"].lower()
        index = (int(raw) if raw.isdigit() else NUMBERS[raw]) - 1
    else:
        index = ORDINALS[found["ordinal"].lower()]
    if index < 0:
        return (items[-1],)
    return (items[index],) if index < len(items) else ()


def _named(said: Utterance, items: tuple[Item, ...], *, joint: str | None = None) -> list[Part]:
    if joint is not None and joint.lower() == "or":
        one, two = (item_named(said, item) for item in items)
        return [*one, Glue(" or "), *two]
    if len(items) > 1:
        return together(said, items)
    return item_named(said, items[0])
