"""What tracking asks of a language. To add one: write a class like `English` in `en.py` and call `track` with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.plan import Plan, SlotPlan
from dialog.slots import SlotSchema
from dialog.state import SlotContent


class SlotLanguage(Protocol):
    """What a language does for tracking; all functions are pure."""

    def plan(self, schema: SlotSchema) -> Plan:
        """What to look for; the same object for equal schemas."""
        ...

    def read(self, text: str, plans: Sequence[SlotPlan], *, asked: Sequence[str]) -> list[Found]:
        """What a user message says about the slots; `asked`: those that the last reply asked for."""
        ...

    def repeated(self, text: str, names: Sequence[str]) -> tuple[str, int, int] | None:
        """The first of `names` that a user message says again to have it, and where."""
        ...

    def address(self, reply: str) -> tuple[int, int] | None:
        """Span of a street address in a reply."""
        ...

    def corrects(self, text: str) -> bool:
        """Whether a user message mends one thing in what was read back, leaving the rest."""
        ...

    def offers(self, reply: str, plans: Sequence[SlotPlan]) -> list[Found]:
        """The values that a reply proposes, reports or wants confirmed."""
        ...

    def asked(self, reply: str, plans: Sequence[SlotPlan]) -> tuple[str, ...]:
        """Names of the slots a reply asks for, the clearest first."""
        ...

    def stance(self, text: str) -> Literal["accept", "refuse"] | None: ...

    def correction(self, text: str) -> tuple[int, int] | None:
        """Span of what a user message puts right, when it is a correction and names no slot."""
        ...

    def restarts(self, text: str) -> bool:
        """Whether a user message asks for another of the same kind, so that its wishes replace the earlier ones."""
        ...

    def unmet(self, reply: str, plans: Sequence[SlotPlan]) -> Sequence[str]:
        """Names of the slots whose wish a reply says it could not meet, offering something else."""
        ...

    def adds(self, text: str) -> bool:
        """Whether a user message adds to what it said before ("also")."""
        ...

    def asks(self, text: str) -> bool:
        """Whether a user message wants to be told something."""
        ...

    def stances(self, text: str, plans: Sequence[SlotPlan], asked: Sequence[str]) -> list[Found]:
        """Slots left open ("any") or taken back ("cleared")."""
        ...

    def reverts(self, text: str) -> Literal["first", "previous"] | None: ...

    def chosen(self, reply: str, text: str) -> tuple[int, int] | None:
        """Span in `reply` of the listed thing that the message picks ("the second one")."""
        ...

    def free_answer(self, text: str) -> tuple[int, int] | None:
        """Span of the message that answers a question, when it is an answer and no more."""
        ...

    def points_back(self, text: str) -> frozenset[Kind]:
        """Kinds of value meant by "there" or "that day": known already, not said again."""
        ...

    def names(self, reply: str) -> Sequence[str]:
        """The proper names in a reply."""
        ...

    def confirms(self, reply: str) -> bool:
        """Whether a reply reads back what it is about to do."""
        ...

    def words(self, text: str) -> Sequence[str]:
        """Stemmed words, to tell services apart."""
        ...

    def convert(self, plan: SlotPlan, value: SlotContent, now: datetime | None) -> SlotContent:
        """`value` in the form the slot's type has (ISO dates and times, numbers); as it is where that cannot be."""
        ...
