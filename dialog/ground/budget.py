"""How large a prompt may be, and when older turns give way to a summary."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from dialog.values import Value


class Budget(Value):
    """Token limits of one prompt, in tokens of the counter in use. Raises ValueError when they contradict.

    `budget_tokens`: the whole prompt, message overhead included, never exceeds this.
    `compact_at_tokens`: when the turns since the last snapshot, the newest `keep_turns` aside, together hold more, they
    are compacted after the turn; None leaves compaction to the moment the budget is exceeded or the state, which is
    bounded, is half full of them.
    `keep_turns`: the newest turns that a compaction leaves as they are; at least 1.
    `reply_tokens`: a reply that the next message does not build on is sent as an excerpt of about this size (of
    `estimate_counter`, so that what was sent does not depend on the counter at hand); None sends every reply whole.
    `summary_tokens`: all summaries of a dialog together, of `estimate_counter`; what exceeds it is left out, oldest
    and least telling first.
    """

    budget_tokens: int = Field(default=16_000, ge=64)
    compact_at_tokens: int | None = Field(default=1_200, ge=64)
    keep_turns: int = Field(default=1, ge=1)
    reply_tokens: int | None = Field(default=48, ge=16)
    summary_tokens: int = Field(default=4_000, ge=64)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.compact_at_tokens is not None and self.compact_at_tokens > self.budget_tokens:
            raise ValueError(
                f"compact_at_tokens ({self.compact_at_tokens}) is above budget_tokens ({self.budget_tokens}): "
                "it would never be reached; lower it, or set it to None"
            )
        return self

    @property
    def text_tokens(self) -> int:
        """The most a single reply or tool result of an older turn may take, whatever the next message does with it."""
        return max(48, self.budget_tokens // 4)
