"""Why a turn went the way it did. Kept in the log beside the turn; `why` reads it back."""

from __future__ import annotations

from dialog.interpretation import Interpretation
from dialog.prompt import Dropped, GroundedPrompt
from dialog.values import Value


class BlockSize(Value):
    """A block of the prompt without its text; `digest` tells which text it was (see `Block.digest`), "" is unknown."""

    kind: str
    role: str = ""
    turn_id: str | None = None
    tokens: int
    digest: str = ""


def block_sizes(prompt: GroundedPrompt) -> tuple[BlockSize, ...]:
    """The blocks of a prompt as a trace keeps them."""
    return tuple(
        BlockSize(kind=block.kind, role=block.role, turn_id=block.turn_id, tokens=block.tokens, digest=block.digest)
        for block in prompt.blocks
    )


class TurnTrace(Value):
    """What was read, decided, edited, dropped, counted and timed for one turn.

    Times are milliseconds. `degraded` says why the turn went through unmanaged; `bypass` why it was not looked at.
    `read_version` and `written_version` are the record's version numbers before and after opening the turn.
    """

    turn_id: str
    n: int
    interpretation: Interpretation
    blocks: tuple[BlockSize, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    tokens: int = 0
    budget: int = 0
    counter: str = ""
    read_version: int = 0
    written_version: int = 0
    conflicts: int = 0
    interpret_ms: float = 0.0
    ground_ms: float = 0.0
    compacted: bool = False
    degraded: str | None = None
    bypass: str | None = None
