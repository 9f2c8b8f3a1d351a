"""A dialog state made from a list of messages, for callers that hold the history themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from dialog.change import TurnClosed, TurnOpened, fold
from dialog.interpretation import Interpretation, Interpreter, identity
from dialog.state import DialogState

ROLES = ("user", "assistant")
Message = Mapping[str, str]
"""{"role": "user" or "assistant", "text": what was said}."""


def state_of(history: Iterable[Message], *, dialog_id: str = "replay") -> DialogState:
    """The state after `history`, oldest message first, with every user message taken as it stands.

    Everything is in one topic and no slot is known; `replayed` reads the messages as well. User messages may follow
    each other without a reply, replies in a row are joined by a blank line, and a dialog that the assistant opens
    begins with a turn whose user text is empty. Turn ids are "u1", "u2", ... Raises ValueError for another role or a
    message without text.
    """
    state = DialogState(dialog_id=dialog_id)
    for role, text in _checked(history):
        state = opened(state, text, identity(state, text, by="replay")) if role == "user" else answered(state, text)
    return state


async def replayed(
    history: Iterable[Message], interpret: Interpreter, *, dialog_id: str = "replay", now: datetime | None = None
) -> DialogState:
    """The state after `history` with every user message read by `interpret` in its place; otherwise as `state_of`.

    A pure function of its arguments when `interpret` is.
    """
    return await continued(DialogState(dialog_id=dialog_id), history, interpret, now=now)


async def continued(
    state: DialogState, history: Iterable[Message], interpret: Interpreter, *, now: datetime | None = None
) -> DialogState:
    """The state after `history` has gone on from `state`; see `replayed`."""
    for role, text in _checked(history):
        state = opened(state, text, await interpret(state, text, now=now)) if role == "user" else answered(state, text)
    return state


def _checked(history: Iterable[Message]) -> Iterable[tuple[str, str]]:
    for n, message in enumerate(history):
        role, text = message.get("role"), message.get("text")
        if role not in ROLES:
            raise ValueError(f'message {n} has role {role!r}; a history has "user" and "assistant" messages')
        if not isinstance(text, str):
            raise ValueError(f'message {n} has no "text"')
        yield role, text


def opened(state: DialogState, text: str, meant: Interpretation) -> DialogState:
    """The state with the user's message `text` taken up as `meant`."""
    return fold(
        state,
        TurnOpened(
            turn_id=f"u{state.next_n}",
            user=text,
            sent=meant.rewrite.text,
            interpretation=meant,
            at=0.0,
            lease_until=0.0,
        ),
    )


def answered(state: DialogState, text: str) -> DialogState:
    """The state with `text` as the reply to its last turn; a second reply in a row is joined to the first.

    A dialog that the assistant opens begins with a turn in which the user said nothing.
    """
    if not state.turns:
        state = opened(state, "", identity(state, "", by="opening"))
    last = state.turns[-1]
    if last.status != "closed":
        return fold(state, TurnClosed(turn_id=last.turn_id, reply=text, at=0.0))
    joined = last.model_copy(update={"reply": f"{last.reply}\n\n{text}"})
    return state.model_copy(update={"turns": (*state.turns[:-1], joined)})
