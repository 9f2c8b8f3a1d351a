"""The callables a pipeline is made of, by their shapes only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from dialog.change import Compacted
from dialog.interpretation import Interpretation, Interpreter
from dialog.prompt import GroundedPrompt
from dialog.state import DialogState


class Grounded(Protocol):
    """What grounding gives: the prompt, the message as it is sent, and a compaction if one was needed."""

    @property
    def prompt(self) -> GroundedPrompt: ...
    @property
    def sent(self) -> str: ...
    @property
    def compacted(self) -> Compacted | None: ...


class Ground(Protocol):
    async def __call__(
        self, state: DialogState, interpretation: Interpretation, *, sent: str | None = None
    ) -> Grounded:
        """The prompt for a message that `state` does not hold yet; `sent` repeats an earlier attempt's wording.

        Raises BudgetTooSmall.
        """
        ...


Compact = Callable[[DialogState], Awaitable[Compacted | None]]
"""A compaction of the state when it is due, else None."""


@dataclass(frozen=True)
class Steps:
    """What a pipeline does with a message, besides keeping it."""

    interpret: Interpreter
    ground: Ground
    compact: Compact
