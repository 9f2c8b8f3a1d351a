"""The backend for when there is no model: its reply shows the grounded prompt that a model would have got."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from dialog.backends.base import BackendRefused, OnUsage, Schema
from dialog.prompt import Block, GroundedPrompt


class PreviewBackend:
    """Replies with the message as a model would get it, under a line that counts the prompt; calls nothing.

    `whole` True shows every block of the prompt instead of the message alone.
    """

    name = "preview"

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole

    def __repr__(self) -> str:
        return f"PreviewBackend(whole={self._whole})"

    async def stream(self, prompt: GroundedPrompt, *, on_usage: OnUsage | None = None) -> AsyncGenerator[str, None]:
        for line in self._lines(prompt):
            yield line

    async def complete(
        self, prompt: GroundedPrompt, *, schema: Schema | None = None, on_usage: OnUsage | None = None
    ) -> str:
        """Raises BackendRefused when a schema is given: there is no model to fill it in."""
        if schema is not None:
            raise BackendRefused(self.name, "there is no model to answer with structured output; configure one")
        return "".join(self._lines(prompt))

    async def aclose(self) -> None:
        pass

    def _lines(self, prompt: GroundedPrompt) -> list[str]:
        head = f"[preview: no model is configured; {prompt.tokens} of {prompt.budget} tokens, {prompt.counter}]"
        blocks = prompt.blocks if self._whole else (prompt.message,)
        return [head, *(f"\n\n{_title(block)}{block.text}" for block in blocks)]


def _title(block: Block) -> str:
    tools = f", {len(block.tools)} tool call(s)" if block.tools else ""
    return f"--- {block.role} ({block.kind}, {block.tokens} tokens{tools})\n"
