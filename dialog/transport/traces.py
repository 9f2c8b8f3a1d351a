"""Traces of what the door did, also where no turn was opened."""

from __future__ import annotations

from dialog.change import TurnOpened
from dialog.interpretation import Interpretation, TopicDecision, identity
from dialog.prompt import GroundedPrompt
from dialog.rewrite import Rewrite
from dialog.state import DialogState, Turn
from dialog.trace import TurnTrace, block_sizes

_NOBODY = identity(DialogState(dialog_id="-"), "", by="not read")


def trace_of(opened: TurnOpened, *, n: int, prompt: GroundedPrompt | None) -> TurnTrace:
    """The trace of a turn; without `prompt` the client's own messages were sent."""
    trace = TurnTrace(turn_id=opened.turn_id, n=n, interpretation=opened.interpretation)
    if prompt is None:
        return trace
    return trace.model_copy(
        update={
            "blocks": block_sizes(prompt),
            "dropped": prompt.dropped,
            "tokens": prompt.tokens,
            "budget": prompt.budget,
            "counter": prompt.counter,
        }
    )


def repeated(turn: Turn) -> TurnTrace:
    """The trace of a request that goes on with a turn, or repeats it: it means what it meant."""
    rewrite = Rewrite(original=turn.user, text=turn.resolved, edits=turn.edits, confidence=turn.confidence)
    stay = TopicDecision(kind="stay", topic_id=turn.topic_id)
    meant = Interpretation(act=turn.act, topic=stay, rewrite=rewrite, by=turn.by)
    return TurnTrace(turn_id=turn.turn_id, n=turn.n, interpretation=meant)


def bypassed(reason: str) -> TurnTrace:
    """The trace of a request that went through as it came, by what it is."""
    return TurnTrace(turn_id="", n=0, interpretation=_NOBODY, bypass=reason)


def degraded(reason: str) -> TurnTrace:
    """The trace of a request that went through as it came because something failed."""
    return TurnTrace(turn_id="", n=0, interpretation=_NOBODY, degraded=reason)
