"""The rules of English in the order they are asked; the first that answers decides."""

from __future__ import annotations

from collections.abc import Callable

from dialog.interpret.en.acts import acknowledge, open_topic, reject, take_command
from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.classes import instances_of
from dialog.interpret.en.comparing import compare
from dialog.interpret.en.confidence import COMPLETE, NO_HISTORY, UNSURE
from dialog.interpret.en.continuing import ask_more, weather_there
from dialog.interpret.en.correcting import correct
from dialog.interpret.en.descriptions import describe
from dialog.interpret.en.fragments import merge_fragment
from dialog.interpret.en.message import Message
from dialog.interpret.en.ones import one_described
from dialog.interpret.en.pointing import choose_named, point_at_kind
from dialog.interpret.en.pronouns import resolve_pronouns
from dialog.interpret.en.returning import go_back
from dialog.interpret.en.selecting import select
from dialog.interpret.pack import Resolution, View

Rule = Callable[[View, Message], Resolution | None]

WITHIN: tuple[Rule, ...] = (
    reject, correct, select, one_described, compare, ask_more, merge_fragment, choose_named, point_at_kind,
    resolve_pronouns, weather_there, describe,
)  # fmt: skip
"""The rules for what is said within a topic."""
FIRST: tuple[Rule, ...] = (take_command, acknowledge, open_topic)


def resolve(view: View, message: Message) -> Resolution:
    """The answer of the first rule that has one; without any, the message is complete."""
    for rule in FIRST:
        if (found := rule(view, message)) is not None:
            return found
    back = go_back(view, message, resolve_within)
    return back if back is not None else resolve_within(view, message)


def resolve_within(view: View, message: Message) -> Resolution:
    """The same for a message that changes no topic by its own words."""
    for rule in WITHIN:
        if (found := rule(view, message)) is not None:
            return found
    return complete(view, message)


def complete(view: View, message: Message) -> Resolution:
    """The message left alone, with the measured share of such messages that need nothing."""
    if not view.utterances:
        return Resolution(act="new", rule="complete", confidence=NO_HISTORY)
    first, last = message.body
    opening = OPENINGS.get(message.tag(first), "other") if first < last else "other"
    named = any(phrase.proper for phrase in message.phrases) or any(
        i.kind == "place" for i in instances_of(message.text)
    )
    points = any(
        phrase.det in ("the", "this", "that") and not phrase.proper and phrase.of is None for phrase in message.phrases
    )
    confidence = COMPLETE[opening, named, points]
    open_end = bool(anaphors_in(message))  # "that" and the like, found but not understood
    return Resolution(act="follow_up", rule="complete", confidence=confidence, unsure=open_end or confidence < UNSURE)


OPENINGS = {"V": "command", "W": "wh", "X": "yes-no"}
