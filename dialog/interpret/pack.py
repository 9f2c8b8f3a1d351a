"""What a language contributes to local interpretation, and what it is shown.

A pack is data and small pure functions in one package (`interpret/en`, `interpret/zh`); the pipeline in
`interpret/rules.py` knows no language. To add one: write a `LanguagePack` and pass it to `RuleInterpreter`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, Protocol

from dialog.interpretation import Command
from dialog.rewrite import Edit, Source, SourceKind, Span
from dialog.slots import SlotSchema
from dialog.state import Act, DialogState, SlotValue


@dataclass(frozen=True)
class Utterance:
    """Something that was said, as interpretation sees it. Spans into `text` are spans of the source `kind` names."""

    turn_id: str
    n: int
    role: Literal["user", "assistant"]
    text: str
    kind: SourceKind
    topic_id: str = ""
    speaker: str | None = None

    def source(self, start: int, end: int) -> Source:
        return Source(kind=self.kind, turn_id=self.turn_id, span=Span(start=start, end=end), by=self.speaker)


@dataclass(frozen=True)
class View:
    """The dialog as packs see it: a read-only reading of `DialogState`. `caller` is text the caller vouched for
    (titles, profile statements) as name -> text; words may be taken from it with source kind "caller"."""

    state: DialogState
    caller: tuple[tuple[str, str], ...] = ()

    @cached_property
    def utterances(self) -> tuple[Utterance, ...]:
        """Oldest first; a user turn shows its resolved form (kind "resolved", or "user" when it was left alone)."""
        found: list[Utterance] = []
        for turn in self.state.turns:
            kind: SourceKind = "user" if turn.resolved == turn.user else "resolved"
            found.append(Utterance(turn.turn_id, turn.n, "user", turn.resolved, kind, turn.topic_id, turn.speaker))
            if turn.reply:
                found.append(Utterance(turn.turn_id, turn.n, "assistant", turn.reply, "reply", turn.topic_id))
        return tuple(found)

    @cached_property
    def in_topic(self) -> tuple[Utterance, ...]:
        """The utterances of the active topic, oldest first."""
        return tuple(said for said in self.utterances if said.topic_id == self.state.active_topic)

    @cached_property
    def last_reply(self) -> Utterance | None:
        return next((said for said in reversed(self.utterances) if said.role == "assistant"), None)

    @property
    def goes_on(self) -> bool:
        """Whether the user speaks again before anybody answers, in a dialog that has replies."""
        return self.last_reply is not None and self.utterances[-1].role == "user"

    @cached_property
    def last_user(self) -> Utterance | None:
        return next((said for said in reversed(self.utterances) if said.role == "user"), None)


@dataclass(frozen=True)
class Resolution:
    """What a pack makes of a message, before topics and slots are decided.

    `edits` index the message; none: leave it alone. `confidence` is 0..1 that the resulting text is right, which for
    no edits means that the message is complete. `rule` names what decided. `unsure` asks for a second opinion.
    `topic_cue`: the words themselves open a topic ("by the way"), go back to one ("back to dinner", with `return_to`
    the words naming it), or say nothing about it (None).
    """

    act: Act
    edits: tuple[Edit, ...] = ()
    confidence: float = 1.0
    rule: str = ""
    unsure: bool = False
    command: Command | None = None
    topic_cue: Literal["new", "return"] | None = None
    return_to: str | None = None


class LanguagePack(Protocol):
    """One language: its code ("en") and its functions, all pure and fast (under 5 ms for a 20-turn state)."""

    @property
    def code(self) -> str:
        """ISO 639-1 code."""
        ...

    def claims(self, text: str) -> float:
        """0..1: how likely `text` is in this language."""
        ...

    def resolve(self, view: View, text: str) -> Resolution:
        """Act and edits for `text`, the user's next message."""
        ...

    def content_words(self, text: str) -> Sequence[str]:
        """The words that carry the subject of `text`, case-folded and singular, in order; for topics and labels."""
        ...

    def field(self, word: str) -> str | None:
        """The subject field of a content word ("dinner" -> "food"), None when it has none; ties topics together
        that share no word. Fields have the same names in every language (`interpret/fields`)."""
        ...

    def slots(
        self, view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
    ) -> Sequence[SlotValue]:
        """What `text` says about the slots of `schema`, or, without one, about the general slots (place, time, date,
        party size, price, person, organisation, product, cuisine). `now` is the clock for relative dates; without it
        a relative date keeps the user's wording. The shared work is in `interpret/slots`."""
        ...
