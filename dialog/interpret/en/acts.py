"""Rules for messages that do something to the dialog: thank, command, open a topic, reject."""

from __future__ import annotations

import re

from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.cues import (
    ACKNOWLEDGEMENT,
    COMMANDS,
    DISLIKES,
    OPENS_TOPIC,
    REJECTED_THING,
    REJECTION,
    SMALL_TALK,
    SOMETHING_ELSE,
)
from dialog.interpret.en.entities import answer_named, latest_list, together
from dialog.interpret.en.merge import Target, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.standing import Request, latest, standing
from dialog.interpret.en.tagging import tags_of
from dialog.interpret.en.text import tokens_of
from dialog.interpret.pack import Resolution, View

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
        return _restated(view, message, [Kept(0, end_of(message))], "reject/answer")
    thing = REJECTED_THING.fullmatch(text)
    if thing:
        return _rejected_thing(view, message, thing)
    if SOMETHING_ELSE.fullmatch(text):
        return _something_else(view, message)
    dislikes = DISLIKES.fullmatch(text)
    if dislikes and SOMETHING_ELSE.fullmatch(dislikes["more"]):
        offered = OFFERED.fullmatch(dislikes["what"])
        return _something_else(view, message) if offered else _anything_but(view, message, *dislikes.span("what"))
    return None


OFFERED = re.compile(r"(?:it|(?:that|this)(?: (?:one|place|restaurant|movie|film|book|song|hotel))?|them|those)", re.I)
MOST_NAMED = 4
"""Items of a list that are named one by one."""


def _complains_why(text: str) -> bool:
    """ "That's wrong, it's raining.": a complaint with its reason, and no new question."""
    head, mark, reason = text.partition(",")
    states = bool(mark) and "?" not in reason and 1 < len(reason.split()) <= 8
    return states and STATES.match(reason) is not None and REJECTION.fullmatch(head) is not None


STATES = re.compile(r"\s*(?:because |since |as )?(?:it|that|this|they|there|he|she|the|my|i)(?:'s|'re|'m)?\b", re.I)


def end_of(message: Message) -> int:
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
        all_of: list[Part] = [Kept(0, start), *several, Kept(end, end_of(message))]
        return _restated(view, message, all_of if several else [Kept(0, end_of(message))], "reject/thing")
    named = answer_named(view)
    if named is None:
        return _restated(view, message, [Kept(0, end_of(message))], "reject/thing")
    place: list[Part] = [Glue("to "), named] if thing[group].lower() == "there" else [named]
    parts = [Kept(0, start), *place, Kept(end, end_of(message))]
    return _restated(view, message, parts, "reject/thing")


def _anything_but(view: View, message: Message, start: int, end: int) -> Resolution | None:
    """ "I don't like Thai, any others?": the request again, without and against what is disliked: characters
    `start`..`end`."""
    inside = [k for k, token in enumerate(message.tokens) if start <= token.start < end]
    request = standing(view)
    if request is None or not 0 < len(inside) <= LONGEST_DISLIKE or any(message.tag(k) in "XWVP" for k in inside):
        return None
    target = target_for(message, request, inside[0], inside[-1] + 1, by_form=False)
    asked = [request.copy()] if target is None else _without(request, target)
    if not asked:
        return None  # nothing would be left to look for
    comma = ", " if request.is_cased or request.mark else " "
    parts = [*asked, Glue(f"{comma}but not "), Kept(start, end), *request.copy_mark()]
    return Resolution(
        act="reject",
        edits=edits_of(message.text, parts, "omission"),
        rule="reject/else",
        confidence=of_rule("reject/else"),
    )


LONGEST_DISLIKE = 4


def _without(request: Request, target: Target) -> list[Part]:
    """The request without `target`, where that only says which sort of a thing is wanted; else nothing."""
    tokens, tags = tokens_of(request.text), tags_of(request.text)
    at = next((k for k, token in enumerate(tokens) if request.start + token.start >= target.end), len(tokens))
    if tags[at : at + 1] != ("N",) or request.start + tokens[at].start != target.end + 1:
        return []
    before = next((token for token in reversed(tokens) if request.start + token.end <= target.start), None)
    rest = request.copy(target.end + 1, request.end)
    if before is None or before.low not in ("a", "an"):
        return [*([request.copy(request.start, target.start)] if before else []), rest]
    article = "an " if tokens[at].low[0] in "aeiou" else "a "
    return [request.copy(request.start, request.start + before.start), Glue(article), rest]


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
        parts += [Glue(comma), Kept(message.tokens[0].start, end_of(message)), *request.copy_mark()]
    return Resolution(
        act="reject",
        edits=edits_of(message.text, parts, "omission"),
        rule="reject/else",
        confidence=of_rule("reject/else"),
    )
