"""A state from the messages a client holds: each turn taken up and answered again, giving what it gave the first time.

What comes out depends on the messages, the interpreter and the grounding alone. So relative dates are read without a
clock here, and no model summarises.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from dialog.change import REMEMBERED_TURNS, Change, TurnOpened, fold, fold_all
from dialog.errors import BudgetTooSmall
from dialog.interpretation import Interpretation, identity
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState, Turn
from dialog.steps import Steps
from dialog.wire.reading import Exchange

log = logging.getLogger("antecedent")


@dataclass(frozen=True, slots=True)
class Taken:
    """A message taken up: the change that opens its turn, a compaction that goes before it, and its prompt."""

    opened: TurnOpened
    compacted: Change | None = None
    prompt: GroundedPrompt | None = None

    @property
    def changes(self) -> tuple[Change, ...]:
        return (self.opened,) if self.compacted is None else (self.compacted, self.opened)


@dataclass(frozen=True, slots=True)
class Replayer:
    """Takes messages up with a pipeline's steps.

    With `compacting` the prompt stands for the client's messages, so older turns are compacted as the steps say (a
    model that writes summaries is waited for). Without it the client's messages are all there, and a message is read
    after the newest turns alone, as it is after a compaction.
    """

    steps: Steps
    compacting: bool

    async def take_up(
        self, state: DialogState, text: str, turn_id: str, *, at: float = 0.0, lease_s: float = 0.0
    ) -> Taken:
        """What `state` makes of the message `text`; one without text (an image alone) is only counted as a turn."""
        if not self.compacting:
            state = state.model_copy(update={"turns": state.turns[-REMEMBERED_TURNS:]})
        meant = await self._meant(state, text)
        sent, prompt, compacted = text, None, None
        if text.strip():
            try:
                grounded = await self.steps.ground(state, meant)
            except BudgetTooSmall:
                # The client's own messages go out whatever their size; this one just goes out as it was written.
                meant = identity(state, text, by="too long")
            else:
                sent, prompt = grounded.sent, grounded.prompt
                compacted = grounded.compacted if self.compacting else None
        opened = TurnOpened(
            turn_id=turn_id, user=text, sent=sent, interpretation=meant, at=at, lease_until=at + lease_s
        )
        return Taken(opened, compacted, prompt)

    async def go_through(self, state: DialogState, exchange: Exchange, turn_id: str) -> DialogState:
        """The state after the whole exchange."""
        taken = await self.take_up(state, exchange.user, turn_id)
        return await self.settle(answered(fold_all(state, taken.changes), turn_id, exchange))

    async def settle(self, state: DialogState) -> DialogState:
        """An answered state, compacted when that is due."""
        change = await self.steps.compact(state) if self.compacting else None
        return state if change is None else fold(state, change)

    async def _meant(self, state: DialogState, text: str) -> Interpretation:
        if not text.strip():
            return identity(state, text, by="no text")
        try:
            return await self.steps.interpret(state, text)
        except Exception as error:  # an interpreter is anybody's code; its failure must not lose the message
            log.warning("interpreter failed, message left alone: %s", type(error).__name__)
            return identity(state, text, by="identity", fallback=type(error).__name__)


def answered(state: DialogState, turn_id: str, exchange: Exchange) -> DialogState:
    """The state with its turn `turn_id` answered as the client's messages say, whatever was recorded when it was sent.

    What the client kept is what the conversation goes on from: it may have stopped the reply early, edited it, or
    chosen another of two.
    """
    update: dict[str, object] = {
        "status": "closed" if exchange.reply or exchange.tools else "abandoned",
        "reply": exchange.reply,
        "tools": tuple(tool for tool in exchange.tools if tool.name),
        "attempt": 1,
        "failure": None,
    }
    turns = (turn.model_copy(update=update) if turn.turn_id == turn_id else turn for turn in state.turns)
    return state.model_copy(update={"turns": tuple(turns)})


def sent_forms(turns: Iterable[Turn]) -> dict[str, str]:
    """How each turn's message was sent, by turn id."""
    return {turn.turn_id: turn.sent for turn in turns}
