"""One message to be tracked, and what is known when it comes: the slots, what was asked, which service it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from dialog.interpret.pack import View
from dialog.interpret.slots.language import SlotLanguage
from dialog.interpret.slots.plan import Plan
from dialog.slots import SlotSchema
from dialog.state import Slot, SlotValue, Turn

SERVICE_TURNS = 5
"""Turns back that tell which service the talk is about, each counting less than the next."""
FADING = 0.6
CLEAR_SERVICE = 0.45
"""Weight of service words from which a message speaks of a service by itself."""


@dataclass(frozen=True)
class Tracking:
    """One message to be tracked."""

    view: View
    text: str
    schema: SlotSchema
    language: SlotLanguage
    now: datetime | None
    scope: Literal["dialog", "topic"]

    @cached_property
    def plan(self) -> Plan:
        return self.language.plan(self.schema)

    @cached_property
    def slots(self) -> dict[str, Slot]:
        return {slot.name: slot for slot in self.view.state.slots_in_scope}

    @cached_property
    def last(self) -> Turn | None:
        return self.view.state.turns[-1] if self.view.state.turns else None

    @property
    def reply(self) -> str:
        return self.last.reply if self.last else ""

    @cached_property
    def before(self) -> str:
        """The service the talk was about before this message; "" in a flat schema."""
        return self._service(with_message=False)

    @cached_property
    def service(self) -> str:
        """The service this message is about."""
        return self._service(with_message=True)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The slots that the last reply asked for; when the message corrects, those that the turn before it changed."""
        asked = self.language.asked(self.reply, self.plan.of(self.before)) if self.reply else ()
        if asked or not self.language.corrects(self.text):
            return asked
        order = {turn.turn_id: turn.n for turn in self.view.state.turns}
        changed = sorted(self.slots.values(), key=lambda slot: -order.get(slot.changed_in, 0))
        return tuple(slot.name for slot in changed if slot.current and slot.changed_in == changed[0].changed_in)

    def _service(self, *, with_message: bool) -> str:
        names = list(self.plan.services)
        if len(names) < 2:
            return names[0] if names else ""
        scores = dict.fromkeys(names, 0.0)
        weight = 1.0
        if with_message:
            own = self._spoken(self.text)
            if max(own.values()) >= CLEAR_SERVICE:
                first, second = sorted(own.values(), reverse=True)[:2]
                if first >= 1.2 and first - second >= 0.8:
                    return max(names, key=lambda name: own[name])
                scores = {name: 1.6 * min(score, 1.5) for name, score in own.items()}
            weight = FADING
        for spoken in self._earlier:
            for name in names:
                scores[name] += weight * spoken[name]
            weight *= FADING
        return max(names, key=lambda name: scores[name])

    @cached_property
    def _earlier(self) -> list[dict[str, float]]:
        """How much each of the last turns spoke of each service, newest first."""
        found: list[dict[str, float]] = []
        for turn in reversed(self.view.state.turns[-SERVICE_TURNS:]):
            said, replied = self._spoken(turn.user), self._spoken(turn.reply)
            changed = {self.service_of(slot.name) for slot in self.slots.values() if slot.changed_in == turn.turn_id}
            found.append(
                {name: min(said[name], 1.5) + 0.5 * min(replied[name], 1.0) + (name in changed) for name in said}
            )
        return found

    def _spoken(self, text: str) -> dict[str, float]:
        """How much `text` speaks of each service."""
        scores = dict.fromkeys(self.plan.services, 0.0)
        for word in dict.fromkeys(self.language.words(text)):
            for service, weight in self.plan.telling.get(word, ()):
                scores[service] += weight
        return scores

    def service_of(self, slot: str) -> str:
        found = self.plan.slot(slot)
        return found.slot.service if found else ""

    def current(self, name: str) -> SlotValue | None:
        slot = self.slots.get(name)
        return slot.current if slot else None

    def is_main(self, slot: str) -> bool:
        plan = self.plan.slot(slot)
        return plan is not None and plan.main

    def filled(self, service: str) -> list[Slot]:
        """The slots of `service` that hold something."""
        return [slot for slot in self.slots.values() if slot.current and self.service_of(slot.name) == service]

    def criteria_known(self, service: str) -> bool:
        """Whether a name now is a pick among what the standing wishes found, and no wish of its own: so it is in
        services of which no intent asks for a name."""
        if not service or any(one.intents for one in self.schema.services):
            return False
        return any(slot.current and not self.is_main(slot.name) for slot in self.filled(service))
