"""Change single values inside JSON text and leave every other byte as it was.

Parsing a body and writing it anew changes number forms, escapes, spaces and repeated keys, and a provider's prompt
cache sees that. So the body is parsed to be understood, and spliced to be changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Sequence
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
    """`text` (valid JSON) with each replacement done, in one pass; raises KeyError for a path that leads nowhere.

    Of two replacements at one path the last counts; none may lie inside another (ValueError).
    """
    if not replacements:
        return text
    out: list[str] = []
    at = 0
    for start, end, new in sorted(_edits(text, _skip(text, 0), _tree(replacements))):
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


_Tree = dict[str | int, "_Tree | Replacement"]


def _tree(replacements: Sequence[Replacement]) -> _Tree:
    """The replacements by the steps of their paths."""
    root: _Tree = {}
    for replacement in replacements:
        *parents, last = replacement.path
        node = root
        for step in parents:
            inner = node.setdefault(step, {})
            if isinstance(inner, Replacement):
                raise ValueError("a replacement lies inside another")
            node = inner
        if isinstance(node.get(last), dict):
            raise ValueError("a replacement lies inside another")
        node[last] = replacement
    return root


def _edits(text: str, at: int, tree: _Tree) -> Iterator[tuple[int, int, str]]:
    """Start, end and new text of each change in the container that starts at `at`."""
    places = dict(_children(text, at, tree))
    for step, wanted in tree.items():
        found = places.get(step)
        if isinstance(wanted, Replacement):
            yield _change(text, at, found, wanted)
        elif found is None:
            raise KeyError(step)
        else:
            yield from _edits(text, found, wanted)


def _change(text: str, at: int, found: int | None, wanted: Replacement) -> tuple[int, int, str]:
    new = dumps(wanted.value)
    if found is not None:
        return found, _end(text, found), new
    name = wanted.path[-1]
    if text[at] != "{" or not isinstance(name, str):
        raise KeyError(name)
    comma = "" if text[_skip(text, at + 1)] == "}" else ","
    return at + 1, at + 1, f"{dumps(name)}:{new}{comma}"


def _children(text: str, at: int, wanted: Container[str | int]) -> Iterator[tuple[str | int, int]]:
    """The wanted steps of the container that starts at `at`, with the offsets of their values.

    A repeated member comes again, so that in a dict the last one stays, as json reads it.
    """
    is_object = text[at] == "{"
    if not is_object and text[at] != "[":
        return
    position = 0
    at = _skip(text, at + 1)
    while text[at] not in "]}":
        step: str | int = position
        if is_object:
            step, at = _decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if step in wanted:
            yield step, at
        position += 1
        at = _next(text, _end(text, at))


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
