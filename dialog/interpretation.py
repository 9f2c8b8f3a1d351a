"""The one answer of interpretation: act, topic decision, slot changes and rewrite together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from dialog.rewrite import Rewrite, unchanged
from dialog.state import Act, DialogState, SlotValue
from dialog.values import Value

Command = Literal["start_over", "forget_slots", "forget_topic", "undo"]
"""What a command does when it is folded: forget the dialog; clear the slots that come with it; clear the slots of its
topic; take the turn before back."""


class TopicDecision(Value):
    """`stay` in `topic_id`, open a `new` topic (`topic_id` None: fold names it), or `return` to `topic_id`."""

    kind: Literal["stay", "new", "return"]
    topic_id: str | None = None
    label: str | None = None


class Interpretation(Value):
    """What a message means in its dialog.

    `by` names the engine and the rule or model that decided ("rules:en/anaphor"); `unsure` asks an `auto` interpreter
    to seek a second opinion; `fallback` says why a better engine's answer was not used. `command` is set when `act` is
    "command". `speaker` is who said it, where the dialog has several speakers; interpreters leave it to the pipeline.
    """

    act: Act
    topic: TopicDecision
    slots: tuple[SlotValue, ...] = ()
    rewrite: Rewrite
    command: Command | None = None
    lang: str = "en"
    by: str = ""
    unsure: bool = False
    speaker: str | None = None
    fallback: str | None = None


class Interpreter(Protocol):
    """Reads a message in its dialog. Pure: does not load, save, log, read the clock or remember the last call."""

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        """The interpretation of `text`, the user's next message; `now` is the clock for relative dates, or None."""
        ...


@runtime_checkable
class TakesCaller(Protocol):
    """An interpreter that can be told text the caller vouches for."""

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> Interpreter:
        """The same interpreter with `caller` (name, text) as known text."""
        ...


def told(interpret: Interpreter, caller: Sequence[tuple[str, str]]) -> Interpreter:
    """`interpret` with `caller` as known text, where it takes any; else as it is."""
    return interpret.with_caller(caller) if caller and isinstance(interpret, TakesCaller) else interpret


def identity(state: DialogState, text: str, *, by: str, fallback: str | None = None) -> Interpretation:
    """The interpretation that changes nothing: stays in the topic (or opens the first one), leaves the text alone."""
    topic = (
        TopicDecision(kind="stay", topic_id=state.active_topic)
        if state.active_topic
        else TopicDecision(kind="new", label=None)
    )
    act: Act = "follow_up" if state.active_topic else "new"
    return Interpretation(act=act, topic=topic, rewrite=unchanged(text), by=by, fallback=fallback)
