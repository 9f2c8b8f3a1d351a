"""An English text being read for slots: its words, clauses and proper names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dialog.interpret.slots import en_words
from dialog.interpret.slots.en_plan import stem
from dialog.interpret.slots.en_values import amounts
from dialog.interpret.slots.mentions import Found, Mention, Role, free
from dialog.interpret.slots.plan import SlotPlan

TOKEN = re.compile(r"[A-Za-z0-9][\w'’&.-]*[\w]|[A-Za-z0-9]|[^\w\s]")
_IN_NAME = r"(?:[\w'’&+-]|\.(?=\w)|(?<=\b[A-Z])\.|(?<=\bDr)\.|(?<=\bSt)\.|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bJr)\.)"
NAME_WORD = rf"(?:[A-Z0-9]{_IN_NAME}*|#\s?\d+)"
NAME = re.compile(
    rf"(?:The\s+)?(?<![\w'’])[A-Z]{_IN_NAME}*(?:(?:\s+(?:of the|of|the|and|&|de|la|del|du|von|van|a|vs\.?|'n')"
    rf"){{0,2}}\s+{NAME_WORD}|,\s(?:(?:{en_words.STATES})\b|M\.?D\b\.?|D\.?D\.?S\b\.?))*"
)
QUOTED = re.compile(r"[\"“]([^\"”]{2,80})[\"”]|(?<!\w)'([^']{2,60})'(?!\w)")
CLAUSE = re.compile(
    r"[.!?;]+(?=\s|$)|(?<!anything )(?<!everything )\bbut\b|,(?=\s+(?:and|but|i|i'm|i'd|what|can|could"
    r"|do|is|please)\b)",
    re.I,
)
INSTEAD = re.compile(r"\b(?:instead of|rather than)\s+(?:the |a |at |on |for )?$", re.I)
NEGATED = re.compile(
    r"(?:\b(?:not|no|never|without|except|excluding|avoid|hate|dislike|skip)\b|n['’]t\b|\bdont\b|\banything but\b"
    r"|\bother than\b|\bsick of\b|\btired of\b|\ballergic to\b)"
    r"(?:\s+(?:a|an|any|the|to|really|want|like|eat|have|be|into|in|too|for|with|at|from|by|on|need|care for|going|more"
    r"|in the mood for|of))*\s*$",
    re.I,
)
QUESTION_ABOUT = re.compile(
    r"^(?:and\s+|so\s+|also\s+|ok(?:ay)?,?\s+|great,?\s+)*(?:(?:do|does|is|are|did|was|will|can"
    r"|has|have)\s+(?:it|they|he|she|this|that"
    r"|the|there|you|pets)\b|what\b|which\b|how\b|whether\b|where\b|when\b)|\b(?:tell me|know) (?:if|whether)\b",
    re.I,
)
ASKED_IF = re.compile(
    r"^(?:and |so |also |\W)*(?:is|are|do|does|has|have)\b(?! there (?:a|an|any|some)\b| you"
    r" (?:have|know)\b)|\b(?:is|are|do|does) (?:it|they|that|the)\b"
    r"|^it is\b|\bcan i bring\b|\bcan you check\b",
    re.I,
)


@dataclass
class Reading:
    """A text being read: what is in it regardless of slots, and what has been found so far."""

    text: str
    asked: Sequence[str] = ()
    is_reply: bool = False
    found: list[Found] = field(default_factory=list)

    @cached_property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

    @cached_property
    def amounts(self) -> tuple[Mention, ...]:
        return amounts(self.text)

    @cached_property
    def tokens(self) -> tuple[tuple[str, int, int], ...]:
        """(stem, start, end) of every word."""
        return tuple((stem(m.group().lower().strip(".")), m.start(), m.end()) for m in TOKEN.finditer(self.text))

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        ends = [m.end() for m in CLAUSE.finditer(self.text)]
        return tuple(zip([0, *ends], [*ends, len(self.text)], strict=True))

    @cached_property
    def cased(self) -> bool:
        """Whether capitals say anything: there is one that does not open a sentence, besides "I"."""
        return bool(re.search(r"(?<![.!?]\s)(?<!^)(?<!\w)[A-Z][A-Za-z]", self.text))

    def clause(self, at: int) -> str:
        start, end = next(((a, b) for a, b in self.clauses if a <= at < b), (0, len(self.text)))
        return self.text[start:end]

    def before(self, at: int, width: int = 40) -> str:
        start = max((a for a, b in self.clauses if a <= at), default=0)
        return self.text[max(start, at - width) : at]

    def negated(self, start: int) -> bool:
        return bool(NEGATED.search(self.before(start)))

    def questioned(self, at: int) -> bool:
        """Whether `at` stands in a question about something, rather than in a wish."""
        clause = self.clause(at).strip()
        return bool(QUESTION_ABOUT.search(clause)) or (clause.endswith("?") and bool(ASKED_IF.search(clause)))

    def near(self, start: int, end: int, width: int = 4) -> dict[str, float]:
        """The words within `width` of a span, each with its closeness 0..1; what follows counts a little less."""
        inside = [i for i, (_, a, b) in enumerate(self.tokens) if a < end and start < b]
        if not inside:
            return {}
        first, last = inside[0], inside[-1]
        near: dict[str, float] = {}
        for distance in range(1, width + 1):
            for i, weight in ((first - distance, 1.0), (last + distance, 0.9)):
                if 0 <= i < len(self.tokens):
                    word = self.tokens[i][0]
                    near[word] = max(near.get(word, 0.0), weight * (1 - (distance - 1) / (width + 1)))
        return near

    def replaced(self, start: int) -> bool:
        """Whether what stands at `start` is only named as what something else replaces ("six instead of four")."""
        return bool(INSTEAD.search(self.before(start)))

    def add(
        self, plan: SlotPlan, value: object, start: int, end: int, score: float, *, can_negate: bool = True
    ) -> None:
        if self.replaced(start):
            return
        negated = can_negate and self.negated(start)
        self.found.append(
            Found(plan.name, value, start, end, score, "negated" if negated else "stated")  # type: ignore[arg-type]  # value is SlotContent by kind
        )


def closeness(plan: SlotPlan, near: Mapping[str, float]) -> float:
    """How clearly the words `near` a value name the slot of `plan`."""
    return max((weight * near[key] for key, weight in plan.keys.items() if key in near), default=0.0)


def best_slot(plans: Iterable[SlotPlan], reading: Reading, start: int, end: int, role: Role | None) -> SlotPlan | None:
    """The slot that a value at `start`..`end` is for: the one asked about, named nearby, or with the fitting role."""
    near = reading.near(start, end)
    filled = {found.slot for found in reading.found if found.status == "stated"}

    def fit(plan: SlotPlan) -> float:
        score = closeness(plan, near) + 0.6 * (plan.name in reading.asked) - 0.5 * (plan.name in filled)
        if role and plan.role:
            score += 1.2 if role == plan.role else -1.2
        if role is None and plan.role == "start" and plan.kind == "date":
            score += 0.1
        return score

    return max(plans, key=fit, default=None)


def position(text: str, name: str) -> int | None:
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return match.start() if match else None


def proper_names(reading: Reading) -> Iterator[tuple[int, int]]:
    """Spans of capitalised names, without sentence openers and what is already known to be something else."""
    for match in NAME.finditer(reading.text):
        start, end = match.span()
        while True:
            first = re.match(r"[\w'’&.+-]+", reading.text[start:end])
            if first is None or first.group().lower().strip(".,") not in en_words.NOT_NAMES:
                break
            opens = not re.search(r"[\w,]\s*$", reading.text[:start]) or start > match.start()
            if not opens and re.match(r"\s+[A-Z]", reading.text[start + first.end() : end]):
                break
            start += first.end()
            start += len(reading.text[start:end]) - len(reading.text[start:end].lstrip(" ,"))
            # A lower-case word cannot open a name.
            while start < end and not re.match(r"[A-Z0-9#]", reading.text[start:end]):
                step = re.match(r"[\w'’&.+-]*\W*", reading.text[start:end])
                start += max(step.end() if step else 1, 1)
            if start >= end:
                break
        name = reading.text[start:end].rstrip(" .,'’")
        if (
            name
            and free(start, start + len(name), [m for m in reading.amounts if m.kind != "phone"])
            and re.search(r"[A-Za-z]", name)
        ):
            yield start, start + len(name)


def part_of_name(reading: Reading, start: int, end: int) -> bool:
    """Whether the words belong to a longer proper name, as in "Thai Basil"."""
    if not reading.cased or not reading.text[start].isupper():
        return False
    before = re.search(r"(\w+)\s$", reading.text[:start])
    after = re.match(r"\s(\w+)", reading.text[end:])
    common = en_words.NOT_NAMES | en_words.GENERIC_NOUNS | {"food", "cuisine", "genre", "music"}
    return any(m is not None and m[1][0].isupper() and m[1].lower() not in common for m in (before, after))


def is_kind(reading: Reading, start: int, end: int) -> bool:
    word = reading.low[start:end]
    return word in en_words.CUISINES | en_words.GENRES | en_words.SPORTS | en_words.NOT_NAMES
