"""The lines of a dialog's log: what happened, verbatim, for export, audit, replay and `why`.

Together they hold the exact prompt of every turn: a trace names each block by its digest, and the text of a block is
the `sent` or the reply of a turn, or stands among the `kept` blocks of the line that first needed it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from dialog.bounds import MAX_REPLY_CHARS
from dialog.change import Change, Compacted, TurnOpened
from dialog.prompt import Block, GroundedPrompt, Role
from dialog.state import DialogState, ToolExchange
from dialog.trace import TurnTrace


def line(change: Change, *, trace: TurnTrace | None = None, kept: Sequence[Block] = ()) -> bytes:
    """One log line: the change as JSON; with the trace and the `kept` blocks of the prompt when it opens a turn."""
    document = {"kind": change.kind} | change.model_dump(mode="json", exclude_defaults=True)
    if isinstance(change, TurnOpened):
        document.pop("interpretation", None)  # the trace holds it
    if isinstance(change, Compacted):
        document.pop("summaries", None)  # the next prompt's kept blocks hold what of them was sent
    if trace is not None:
        document["trace"] = trace.model_dump(mode="json", exclude_defaults=True)
    if kept:
        document["kept"] = [block.model_dump(mode="json", include={"role", "text", "tools"}) for block in kept]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def kept_blocks(prompt: GroundedPrompt, state: DialogState) -> tuple[Block, ...]:
    """The blocks whose text the log needs to keep with this turn, for no other line has it.

    Messages and whole replies stand in the lines of their turns. The rest is kept when it is new: the excerpt of the
    newest reply with every turn, what goes before the turns only while at most one turn stands after it, which is at
    the start of a dialog and after a compaction. So a log grows by what is new in a prompt and not by prompts.
    `state` is the one before the turn.
    """
    turns = list(dict.fromkeys(block.turn_id for block in prompt.blocks if block.kind == "turn"))
    newest = turns[-1:]
    return tuple(
        block
        for block in prompt.blocks
        if (len(turns) <= 1 or block.turn_id in newest) and block.kind != "message" and not _said(block, state)
    )


def _said(block: Block, state: DialogState) -> bool:
    """Whether the lines of the block's turn hold it as it is."""
    turn = state.turn(block.turn_id) if block.turn_id else None
    if turn is None or (block.role == "assistant" and len(turn.reply) > MAX_REPLY_CHARS):
        return False
    said = (turn.sent, ()) if block.role == "user" else (turn.reply, turn.tools)
    return (block.text, block.tools) == said


def read(data: bytes) -> dict[str, Any]:
    """The line as a document; `kind` says which change it is."""
    document: dict[str, Any] = json.loads(data)
    return document


def trace_of(document: dict[str, Any]) -> TurnTrace | None:
    """The trace in a line that opened a turn."""
    found = document.get("trace")
    return None if found is None else TurnTrace.model_validate_json(json.dumps(found))


def kept_in(document: dict[str, Any]) -> Iterator[tuple[Role, str, tuple[ToolExchange, ...]]]:
    """Role, text and tools of the blocks that a line keeps."""
    for block in document.get("kept", ()):
        tools = tuple(ToolExchange.model_validate(tool) for tool in block.get("tools", ()))
        yield block["role"], block["text"], tools
