"""Files of JSON lines: each good row answered in order, each bad one named with its line."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from dialog.replay import ROLES

Messages = tuple[tuple[str, str], ...]
"""(role, text), oldest first; role is "user" or "assistant"."""


class BadRow(ValueError):
    """A row that cannot be read; the message says what is wrong with it."""


async def answer_rows(
    source: Path,
    target: Path,
    answer: Callable[[str], Awaitable[Mapping[str, Any]]],
    *,
    errors: TextIO | None = None,
    on_row: Callable[[int], None] | None = None,
) -> int:
    """Write what `answer` gives for every line of `source` that is not blank into `target`; returns the number of bad
    rows.

    A line for which `answer` raises ValueError is left out, with its number and the reason on `errors` (None: standard
    error). `on_row` is called with the line number after each line. Raises OSError when a file cannot be opened.
    """
    bad = 0
    with source.open(encoding="utf-8", errors="replace") as lines, target.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    answered = json.dumps(await answer(line), ensure_ascii=False)
                except ValueError as wrong:
                    bad += 1
                    print(f"{source.name}:{number}: {wrong}", file=errors or sys.stderr)
                else:
                    out.write(answered + "\n")
            if on_row is not None:
                on_row(number)
    return bad


def object_of(line: str) -> dict[str, Any]:
    """The row in a line: an object with an "id", text or number. Raises BadRow."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise BadRow(f"not JSON ({wrong})") from wrong
    if any("\ud800" <= character <= "\udfff" for character in json.dumps(row, ensure_ascii=False)):
        raise BadRow("the row holds half of a surrogate pair, which is no character")
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
        raise BadRow('a row is a JSON object with an "id"')
    return row


def messages_of(row: Mapping[str, Any], field: str) -> Messages:
    """The list of {"role", "text"} in a field of the row; empty when it is absent. Raises BadRow."""
    messages = row.get(field, [])
    if not isinstance(messages, list):
        raise BadRow(f'"{field}" is a list of {{"role", "text"}}')
    for n, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise BadRow(f'message {n} of "{field}" has no role "user" or "assistant"')
        if not isinstance(message.get("text"), str):
            raise BadRow(f'message {n} of "{field}" has no "text"')
    return tuple((message["role"], message["text"]) for message in messages)
