"""The OpenAPI description of the proxy's own paths (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from dialog.state import DialogState
from dialog.trace import TurnTrace

Json = dict[str, Any]

_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "code": {"type": "string"},
                "param": {"type": "null"},
            },
        }
    },
}
_SLOT: Json = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        {"type": "null"},
    ]
}
_DIALOG: Json = {"name": "dialog_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_TURN: Json = {
    "name": "turn",
    "in": "query",
    "required": False,
    "description": "Id of the turn; the latest by default.",
    "schema": {"type": "string"},
}


@cache
def document() -> Json:
    """The description, built once."""
    schemas: Json = {"Error": _ERROR}
    state, trace = _schema(DialogState, schemas), _schema(TurnTrace, schemas)
    slots = {"type": "object", "minProperties": 1, "propertyNames": {"minLength": 1}, "additionalProperties": _SLOT}
    listing = {
        "type": "object",
        "required": ["dialogs", "more"],
        "properties": {
            "dialogs": {"type": "array", "items": {"type": "string"}},
            "more": {"type": "boolean", "description": "Whether there are others; forget some to see them."},
        },
    }
    status = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Antecedent proxy",
            "version": version("antecedent"),
            "description": "State of the dialogs that went through this proxy under the caller's own credential.",
        },
        "paths": {
            "/dialogs": {"get": _operation("listDialogs", "Ids of the caller's dialogs, at most 1,000.", listing)},
            "/dialogs/{dialog_id}": {
                "parameters": [_DIALOG],
                "get": _operation("getDialog", "What is remembered of a dialog.", state, missing=True),
                "delete": _operation("forgetDialog", "Delete a dialog with its log.", None, missing=True),
            },
            "/dialogs/{dialog_id}/trace": {
                "parameters": [_DIALOG, _TURN],
                "get": _operation("whyTurn", "Why a turn went the way it did.", trace, missing=True),
            },
            "/dialogs/{dialog_id}/export": {
                "parameters": [_DIALOG],
                "get": _operation(
                    "exportDialog",
                    "The log, oldest first, then the state, as JSON lines.",
                    {"type": "string"},
                    missing=True,
                    media="application/x-ndjson",
                ),
            },
            "/dialogs/{dialog_id}/slots": {
                "parameters": [_DIALOG],
                "put": _operation("setSlots", "State slots; null clears one.", state, body=slots),
            },
            "/healthz": {"get": _open_operation("alive", "The process runs.", status)},
            "/readyz": {"get": _open_operation("ready", "The store answers.", status)},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
        "security": [{"bearer": []}, {"apiKey": []}, {}],
    }


def _schema(model: type[DialogState] | type[TurnTrace], schemas: Json) -> Json:
    """A reference to the model's schema, which is put among `schemas` with all it needs."""
    schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _operation(
    name: str,
    summary: str,
    answer: Json | None,
    *,
    missing: bool = False,
    body: Json | None = None,
    media: str = "application/json",
) -> Json:
    good: Json = {"204": {"description": "Done."}}
    if answer is not None:
        good = {"200": {"description": "Done.", "content": {media: {"schema": answer}}}}
    statuses = ["401", "500", "503", *(["404"] if missing else []), *(["400", "413"] if body else [])]
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "responses": good | {code: _error() for code in statuses},
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _open_operation(name: str, summary: str, answer: Json) -> Json:
    operation = _operation(name, summary, answer)
    return operation | {"security": [{}]}


def _error() -> Json:
    return {
        "description": "An error of the proxy's own.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
