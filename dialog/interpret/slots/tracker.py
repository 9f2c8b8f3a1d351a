"""What a message changes in the slots: its own values, answers, accepted offers, refusals and retractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from dialog.interpret.pack import View
from dialog.interpret.slots.language import SlotLanguage
from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.plan import Plan, SlotPlan
from dialog.rewrite import Source, Span
from dialog.slots import SlotSchema
from dialog.state import Slot, SlotContent, SlotValue, Turn

OFFER_TURNS = 3
"""Turns back that something offered can still be accepted."""
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


def track(
    view: View,
    text: str,
    schema: SlotSchema,
    language: SlotLanguage,
    *,
    now: datetime | None,
    scope: Literal["dialog", "topic"] = "dialog",
) -> tuple[SlotValue, ...]:
    """The slot changes that `text` makes, at most one per slot and status, in the order of the schema."""
    told = Tracking(view, text, schema, language, now, scope)
    changes: dict[tuple[str, bool], SlotValue] = {}

    def take(values: Iterable[SlotValue]) -> None:
        for value in values:
            changes[value.name, value.status == "negated"] = value

    offered = _pending(told)
    said = _said(told, offered)
    if language.stance(text) == "accept" or (said and language.confirms(told.reply) and language.corrects(text)):
        take(_accepted(told, offered))
    take(_relaxed(told))
    take(_over(told, said))
    take(_carried(told, said))
    take(_chosen(told))
    take(said)
    take(_repeated(told))
    take(_reverted(told))
    order = {plan.name: n for n, plan in enumerate(told.plan.slots)}
    return tuple(sorted(changes.values(), key=lambda value: order[value.name]))


def _said(told: Tracking, offered: Sequence[tuple[Turn, Found]]) -> list[SlotValue]:
    """What the message itself says, or answers to the question before it."""
    plans = told.plan.of(told.service)
    found = told.language.read(told.text, plans, asked=told.asked)
    stances = told.language.stances(told.text, plans, told.asked)
    spoken = {one.slot for one in found}
    found += (one for one in stances if one.status == "cleared" or one.slot not in spoken)
    found += _flag_answers(told, [*found, *(one for _, one in offered)])
    if not found:
        found += _corrected(told) or _answer(told)
    if _criteria_known(told, told.service):
        found = [one for one in found if not _is_main(told, one.slot)]
    return _listwise(told, [_value(told, one) for one in _merged(_joined(told, found))])


def _criteria_known(told: Tracking, service: str) -> bool:
    """Whether a name now is a pick among what the standing wishes found, and no wish of its own: so it is in services
    of which no intent asks for a name."""
    if not service or any(one.intents for one in told.schema.services):
        return False
    return any(slot.current and not _is_main(told, slot.name) for slot in _filled(told, service))


def _filled(told: Tracking, service: str) -> list[Slot]:
    """The slots of `service` that hold something."""
    return [slot for slot in told.slots.values() if slot.current and told.service_of(slot.name) == service]


def _over(told: Tracking, said: Sequence[SlotValue]) -> Iterable[SlotValue]:
    """What stood for the service before a message that asks for another of the same kind, with wishes of its own."""
    if not told.service or not told.language.restarts(told.text) or not any(value.status == "stated" for value in said):
        return
    whole = Found("", None, 0, len(told.text), 0.7, "cleared")
    yield from (_value(told, replace(whole, slot=slot.name)) for slot in _filled(told, told.service))


def _relaxed(told: Tracking) -> Iterable[SlotValue]:
    """Wishes that the reply said cannot be met, when the user goes on with what it offered instead."""
    if not told.reply or told.language.stance(told.text) == "refuse":
        return
    for name in told.language.unmet(told.reply, told.plan.of(told.before)):
        if _current(told, name) is not None:
            yield _value(told, Found(name, None, 0, len(told.text), 0.5, "cleared"))


def _joined(told: Tracking, found: Sequence[Found]) -> list[Found]:
    """`found` with all that is stated for a list slot in one."""
    kept: list[Found] = []
    for one in found:
        plan = told.plan.slot(one.slot)
        at = next((n for n, other in enumerate(kept) if (other.slot, other.status) == (one.slot, one.status)), None)
        if plan is None or plan.slot.type != "list" or one.status != "stated" or at is None:
            kept.append(one)
            continue
        first = kept[at]
        items = tuple(dict.fromkeys((*_listed(first.value), *_listed(one.value))))
        kept[at] = replace(first, value=items, start=min(first.start, one.start), end=max(first.end, one.end))
    return kept


def _listwise(told: Tracking, values: list[SlotValue]) -> list[SlotValue]:
    """What is excluded from a list slot leaves what it holds."""
    for value in [value for value in values if value.status == "negated"]:
        plan, current = told.plan.slot(value.name), _current(told, value.name)
        stated = any(other.name == value.name and other.status == "stated" for other in values)
        if (
            plan is None
            or plan.slot.type != "list"
            or stated
            or current is None
            or not isinstance(current.value, tuple)
        ):
            continue
        left = tuple(item for item in current.value if item not in _listed(value.value))
        if left != current.value:
            values.append(
                value.model_copy(
                    update={"value": left, "status": "stated"} if left else {"status": "cleared", "value": None}
                )
            )
    return values


def _merged(found: Sequence[Found]) -> list[Found]:
    """One per slot and status: the surest, of equally sure ones the last said."""
    best: dict[tuple[str, bool], Found] = {}
    for one in found:
        key = (one.slot, one.status == "negated")
        if key not in best or (one.score, one.start) >= (best[key].score, best[key].start):
            best[key] = one
    cleared = {slot for (slot, _), one in best.items() if one.status == "cleared"}
    return [one for one in best.values() if one.slot not in cleared or one.status == "cleared"]


def _flag_answers(told: Tracking, found: Sequence[Found]) -> list[Found]:
    """Yes or no to a question about a flag."""
    stance = told.language.stance(told.text)
    flags = [plan for plan in told.plan.of(told.before) if plan.kind == "bool" and plan.name in told.asked[:1]]
    if stance is None or any(one.slot == plan.name for one in found for plan in flags):
        return []
    return [Found(plan.name, stance == "accept", 0, len(told.text), 0.7) for plan in flags]


def _corrected(told: Tracking) -> list[Found]:
    """A bare correction ("no, Brooklyn"): for the slot of free wording that changed last."""
    span = told.language.correction(told.text)
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    free = ("place", "name", "person", "text", "address", "category")
    mendable = [
        (order.get(slot.changed_in, 0), slot.current.source.span.start if slot.current.source.span else 0, plan)
        for plan in told.plan.of(told.service)
        if plan.kind in free and plan.slot.type == "str" and (slot := told.slots.get(plan.name)) and slot.current
    ]
    if span is None or not mendable:
        return []
    _, _, plan = max(mendable, key=lambda found: found[:2])
    return [Found(plan.name, told.text[span[0] : span[1]], *span, 0.7)]


def _answer(told: Tracking) -> list[Found]:
    """The message as the answer to what was asked, when it has no other value in it."""
    span = told.language.free_answer(told.text)
    wanted = [told.plan.slot(name) for name in told.asked[:2]]
    plan = next(
        (one for one in wanted if one and one.kind in ("place", "name", "text", "person", "address", "category")), None
    )
    if plan is None or span is None or told.language.stance(told.text) is not None:
        return []
    if plan.slot.type == "enum" or (plan.kind == "category" and plan.slot.values):
        return []
    return [Found(plan.name, told.text[span[0] : span[1]], *span, 0.5)]


def _pending(told: Tracking) -> list[tuple[Turn, Found]]:
    """What replies offered and the user has neither taken nor refused since; of each slot the latest."""
    pending: list[tuple[Turn, Found]] = []
    plans = told.plan.of(told.before)
    for turn in reversed(told.view.state.turns[-OFFER_TURNS:]):
        known = {found.slot for _, found in pending}
        pending += ((turn, found) for found in _offers(told, turn, plans) if found.slot not in known)
        if any(_is_main(told, found.slot) for _, found in pending) or not told.language.asks(turn.user):
            break
    return pending


def _offers(told: Tracking, turn: Turn, plans: Sequence[SlotPlan]) -> Iterable[Found]:
    """What the reply of `turn` puts up for acceptance: all it reads back; else no mere answer to a question, and no
    place where one is known."""
    if not turn.reply:
        return
    everything = told.language.confirms(turn.reply)
    informs = told.language.asks(turn.user) and turn.user.rstrip().endswith("?") and not everything
    offers = told.language.offers(turn.reply, plans)
    values: dict[str, set[SlotContent]] = {}
    for found in offers:
        values.setdefault(found.slot, set()).add(found.value)
    for found in offers:
        plan = told.plan.slot(found.slot)
        if plan is None or found.status != "stated" or (len(values[found.slot]) > 1 and plan.kind == "category"):
            continue
        if plan.main and _criteria_known(told, told.before):
            continue
        known = _current(told, found.slot) is not None
        if (
            everything
            or plan.main
            or plan.kind in ("date", "time")
            or not (
                informs
                or plan.counted
                or plan.kind in ("bool", "rating")
                or (plan.kind == "place" and known and plan.role != "end")
            )
        ):
            yield found


def _is_main(told: Tracking, slot: str) -> bool:
    plan = told.plan.slot(slot)
    return plan is not None and plan.main


def _accepted(told: Tracking, offered: Sequence[tuple[Turn, Found]]) -> Iterable[SlotValue]:
    for turn, found in offered:
        if found.status == "stated":
            yield _value(told, found, turn)


def _repeated(told: Tracking) -> Iterable[SlotValue]:
    """A name that was offered, said again."""
    main = next((plan for plan in told.plan.of(told.before) if plan.main), None)
    names = [
        name for turn in reversed(told.view.state.turns[-OFFER_TURNS:]) for name in told.language.names(turn.reply)
    ]
    said = told.language.repeated(told.text, names) if main else None
    if main is not None and said is not None and not _is_value(told, said[0]):
        yield _value(told, Found(main.name, said[0], said[1], said[2], 0.9))


def _is_value(told: Tracking, name: str) -> bool:
    """Whether `name` is the value of some other slot, held or listed."""
    low = name.lower()
    held = any(slot.current and str(slot.current.value).lower() == low for slot in told.slots.values())
    return held or any(low == value.lower() for plan in told.plan.slots for value in plan.slot.values)


def _chosen(told: Tracking) -> Iterable[SlotValue]:
    """The thing picked from a list that the reply gave."""
    main = next((plan for plan in told.plan.of(told.before) if plan.main), None)
    if main is None:
        return
    for turn in reversed(told.view.state.turns[-OFFER_TURNS:]):
        span = told.language.chosen(turn.reply, told.text) if turn.reply else None
        if span is not None:
            yield _value(told, Found(main.name, turn.reply[span[0] : span[1]], *span, 0.8), turn)
            return


def _carried(told: Tracking, said: Sequence[SlotValue]) -> Iterable[SlotValue]:
    """A place or date known from elsewhere, when the message points back to it ("there", "that day")."""
    spoken = {value.name for value in said}
    for kind in sorted(told.language.points_back(told.text)):
        mine = [plan for plan in told.plan.of(told.service) if plan.kind == kind and plan.role != "start"]
        mine = mine or [plan for plan in told.plan.of(told.service) if plan.kind == kind]
        if not mine or any(plan.name in spoken or _current(told, plan.name) for plan in mine):
            continue
        known = _latest(told, kind, but=told.service)
        if mine[0].role == "end" and (address := _known_address(told)) is not None:
            yield _value(told, Found(mine[0].name, address[0].reply[slice(*address[1])], *address[1], 0.6), address[0])
        elif known is not None:
            yield known.model_copy(update={"name": mine[0].name, "confidence": 0.6})


def _known_address(told: Tracking) -> tuple[Turn, tuple[int, int]] | None:
    """The street address that a reply gave last."""
    for turn in reversed(told.view.state.turns[-2 * OFFER_TURNS :]):
        if (span := told.language.address(turn.reply)) is not None:
            return turn, span
    return None


def _latest(told: Tracking, kind: Kind, *, but: str) -> SlotValue | None:
    """The value of that kind that was stated last in another service."""
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    slots = [
        slot
        for plan in told.plan.slots
        if plan.kind == kind
        and plan.role != "start"
        and plan.slot.service != but
        and (slot := told.slots.get(plan.name))
        if slot.current is not None and slot.current.status == "stated"
    ]
    latest = max(slots, key=lambda slot: order.get(slot.changed_in, 0), default=None)
    return latest.current if latest else None


def _current(told: Tracking, name: str) -> SlotValue | None:
    slot = told.slots.get(name)
    return slot.current if slot else None


def _reverted(told: Tracking) -> Iterable[SlotValue]:
    """The earlier value of the slot that changed last."""
    which = told.language.reverts(told.text)
    changed = [slot for slot in told.slots.values() if slot.history]
    if which is None or not changed:
        return
    order = {turn.turn_id: turn.n for turn in told.view.state.turns}
    latest = max(changed, key=lambda slot: order.get(slot.changed_in, 0))
    yield latest.history[0 if which == "first" else -1].model_copy(update={"name": latest.name})


def _value(told: Tracking, found: Found, turn: Turn | None = None) -> SlotValue:
    """`found` as a slot value; from the reply of `turn`, or from the message when there is none."""
    plan = told.plan.slot(found.slot)
    assert plan is not None, "finders only name slots of the plan"
    raw = (turn.reply if turn else told.text)[found.start : found.end]
    value = None if found.status in ("any", "cleared") else told.language.convert(plan, found.value, told.now)
    if plan.slot.type == "list" and found.status == "stated":
        value = _with_earlier(told, plan, value) if told.language.adds(told.text) else _listed(value)
    source = (
        Source(kind="reply", turn_id=turn.turn_id, span=Span(start=found.start, end=found.end))
        if turn
        else Source(kind="user", span=Span(start=found.start, end=found.end))
    )
    return SlotValue(
        name=found.slot,
        value=value,
        raw=raw if raw and raw != value else None,
        status=found.status,
        scope=told.scope,
        confidence=found.score,
        source=source,
    )


def _listed(value: SlotContent) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _with_earlier(told: Tracking, plan: SlotPlan, value: SlotContent) -> tuple[str, ...]:
    """A list slot takes what is said beside what it holds."""
    new = _listed(value)
    current = _current(told, plan.name)
    held = current.value if current is not None and isinstance(current.value, tuple) else ()
    return (*held, *(item for item in new if item not in held))
