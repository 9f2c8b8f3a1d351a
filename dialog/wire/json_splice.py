"""Change single values inside JSON text and leave every other byte as it was.

Parsing a body and writing it anew changes number forms, escapes, spaces and repeated keys, and a provider's prompt
cache sees that. So the body is parsed to be understood, and spliced to be changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a value stands: member names and list positions from the root."""

_SPACE = re.compile(r"[ \t\n\r]*")
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put `value` at `path`; a member whose name is absent is added as the first of its object."""

    path: Path
    value: object


def splice(text: str, replacements: Sequence[Replacement]) -> str:
    """`text` (valid JSON) with each replacement done; raises KeyError for a path that leads nowhere."""
    edits = sorted((_edit(text, replacement) for replacement in replacements), key=lambda edit: edit[0])
    out: list[str] = []
    at = 0
    for start, end, new in edits:
        out += text[at:start], new
        at = end
    return "".join(out) + text[at:]


def dumps(value: object) -> str:
    """Compact JSON in the form the SDKs send; escapes only where the text cannot be UTF-8 (lone surrogates)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def _edit(text: str, replacement: Replacement) -> tuple[int, int, str]:
    *parents, last = replacement.path
    at = _skip(text, 0)
    for step in parents:
        at = _child(text, at, step)
    new = dumps(replacement.value)
    try:
        start = _child(text, at, last)
    except KeyError:
        if text[at] != "{" or not isinstance(last, str):
            raise
        comma = "" if text[_skip(text, at + 1)] == "}" else ","
        return at + 1, at + 1, f"{dumps(last)}:{new}{comma}"
    return start, _end(text, start), new


def _child(text: str, at: int, step: str | int) -> int:
    """Offset of the value `step` of the container that starts at `at`; of a repeated member the last, as json reads."""
    if isinstance(step, int):
        return _item(text, at, step)
    if text[at] != "{":
        raise KeyError(step)
    found = None
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _decoder.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        if name == step:
            found = start
        at = _next(text, _end(text, start))
    if found is None:
        raise KeyError(step)
    return found


def _item(text: str, at: int, position: int) -> int:
    if text[at] != "[":
        raise KeyError(position)
    at = _skip(text, at + 1)
    while text[at] != "]":
        if position == 0:
            return at
        position -= 1
        at = _next(text, _end(text, at))
    raise KeyError(position)


def _end(text: str, start: int) -> int:
    # The C scanner walks a value far faster than a loop here could; what it builds is thrown away.
    end: int = _decoder.raw_decode(text, start)[1]
    return end


def _next(text: str, at: int) -> int:
    """Offset of the next member or item, or of the closing bracket."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
