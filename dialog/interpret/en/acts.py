"""Rules for messages that do something to the dialog: thank, command, reject, correct, select, return."""

from __future__ import annotations

import re

from dialog.interpret.en import lexicon
from dialog.interpret.en.comparing import alternatives
from dialog.interpret.en.compose import Copied, Glue, Kept, Part, copied, edits_of
from dialog.interpret.en.confidence import IN_PLACE_OF_ITS_FORM, of_rule
from dialog.interpret.en.cues import (
    ACKNOWLEDGEMENT,
    COMMANDS,
    OPENS_TOPIC,
    REJECTED_THING,
    REJECTION,
    SMALL_TALK,
    SOMETHING_ELSE,
)
from dialog.interpret.en.entities import answer_named, latest_list, together
from dialog.interpret.en.merge import replaced, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.standing import Request, latest, standing
from dialog.interpret.en.text import singular
from dialog.interpret.en.words import HESITATIONS, ORDINALS
from dialog.interpret.lists import Item
from dialog.interpret.pack import Resolution, Utterance, View

LONGEST_THANKS = 80
LONGEST_COMPLAINT = 160
"""Characters beyond which a message does more than thank, command or complain; also bounds the work of the patterns."""


def take_command(view: View, message: Message) -> Resolution | None:
    """ "start over", "forget the budget", "undo that"."""
    for pattern, command in COMMANDS if len(message.text) <= LONGEST_COMPLAINT else ():
        if pattern.fullmatch(message.text.strip()):
            return Resolution(act="command", command=command, rule=f"command/{command}", confidence=of_rule("command"))
    return None


def acknowledge(view: View, message: Message) -> Resolution | None:
    """ "thanks", "ok great", "no, that's all"; greetings and small talk are left alone too."""
    text = message.text.strip()
    if len(text) > LONGEST_THANKS:
        return None
    if SMALL_TALK.fullmatch(text):
        return Resolution(
            act="follow_up" if view.utterances else "new", rule="smalltalk", confidence=of_rule("smalltalk")
        )
    if view.utterances and ACKNOWLEDGEMENT.fullmatch(text):
        return Resolution(act="acknowledge", rule="acknowledge", confidence=of_rule("acknowledge"))
    return None


def open_topic(view: View, message: Message) -> Resolution | None:
    """ "by the way, who wrote Hamlet?"."""
    found = OPENS_TOPIC.match(message.text)
    if found and found.end() < len(message.text):
        return Resolution(act="new", rule="topic/new", confidence=of_rule("topic/new"), topic_cue="new")
    return None


# --------------------------------------------------------------------- rejection


def reject(view: View, message: Message) -> Resolution | None:
    """Dissatisfaction brings the standing request back, and names what was rejected."""
    text = message.text
    if len(text) > LONGEST_COMPLAINT:
        return None
    if REJECTION.fullmatch(text) or _complains_why(text):
        return _restated(view, message, [Kept(0, _end(message))], "reject/answer")
    thing = REJECTED_THING.fullmatch(text)
    if thing:
        return _rejected_thing(view, message, thing)
    if SOMETHING_ELSE.fullmatch(text):
        return _something_else(view, message)
    return None


MOST_NAMED = 4
"""Items of a list that are named one by one."""


def _complains_why(text: str) -> bool:
    """ "That's wrong, it's raining.": a complaint with its reason, and no new question."""
    head, mark, reason = text.partition(",")
    states = bool(mark) and "?" not in reason and 1 < len(reason.split()) <= 8
    return states and STATES.match(reason) is not None and REJECTION.fullmatch(head) is not None


STATES = re.compile(r"\s*(?:because |since |as )?(?:it|that|this|they|there|he|she|the|my|i)(?:'s|'re|'m)?\b", re.I)


def _end(message: Message) -> int:
    """Where the words of the message end."""
    return next((token.end for token in reversed(message.tokens) if token.is_word), len(message.text))


def _restated(view: View, message: Message, parts: list[Part], rule: str) -> Resolution | None:
    request = latest(view)
    if request is None:
        return Resolution(act="reject", rule=rule, confidence=0.5, unsure=True)
    spoken = not (request.is_cased or request.mark)
    joint = " " if spoken else ". "
    whole = [*parts, Glue(joint), request.copy(), *request.copy_mark()]
    return Resolution(
        act="reject", edits=edits_of(message.text, whole, "omission"), rule=rule, confidence=of_rule(rule)
    )


def _rejected_thing(view: View, message: Message, thing: re.Match[str]) -> Resolution | None:
    group = next(name for name in "abcdefghi" if thing[name])
    start, end = thing.span(group)
    if group in "hi" or thing[group].lower() in ("them", "those"):
        offered = latest_list(view)
        several = together(*offered) if offered is not None and len(offered[1]) <= MOST_NAMED else []
        all_of: list[Part] = [Kept(0, start), *several, Kept(end, _end(message))]
        return _restated(view, message, all_of if several else [Kept(0, _end(message))], "reject/thing")
    named = answer_named(view)
    if named is None:
        return _restated(view, message, [Kept(0, _end(message))], "reject/thing")
    place: list[Part] = [Glue("to "), named] if thing[group].lower() == "there" else [named]
    parts = [Kept(0, start), *place, Kept(end, _end(message))]
    return _restated(view, message, parts, "reject/thing")


def _something_else(view: View, message: Message) -> Resolution | None:
    """ "something else please": the request again, other than what was offered."""
    request = standing(view)
    if request is None:
        return None
    named = answer_named(view)
    please = next((token for token in message.tokens if token.low == "please"), None)
    comma = ", " if request.is_cased or request.mark else " "
    parts: list[Part] = [request.copy()]
    if named is not None:
        parts += [Glue(f"{comma}other than "), named]
        if please is not None:
            parts += [Glue(" "), Kept(please.start, please.end)]
        parts += request.copy_mark()
    else:
        parts += [Glue(comma), Kept(message.tokens[0].start, _end(message)), *request.copy_mark()]
    return Resolution(
        act="reject",
        edits=edits_of(message.text, parts, "omission"),
        rule="reject/else",
        confidence=of_rule("reject/else"),
    )


# --------------------------------------------------------------------- correction

CORRECTS = re.compile(
    r"(?P<lead>\W*(?:(?:no|nope|sorry|wait|oops|actually|um|uh|oh|ok|not that)[\s,.]+)*)"
    r"(?:(?P<verb>i (?:meant?|said|am talking about|wanted|was talking about)|i'm talking about|make (?:it"
    r"|that)|change (?:it|that) to|let's make it|rather|or rather)\s+)?",
    re.I,
)
STRONG_LEAD = re.compile(r"\b(?:actually|sorry|no wait|wait|oops)\b", re.I)
CONTRAST = re.compile(
    r"^(?P<wrong>not\s+.+?)\s*,\s*(?:but\s+)?(?P<right>.+)$|^(?P<right2>.+?)\s*,?\s+(?P<wrong2>not\s+.+)$", re.I
)


def correct(view: View, message: Message) -> Resolution | None:
    """ "no, I meant Brooklyn", "not four, five", "make it 8 pm", "actually Wednesday"."""
    if not view.utterances:
        return None
    text = message.text[: _end(message)]
    if len(text) > LONGEST_COMPLAINT:
        return None
    found = CORRECTS.match(text)
    start = found.end() if found else 0
    verb = found["verb"] if found else None
    contrast = CONTRAST.match(text[start:])
    if not verb and not contrast and not (found and STRONG_LEAD.search(found["lead"])):
        return None
    a, b = start, len(text)
    if contrast:
        group = "right" if contrast["right"] else "right2"
        a, b = start + contrast.start(group), start + contrast.end(group)
        if not verb and len(text[start:].split()) > 6:
            return None
    first = next((k for k, token in enumerate(message.tokens) if token.start >= a), None)
    last = next((k for k in range(len(message.tokens), 0, -1) if message.tokens[k - 1].end <= b), None)
    if first is None or last is None or first >= last or last - first > 7:
        return None
    changes = verb is not None and verb.lower().startswith(("make", "change", "let"))
    return _corrected(view, message, first, last, sure=bool(verb or contrast) and not changes)


def _corrected(view: View, message: Message, first: int, last: int, *, sure: bool) -> Resolution | None:
    while first < last and message.low(first) in HESITATIONS | {"to"}:
        first += 1
    body = message.tags[first:last]
    if not body or any(tag in "XWV" for tag in body):
        return None
    request = latest(view, lambda request: _has_sure_target(message, request, first, last), also_choices=True) or (
        latest(view, lambda request: target_for(message, request, first, last) is not None) if sure else None
    )
    asked = view.utterances[-1].role == "assistant" and view.utterances[-1].text.rstrip().endswith("?")
    target = target_for(message, request, first, last, by_form=not asked) if request is not None else None
    if request is None or target is None or (not sure and not target.sure):
        return Resolution(act="correct", rule="correct", confidence=0.4, unsure=True) if sure else None
    parts = replaced(message, request, first, last, target)
    edits = edits_of(message.text, parts, "omission")
    return Resolution(
        act="correct",
        edits=edits,
        rule="correct",
        confidence=of_rule("correct") if target.sure else IN_PLACE_OF_ITS_FORM,
    )


def _has_sure_target(message: Message, request: Request, first: int, last: int) -> bool:
    target = target_for(message, request, first, last)
    return target is not None and target.sure


# --------------------------------------------------------------------- selection

_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_HOLDER = (
    r"one|option|choice|place(?<!first place)|suggestion|item|restaurant|hotel|movie|film|book|song|result"
    r"|recommendation|museum|bar|cafe|store|shop|flight|answer|link"
)
POINTS = re.compile(
    rf"\bthe\s+(?P<ordinal1>{_ORDINAL})\s+(?P<joint>and|or)\s+(?:the\s+)?(?P<ordinal2>{_ORDINAL})(?:\s+(?:{_HOLDER}))?s?\b"
    rf"|\bthe\s+(?P<count>first|last)\s+(?P<n>two|three|couple)(?:\s+(?:ones|options|places))?\b"
    rf"|\bthe\s+(?:very\s+)?(?P<ordinal>{_ORDINAL})(?:\s+(?:{_HOLDER}))?\b"
    rf"|\b(?:number|option|#|no\.)\s*(?P<number>\d{{1,2}}|one|two|three|four|five)\b"
    rf"|\bthe\s+(?P<pair>former|latter)(?:\s+(?:{_HOLDER}))?\b",
    re.I,
)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple": 2}


def select(view: View, message: Message) -> Resolution | None:
    """ "the second one", "is the last one open on Sunday?", "number 3"."""
    found = next((m for m in POINTS.finditer(message.text) if _points(message, m)), None)
    if found is None or not view.utterances:
        return None
    offered = latest_list(view)
    if offered is None:
        return _of_two(view, message, found)
    said, items = offered
    chosen = _chosen(found, items)
    if not chosen:
        return Resolution(act="select", rule="select", confidence=0.3, unsure=True)
    start, end = found.span()
    named = _named(said, chosen, joint=found["joint"])
    parts: list[Part] = [Kept(0, start), *named, Kept(end, len(message.text))]
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="select", edits=edits, rule="select", confidence=of_rule("select"))


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
    if counted and not DESCRIBED.match(message.text, end):
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
        one, two = (copied(said, item.start, item.end) for item in items)
        return [one, Glue(" or "), two]
    if len(items) > 1:
        return together(said, items)
    part = copied(said, items[0].start, items[0].end)
    return [part]


def choose_named(view: View, message: Message) -> Resolution | None:
    """ "that one", "this restaurant": the one thing that the last reply put forward."""
    found = THAT_ONE.search(message.text)
    if not found or not view.utterances or view.utterances[-1].role != "assistant":
        return None
    at = next(k for k, token in enumerate(message.tokens) if token.start >= found.start())
    if message.is_protected(at):
        return None
    named = answer_named(view)
    if named is None or not _suits(found["noun"], view, named):
        return None
    parts: list[Part] = [Kept(0, found.start()), named, Kept(found.end(), len(message.text))]
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="follow_up", edits=edits, rule="demonstrative", confidence=of_rule("demonstrative"))


THAT_ONE = re.compile(
    r"\b(?:that|this)\s+(?P<noun>one|place|restaurant|hotel|bar|cafe|shop|store|museum|movie|film|book|song"
    r"|spot|venue|location|option)\b(?!\s+(?:that|which|who))",
    re.I,
)


def _suits(noun: str, view: View, named: Copied) -> bool:
    """Whether the thing named can be called `noun`: the topic has spoken of such things."""
    low = singular(noun.lower())
    if low in ("one", "option"):
        return True
    spoken = " ".join(said.text.lower() for said in view.in_topic[-4:])
    return low in spoken or low in lexicon.PLACE_HEADS or low in ("place", "spot", "venue")
