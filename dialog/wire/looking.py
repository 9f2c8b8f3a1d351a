"""Looking into parsed JSON without trusting it: what is amiss in a request refuses it, in a reply it is passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dialog.wire.json_splice import Path

Json = Mapping[str, object]


class NotUnderstood(Exception):
    """The body is outside what this package reads; `reason` is short, stable, and holds no user text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def as_list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise NotUnderstood(f"{what} is not a list")
    return value


def as_object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise NotUnderstood(f"{what} is not an object")
    return value


def objects(value: object) -> list[Json]:
    """The objects of a list; an empty list for anything else (replies are observed, never refused)."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def member(value: object, name: str) -> Json:
    """The object at `name`, or an empty one."""
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, dict) else {}


def string(value: object) -> str:
    return value if isinstance(value, str) else ""


def json_text(value: object) -> str:
    """A value as JSON text, for tool arguments and results; text stays as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_object(text: str) -> dict[str, object]:
    """The object in `text`; an empty one when it holds none (a model may write broken arguments)."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def text_of(content: object, kinds: frozenset[str]) -> str:
    """All text of a content field: a string, or parts of which those of type `kinds` count."""
    if isinstance(content, str):
        return content
    return "\n\n".join(string(part.get("text")) for part in objects(content) if part.get("type") in kinds)


def only_text(content: object, kinds: frozenset[str]) -> bool:
    """Whether a content field holds nothing but text of type `kinds`."""
    return not isinstance(content, list) or all(part.get("type") in kinds for part in objects(content))


def with_words(message: Json, path: Path, text: str) -> dict[str, object]:
    """A copy of `message` with `text` at `path`, which counts from the message."""

    def put(value: object, steps: Path) -> object:
        if not steps:
            return text
        step, rest = steps[0], steps[1:]
        if isinstance(value, list) and isinstance(step, int):
            return [put(item, rest) if place == step else item for place, item in enumerate(value)]
        if isinstance(value, Mapping) and isinstance(step, str):
            return {name: put(inner, rest) if name == step else inner for name, inner in value.items()}
        raise KeyError(step)

    changed = put(message, path)
    assert isinstance(changed, dict)
    return changed
