"""Small dialogs for the grounding tests."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.change import TurnClosed, TurnOpened, fold
from dialog.ground import Budget, Grounding, TokenCounter, compact_when_due, estimate_counter, ground
from dialog.interpretation import Interpretation, identity
from dialog.rewrite import Edit, Piece, Source, Span, rewritten
from dialog.state import DialogState, SlotValue, Snapshot, ToolExchange

REPLY = "Golden Wok in Queens is a good choice. It has been there since 1998. Shall I book a table?"


def meant(state: DialogState, text: str, *, slots: Sequence[SlotValue] = (), adding: str = "") -> Interpretation:
    """The message left alone, or with `adding` from an earlier reply in place of its last character."""
    plain = identity(state, text, by="test")
    update: dict[str, object] = {"slots": tuple(slots)}
    if adding:
        piece = Piece(text=adding, source=Source(kind="reply", turn_id="u0", span=Span(start=0, end=len(adding))))
        edit = Edit(span=Span(start=len(text) - 1, end=len(text)), pieces=(piece,), reason="omission")
        update["rewrite"] = rewritten(text, [edit], confidence=0.9)
    return plain.model_copy(update=update)


def opened(state: DialogState, interpretation: Interpretation, sent: str) -> DialogState:
    turn_id = f"u{state.next_n}"
    text = interpretation.rewrite.original
    return fold(
        state,
        TurnOpened(turn_id=turn_id, user=text, sent=sent, interpretation=interpretation, at=0, lease_until=60),
    )


def closed(
    state: DialogState, reply: str, *, tools: Sequence[ToolExchange] = (), status: str = "closed"
) -> DialogState:
    return fold(
        state,
        TurnClosed(
            turn_id=state.turns[-1].turn_id,
            reply=reply,
            tools=tuple(tools),
            status="partial" if status == "partial" else "closed",
            at=1,
        ),
    )


async def talk(
    texts: Sequence[str],
    *,
    budget: Budget,
    replies: Sequence[str] = (REPLY,),
    count: TokenCounter = estimate_counter,
    state: DialogState | None = None,
) -> tuple[DialogState, list[Grounding]]:
    """The state after the messages were answered in turn, and what was sent for each."""
    state = state or DialogState(dialog_id="d")
    sent: list[Grounding] = []
    for i, text in enumerate(texts):
        message = meant(state, text)
        grounding = ground(state, message, instructions="Be brief.", budget=budget, count=count)
        sent.append(grounding)
        if grounding.compacted:
            state = fold(state, grounding.compacted)
        state = closed(opened(state, message, grounding.sent), replies[i % len(replies)])
        change = await compact_when_due(state, budget=budget, count=count)
        if change:
            state = fold(state, change)
    return state, sent


def said(name: str, value: str | tuple[str, ...] | None, *, status: str = "stated", by: str = "user") -> SlotValue:
    return SlotValue.model_validate(
        {"name": name, "value": value, "status": status, "source": {"kind": by, "turn_id": "u1"}}
    )


def with_snapshot(state: DialogState, text: str, *, through_n: int = 0) -> DialogState:
    return state.model_copy(update={"snapshot": Snapshot(through_n=through_n, text=text)})


def texts(grounding: Grounding) -> list[tuple[str, str]]:
    return [(block.role, block.text) for block in grounding.prompt.blocks]
