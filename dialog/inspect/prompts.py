"""The exact prompt of a turn, put together again from the log, and each text proved by the digest in the trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dialog import journal
from dialog.fence import fenced
from dialog.inspect.shelf import Document, Record
from dialog.inspect.views import BlockView, PromptBlock, PromptView
from dialog.prompt import Role, block_digest
from dialog.state import DialogState, ToolExchange
from dialog.trace import BlockSize, TurnTrace


@dataclass(frozen=True)
class _Sent:
    """What a block held."""

    text: str
    tools: tuple[ToolExchange, ...] = ()


def cached_blocks(before: Sequence[BlockSize], now: Sequence[BlockSize]) -> int:
    """How many blocks of a prompt are those of the one before, byte for byte, from the start."""
    same = 0
    for old, new in zip(before, now, strict=False):
        if not new.digest or old.digest != new.digest:
            break
        same += 1
    return same


def block_views(blocks: Sequence[BlockSize], *, cached: int, numbers: Mapping[str, int]) -> tuple[BlockView, ...]:
    """The sizes of a prompt; `numbers` are those of turns by id."""
    return tuple(
        BlockView(
            kind=block.kind,
            role=block.role,
            n=numbers.get(block.turn_id or ""),
            tokens=block.tokens,
            cached=at < cached,
        )
        for at, block in enumerate(blocks)
    )


def prompt_view(record: Record, turn_id: str) -> PromptView | None:
    """The prompt of the latest attempt at a turn; None when the log does not hold the turn."""
    traces = list(_traces(record.documents))
    at = next((at for at in range(len(traces) - 1, -1, -1) if traces[at].turn_id == turn_id), None)
    if at is None:
        return None
    trace = traces[at]
    cached = cached_blocks(traces[at - 1].blocks if at else (), trace.blocks)
    texts = _texts(record.documents, record.found.state)
    numbers = {trace.turn_id: trace.n for trace in traces}
    views = block_views(trace.blocks, cached=cached, numbers=numbers)
    return PromptView(
        turn_id=turn_id,
        n=trace.n,
        blocks=tuple(_block(view, texts.get(size.digest)) for view, size in zip(views, trace.blocks, strict=True)),
        tokens=trace.tokens,
        budget=trace.budget,
        counter=trace.counter,
    )


def _block(view: BlockView, sent: _Sent | None) -> PromptBlock:
    return PromptBlock(
        **view.model_dump(), text=None if sent is None else sent.text, tools=() if sent is None else sent.tools
    )


def _traces(documents: Iterable[Document]) -> Iterable[TurnTrace]:
    for document in documents:
        if document["kind"] == "turn_opened" and (trace := journal.trace_of(document)) is not None:
            yield trace


def _texts(documents: Iterable[Document], state: DialogState) -> dict[str, _Sent]:
    """Every text that the log and the state hold, by its digest as a block."""
    found: dict[str, _Sent] = {}

    def held(role: Role, text: str, tools: tuple[ToolExchange, ...] = ()) -> None:
        found[block_digest(role, text, tools)] = _Sent(text, tools)

    for document in documents:
        for role, text, tools in journal.kept_in(document):
            held(role, text, tools)
        match document["kind"]:
            case "turn_opened":
                held("user", document["sent"])
            case "turn_closed":
                tools = tuple(ToolExchange.model_validate(tool) for tool in document.get("tools", ()))
                held("assistant", document["reply"], tools)
            case "compacted":
                held("user", document["snapshot"]["text"])
    for turn in state.turns:
        held("assistant", turn.reply, turn.tools)
    for summary in state.summaries:
        held("user", fenced("dialog-summary", summary.text))
    return found
