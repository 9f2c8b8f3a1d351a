"""Grounding: the prompt for a message, under its budget, and the compaction that keeps it there.

The prompt is append-only (the reason is what providers charge: a byte-equal prefix costs a tenth): instructions,
summaries, one snapshot of the state, the turns since as they were sent, the new message. Only a compaction changes
what was sent before, in one batch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dialog.bounds import MAX_TURN_BYTES, MAX_TURNS, text_bytes
from dialog.change import Compacted, fold
from dialog.errors import BudgetTooSmall
from dialog.ground.budget import Budget
from dialog.ground.layout import Layout
from dialog.ground.message import render_message
from dialog.ground.recall import recalled
from dialog.ground.replies import Following, following, neighbours
from dialog.ground.snapshot import render_snapshot
from dialog.interpretation import Interpretation
from dialog.prompt import Block, Dropped, GroundedPrompt
from dialog.state import DialogState, Snapshot, Summary, Turn, digest
from dialog.summarise.extract import USER, bounded, extract
from dialog.tokens import TokenCounter

Summarise = Callable[[DialogState, Sequence[Turn]], Awaitable[Summary]]
"""A summary of turns (in order, at least one), as `dialog.summarise.model.ModelSummariser` gives."""

_UNKNOWN = Following(text="", act="follow_up", taken=(), confidence=0.0)
"""The message after the newest turn, while there is none: its reply counts whole."""


@dataclass(frozen=True)
class Grounding:
    """The prompt, the user-role text of the message in it, and a compaction the caller must fold, if one was made."""

    prompt: GroundedPrompt
    sent: str
    compacted: Compacted | None = None


def ground(
    state: DialogState,
    interpretation: Interpretation,
    *,
    instructions: str = "",
    budget: Budget,
    count: TokenCounter,
    sent: str | None = None,
) -> Grounding:
    """The prompt for a message; `state` is the one before its turn. Pure.

    `instructions` go first, as they are. `sent` repeats the wording of an earlier attempt at the same turn. When
    everything does not fit `budget`, older turns are compacted; when that is not enough, what matters least is left
    out and listed in `prompt.dropped`: oldest turns first (each with its tools), then summaries, then the snapshot.

    Raises BudgetTooSmall when instructions and message alone exceed the budget.
    """
    layout = Layout(budget, count)
    first = layout.instruction(instructions)
    wording = (
        _wording(state, interpretation, layout, room=budget.budget_tokens - first.tokens) if sent is None else sent
    )
    frame = (first, layout.message(wording))
    needed = sum(block.tokens for block in frame)
    if needed > budget.budget_tokens:
        raise BudgetTooSmall(needed=needed, budget=budget.budget_tokens)
    after = following(interpretation)
    compacted = None
    if needed + _size(_history(state, after, layout)) > budget.budget_tokens:
        compacted = _smaller(state, after, layout, room=budget.budget_tokens - needed)
        state = fold(state, compacted) if compacted else state
    prompt = _fitted(_history(state, after, layout), frame, layout, counter=count.name)
    return Grounding(prompt, wording, compacted)


def _wording(state: DialogState, interpretation: Interpretation, layout: Layout, *, room: int) -> str:
    """The message with what it needs of earlier replies, unless it would not fit `room` tokens with them."""
    passages = recalled(state, interpretation, budget=layout.budget)
    full = render_message(state, interpretation, recalled=passages)
    fits = not passages or layout.message(full).tokens <= room
    return full if fits else render_message(state, interpretation)


def needs_compaction(state: DialogState, *, budget: Budget, count: TokenCounter) -> bool:
    """Whether the turns since the snapshot, the newest `keep_turns` aside, hold more than `compact_at_tokens`, or half
    of what the state may hold of turns."""
    older = _coverable(state, keep=budget.keep_turns)
    if not older:
        return False
    if len(older) > MAX_TURNS // 2 or text_bytes(older) > MAX_TURN_BYTES // 2:
        return True
    if budget.compact_at_tokens is None:
        return False
    layout = Layout(budget, count)
    pairs = neighbours(_since_snapshot(state), _UNKNOWN)[: len(older)]
    return sum(block.tokens for pair in pairs for block in layout.turn(*pair)[0]) > budget.compact_at_tokens


def compact(state: DialogState, *, budget: Budget, summary: Summary | None = None) -> Compacted | None:
    """The change that puts all but the newest `budget.keep_turns` turns behind a snapshot; None when there are none.

    `summary` is of exactly those turns (see `covered`); without one the extractive summary is made. A turn that is
    still open, and those after it, are never covered.
    """
    return _compacted(state, _coverable(state, keep=budget.keep_turns), budget, summary)


def covered(state: DialogState, *, budget: Budget) -> tuple[Turn, ...]:
    """The turns that `compact` would put behind the snapshot now, oldest first."""
    return _coverable(state, keep=budget.keep_turns)


async def compact_when_due(
    state: DialogState, *, budget: Budget, count: TokenCounter, summarise: Summarise | None = None
) -> Compacted | None:
    """A compaction if `needs_compaction`, its summary written by `summarise` where given. Meant for after the turn."""
    if not needs_compaction(state, budget=budget, count=count):
        return None
    turns = covered(state, budget=budget)
    summary = await summarise(state, turns) if summarise is not None and turns else None
    return compact(state, budget=budget, summary=summary)


@dataclass(frozen=True)
class _Part:
    """Blocks that stay or go together, and what was shortened in them."""

    what: str
    blocks: tuple[Block, ...]
    cut: tuple[Dropped, ...] = ()
    turn_id: str | None = None

    @property
    def tokens(self) -> int:
        return sum(block.tokens for block in self.blocks)

    @property
    def left_out(self) -> Dropped:
        match self.what:
            case "summary":
                return Dropped(what="summary", tokens=self.tokens)
            case "snapshot":
                return Dropped(what="snapshot", tokens=self.tokens)
            case _:
                return Dropped(what="turn", turn_id=self.turn_id, tokens=self.tokens)


def _history(state: DialogState, after: Following, layout: Layout) -> list[_Part]:
    """Everything between instructions and message, in the order it is sent."""
    parts = [_Part("summary", (layout.summary(summary),)) for summary in state.summaries if summary.text]
    if state.snapshot is not None and state.snapshot.text:
        parts.append(_Part("snapshot", (layout.snapshot(state.snapshot),)))
    for turn, following_it in neighbours(_since_snapshot(state), after):
        blocks, cut = layout.turn(turn, following_it)
        parts.append(_Part("turn", tuple(blocks), tuple(cut), turn.turn_id))
    return parts


def _since_snapshot(state: DialogState) -> tuple[Turn, ...]:
    through = state.snapshot.through_n if state.snapshot is not None else 0
    return tuple(turn for turn in state.turns if turn.n > through)


def _coverable(state: DialogState, *, keep: int) -> tuple[Turn, ...]:
    """The turns since the snapshot but the newest `keep`, up to the first that is still open."""
    turns = _since_snapshot(state)
    turns = turns[: max(0, len(turns) - keep)]
    still_open = next((i for i, turn in enumerate(turns) if turn.status == "open"), len(turns))
    return turns[:still_open]


def _smaller(state: DialogState, after: Following, layout: Layout, *, room: int) -> Compacted | None:
    """The compaction that leaves the most turns and fits `room`; the one that leaves fewest when none fits."""
    best = None
    for keep in range(layout.budget.keep_turns, -1, -1):
        proposed = _compacted(state, _coverable(state, keep=keep), layout.budget)
        if proposed is None:
            continue
        best = proposed
        if _size(_history(fold(state, proposed), after, layout)) <= room:
            break
    return best


def _compacted(
    state: DialogState, turns: tuple[Turn, ...], budget: Budget, summary: Summary | None = None
) -> Compacted | None:
    if not turns:
        return None
    made = _without_known_mentions(summary if summary is not None else extract(state, turns), state.summaries)
    summaries = bounded((*state.summaries, made), tokens=budget.summary_tokens)
    snapshot = Snapshot(through_n=turns[-1].n, text=render_snapshot(state))
    return Compacted(snapshot=snapshot, summaries=summaries, covers=digest(turns))


def _without_known_mentions(summary: Summary, before: Sequence[Summary]) -> Summary:
    """The summary without lines on the assistant that an earlier one has; the user's stay, for order tells there."""
    known = {line for earlier in before for line in earlier.text.split("\n") if not line.startswith(USER)}
    lines = [line for line in summary.text.split("\n") if line not in known]
    return summary.model_copy(update={"text": "\n".join(lines)})


def _size(parts: Sequence[_Part]) -> int:
    return sum(part.tokens for part in parts)


def _fitted(history: Sequence[_Part], frame: tuple[Block, Block], layout: Layout, *, counter: str) -> GroundedPrompt:
    """The prompt with as much of `history` as fits: snapshot, then summaries and turns, each from the newest back."""
    first, last = frame
    room = layout.budget.budget_tokens - first.tokens - last.tokens
    kept: set[int] = set()
    for what in ("snapshot", "summary", "turn"):
        for i in reversed([i for i, part in enumerate(history) if part.what == what]):
            if history[i].tokens > room:
                break
            room -= history[i].tokens
            kept.add(i)
    blocks = (first, *(block for i in sorted(kept) for block in history[i].blocks), last)
    dropped = [drop for i, part in enumerate(history) for drop in (part.cut if i in kept else (part.left_out,))]
    return GroundedPrompt(
        blocks=blocks,
        dropped=tuple(dropped),
        tokens=sum(block.tokens for block in blocks),
        budget=layout.budget.budget_tokens,
        counter=counter,
    )
