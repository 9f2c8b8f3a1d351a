"""What every dialect makes of a prompt in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from dialog.prompt import Block, GroundedPrompt
from dialog.state import ToolExchange

Message = dict[str, object]


def chat_messages(prompt: GroundedPrompt, exchange: Callable[[ToolExchange], list[Message]]) -> list[Message]:
    """The messages `{"role", "content"}`; `exchange` renders a tool call and its result, which stay together.

    The system blocks at the head become one message: many chat templates allow a single one, at the start.
    """
    head = leading_system(prompt.blocks)
    messages: list[Message] = []
    if head:
        messages.append({"role": "system", "content": "\n\n".join(block.text for block in head)})
    for block in prompt.blocks[len(head) :]:
        for answered_call in answered(block):
            messages += exchange(answered_call)
        if block.text:
            messages.append({"role": block.role, "content": block.text})
    return messages


def leading_system(blocks: Sequence[Block]) -> Sequence[Block]:
    """The system blocks before the first of another role."""
    count = next((n for n, block in enumerate(blocks) if block.role != "system"), len(blocks))
    return blocks[:count]


def answered(block: Block) -> list[ToolExchange]:
    """The block's tool exchanges that have a result: every provider refuses a call without one."""
    return [exchange for exchange in block.tools if exchange.result is not None]


def arguments_of(exchange: ToolExchange) -> object:
    """The call's arguments as an object, for dialects that do not take them as text."""
    try:
        arguments = json.loads(exchange.arguments)
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}
