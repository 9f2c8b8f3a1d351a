"""The lines of a dialog's log: what happened, verbatim, for export, audit, replay and `why`."""

from __future__ import annotations

import json
from typing import Any

from dialog.change import Change, Compacted, TurnOpened
from dialog.trace import TurnTrace


def line(change: Change, *, trace: TurnTrace | None = None) -> bytes:
    """One log line: the change as JSON, with the turn's trace when it opens one."""
    document = {"kind": change.kind} | change.model_dump(mode="json", exclude_defaults=True)
    if isinstance(change, TurnOpened):
        document.pop("interpretation", None)  # the trace holds it
    if isinstance(change, Compacted):
        document.pop("summaries", None)  # the snapshot says what was sent
    if trace is not None:
        document["trace"] = trace.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read(data: bytes) -> dict[str, Any]:
    """The line as a document; `kind` says which change it is."""
    document: dict[str, Any] = json.loads(data)
    return document


def trace_of(document: dict[str, Any]) -> TurnTrace | None:
    """The trace in a line that opened a turn."""
    found = document.get("trace")
    return None if found is None else TurnTrace.model_validate_json(json.dumps(found))
