"""A dialog's log and state as one view: what was said, made of it, changed by it, sent for it and spent on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dialog import journal
from dialog.change import SlotsSet, TurnClosed, TurnFailed
from dialog.inspect.origins import Memory, Texts, runs_of, said_of
from dialog.inspect.prompts import block_views, cached_blocks
from dialog.inspect.shelf import Document, Found, Record, last_at
from dialog.inspect.spending import Transcript
from dialog.inspect.views import (
    DialogCard,
    DialogView,
    DroppedView,
    EventView,
    SlotChange,
    SlotView,
    Spending,
    SummaryView,
    TopicView,
    TurnView,
)
from dialog.interpretation import Interpretation
from dialog.state import DialogState, Slot, ToolExchange, Turn, TurnStatus
from dialog.tokens import TokenCounter
from dialog.trace import TurnTrace

EXCERPT = 200
"""Characters of the last message that the list shows."""


@dataclass
class _Story:
    """What the log says of one turn. Of several attempts the first one was interpreted, the last one was sent."""

    turn_id: str
    interpretation: Interpretation
    trace: TurnTrace
    user: str
    sent: str
    opened_at: float
    lease_until: float
    speaker: str | None
    attempts: int = 1
    status: TurnStatus = "open"
    reply: str = ""
    tools: tuple[ToolExchange, ...] = ()
    ended_at: float | None = None
    failures: list[str] = field(default_factory=list)
    spent: Spending | None = None
    cached: int = 0

    @property
    def n(self) -> int:
        return self.trace.n

    @property
    def texts(self) -> Texts:
        return Texts(self.n, self.user, self.interpretation.rewrite.text, self.reply)

    def as_in(self, turn: Turn | None) -> None:
        """Take over how the turn stands in the state, which knows of longer leases and of what the client kept."""
        if turn is None:
            return
        self.status, self.reply, self.tools = turn.status, turn.reply, turn.tools
        if turn.failure is not None and turn.failure not in self.failures[-1:]:
            self.failures.append(turn.failure)


def card_of(found: Found) -> DialogCard:
    """The dialog's line in the list."""
    state = found.state
    topic, turn = state.topic(state.active_topic), state.turns[-1] if state.turns else None
    named = not found.ref.startswith("/")
    return DialogCard(
        ref=found.ref,
        dialog_id=state.dialog_id.encode("utf-8", "replace").decode() if named else "",
        topic=topic.label if topic else "",
        last=turn.user[:EXCERPT] if turn else "",
        turns=state.next_n - 1,
        last_at=last_at(state),
        status=turn.status if turn else None,
    )


def dialog_view(record: Record, count: TokenCounter, *, turns: int, now: float) -> DialogView:
    """The view with the newest `turns` turns; `count` counts the full transcript, `now` is seconds since the epoch."""
    state = record.found.state
    stories, events = _told(record.documents)
    for story in stories.values():
        story.as_in(state.turn(story.turn_id))
        if story.status == "open" and story.lease_until <= now and state.turn(story.turn_id) is None:
            story.status = "abandoned"
    _spend(stories, count)
    memory = Memory(
        turns={story.turn_id: story.texts for story in stories.values()} | _recent(state),
        summaries={f"{known.first_n}-{known.last_n}": known.text for known in state.summaries},
    )
    ordered = sorted(stories.values(), key=lambda story: story.n)
    shown = ordered[-turns:]
    first = shown[0].n if shown else 0
    numbers = {story.turn_id: story.n for story in ordered}
    timeline: list[TurnView | EventView] = [_turn_view(story, state, memory, numbers) for story in shown]
    whole = len(shown) == len(ordered)
    timeline += [_event_view(event, memory) for event in events if whole or event.n >= first]
    return DialogView(
        ref=record.found.ref,
        mark=record.found.mark,
        card=card_of(record.found),
        missing=max(0, (ordered[0].n if ordered else state.next_n) - 1 - _forgotten_before(events, ordered)),
        earlier=len(ordered) - len(shown),
        timeline=tuple(sorted(timeline, key=lambda item: (item.n, item.kind != "turn"))),
        topics=_topics(state, shown),
        slots=tuple(_slot_view(slot, state, memory) for slot in state.slots),
        summaries=tuple(
            SummaryView(name=f"{known.first_n}-{known.last_n}", text=known.text, by=known.by)
            for known in state.summaries
        ),
        transcript_counter=count.name,
    )


# -- reading the log ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Event:
    """Something between turns, after turn `n`."""

    n: int
    document: Document


def _told(documents: tuple[Document, ...]) -> tuple[dict[str, _Story], list[_Event]]:
    stories: dict[str, _Story] = {}
    events: list[_Event] = []
    n = 0
    for document in documents:
        match document["kind"]:
            case "turn_opened":
                _open(stories, document)
                n = max(n, stories[document["turn_id"]].n if document["turn_id"] in stories else 0)
            case "turn_closed" | "turn_failed":
                _end(stories, document)
            case "turn_forgotten":
                gone = stories.pop(document["turn_id"], None)
                if gone is not None:
                    events.append(_Event(gone.n, document))
            case "slots_set" | "compacted":
                events.append(_Event(n, document))
    return stories, events


def _open(stories: dict[str, _Story], document: Document) -> None:
    trace = journal.trace_of(document)
    if trace is None:
        return
    again = stories.get(document["turn_id"])
    if again is not None:
        again.trace, again.attempts, again.status = trace, document.get("attempt", 1), "open"
        again.reply, again.ended_at, again.lease_until = "", None, document["lease_until"]
        return
    stories[document["turn_id"]] = _Story(
        turn_id=document["turn_id"],
        interpretation=trace.interpretation,
        trace=trace,
        user=document["user"],
        sent=document["sent"],
        opened_at=document["at"],
        lease_until=document["lease_until"],
        speaker=document.get("speaker"),
        attempts=document.get("attempt", 1),
    )


def _end(stories: dict[str, _Story], document: Document) -> None:
    story = stories.get(document["turn_id"])
    if story is None or document.get("attempt", 1) < story.attempts:
        return
    if document["kind"] == "turn_closed":
        closed = TurnClosed.model_validate(document)
        story.status, story.reply, story.tools, story.ended_at = closed.status, closed.reply, closed.tools, closed.at
    elif story.status == "open":
        failed = TurnFailed.model_validate(document)
        story.status, story.ended_at = failed.status, failed.at
        story.failures.append(failed.failure)


def _spend(stories: Mapping[str, _Story], count: TokenCounter) -> None:
    """What each request spent, in the order in which the turns were opened."""
    transcript = Transcript(count)
    before: _Story | None = None
    for story in stories.values():
        if story.trace.blocks:
            story.cached = cached_blocks(before.trace.blocks if before else (), story.trace.blocks)
            story.spent = transcript.spent(story.trace.blocks, story.cached, story.user)
            before = story
        transcript.said(story.user, story.reply)


def _recent(state: DialogState) -> dict[str, Texts]:
    return {turn.turn_id: Texts(turn.n, turn.user, turn.resolved, turn.reply) for turn in state.turns}


def _forgotten_before(events: list[_Event], ordered: list[_Story]) -> int:
    first = ordered[0].n if ordered else 0
    return sum(event.document["kind"] == "turn_forgotten" and event.n < first for event in events)


# -- showing it --------------------------------------------------------------------------------------------------------


def _turn_view(story: _Story, state: DialogState, memory: Memory, numbers: Mapping[str, int]) -> TurnView:
    meant, trace = story.interpretation, story.trace
    return TurnView(
        turn_id=story.turn_id,
        n=story.n,
        status=story.status,
        attempts=story.attempts,
        opened_at=story.opened_at,
        took_s=None if story.ended_at is None else max(0.0, story.ended_at - story.opened_at),
        speaker=story.speaker,
        topic_id=_topic_id(story, state),
        topic_change=meant.topic.kind,
        user=story.user,
        resolved=meant.rewrite.text,
        sent=story.sent,
        runs=runs_of(meant.rewrite.original, meant.rewrite.edits, memory, turn_id=story.turn_id),
        reply=story.reply,
        tools=story.tools,
        act=meant.act,
        by=meant.by,
        confidence=meant.rewrite.confidence,
        slots=tuple(
            SlotChange(name=said.name, said=said_of(said, memory, turn_id=story.turn_id)) for said in meant.slots
        ),
        warnings=tuple(_warnings(story)),
        blocks=block_views(trace.blocks, cached=story.cached, numbers=numbers),
        dropped=tuple(
            DroppedView(what=drop.what, n=numbers.get(drop.turn_id or ""), name=drop.name, tokens=drop.tokens)
            for drop in trace.dropped
        ),
        tokens=trace.tokens,
        budget=trace.budget,
        counter=trace.counter,
        compacted=trace.compacted,
        interpret_ms=trace.interpret_ms,
        ground_ms=trace.ground_ms,
        spent=story.spent,
    )


def _warnings(story: _Story) -> Iterator[str]:
    """What did not go as usual, in words; kinds of errors only, for that is all that is kept of them."""
    if story.trace.degraded:
        yield f"degraded: went through without state ({story.trace.degraded})"
    if story.trace.bypass:
        yield f"bypassed: went through as it came ({story.trace.bypass})"
    if story.status == "partial":
        yield "partial: the reply broke off"
    if story.status == "abandoned":
        reason = story.failures[-1] if story.failures else "lease expired"
        yield f"abandoned: nobody waited for the reply, or its process ended ({reason})"
    if story.status == "failed":
        yield f"failed: the backend gave no reply ({story.failures[-1] if story.failures else 'no reason recorded'})"
    if story.attempts > 1:
        before = story.failures[:-1] if story.status in ("failed", "abandoned") else story.failures
        yield f"retried: attempt {story.attempts}" + (f", after {', '.join(before)}" if before else "")
    if story.interpretation.fallback:
        yield f"fallback: a better interpretation was not to be had ({story.interpretation.fallback})"


def _topic_id(story: _Story, state: DialogState) -> str:
    turn = state.turn(story.turn_id)
    if turn is not None:
        return turn.topic_id
    decision = story.interpretation.topic
    return decision.topic_id if decision.kind != "new" and decision.topic_id else f"t{story.n}"  # as `fold` names them


def _topics(state: DialogState, shown: list[_Story]) -> tuple[TopicView, ...]:
    """The topics of the turns shown, and those of the state, by their latest labels."""
    labels: dict[str, str] = {}
    for story in shown:
        meant, topic_id = story.interpretation, _topic_id(story, state)
        labels[topic_id] = meant.topic.label or labels.get(topic_id) or meant.rewrite.text[:60]
    labels |= {topic.topic_id: topic.label for topic in state.topics}
    return tuple(
        TopicView(topic_id=topic_id, label=label, active=topic_id == state.active_topic)
        for topic_id, label in labels.items()
    )


def _slot_view(slot: Slot, state: DialogState, memory: Memory) -> SlotView:
    topic = state.topic(slot.topic_id)
    return SlotView(
        name=slot.name,
        topic=None if slot.topic_id is None else topic.label if topic else slot.topic_id,
        in_scope=slot in state.slots_in_scope,
        current=None if slot.current is None else said_of(slot.current, memory, turn_id=None),
        excluded=tuple(said_of(value, memory, turn_id=None) for value in slot.excluded),
        history=tuple(said_of(value, memory, turn_id=None) for value in slot.history),
    )


def _event_view(event: _Event, memory: Memory) -> EventView:
    document = event.document
    match document["kind"]:
        case "slots_set":
            change = SlotsSet.model_validate(document)
            slots = tuple(SlotChange(name=said.name, said=said_of(said, memory, turn_id=None)) for said in change.slots)
            return EventView(kind="slots_set", n=event.n, slots=slots)
        case "compacted":
            snapshot = document["snapshot"]
            return EventView(kind="compacted", n=event.n, through_n=snapshot["through_n"], text=snapshot["text"])
        case _:
            return EventView(kind="forgotten", n=event.n)
