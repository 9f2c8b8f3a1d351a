"""Batch rewriting: conversations with a last message as JSON lines in, that message rewritten out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from dialog.evaluate.rows import BadRow, Messages, answer_rows, messages_of, object_of
from dialog.interpretation import Interpretation, Interpreter, told
from dialog.replay import continued, replayed
from dialog.state import DialogState


@dataclass(frozen=True)
class Row:
    """One message to rewrite."""

    id: str | int
    history: Messages
    utterance: str
    caller: tuple[tuple[str, str], ...]
    """(name, text) that is known besides: the titles in "context", the statements in "profile"."""


async def rewrite_file(
    source: Path,
    target: Path,
    interpret: Interpreter,
    *,
    errors: TextIO | None = None,
    on_row: Callable[[int], None] | None = None,
) -> int:
    """Rewrite the last message of every row of `source` (JSON lines) into `target`, in order; returns the number of
    bad rows.

    A row is `{"id", "history": [{"role", "text"}, ...], "utterance"}`, with "context" (name -> text) or "profile"
    (statements) if the caller knows any; other fields are not read. Its history is read message by message first, so a
    follow-up to a follow-up finds what that meant. Out comes
    `{"id", "rewrite", "act", "topic", "confidence", "edits", "engine"}`. A row that cannot be read is left out, with
    its line number and the reason on `errors` (None: standard error). `on_row` is called with the line number after
    each row. Raises OSError when a file cannot be opened.
    """
    rewriter = _Rewriter(interpret)

    async def answer(line: str) -> dict[str, Any]:
        return await rewriter.rewrite(row_of(line))

    return await answer_rows(source, target, answer, errors=errors, on_row=on_row)


def row_of(line: str) -> Row:
    """The message to rewrite in one JSON line; BadRow when it is not one. References are not read."""
    row = object_of(line)
    if not isinstance(row.get("utterance"), str):
        raise BadRow('a row has the message as "utterance"')
    return Row(id=row["id"], history=messages_of(row, "history"), utterance=row["utterance"], caller=_caller_of(row))


def _caller_of(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    context, profile = row.get("context") or {}, row.get("profile") or []
    if not isinstance(context, dict) or not isinstance(profile, list):
        raise BadRow('"context" is an object of texts, "profile" a list of texts')
    titles = [(str(name), text) for name, text in context.items() if isinstance(text, str)]
    return (*titles, *((f"profile {n}", text) for n, text in enumerate(profile, 1) if isinstance(text, str)))


class _Rewriter:
    """Rewrites rows, keeping the last state: in evaluation files a row's history mostly continues the row before."""

    def __init__(self, interpret: Interpreter) -> None:
        self._interpret = interpret
        self._history: tuple[tuple[str, str], ...] = ()
        self._caller: tuple[tuple[str, str], ...] = ()
        self._state = DialogState(dialog_id="replay")

    async def rewrite(self, row: Row) -> dict[str, Any]:
        interpret = told(self._interpret, row.caller)
        state = await self._state_before(row, interpret)
        meant = await interpret(state, row.utterance, now=None)
        return written(row.id, meant)

    async def _state_before(self, row: Row, interpret: Interpreter) -> DialogState:
        known = len(self._history)
        if row.caller == self._caller and row.history[:known] == self._history and known:
            state = await continued(self._state, _messages(row.history[known:]), interpret)
        else:
            state = await replayed(_messages(row.history), interpret)
        self._history, self._caller, self._state = row.history, row.caller, state
        return state


def _messages(history: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"role": role, "text": text} for role, text in history]


def written(row_id: str | int, meant: Interpretation) -> dict[str, Any]:
    """An interpretation as a row of the output file."""
    return {
        "id": row_id,
        "rewrite": meant.rewrite.text,
        "act": meant.act,
        "topic": meant.topic.kind,
        "confidence": round(meant.rewrite.confidence, 4),
        "edits": [edit.model_dump(mode="json", exclude_none=True) for edit in meant.rewrite.edits],
        "engine": meant.by,
    }
