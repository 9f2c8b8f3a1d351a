"""What goes to the backend: blocks in order, each with its role and its tokens, and what was left out."""

from __future__ import annotations

import hashlib
import json
from typing import Literal, Self

from pydantic import Field, model_validator

from dialog.state import ToolExchange
from dialog.values import Value

Role = Literal["system", "user", "assistant"]
BlockKind = Literal["instruction", "snapshot", "turn", "message"]


class Block(Value):
    """A message of the prompt. `tools` are exchanges that come with an assistant block, before its text.

    `cache_mark`: the prompt up to and with this block stays as it is for several turns; a provider with explicit
    cache breakpoints should put one here.
    """

    kind: BlockKind
    role: Role
    text: str
    tools: tuple[ToolExchange, ...] = ()
    turn_id: str | None = None
    tokens: int = Field(ge=0)
    cache_mark: bool = False

    @property
    def digest(self) -> str:
        """Identifies what a provider sees of the block, by `block_digest`."""
        return block_digest(self.role, self.text, self.tools)


def block_digest(role: Role, text: str, tools: tuple[ToolExchange, ...] = ()) -> str:
    """12 hex digits of SHA-256 over role, text and tools; a prefix of equal digests is one a provider has cached."""
    parts = [role, text, *(tool.model_dump(mode="json") for tool in tools)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


class Dropped(Value):
    """Something that was left out to keep the budget, with its size in tokens."""

    what: Literal["turn", "reply", "tool", "summary", "snapshot"]
    turn_id: str | None = None
    name: str | None = None
    tokens: int = Field(ge=0)


class GroundedPrompt(Value):
    """The whole prompt; `sum(block.tokens) == tokens <= budget`, counted by the counter named in `counter`."""

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()
    tokens: int
    budget: int
    counter: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(block.tokens for block in self.blocks)
        if total != self.tokens or total > self.budget:
            raise ValueError(f"blocks hold {total} tokens, {self.tokens} were declared, the budget is {self.budget}")
        return self

    @property
    def message(self) -> Block:
        """The last block: the user's message as it is sent."""
        return self.blocks[-1]
