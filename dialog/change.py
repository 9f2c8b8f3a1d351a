"""The changes that steps propose, and `fold`, the one pure function that applies them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self, assert_never

from pydantic import model_validator

from dialog.bounds import MAX_LABEL_CHARS, MAX_REQUEST_CHARS, bounded_topics, ends_of, remembered, with_bounded_turns
from dialog.interpretation import Interpretation
from dialog.slots_fold import said_by, with_slots, without_slots
from dialog.state import (
    Act,
    DialogState,
    Request,
    SlotValue,
    Snapshot,
    Summary,
    ToolExchange,
    Topic,
    Turn,
    digest,
)
from dialog.values import Value, WellFormed

REMEMBERED_TURNS = 12
"""The newest turns that a compaction leaves in the state: prompts hold the snapshot in their place, but a follow-up
may still point at their words."""

ASKING: frozenset[Act] = frozenset({"new", "follow_up", "refine", "correct", "return"})
"""Acts whose resolved text becomes the standing request; the others point at what was asked or answered before."""


class TurnOpened(Value):
    """A user message was taken up. Folding it again with the same `turn_id` and `attempt` changes nothing."""

    kind: Literal["turn_opened"] = "turn_opened"
    turn_id: str
    attempt: int = 1
    user: str
    sent: str
    interpretation: Interpretation
    speaker: str | None = None
    at: float
    lease_until: float


class TurnClosed(Value):
    """The reply is whole ("closed") or broke off ("partial")."""

    kind: Literal["turn_closed"] = "turn_closed"
    turn_id: str
    attempt: int = 1
    status: Literal["closed", "partial"] = "closed"
    reply: WellFormed
    tools: tuple[ToolExchange, ...] = ()
    at: float


class TurnFailed(Value):
    """The backend gave no reply ("failed") or nobody waited for it ("abandoned")."""

    kind: Literal["turn_failed"] = "turn_failed"
    turn_id: str
    attempt: int = 1
    status: Literal["failed", "abandoned"] = "failed"
    failure: str
    at: float


class LeaseExtended(Value):
    """The turn is still being answered."""

    kind: Literal["lease_extended"] = "lease_extended"
    turn_id: str
    attempt: int = 1
    lease_until: float


class Compacted(Value):
    """Turns up to `snapshot.through_n` are now represented by the snapshot in prompts; all but the newest
    REMEMBERED_TURNS turns of the dialog leave the recent turns.

    `covers` is the digest of the turns it takes from the prompt, as they were when it was made. A compaction whose
    turns have changed since (a summary takes its time, a turn may be forgotten meanwhile) changes nothing; "" is not
    checked.
    """

    kind: Literal["compacted"] = "compacted"
    covers: str = ""
    snapshot: Snapshot
    summaries: tuple[Summary, ...]


class SlotsSet(Value):
    """The caller states slots (source kind "caller"), each at most once."""

    kind: Literal["slots_set"] = "slots_set"
    slots: tuple[SlotValue, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [value.name for value in self.slots]
        if len(names) != len(set(names)):
            raise ValueError(f"a slot is set once per change, got {sorted(names)}")
        return self


class TurnForgotten(Value):
    """The turn and what only it said leave the state (an edit, a deletion, an undo)."""

    kind: Literal["turn_forgotten"] = "turn_forgotten"
    turn_id: str


Change = TurnOpened | TurnClosed | TurnFailed | LeaseExtended | Compacted | SlotsSet | TurnForgotten


def fold(state: DialogState, change: Change) -> DialogState:
    """The state after `change`. Pure and total; folding the same change twice equals folding it once."""
    match change:
        case TurnOpened():
            return _open(state, change)
        case TurnClosed():
            return _close(state, change)
        case TurnFailed():
            return _fail(state, change)
        case LeaseExtended():
            return _extend(state, change)
        case Compacted():
            return _compact(state, change)
        case SlotsSet():
            return _set(state, change)
        case TurnForgotten():
            return _forget(state, change)
        case _:
            assert_never(change)


def fold_all(state: DialogState, changes: Iterable[Change]) -> DialogState:
    """The state after each of `changes` in turn."""
    for change in changes:
        state = fold(state, change)
    return state


def _open(state: DialogState, change: TurnOpened) -> DialogState:
    before = state.turn(change.turn_id)
    if before is None and change.turn_id in state.seen:
        return state
    if before is not None:
        return _reopen(state, before, change)
    state = _commanded(state, change)
    state, topic_id = _move(state, change)
    meant = change.interpretation
    turn = Turn(
        turn_id=change.turn_id,
        n=state.next_n,
        status="open",
        user=change.user,
        resolved=meant.rewrite.text,
        sent=change.sent,
        act=meant.act,
        edits=meant.rewrite.edits,
        confidence=meant.rewrite.confidence,
        by=meant.by,
        topic_id=topic_id,
        speaker=change.speaker,
        attempt=change.attempt,
        opened_at=change.at,
        lease_until=change.lease_until,
    )
    opened = state.model_copy(
        update={
            "next_n": state.next_n + 1,
            "turns": (*state.turns, turn),
            "topics": _asked(state.topics, topic_id, turn, change),
            "slots": with_slots(
                state.slots,
                said_by(meant.slots, change.user, change.speaker),
                topic_id=topic_id,
                turn_id=change.turn_id,
            ),
        }
    )
    return with_bounded_turns(opened)


def _reopen(state: DialogState, before: Turn, change: TurnOpened) -> DialogState:
    """A later attempt at a turn that has no reply; its interpretation stands, so its effects are not applied twice."""
    if change.attempt <= before.attempt or before.status == "closed":
        return state
    update = {
        "status": "open",
        "attempt": change.attempt,
        "lease_until": change.lease_until,
        "reply": "",
        "failure": None,
        "closed_at": None,
    }
    return _with_turn(state, before.model_copy(update=update))


def _commanded(state: DialogState, change: TurnOpened) -> DialogState:
    meant = change.interpretation
    match meant.command:
        case "start_over":
            fresh = DialogState(dialog_id=state.dialog_id, next_n=state.next_n)
            return fresh.model_copy(update={"seen": remembered(state.seen, state.turns)})
        case "undo" if state.turns:
            return _forget(state, TurnForgotten(turn_id=state.turns[-1].turn_id))
        case "forget_topic":
            gone = meant.topic.topic_id or state.active_topic
            return state.model_copy(update={"slots": without_slots(state.slots, topic_id=gone)})
        case _:
            return state


def _move(state: DialogState, change: TurnOpened) -> tuple[DialogState, str]:
    """The state with the decided topic active, and that topic's id; starting over leaves none active (id "")."""
    decision = change.interpretation.topic
    if change.interpretation.command == "start_over":
        return state, ""
    label = decision.label and decision.label[:MAX_LABEL_CHARS]
    wanted = state.topic(decision.topic_id or state.active_topic)
    if decision.kind == "new" or wanted is None:
        topic = Topic(
            topic_id=f"t{state.next_n}",
            label=label or change.interpretation.rewrite.text[:60],
            opened_by=change.turn_id,
            parent=state.active_topic,
        )
        topics = bounded_topics((*state.topics, topic))
    else:
        topic, topics = wanted, state.topics
        if label and label != topic.label:
            topic = topic.model_copy(update={"label": label})
            topics = tuple(topic if old.topic_id == topic.topic_id else old for old in topics)
    return state.model_copy(update={"topics": topics, "active_topic": topic.topic_id}), topic.topic_id


def _asked(topics: tuple[Topic, ...], topic_id: str, turn: Turn, change: TurnOpened) -> tuple[Topic, ...]:
    """The topics with this turn as the standing request of its topic, when it asks for something."""
    update: dict[str, object] = {"last_n": turn.n}
    if turn.act in ASKING:
        update["request"] = Request(text=turn.resolved[:MAX_REQUEST_CHARS], turn_id=turn.turn_id)
    return tuple(topic.model_copy(update=update) if topic.topic_id == topic_id else topic for topic in topics)


def _close(state: DialogState, change: TurnClosed) -> DialogState:
    turn = state.turn(change.turn_id)
    if turn is None or change.attempt < turn.attempt or turn.status == "closed":
        return state
    tools = tuple(
        tool if tool.result is None else tool.model_copy(update={"result": ends_of(tool.result)})
        for tool in change.tools
    )
    update = {"status": change.status, "reply": ends_of(change.reply), "tools": tools, "closed_at": change.at}
    return with_bounded_turns(_with_turn(state, turn.model_copy(update=update)))


def _fail(state: DialogState, change: TurnFailed) -> DialogState:
    turn = state.turn(change.turn_id)
    if turn is None or change.attempt < turn.attempt or turn.status != "open":
        return state
    return _with_turn(
        state, turn.model_copy(update={"status": change.status, "failure": change.failure, "closed_at": change.at})
    )


def _extend(state: DialogState, change: LeaseExtended) -> DialogState:
    turn = state.turn(change.turn_id)
    if turn is None or turn.status != "open" or turn.attempt != change.attempt:
        return state
    lease_until = max(turn.lease_until, change.lease_until)
    return _with_turn(state, turn.model_copy(update={"lease_until": lease_until}))


def _compact(state: DialogState, change: Compacted) -> DialogState:
    through = change.snapshot.through_n
    if state.snapshot is not None and through <= state.snapshot.through_n:
        return state
    since = state.snapshot.through_n if state.snapshot is not None else 0
    if change.covers not in ("", digest(turn for turn in state.turns if since < turn.n <= through)):
        return state
    older, newest = state.turns[:-REMEMBERED_TURNS], state.turns[-REMEMBERED_TURNS:]
    gone = tuple(turn for turn in older if turn.n <= through)
    return state.model_copy(
        update={
            "snapshot": change.snapshot,
            "summaries": change.summaries,
            "turns": (*(turn for turn in older if turn.n > through), *newest),
            "seen": remembered(state.seen, gone),
        }
    )


def _forget(state: DialogState, change: TurnForgotten) -> DialogState:
    turn = state.turn(change.turn_id)
    if turn is None:
        return state
    turns = tuple(other for other in state.turns if other.turn_id != change.turn_id)
    topics = tuple(_without_request(topic, turns, change.turn_id) for topic in state.topics)
    kept = tuple(topic for topic in topics if topic.opened_by != change.turn_id)
    last = turns[-1].topic_id if turns else None
    active = last if last in {topic.topic_id for topic in kept} else (kept[-1].topic_id if kept else None)
    return state.model_copy(
        update={
            "turns": turns,
            "topics": kept,
            "active_topic": active,
            "slots": without_slots(state.slots, turn_id=change.turn_id),
            **_uncovered(state, turn),
        }
    )


def _uncovered(state: DialogState, turn: Turn) -> dict[str, object]:
    """What a forgotten turn changes in the summaries: its words leave them, and the snapshot is to be made anew."""
    if state.snapshot is None or turn.n > state.snapshot.through_n:
        return {}
    said = " ".join(f"{turn.user} {turn.reply}".split())
    return {"snapshot": None, "summaries": tuple(_without_words(summary, turn.n, said) for summary in state.summaries)}


def _without_words(summary: Summary, n: int, said: str) -> Summary:
    if not summary.first_n <= n <= summary.last_n:
        return summary
    lines = summary.text.split("\n")
    kept = (line for line in lines if line.startswith("- ") and line[2:].removesuffix(" [\u2026]") not in said)
    return summary.model_copy(update={"text": "\n".join(kept)})


def _without_request(topic: Topic, turns: tuple[Turn, ...], turn_id: str) -> Topic:
    if topic.request is None or topic.request.turn_id != turn_id:
        return topic
    earlier = [turn for turn in turns if turn.topic_id == topic.topic_id and turn.act in ASKING]
    request = Request(text=earlier[-1].resolved[:MAX_REQUEST_CHARS], turn_id=earlier[-1].turn_id) if earlier else None
    return topic.model_copy(update={"request": request})


def _set(state: DialogState, change: SlotsSet) -> DialogState:
    """The caller's values, each put where the slot of that name and owner stands: a correction of a topic's slot would
    have no effect beside it."""
    said = tuple(value.model_copy(update={"scope": _scope(state, value)}) for value in change.slots)
    return state.model_copy(update={"slots": with_slots(state.slots, said, topic_id=state.active_topic, turn_id="")})


def _scope(state: DialogState, value: SlotValue) -> Literal["dialog", "topic"]:
    standing = (slot for slot in state.slots_in_scope if (slot.name, slot.owner) == (value.name, value.owner))
    return "topic" if any(slot.topic_id is not None for slot in standing) else "dialog"


def _with_turn(state: DialogState, turn: Turn) -> DialogState:
    return state.model_copy(
        update={"turns": tuple(turn if old.turn_id == turn.turn_id else old for old in state.turns)}
    )
