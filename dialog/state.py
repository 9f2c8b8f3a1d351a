"""What is remembered of a dialog: frozen values, bounded in size, changed only by `dialog.change.fold`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from dialog import slots_typed
from dialog.rewrite import Edit, Source
from dialog.values import Value, WellFormed

SCHEMA_VERSION = 1

Act = Literal["new", "follow_up", "refine", "correct", "reject", "select", "return", "acknowledge", "command"]
SlotStatus = Literal["stated", "negated", "cleared", "any"]
TurnStatus = Literal["open", "closed", "partial", "failed", "abandoned"]
SlotContent = str | int | float | bool | tuple[str, ...] | None


class SlotValue(Value):
    """One thing said about a slot.

    `stated`: `value` holds. `negated`: `value` is excluded. `cleared`: nothing is known any more (`value` is None).
    `any`: the user left it open. `value` of a list slot is a tuple, of a date slot an ISO 8601 string; `raw` is the
    wording it was read from, when that differs. `scope` "topic" ties the value to the topic it was said in, "dialog"
    to the whole dialog. `confidence` is 0..1. Only the user or the caller states; see `source`. `owner` is the speaker
    who called the slot his own ("my budget"); it is set when the turn is folded in, where speakers are told apart.
    """

    name: str
    value: SlotContent = None
    raw: str | None = None
    status: SlotStatus = "stated"
    scope: Literal["dialog", "topic"] = "dialog"
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    source: Source
    owner: str | None = None


class Slot(Value):
    """A slot with its past: `history` is what `current` was before, oldest first; `excluded` is what it must not be.

    Two speakers who each have a slot of the same name ("my budget") have a slot each.
    """

    name: str
    topic_id: str | None = None
    """None: the slot belongs to the whole dialog."""
    owner: str | None = None
    """The speaker whose own slot it is; None: everybody's."""
    current: SlotValue | None = None
    excluded: tuple[SlotValue, ...] = ()
    history: tuple[SlotValue, ...] = ()
    changed_in: str = ""
    """Id of the turn that changed the slot last; "" when the caller did."""


class Request(Value):
    """What the user is asking for in a topic, as a stranger would understand it, and the turn that made it so."""

    text: str
    turn_id: str


class Topic(Value):
    """A stretch of the dialog about one thing. `parent` is the topic that was active when this one was opened."""

    topic_id: str
    label: str
    opened_by: str
    parent: str | None = None
    request: Request | None = None
    last_n: int = 0
    """Number of the latest turn in this topic."""


class ToolExchange(Value):
    """A tool call of the assistant and its result, as JSON text; kept together always."""

    call_id: WellFormed
    name: WellFormed
    arguments: WellFormed
    result: WellFormed | None = None


class Turn(Value):
    """One user message and its reply.

    `user` is what the person wrote, `resolved` the self-contained form, `sent` the exact user-role text that went to
    the backend (never re-rendered, so the provider's cached prefix holds). Times are seconds since the epoch.
    `attempt` rises when an abandoned or failed turn is taken up again; a close by an older attempt is ignored.
    """

    turn_id: str
    n: int = Field(ge=1)
    status: TurnStatus
    user: str
    resolved: str
    sent: str
    reply: str = ""
    tools: tuple[ToolExchange, ...] = ()
    act: Act = "new"
    edits: tuple[Edit, ...] = ()
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    by: str = ""
    """The engine and rule or model that interpreted the turn."""
    topic_id: str = ""
    speaker: str | None = None
    attempt: int = 1
    opened_at: float = 0.0
    lease_until: float = 0.0
    closed_at: float | None = None
    failure: str | None = None
    """For a failed turn: the kind of error, never its text."""


class Summary(Value):
    """What turns `first_n`..`last_n` came to; values (names, numbers, constraints) are carried verbatim.

    `covers` is the digest of the turns it was made from; a summary whose turns have since changed is dropped.
    """

    first_n: int
    last_n: int
    text: str
    covers: str
    by: str


class Snapshot(Value):
    """The state block that stands in the prompt for all turns up to `through_n`, exactly as it is sent."""

    through_n: int
    text: str


class DialogState(Value):
    """Everything that is remembered of one dialog, outside the log.

    `turns` holds the recent turns in order of `n`, those up to `snapshot.through_n` for interpretation only: prompts
    hold `summaries` and `snapshot` in their place. Older ones live there and in the log. `seen` holds
    ids of turns that are no longer in `turns`, most recent last, bounded.
    """

    schema_version: int = SCHEMA_VERSION
    dialog_id: str
    next_n: int = Field(default=1, ge=1)
    turns: tuple[Turn, ...] = ()
    topics: tuple[Topic, ...] = ()
    active_topic: str | None = None
    slots: tuple[Slot, ...] = ()
    summaries: tuple[Summary, ...] = ()
    snapshot: Snapshot | None = None
    seen: tuple[str, ...] = ()

    def turn(self, turn_id: str) -> Turn | None:
        """The recent turn of that id, if it is still in `turns`."""
        return next((turn for turn in reversed(self.turns) if turn.turn_id == turn_id), None)

    def topic(self, topic_id: str | None) -> Topic | None:
        return next((topic for topic in self.topics if topic.topic_id == topic_id), None)

    @property
    def slots_in_scope(self) -> tuple[Slot, ...]:
        """Slots of the whole dialog and of the active topic."""
        return tuple(slot for slot in self.slots if slot.topic_id in (None, self.active_topic))

    def slots_as(self, model: type[slots_typed.ModelT]) -> slots_typed.ModelT:
        """The slots in scope as an instance of `model`; what is not known or was left open gets the model's default.

        Raises SlotsUnreadable, naming the slot and what was found, when a value does not fit or a default is missing.
        """
        names = dict.fromkeys(slot.name for slot in self.slots_in_scope)
        known = {name: slot.current for name in names if (slot := self.slot(name)) is not None}
        stated = {name: said.value for name, said in known.items() if said is not None and said.status == "stated"}
        return slots_typed.slots_as(stated, model)

    def slot(self, name: str, owner: str | None = None) -> Slot | None:
        """The slot of that name in scope: `owner`'s own before everybody's, the active topic's before the dialog's.

        Without `owner`, another speaker's own slot is the answer only where everybody's is missing.
        """
        found = [
            slot for slot in self.slots_in_scope if slot.name == name and (owner is None or slot.owner in _us(owner))
        ]
        return max(found, key=lambda slot: (slot.owner == owner, slot.topic_id is not None), default=None)

    def as_known_to(self, speaker: str | None) -> DialogState:
        """The state that one speaker's words are about: without what other speakers called their own."""
        others = any(slot.owner not in _us(speaker) for slot in self.slots)
        if not others:
            return self
        return self.model_copy(update={"slots": tuple(slot for slot in self.slots if slot.owner in _us(speaker))})


def _us(speaker: str | None) -> tuple[str | None, ...]:
    """Owners of the slots a speaker may mean: everybody, and he himself."""
    return (None, speaker)


def digest(turns: Iterable[Turn]) -> str:
    """Identifies what was said in `turns`; differs when any of them was edited, answered anew or removed."""
    sha = hashlib.sha256()
    for turn in turns:
        for part in (turn.turn_id, turn.status, turn.user, turn.reply):
            sha.update(f"{len(part)}:{part}".encode("utf-8", "replace"))
    return sha.hexdigest()[:16]
