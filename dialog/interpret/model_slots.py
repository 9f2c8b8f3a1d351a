"""Slot changes of a model's answer: each must quote what was said, and fit its slot."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from dialog.interpret.align import tokens_of
from dialog.interpret.model_answer import CONFIDENCE, SlotAnswer
from dialog.interpret.model_prompt import slot_forms
from dialog.interpret.word_forms import number_in
from dialog.rewrite import Source, Span
from dialog.slots import SlotDefinition, SlotSchema, SlotType
from dialog.state import Act, DialogState, SlotContent, SlotValue, Turn

TAKING: frozenset[Act] = frozenset({"select", "acknowledge"})
"""Acts that may take a slot's value from the latest reply."""


@dataclass(frozen=True)
class SlotReading:
    """Where values may come from: the message `text`, the reply of turn `takes` when the user takes what it offers.

    `local` are the slot values that the local interpreter read in the same message.
    """

    text: str
    takes: Turn | None
    schema: SlotSchema | None
    local: Sequence[SlotValue]
    now: datetime | None

    def value(self, change: SlotAnswer) -> SlotValue | None:
        """The change with its source; None when its quote was not said, or the value does not fit the slot."""
        source = self._quoted(change.quote)
        if source is None or change.name not in slot_forms(self.schema):
            return None
        for known in self.local:  # the local reading of the same words has the value in the slot's form
            if (known.name, known.status) == (change.name, change.status) and _overlap(known.source, source):
                return known
        definition = self.schema.slot(change.name) if self.schema else None
        value = _value(change, definition, self.now)
        if value is None and change.status in ("stated", "negated"):
            return None
        raw = change.quote if change.quote != value else None
        return SlotValue(
            name=change.name, value=value, raw=raw, status=change.status, confidence=CONFIDENCE, source=source
        )

    def _quoted(self, quote: str) -> Source | None:
        """Where the quote stands: in the message, else in the reply that is taken from; None when in neither."""
        at = _find(quote, self.text)
        if at is not None:
            return Source(kind="user", span=at)
        at = _find(quote, self.takes.reply) if self.takes else None
        return Source(kind="reply", turn_id=self.takes.turn_id, span=at) if self.takes and at is not None else None


def last_reply(state: DialogState) -> Turn | None:
    """The latest turn that has a reply."""
    return next((turn for turn in reversed(state.turns) if turn.reply), None)


def _find(quote: str, text: str) -> Span | None:
    """Where the words of `quote` stand in `text`, as whole words."""
    wanted = [token.key for token in tokens_of(quote.strip())]
    tokens = tokens_of(text)
    keys = [token.key for token in tokens]
    for at in range(len(keys) - len(wanted) + 1 if wanted else 0):
        if keys[at : at + len(wanted)] == wanted:
            return Span(start=tokens[at].start, end=tokens[at + len(wanted) - 1].end)
    return None


def _overlap(a: Source, b: Source) -> bool:
    same = (a.kind, a.turn_id) == (b.kind, b.turn_id)
    return bool(same and a.span and b.span and a.span.start < b.span.end and b.span.start < a.span.end)


def _value(change: SlotAnswer, slot: SlotDefinition | None, now: datetime | None) -> SlotContent:
    """The value in the slot's form; None when there is none or it does not fit.

    A value of free form is the quote itself: what the model made of it is not what was said.
    """
    if change.status in ("cleared", "any"):
        return None
    quote = change.quote.strip()
    kind = slot.type if slot else "str"
    if kind == "list":
        return (quote,)
    if kind == "str" or (kind == "date" and now is None and not any(char.isdigit() for char in quote)):
        return quote
    if kind == "enum":
        values = slot.values if slot else ()
        return next((value for value in values if value.casefold() == change.value.strip().casefold()), None)
    return _converted(kind, change.value.strip(), quote)


def _converted(kind: SlotType, said: str, quote: str) -> SlotContent:
    try:
        match kind:
            case "int" | "float":
                value = int(said) if kind == "int" else float(said)
                written = _numbers(quote)
                return value if math.isfinite(value) and (not written or value in written) else None
            case "date":
                return date.fromisoformat(said).isoformat()
            case "time":
                return time.fromisoformat(said).isoformat("minutes")
            case _:
                return {"true": True, "yes": True, "false": False, "no": False}.get(said.casefold())
    except ValueError:
        return None


def _numbers(quote: str) -> set[float]:
    """The numbers that are written in `quote`, in figures or words; a value must be one of them if there are any."""
    figures = [float(figure.replace(",", "")) for figure in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", quote)]
    words = [number_in(token.text) for token in tokens_of(quote) if not token.text[0].isdigit()]
    return {*figures, *(number for number in words if number is not None)}
