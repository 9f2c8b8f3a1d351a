"""Reads slots into the caller's own pydantic model."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from dialog.errors import SlotsUnreadable

ModelT = TypeVar("ModelT", bound=BaseModel)


def slots_as(stated: Mapping[str, object], model: type[ModelT]) -> ModelT:
    """An instance of `model` with the values that the user stated, by name; a slot not among them gets its default.

    Raises SlotsUnreadable for the first field whose value does not fit, or that has neither value nor default.
    """
    given = {
        field.alias or name: _fitting(field.annotation, stated[name])
        for name, field in model.model_fields.items()
        if name in stated
    }
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise _unreadable(model, wrong) from wrong


def _fitting(annotation: Any, value: object) -> object:
    """`value` as the member of a `Literal` or `Enum` that is written the same, so that "2" fits `Literal[1, 2]`."""
    if get_origin(annotation) is Literal:
        return next((arg for arg in get_args(annotation) if str(arg) == str(value)), value)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next((member for member in annotation if str(member.value) == str(value)), value)
    for inner in get_args(annotation):
        if (found := _fitting(inner, value)) is not value:
            return found
    return value


def _unreadable(model: type[BaseModel], wrong: ValidationError) -> SlotsUnreadable:
    first = wrong.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else model.__name__
    missing = first["type"] == "missing"
    field: FieldInfo | None = model.model_fields.get(name)
    return SlotsUnreadable(
        name,
        model=model.__name__,
        expected=str(first["msg"]) if field is None or not missing else f"needs {_named(field.annotation)}",
        found=None if missing else first["input"],
    )


def _named(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
