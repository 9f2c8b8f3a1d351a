"""What of a dialog a model is shown, and so what words of a rewrite may come from: one bounded reading of the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialog.interpret.diff import Said
from dialog.state import DialogState, SlotValue, Turn

MAX_TURNS = 12
MAX_REPLY_CHARS = 2_400
MAX_USER_CHARS = 2_000
MAX_SUMMARY_CHARS = 6_000


@dataclass(frozen=True)
class Remembered:
    """The parts of a state that are shown, each as the text it is shown by and the source its words have."""

    summaries: tuple[Said, ...]
    turns: tuple[tuple[Turn, tuple[Said, ...]], ...]
    """Newest last; of each turn what the user said, then the reply."""
    requests: tuple[Said, ...]
    """Standing requests of topics whose turn is not among `turns`."""
    slots: tuple[tuple[str, SlotValue, Said], ...]
    caller: tuple[Said, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything, in order of preference as a source: the user's words before the assistant's, new before old."""
        newest_first = [parts for _, parts in reversed(self.turns)]
        user = [part for parts in newest_first for part in parts if part.kind != "reply"]
        replies = [part for parts in newest_first for part in parts if part.kind == "reply"]
        slots = [part for _, _, part in self.slots]
        return (*user, *slots, *self.requests, *replies, *self.caller, *self.summaries)


def remembered(state: DialogState, caller: Sequence[tuple[str, str]] = ()) -> Remembered:
    """What is shown of `state`; its size does not grow with the dialog. `caller` is as in `View.caller`."""
    turns = tuple((turn, tuple(_parts(turn))) for turn in state.turns[-MAX_TURNS:])
    shown = {turn.turn_id for turn, _ in turns}
    asked = [topic.request for topic in state.topics if topic.request and topic.request.turn_id not in shown]
    return Remembered(
        summaries=tuple(_summaries(state)),
        turns=turns,
        requests=tuple(Said(one.text[:MAX_USER_CHARS], "resolved", one.turn_id) for one in asked),
        slots=tuple(_slots(state)),
        caller=tuple(Said(text[:MAX_USER_CHARS], "caller", name=name) for name, text in caller),
    )


def _parts(turn: Turn) -> Iterator[Said]:
    kept = turn.resolved == turn.user
    yield Said(turn.resolved[:MAX_USER_CHARS], "user" if kept else "resolved", turn.turn_id, by=turn.speaker)
    if turn.reply:
        yield from _reply(turn)


def _reply(turn: Turn) -> Iterator[Said]:
    """The reply; of a long one the two ends, where its subject and its offers mostly are."""
    if len(turn.reply) <= MAX_REPLY_CHARS:
        yield Said(turn.reply, "reply", turn.turn_id)
        return
    half = MAX_REPLY_CHARS // 2
    yield Said(turn.reply[:half], "reply", turn.turn_id)
    yield Said(turn.reply[-half:], "reply", turn.turn_id, offset=len(turn.reply) - half)


def _summaries(state: DialogState) -> Iterator[Said]:
    room = MAX_SUMMARY_CHARS
    for summary in reversed(state.summaries):
        if len(summary.text) > room:
            return
        room -= len(summary.text)
        yield Said(summary.text, "summary", name=f"{summary.first_n}-{summary.last_n}")


def _slots(state: DialogState) -> Iterator[tuple[str, SlotValue, Said]]:
    for slot in state.slots_in_scope:
        held = (slot.current,) if slot.current is not None else ()
        for value in (*held, *slot.excluded):
            for wording in _wordings(value):
                yield slot.name, value, Said(wording, "slot", name=slot.name, whole=True)


def _wordings(value: SlotValue) -> list[str]:
    parts = value.value if isinstance(value.value, tuple) else (value.value,)
    written = [str(part) for part in (*parts, value.raw) if part is not None and not isinstance(part, bool)]
    return [wording for wording in dict.fromkeys(written) if wording.strip()]
