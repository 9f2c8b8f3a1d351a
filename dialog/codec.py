"""A dialog state as bytes: JSON with `schema_version` first, one small function per step between versions.

    version  what changed
    1        the first shipped form

Fields at their default are left out, so changing a default is a change of schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from dialog.errors import StateTooNew, StateUnreadable
from dialog.state import SCHEMA_VERSION, DialogState

Document = dict[str, Any]

STEPS: Mapping[int, Callable[[Document], Document]] = {}
"""From version -> function giving the document in the next version."""


def encode(state: DialogState) -> bytes:
    """`state` as UTF-8 JSON in the current schema; equal states give equal bytes."""
    body = state.model_dump_json(exclude_defaults=True)
    return b'{"schema_version":%d,%s' % (SCHEMA_VERSION, body[1:].encode())


def decode(data: bytes) -> DialogState:
    """The state in `data`, brought up from any version ever shipped.

    Raises StateTooNew for a newer schema and StateUnreadable for anything else that is not a state.
    """
    found = _version(data)
    if found > SCHEMA_VERSION:
        raise StateTooNew(found, SCHEMA_VERSION)
    try:
        if found == SCHEMA_VERSION:
            return DialogState.model_validate_json(data)
        return DialogState.model_validate_json(json.dumps(_stepped_up(json.loads(data), found)))
    except ValidationError as error:
        raise StateUnreadable(_where(error)) from None


def _version(data: bytes) -> int:
    head = data[:40]
    if head.startswith(b'{"schema_version":'):
        digits = head[18:].split(b",")[0].split(b"}")[0].strip()
        if digits.isdigit():
            return int(digits)
    try:
        document = json.loads(data)
    except ValueError:
        raise StateUnreadable("not JSON") from None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if not isinstance(version, int) or version < 1:
        raise StateUnreadable("no schema_version")
    return version


def _stepped_up(document: Document, version: int) -> Document:
    while version < SCHEMA_VERSION:
        if version not in STEPS:
            raise StateUnreadable(f"schema version {version} is not known")
        document = STEPS[version](document)
        version += 1
    return document | {"schema_version": SCHEMA_VERSION}


def _where(error: ValidationError) -> str:
    """Which fields are wrong and how, never what they hold."""
    places = (f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in error.errors()[:3])
    return "; ".join(places)
