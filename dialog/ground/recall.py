"""Earlier replies that a message needs and the prompt no longer holds whole: they come with the message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dialog.ground.budget import Budget
from dialog.ground.replies import Following, ends, following, leans_on, neighbours, repeated
from dialog.interpretation import Interpretation
from dialog.rewrite import Edit
from dialog.state import DialogState, Turn
from dialog.summarise.clauses import says_nothing, sentences
from dialog.tokens import estimate_counter


def recalled(state: DialogState, interpretation: Interpretation, *, budget: Budget) -> list[str]:
    """Passages of earlier replies, oldest first, together at most `budget.text_tokens` of `estimate_counter`.

    The sentences that the rewrite took words from, and, after turns that only thanked or consented, the reply that a
    message such as "make it shorter" then works on.
    """
    message = following(interpretation)
    shown = dict(_shown(state, message, budget))
    edits = interpretation.rewrite.edits
    found = {turn.turn_id: text for turn in state.turns if (text := _sources(turn, edits, shown[turn.turn_id]))}
    worked_on = _behind_consent(state)
    if worked_on is not None and leans_on(worked_on.reply, shown[worked_on.turn_id], message):
        found[worked_on.turn_id] = worked_on.reply
    passages: list[str] = []
    room = budget.text_tokens
    for turn in reversed(state.turns):
        if turn.turn_id in found and shown[turn.turn_id] != turn.reply and room > 0:
            passages.insert(0, ends(found[turn.turn_id], tokens=room))
            room -= estimate_counter.count(passages[0])
    return passages


def _shown(state: DialogState, message: Following, budget: Budget) -> Iterator[tuple[str, str]]:
    """What the prompt shows of each turn's reply."""
    through = state.snapshot.through_n if state.snapshot is not None else 0
    for turn, after in neighbours(state.turns, message):
        text = repeated(turn, after, reply_tokens=budget.reply_tokens, most=budget.text_tokens)
        yield turn.turn_id, text if turn.n > through else ""


def _sources(turn: Turn, edits: Sequence[Edit], shown: str) -> str:
    """The sentences of the turn's reply that words of the message were taken from, unless they are shown."""
    pieces = [piece for edit in edits for piece in edit.pieces if piece.source.kind == "reply"]
    words = [piece.text.strip() for piece in pieces if piece.source.turn_id == turn.turn_id]
    missing = [word for word in words if word and word not in shown]
    if not missing:
        return ""
    return " ".join(said for said in sentences(turn.reply) if any(word in said for word in missing))


def _behind_consent(state: DialogState) -> Turn | None:
    """The newest turn that asked for something, when only thanks and consent came after it."""
    if not state.turns or not says_nothing(state.turns[-1].resolved):
        return None
    return next((turn for turn in reversed(state.turns) if not says_nothing(turn.resolved)), None)
