"""Batch tracking: read whole dialogs from JSON lines, write slots, topic shifts and rewrites turn by turn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from dialog.evaluate.rows import BadRow, Messages, answer_rows, messages_of, object_of
from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.topics import reply_shifts
from dialog.interpretation import Interpretation, Interpreter
from dialog.replay import answered, opened
from dialog.slots import SlotDefinition, SlotSchema, schema_of_json, schema_of_services
from dialog.state import DialogState, Slot, SlotContent, SlotValue

OPEN = "any"
"""What a slot that the user left open is written as."""

GENERAL = "general"
"""The service that slots are filed under when there is no schema."""


READER = RuleInterpreter()
"""Tells in which language a reply is, whatever interpreter reads the user."""


@dataclass(frozen=True)
class Row:
    """One dialog to track."""

    id: str | int
    turns: Messages
    schema: SlotSchema | None
    now: datetime | None


async def track_file(
    source: Path,
    target: Path,
    *,
    schema: Path | None = None,
    interpreter_for: Callable[[SlotSchema | None], Interpreter] | None = None,
    errors: TextIO | None = None,
    on_row: Callable[[int], None] | None = None,
) -> int:
    """Track every dialog of `source` (JSON lines) into `target`, in order; returns the number of bad rows.

    `schema` is a file of services (`schema_of_services`); a row's own "schema" goes before it. `interpreter_for` makes
    the interpreter of a schema (None: the local rules). A row that cannot be read is left out, with its line number and
    the reason on `errors` (None: standard error). `on_row` is called with the line number after each row.

    Raises OSError when a file cannot be opened and ValueError when `schema` is not a schema of services.
    """
    services = read_services(schema) if schema is not None else None
    make = interpreter_for or (lambda wanted: RuleInterpreter(schema=wanted))
    made: dict[SlotSchema | None, Interpreter] = {}

    async def answer(line: str) -> dict[str, Any]:
        row = row_of(line, services)
        if row.schema not in made:
            made[row.schema] = make(row.schema)
        return await track(row, made[row.schema])

    return await answer_rows(source, target, answer, errors=errors, on_row=on_row)


def read_services(path: Path) -> SlotSchema:
    """The schema of services in the JSON file `path`; ValueError naming the file when it is not one."""
    try:
        return schema_of_services(json.loads(path.read_text(encoding="utf-8")), name=path.stem)
    except (ValueError, TypeError) as wrong:
        raise ValueError(f"{path.name} is not a schema of services: {wrong}") from wrong


def row_of(line: str, services: SlotSchema | None = None) -> Row:
    """The dialog in one JSON line; BadRow when it is not one. Gold labels are not read.

    A row may name the "services" of the schema that its dialog can use, as in Schema-Guided Dialogue.
    """
    row = object_of(line)
    turns = messages_of(row, "turns")
    if not turns:
        raise BadRow('"turns" is a list of at least one {"role", "text"}')
    return Row(id=row["id"], turns=turns, schema=_schema_of(row, services), now=_now_of(row))


def _schema_of(row: Mapping[str, Any], services: SlotSchema | None) -> SlotSchema | None:
    try:
        if row.get("schema") is not None:
            return schema_of_json(row["schema"])
        if services is not None and row.get("services"):
            return services.restricted_to(row["services"])
    except (ValueError, TypeError) as wrong:
        raise BadRow(str(wrong)) from wrong
    return services


def _now_of(row: Mapping[str, Any]) -> datetime | None:
    if row.get("now") is None:
        return None
    try:
        return datetime.fromisoformat(row["now"])
    except (ValueError, TypeError) as wrong:
        raise BadRow('"now" is not an ISO 8601 date and time') from wrong


async def track(row: Row, interpret: Interpreter) -> dict[str, Any]:
    """The slots, shifts and rewrites of one dialog; each turn is read with only the turns before it known."""
    state = DialogState(dialog_id=str(row.id))
    states: list[dict[str, Any]] = []
    shifts: list[int] = []
    rewrites: list[dict[str, Any]] = []
    for n, (role, text) in enumerate(row.turns):
        if role == "user":
            meant = await interpret(state, text, now=row.now)
            state = opened(state, text, meant)
            shifts.append(int(n > 0 and meant.topic.kind != "stay"))
            states.append(by_service(state.slots_in_scope, row.schema))
            rewrites.append(_rewrite_entry(n, state, meant))
        else:
            view = View(state)
            shifts.append(int(n > 0 and reply_shifts(view, text, READER.pack_for(view, text))))
            state = answered(state, text)
    return {"id": row.id, "states": states, "shifts": shifts, "rewrites": rewrites}


def _rewrite_entry(n: int, state: DialogState, meant: Interpretation) -> dict[str, Any]:
    slots = {slot.name: value for slot in state.slots_in_scope if (value := written(slot.current)) is not None}
    negated = {slot.name: [no.value for no in slot.excluded] for slot in state.slots_in_scope if slot.excluded}
    return {
        "turn": n,
        "rewrite": meant.rewrite.text,
        "act": meant.act,
        "topic": meant.topic.kind,
        "slots": slots,
        "negated": negated,
    }


def written(value: SlotValue | None, definition: SlotDefinition | None = None) -> SlotContent | list[str]:
    """A slot value as JSON; "any" (or the schema's own word for it) when left open, None when there is none."""
    if value is None or value.status == "cleared":
        return None
    if value.status == "any":
        return (definition.open_value if definition else None) or OPEN
    return list(value.value) if isinstance(value.value, tuple) else value.value


def by_service(slots: Iterable[Slot], schema: SlotSchema | None) -> dict[str, Any]:
    """`{service: {slot: value}}` of the slots that hold something."""
    out: dict[str, Any] = {}
    for slot in slots:
        definition = schema.slot(slot.name) if schema is not None else None
        value = written(slot.current, definition)
        if value is None:
            continue
        service = definition.service if definition else ""
        name = definition.label if definition else slot.name
        # score_slots.py reads a JSON list as alternatives and a multi-value slot as words between spaces.
        text = " ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        out.setdefault(service or (schema.name if schema else GENERAL), {})[name] = text
    return out
