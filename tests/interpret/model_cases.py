"""Dialogs and answers for the tests of interpretation by a model."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from dialog.interpretation import Interpretation, identity
from dialog.rewrite import Source, Span
from dialog.state import DialogState, Request, Slot, SlotValue, Summary, Topic, Turn

QUESTION = "What is the best Chinese restaurant in New York?"
REPLY = "1. Joe's Shanghai 2. Golden Dragon. Both take 6 guests."


def turn(n: int, user: str, reply: str, *, topic: str = "t1") -> Turn:
    return Turn(turn_id=f"u{n}", n=n, status="closed", user=user, resolved=user, sent=user, reply=reply, topic_id=topic)


def dinner(**more: Any) -> DialogState:
    """Two topics, dinner being active."""
    city = SlotValue(
        name="place", value="New York", source=Source(kind="user", turn_id="u1", span=Span(start=39, end=47))
    )
    state = DialogState(
        dialog_id="d",
        next_n=3,
        turns=(turn(1, "Who wrote Hamlet?", "Shakespeare.", topic="t0"), turn(2, QUESTION, REPLY)),
        topics=(
            Topic(
                topic_id="t0", label="Hamlet", opened_by="u1", request=Request(text="Who wrote Hamlet?", turn_id="u1")
            ),
            Topic(topic_id="t1", label="dinner", opened_by="u2", request=Request(text=QUESTION, turn_id="u2")),
        ),
        active_topic="t1",
        slots=(Slot(name="place", current=city, topic_id="t1"),),
        summaries=(Summary(first_n=1, last_n=1, text="- I am allergic to peanuts.", covers="x", by="extract"),),
    )
    return state.model_copy(update=more)


def ducks() -> DialogState:
    """The same kind of dialog in Chinese."""
    return DialogState(
        dialog_id="d",
        next_n=2,
        turns=(turn(1, "北京有什么好吃的烤鸭店", "四季民福和全聚德都不错。"),),
        topics=(Topic(topic_id="t1", label="烤鸭", opened_by="u1"),),
        active_topic="t1",
    )


def answer(rewrite: str, **more: Any) -> str:
    """An answer as a model would write it."""
    said: dict[str, Any] = {
        "rewrite": rewrite,
        "act": "follow_up",
        "command": "none",
        "topic": {"kind": "stay", "id": "", "label": ""},
        "slots": [],
    }
    return json.dumps(said | more, ensure_ascii=False)


async def local(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
    """A local interpreter that leaves everything alone, knowing nothing."""
    return identity(state, text, by="rules:none")
