"""What to look for, for each slot of a schema; made once per schema and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dialog.interpret.slots.mentions import Kind, Role
from dialog.slots import SlotDefinition, SlotSchema


@dataclass(frozen=True)
class SlotPlan:
    """A slot and how it is spoken of. `keys` are the (stemmed) words that name it, with how telling each is within
    its service (1 / number of slots it names). `main`: the slot that names the thing a service is about."""

    slot: SlotDefinition
    kind: Kind
    role: Role | None
    keys: Mapping[str, float]
    main: bool = False

    @property
    def name(self) -> str:
        return self.slot.name

    @property
    def counted(self) -> bool:
        """Whether its values are whole numbers."""
        return self.kind == "count" or (
            bool(self.slot.values) and all(value.isdigit() and len(value) < 3 for value in self.slot.values)
        )


@dataclass(frozen=True)
class Plan:
    """The slots a user can fill, and the (stemmed) words that tell the services of a schema apart."""

    schema: SlotSchema
    slots: tuple[SlotPlan, ...]
    services: Mapping[str, Mapping[str, float]]

    @cached_property
    def _by_service(self) -> dict[str, tuple[SlotPlan, ...]]:
        names = dict.fromkeys(plan.slot.service for plan in self.slots)
        return {name: tuple(plan for plan in self.slots if plan.slot.service == name) for name in names}

    @cached_property
    def _by_name(self) -> dict[str, SlotPlan]:
        return {plan.name: plan for plan in self.slots}

    @cached_property
    def telling(self) -> dict[str, list[tuple[str, float]]]:
        """`services` the other way round: word -> (service, weight)."""
        found: dict[str, list[tuple[str, float]]] = {}
        for service, words in self.services.items():
            for word, weight in words.items():
                found.setdefault(word, []).append((service, weight))
        return found

    def of(self, service: str) -> tuple[SlotPlan, ...]:
        return self._by_service.get(service, ())

    def slot(self, name: str) -> SlotPlan | None:
        return self._by_name.get(name)


def fillable(schema: SlotSchema) -> tuple[SlotDefinition, ...]:
    """The slots that some intent of their service takes; all slots of a service that names no intents."""
    takes = {
        service.name: {slot for intent in service.intents for slot in (*intent.required, *intent.optional)}
        for service in schema.services
    }
    return tuple(slot for slot in schema.slots if not (taken := takes.get(slot.service)) or slot.label in taken)


def required(schema: SlotSchema) -> frozenset[str]:
    """Full names of the slots that some intent cannot do without."""
    return frozenset(
        f"{service.name}.{slot}"
        for service in schema.services
        for intent in service.intents
        for slot in intent.required
    )


def weighted(words: Iterable[Iterable[str]]) -> list[dict[str, float]]:
    """For each bag of words, its words with 1 / number of bags that hold them; more for each time it is repeated."""
    bags = [Counter(bag) for bag in words]
    held = Counter(word for bag in bags for word in bag)
    return [{word: (0.7 + 0.3 * min(bag[word], 4)) / held[word] for word in sorted(bag)} for bag in bags]
