"""What a caller wants to know from a dialog: slot definitions, read from a pydantic model or from JSON."""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from dialog.state import SlotContent
from dialog.values import Value

SlotType = Literal["str", "int", "float", "enum", "date", "time", "bool", "list"]
SLOT_TYPES: tuple[SlotType, ...] = get_args(SlotType)

OPEN_VALUES = frozenset({"dontcare", "don't care", "do not care", "any", "不限", "无所谓", "都可以"})
"""Values of public schemas that stand for "left open"; such a value is dropped and `SlotDefinition.open_value` set."""


class SlotDefinition(Value):
    """One thing to be known. `name` is unique in its schema: "service.slot" where a schema has services.

    `values` are the only ones (type "enum") or the usual ones (other types; the items of a "list"). `synonyms` are
    pairs (wording, value). `open_value`: the schema's own word for "the user left it open", if it has one.
    """

    name: str
    type: SlotType = "str"
    values: tuple[str, ...] = ()
    description: str = ""
    default: SlotContent = None
    synonyms: tuple[tuple[str, str], ...] = ()
    service: str = ""
    open_value: str | None = None

    @property
    def label(self) -> str:
        """The name without its service."""
        return self.name.removeprefix(f"{self.service}.") if self.service else self.name


class ServiceIntent(Value):
    """Something a service does, and the slots it needs or takes."""

    name: str
    description: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Service(Value):
    """A group of slots that belong together."""

    name: str
    description: str = ""
    intents: tuple[ServiceIntent, ...] = ()


class SlotSchema(Value):
    """The slots to track; `services` is empty for a flat schema."""

    name: str
    description: str = ""
    slots: tuple[SlotDefinition, ...] = ()
    services: tuple[Service, ...] = ()

    def __hash__(self) -> int:
        # Cheap on purpose: schemas are cache keys on the path of every message.
        return hash((self.name, tuple(slot.name for slot in self.slots)))

    def slot(self, name: str) -> SlotDefinition | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def of_service(self, service: str) -> tuple[SlotDefinition, ...]:
        return tuple(slot for slot in self.slots if slot.service == service)

    def restricted_to(self, services: Sequence[str]) -> SlotSchema:
        """The schema with only these services; ValueError when it has none of that name."""
        known = {service.name for service in self.services}
        if unknown := sorted(set(services) - known):
            raise ValueError(f"no service {unknown[0]!r} in schema {self.name!r}; it has {', '.join(sorted(known))}")
        return self.model_copy(
            update={
                "slots": tuple(slot for slot in self.slots if slot.service in services),
                "services": tuple(service for service in self.services if service.name in services),
            }
        )


def schema_of(model: type[BaseModel]) -> SlotSchema:
    """The schema of a pydantic model: types, `Literal` and `Enum` values, dates, lists, defaults and descriptions.

    `json_schema_extra={"synonyms": {wording: value}}` of a field gives other wordings of its values. Raises TypeError
    for a field whose type is no slot type.
    """
    slots = [_of_field(name, field, owner=model) for name, field in model.model_fields.items()]
    doc = (model.__doc__ or "").strip().split("\n")[0]
    return SlotSchema(name=model.__name__, description=doc, slots=tuple(slots))


def _of_field(name: str, field: Any, *, owner: type[BaseModel]) -> SlotDefinition:
    kind, values = _type_of(field.annotation, f"{owner.__name__}.{name}")
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, Mapping) else {}
    synonyms = extra.get("synonyms", {})
    default = field.get_default(call_default_factory=True) if field.default_factory is not None else field.default
    return SlotDefinition(
        name=name,
        type=kind,
        values=values,
        description=field.description or "",
        default=None if default is PydanticUndefined else content_of(default),
        synonyms=tuple((str(wording), str(value)) for wording, value in dict(synonyms).items()),
    )


def _type_of(annotation: Any, where: str) -> tuple[SlotType, tuple[str, ...]]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _type_of_union([arg for arg in args if arg is not type(None)], where)
    if origin is Literal:
        return "enum", tuple(str(arg) for arg in args if arg is not None)
    if origin in (list, tuple, set, frozenset, Sequence):
        inner = [arg for arg in args if arg is not Ellipsis]
        return "list", _type_of(inner[0], where)[1] if inner else ()
    if origin is Annotated:
        return _type_of(args[0], where)
    if isinstance(annotation, type):
        return _type_of_class(annotation, where)
    raise TypeError(f"{where}: {annotation!r} is no slot type; use one of {', '.join(SLOT_TYPES)} or Literal/Enum")


def _type_of_union(options: list[Any], where: str) -> tuple[SlotType, tuple[str, ...]]:
    found = [_type_of(option, where) for option in options]
    kinds = {kind for kind, _ in found}
    if len(kinds) == 1:
        return found[0][0], tuple(value for _, values in found for value in values)
    if kinds == {"int", "float"}:
        return "float", ()
    raise TypeError(f"{where}: a slot has one type, found a union of {', '.join(sorted(kinds))}")


def _type_of_class(cls: type, where: str) -> tuple[SlotType, tuple[str, ...]]:
    if issubclass(cls, enum.Enum):
        return "enum", tuple(str(member.value) for member in cls)
    # bool before int and datetime before date: each is a subclass of the other.
    table: tuple[tuple[type, SlotType], ...] = (
        (bool, "bool"),
        (int, "int"),
        (float, "float"),
        (date, "date"),
        (time, "time"),
        (str, "str"),
        (list, "list"),
        (tuple, "list"),
    )
    for base, kind in table:
        if issubclass(cls, base):
            return kind, ()
    raise TypeError(f"{where}: {cls.__name__} is no slot type; use one of {', '.join(SLOT_TYPES)} or Literal/Enum")


def content_of(value: object) -> SlotContent:
    """`value` as slot content: enums by value, dates and times as ISO 8601, collections as tuples of str."""
    if isinstance(value, enum.Enum):
        return content_of(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(content_of(item)) for item in value)
    return str(value)


def schema_of_services(services: Mapping[str, Any], *, name: str = "services") -> SlotSchema:
    """The schema of a JSON file of services: `{service: {"description", "intents", "slots": [...]}}`.

    A slot is `{"name", "description", "is_categorical", "possible_values", "multi_value"}` (as in Schema-Guided
    Dialogue, Rastogi et al. 2020) or carries "type" and "values" as in `schema_of_json`. Slot names become
    "service.slot". Raises ValueError naming what is missing.
    """
    if not isinstance(services, Mapping) or not services:
        raise ValueError("a schema of services is a JSON object {service: {slots: [...]}} with at least one service")
    slots: list[SlotDefinition] = []
    for service, body in services.items():
        if not isinstance(body, Mapping) or not isinstance(body.get("slots"), list):
            raise ValueError(f"service {service!r} has no list of slots")
        slots += (_of_json(slot, service=service) for slot in body["slots"])
    return SlotSchema(
        name=name,
        slots=tuple(slots),
        services=tuple(_service(service, body) for service, body in services.items()),
    )


def _service(name: str, body: Mapping[str, Any]) -> Service:
    intents = tuple(
        ServiceIntent(
            name=str(intent.get("name", "")),
            description=str(intent.get("description", "")),
            required=tuple(intent.get("required_slots", ())),
            optional=tuple(intent.get("optional_slots", ())),
        )
        for intent in body.get("intents", ())
    )
    return Service(name=name, description=str(body.get("description", "")), intents=intents)


def schema_of_json(schema: Mapping[str, Any]) -> SlotSchema:
    """The schema of `{"name", "description", "slots": [{"name", "type", "description", "values"}]}`.

    Raises ValueError naming the slot and what is wrong with it.
    """
    if not isinstance(schema, Mapping) or not isinstance(schema.get("slots"), list):
        raise ValueError('a schema is a JSON object with a list "slots"')
    slots = tuple(_of_json(slot, service="") for slot in schema["slots"])
    return SlotSchema(
        name=str(schema.get("name", "schema")), description=str(schema.get("description", "")), slots=slots
    )


def _of_json(slot: Any, *, service: str) -> SlotDefinition:
    if not isinstance(slot, Mapping) or not isinstance(slot.get("name"), str) or not slot["name"]:
        raise ValueError(f"a slot is a JSON object with a name, found {type(slot).__name__}")
    name = slot["name"]
    listed = slot.get("values", slot.get("possible_values")) or ()
    if not isinstance(listed, list | tuple):
        raise ValueError(f"slot {name!r} has values of type {type(listed).__name__}; give a list")
    values = [str(value) for value in listed]
    kind = slot.get("type") or _kind_of(slot, values)
    if kind not in SLOT_TYPES:
        raise ValueError(f"slot {name!r} has type {kind!r}; use one of {', '.join(SLOT_TYPES)}")
    if kind == "enum" and not values:
        raise ValueError(f"slot {name!r} has type enum and no values")
    opens = [value for value in values if value.casefold() in OPEN_VALUES]
    synonyms = slot.get("synonyms") or {}
    return SlotDefinition(
        name=f"{service}.{name}" if service else name,
        type=kind,
        values=tuple(value for value in values if value not in opens),
        description=str(slot.get("description", "")),
        default=content_of(slot.get("default")),
        synonyms=tuple((str(wording), str(value)) for wording, value in dict(synonyms).items()),
        service=service,
        open_value=opens[0] if opens else None,
    )


def _kind_of(slot: Mapping[str, Any], values: Sequence[str]) -> SlotType:
    if slot.get("multi_value"):
        return "list"
    if not slot.get("is_categorical"):
        return "str"
    return "bool" if {value.casefold() for value in values} == {"true", "false"} else "enum"
