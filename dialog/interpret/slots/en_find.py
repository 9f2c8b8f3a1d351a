"""Finds in an English text the values of the slots of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from dialog.interpret.slots import en_words
from dialog.interpret.slots.en_plan import PERSONS, spaced, stem, words_of
from dialog.interpret.slots.en_values import DURATION, LOOSE_TIME, NUMBER, NUMBERS, amounts, number_of
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
CLAUSE = re.compile(r"[.!?;]+(?=\s|$)|\bbut\b|,(?=\s+(?:and|but|i|i'm|i'd|what|can|could|do|is|please)\b)", re.I)
NEGATED = re.compile(
    r"(?:\b(?:not|no|never|without|except|excluding|avoid|hate|dislike|skip)\b|n['’]t\b|\bdont\b|\banything but\b"
    r"|\bother than\b|\binstead of\b|\brather than\b|\bsick of\b|\btired of\b|\ballergic to\b)"
    r"(?:\s+(?:a|an|any|the|to|really|want|like|eat|have|be|into|in|too|need|care for|going|more|in the mood for|of))*\s*$",
    re.I,
)
QUESTION_ABOUT = re.compile(
    r"^(?:and\s+|so\s+|also\s+|ok(?:ay)?,?\s+|great,?\s+)*(?:(?:do|does|is|are|did|was|will|can|has|have)\s+(?:it|they|he|she|this|that"
    r"|the|there|you|pets)\b|what\b|which\b|how\b|whether\b|where\b|when\b)|\b(?:tell me|know) (?:if|whether)\b",
    re.I,
)
ASKED_IF = re.compile(
    r"^(?:and |so |also |\W)*(?:is|are|do|does|has|have)\b(?! there (?:a|an|any|some)\b| you (?:have|know)\b)|\b(?:is|are|do|does) (?:it|they|that|the)\b"
    r"|^it is\b|\bcan i bring\b|\bcan you check\b",
    re.I,
)
GENERIC_FLAG = frozenset(
    "has is serve offer allow welcome good seat service option ride entry next day available place"
    " inside other passenger restaurant hotel property entrance".split()
)
PLACE_BEFORE: tuple[tuple[Role | None, str], ...] = (
    (
        "start",
        r"(?:from|leaving|departing|depart|leave|out of|departing from|starting in|starting from|originating in)",
    ),
    (
        "end",
        r"(?:to|into|towards?|heading for|going to|arriving (?:in|at)|visit(?:ing)?|reach(?:ing)?|destination is|for)",
    ),
    (None, r"(?:in|at|near|around|within|of|by|over in|inside|about|through|with|is)"),
)
ALONE = re.compile(r"\b(?:by myself|just me|only me|just myself|for myself|on my own|alone|for me)\b", re.I)
COUPLE = re.compile(r"\b(?:my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mother|dad|son|daughter|date)"
                    r" and (?:i|me|myself)|(?:me|myself|i) and my \w+|the two of us|both of us|a friend and (?:i|me))\b", re.I)  # fmt: skip
TRAILING = re.compile(r"(?:\s+(?:and|please|today|for me|the|a|on|in|at|for|to|of|if|so|instead))+$", re.I)


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

    def add(
        self, plan: SlotPlan, value: object, start: int, end: int, score: float, *, can_negate: bool = True
    ) -> None:
        negated = can_negate and self.negated(start)
        self.found.append(
            Found(plan.name, value, start, end, score, "negated" if negated else "stated")  # type: ignore[arg-type]  # value is SlotContent by kind
        )


def find(reading: Reading, plans: Sequence[SlotPlan]) -> list[Found]:
    """Everything `reading` says about the slots of `plans`, surest finders first; also kept in `reading.found`."""
    for finder in (_listed, _flags, _when, _counts, _ratings, _money, _people, _categories, _places, _names):
        finder(reading, plans)
    _left_over(reading, plans)
    return reading.found


def closeness(plan: SlotPlan, near: Mapping[str, float]) -> float:
    """How clearly the words `near` a value name the slot of `plan`."""
    return max((weight * near[key] for key, weight in plan.keys.items() if key in near), default=0.0)


def _best(plans: Iterable[SlotPlan], reading: Reading, start: int, end: int, role: Role | None) -> SlotPlan | None:
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


# Values that the schema lists -------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _patterns(
    values: tuple[str, ...], synonyms: tuple[tuple[str, str], ...], keys: frozenset[str]
) -> tuple[re.Pattern[str], Mapping[str, tuple[str, float]]]:
    """One pattern for all wordings of `values`, and for each wording its value and how sure it is."""
    table: dict[str, tuple[str, float]] = {}
    own = {_plain(value) for value in values}
    words = [set(re.findall(r"[a-z]+", value.lower())) for value in values]
    for value, its in zip(values, words, strict=True):
        plain = _plain(value)
        table[plain] = (value, 1.0)
        for group in en_words.SAME:
            if plain in group:
                table.update({other: (value, 0.8) for other in group - own})
        others = set().union(*(other for other in words if other is not its))
        if len(its) > 1:
            for word in its - others - en_words.NOT_PARTIAL - {key for key in its if stem(key) in keys}:
                table.setdefault(word, (value, 0.6))
    table.update({_plain(wording): (value, 1.0) for wording, value in synonyms})
    forms = sorted(table, key=len, reverse=True)
    body = "|".join(rf"{_loose(form)}" for form in forms)
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])", re.I), table


def _plain(value: str) -> str:
    return re.sub(r"[\s_-]+", " ", value.lower()).strip()


def _loose(form: str) -> str:
    """A pattern for a wording that also takes its plural and adverb ("moderately", "cheaper")."""
    body = r"[\s-]?".join(re.escape(part) for part in form.split(" "))
    return body + r"(?:s|es|ly|er|est)?" if len(form) >= 4 else body + r"s?"


def _listed(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in plans:
        if plan.kind == "bool" or plan.counted or not (plan.slot.values or plan.slot.synonyms):
            continue
        pattern, table = _patterns(plan.slot.values, plan.slot.synonyms, frozenset(plan.keys))
        for match in pattern.finditer(reading.low):
            value, sure = _value_of(match.group(), table)
            if sure < 1 and reading.questioned(match.start()):
                continue
            if plan.slot.type != "enum" and _part_of_name(reading, match.start(), match.end()):
                continue
            if not reading.is_reply and QUESTION_ABOUT.match(reading.clause(match.start())) and sure < 0.9:
                continue
            reading.add(plan, value, match.start(), match.end(), 0.5 + 0.5 * sure)
    _separate(reading, plans)


def _value_of(wording: str, table: Mapping[str, tuple[str, float]]) -> tuple[str, float]:
    plain = _plain(wording)
    for ending in ("", "s", "es", "ly", "er", "est"):
        if plain.endswith(ending) and (form := plain[: len(plain) - len(ending)]) in table:
            return table[form]
    loose = {form.replace(" ", ""): found for form, found in table.items()}
    bare = plain.replace(" ", "")
    for ending in ("", "s", "es", "ly", "er", "est"):
        if bare.endswith(ending) and (form := bare[: len(bare) - len(ending)]) in loose:
            return loose[form]
    return table[min(table, key=lambda form: abs(len(form) - len(plain)))]


def _separate(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """Where two slots claim the same words, leaves them to the one named nearby or asked about."""
    by_name = {plan.name: plan for plan in plans}
    spans: dict[tuple[int, int], list[Found]] = {}
    for found in reading.found:
        spans.setdefault((found.start, found.end), []).append(found)
    for (start, end), rivals in spans.items():
        if len(rivals) > 1:
            best = _best([by_name[found.slot] for found in rivals], reading, start, end, None)
            reading.found = [f for f in reading.found if f not in rivals or (best and f.slot == best.name)]


# Flags ------------------------------------------------------------------------------------------------------------


def _flags(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in plans:
        if plan.kind != "bool":
            continue
        words = set(words_of(plan.slot.label)) - GENERIC_FLAG
        hit = next(((a, b) for word, a, b in reading.tokens if word in words), None)
        if hit is None or (not reading.is_reply and reading.questioned(hit[0])):
            continue
        before = reading.before(hit[0], 30).lower()
        no = re.search(
            r"\b(?:no|not|without|non|un|never|isn't|doesn't|don't|dont|won't|nor)\b(?:\W+\w+){0,3}\W*$", before
        )
        reading.found.append(Found(plan.name, not no, *hit, 0.8))


# Dates, times, amounts ----------------------------------------------------------------------------------------------

_UNTIL = re.compile(
    r"\b(?:until|till|to|through|thru|return(?:ing)?(?: on| date)?|back(?: on)?|drop(?:ping|ped)?[ -]?(?:it )?off(?: on)?"
    r"|check(?:ing)?[ -]?out(?: on)?|out on|end(?:ing|s)?(?: on)?|and|-|leave(?: on)?|come back(?: on)?)\s+(?:the\s+|it\s+|on\s+)?$",
    re.I,
)


def _when(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for kind in ("date", "time"):
        slots = [plan for plan in plans if plan.kind == kind]
        mentions = [found for found in reading.amounts if found.kind == kind and not _in_parting(reading, found)]
        if kind == "time" and not mentions and any(plan.name in reading.asked for plan in slots):
            loose = LOOSE_TIME.finditer(reading.text)
            mentions = [Mention("time", *m.span(), m.group()) for m in loose]
        if kind == "time":
            bare = re.finditer(r"(?<=\bat )(\d{1,2})\b(?!\s*(?:\d|[A-Z]|people|persons))|(?<=\bby )(\d{1,2})\b(?!\s*\w)",
                               reading.text)  # fmt: skip
            mentions += [Mention("time", *m.span(), m.group()) for m in bare if free(*m.span(), reading.amounts)]
        for n, mention in enumerate(mentions):
            if not slots or (kind == "time" and reading.is_reply and _in_range(reading, mention)):
                continue
            until = _UNTIL.search(reading.before(mention.start)) and (n > 0 or len(mentions) == 1)
            role: Role | None = "end" if until and len({plan.role for plan in slots}) > 1 else None
            plan = _best(slots, reading, mention.start, mention.end, role)
            if plan is not None:
                reading.add(plan, mention.value, mention.start, mention.end, 0.9)


def _in_parting(reading: Reading, mention: Mention) -> bool:
    """Whether "today" only takes leave ("that is all for today")."""
    before = r"\b(?:all|else|thanks|thank you|help|everything|it)(?: i need(?:ed)?)?(?: for)?\s+$"
    return str(mention.value).lower() in ("today", "tonight") and bool(
        re.search(before, reading.text[: mention.start], re.I)
    )


def _in_range(reading: Reading, mention: Mention) -> bool:
    """Whether a time bounds a stretch ("free from 8 am to noon"), so that it is no time for anything."""
    bounds = rf"\b(?:from|until|till|through|between|and|to|ends? at|ending at)\s+$"
    return bool(re.search(bounds, reading.text[: mention.start], re.I))


def _counts(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.counted and plan.kind not in ("rating", "duration")]
    durations = [plan for plan in plans if plan.kind == "duration"]
    for mention in reading.amounts:
        if mention.kind == "duration" and durations and not _per_unit(reading, mention):
            plan = _best(durations, reading, mention.start, mention.end, None)
            if plan is not None:
                reading.add(plan, _as_written(plan, str(mention.value)), mention.start, mention.end, 0.9)
    for match in NUMBER.finditer(reading.text):
        if "." in match.group(1) or not free(*match.span(), [*reading.amounts, *reading.found]):
            continue
        plan = _counting(reading, slots, match)
        if plan is not None:
            reading.add(plan, _as_written(plan, match.group(1)), match.start(), match.end(), 0.85)
    people = [plan for plan in slots if "person" in plan.keys]
    if people and not any(found.slot == plan.name for found in reading.found for plan in people):
        for pattern, n in ((ALONE, "1"), (COUPLE, "2")):
            if (match := pattern.search(reading.text)) and (n == "2" or _wants_people(reading, people)):
                reading.add(people[0], _as_written(people[0], n), *match.span(), 0.7)
                break


def _per_unit(reading: Reading, mention: Mention) -> bool:
    """Whether "a night" is what something is charged by, not how long it is."""
    return mention.value in ("a", "an") and not re.search(r"\b(?:for|stay)\s+$", reading.before(mention.start), re.I)


NOT_COUNTED = frozenset(
    "at in on for please and with this next tomorrow today to from by is are the if would will but".split()
)
"""Words after a number that it does not count."""


def _wants_people(reading: Reading, people: Sequence[SlotPlan]) -> bool:
    return any(plan.name in reading.asked for plan in people) or "for me" not in reading.low


def _counting(reading: Reading, slots: Sequence[SlotPlan], match: re.Match[str]) -> SlotPlan | None:
    """The slot that a number counts for: by the noun after it, by "for four", or by the question it answers."""
    after = re.match(
        r"[\s-]*(?:more\s+|other\s+|adult\s+|bus\s+|movie\s+|hotel\s+|economy\s+|checked\s+)*([a-z]+)",
        reading.low[match.end() :],
    )
    noun = stem(after.group(1)) if after and after.group(1) not in NOT_COUNTED else ""
    scored = [(plan.keys.get(noun, 0.0), plan) for plan in slots]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if best[0] >= 0.3:
        return best[1]
    word = match.group(1).lower()
    people = [plan for plan in slots if "person" in plan.keys]
    if people and noun in PERSONS | {"of"} and word != "one":
        return people[0]
    asked = [plan for plan in slots if plan.name in reading.asked]
    lone = re.search(
        r"(?:^|\b(?:just|only|for|about|make it|make that|need|want|be|is|yes|like)\s)\W*$",
        reading.before(match.start()),
        re.I,
    )
    if (
        asked
        and (lone or len(reading.tokens) <= 4)
        and (word not in ("one", "second", "single") or not noun or len(reading.tokens) <= 4)
    ):
        return asked[0]
    if (
        people
        and re.search(
            r"\b(?:table|reservation|book\w*|reserve|dinner|lunch|seats?|cab|taxi|ride|party|make it|group|it)\b[^.?!]*\b(?:for|of|it)\s+$",
            reading.before(match.start()),
            re.I,
        )
        and not noun
    ):
        return people[0]
    near = reading.near(match.start(), match.end(), 3)
    named = [
        plan
        for plan in slots
        if closeness(plan, {k: v for k, v in near.items() if k not in ("person",)}) >= 0.6
        and re.search(r"(?:\bis|:|of|to|=)\s*$", reading.before(match.start()))
    ]
    return named[0] if named else None


def _as_written(plan: SlotPlan, number: str) -> object:
    """A number as the slot writes it: an int or float by type, else digits."""
    n = number_of(number)
    if n is None:
        return number
    if plan.slot.type == "int":
        return int(n)
    if plan.slot.type == "float":
        return float(n)
    return str(n) if plan.slot.values else number


def _ratings(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in (plan for plan in plans if plan.kind == "rating"):
        words = "|".join(word for word in NUMBERS)
        pattern = rf"\b(\d(?:\.\d)?|{words})[\s-]+stars?\b|\brat(?:ing|ed)\s+(?:of\s+|is\s+|at\s+|above\s+|over\s+|at least\s+|higher than\s+)*(\d(?:\.\d+)?)"
        if match := re.search(pattern, reading.low):
            reading.add(plan, _as_written(plan, match.group(1) or match.group(2)), match.start(), match.end(), 0.85)
        elif plan.name in reading.asked and (number := NUMBER.search(reading.text)):
            reading.add(plan, _as_written(plan, number.group(1)), number.start(), number.end(), 0.7)


def _money(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind == "money"]
    if not slots:
        return
    for mention in reading.amounts:
        if mention.kind == "money":
            plan = _best(slots, reading, mention.start, mention.end, None)
            if plan is not None:
                value: object = mention.value
                if plan.slot.type in ("int", "float"):
                    value = _as_written(plan, re.sub(r"[^\d.]", "", str(mention.value)) or "0")
                reading.add(plan, value, mention.start, mention.end, 0.9)
    if not any(found.slot == plan.name for found in reading.found for plan in slots):
        for match in NUMBER.finditer(reading.text):
            near = reading.near(*match.span(), 3)
            named = [
                plan
                for plan in slots
                if closeness(plan, near) >= 0.5
                or plan.name in reading.asked
                or re.search(
                    r"\b(?:under|over|below|above|less than|more than|at most|up to|around|max(?:imum)?|budget(?: is| of)?)\s+$",
                    reading.before(match.start()),
                    re.I,
                )
            ]
            if named and free(*match.span(), [*reading.found, *reading.amounts]):
                reading.add(named[0], _as_written(named[0], match.group(1)), match.start(), match.end(), 0.7)


# Names, places, kinds -----------------------------------------------------------------------------------------------


def repeated(text: str, names: Sequence[str]) -> tuple[str, int, int] | None:
    """The first of `names` that `text` says again outside a question about it, and where."""
    reading = Reading(text)
    for name in names:
        at = _position(reading.low, name.lower())
        if at is not None and not QUESTION_ABOUT.match(reading.clause(at).strip()):
            return name, at, at + len(name)
    return None


def _position(text: str, name: str) -> int | None:
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


def _people(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in (plan for plan in plans if plan.kind == "person"):
        cue = _person_cue(plan)
        name = NAME.pattern if reading.cased else UNCASED_NAME
        match = re.search(rf"\b(?i:{cue})\s+(?:the\s+)?({name})", reading.text)
        if (
            match
            and match.group(1).lower() not in en_words.NOT_NAMES | en_words.GENERIC_NOUNS
            and free(*match.span(1), reading.found)
        ):
            reading.add(plan, TRAILING.sub("", match.group(1)), *match.span(1), 0.8)


UNCASED_NAME = r"(?!(?:{0})\b)[a-z][\w'-]*(?:\s(?!(?:{0})\b)[a-z][\w'-]*){{0,3}}".format(
    "is|are|was|in|on|at|to|for|from|by|with|and|or|the|a|an|this|that|her|his|their|it|of|please|which|who|what|i|you|located|today|would"
    "|tonight|sounds?|music|songs?|movies?|album|one|my|your|me|any|some"
)


def _person_cue(plan: SlotPlan) -> str:
    keys = plan.keys.keys()
    cues = {
        "director": r"directed by|director(?: is| named)?|directors? like|by director|made by",
        "actor": r"starring|stars?|with actor|actors?(?: is| named)?|acted by|actress|featuring|that has|with",
        "artist": r"songs? by|music by|by|from artist|artists?(?: is| named)?|sung by|performed by|something by|of",
        "recipient": r"to|recipient(?: is| named)?|send (?:it )?to|transfer (?:it )?to",
        "author": r"written by|author(?: is)?|by",
    }  # fmt: skip
    found = [pattern for key, pattern in cues.items() if key in keys]
    label = r"\s+".join(re.escape(word) for word in spaced(plan.slot.label).lower().split())
    return "|".join([*found, rf"{label}(?: is| named| called)?"])


def _categories(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """Kinds without listed values: known cuisines, genres and sports, or what stands before the noun."""
    for plan in (plan for plan in plans if plan.kind == "category" and plan.slot.type not in ("enum", "bool")):
        known = _known_kinds(plan)
        for match in _kind_pattern(known).finditer(reading.low):
            if free(*match.span(), reading.found) and not _part_of_name(reading, *match.span()):
                reading.add(plan, reading.text[match.start() : match.end()], *match.span(), 0.8)


def _known_kinds(plan: SlotPlan) -> frozenset[str]:
    keys = plan.keys.keys()
    told = f"{plan.slot.label} {plan.slot.description}".lower()
    if "food" in keys:
        return en_words.CUISINES
    if "sport" in told or "subcategory" in told:
        return en_words.SPORTS | (en_words.GENRES if "music" in told else frozenset())
    if "genre" in keys:
        return en_words.GENRES
    return frozenset()


@lru_cache(maxsize=16)
def _kind_pattern(words: frozenset[str]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    return re.compile(r"(?<![\w'])(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?![\w'])")


def _part_of_name(reading: Reading, start: int, end: int) -> bool:
    """Whether the words belong to a longer proper name, as in "Thai Basil"."""
    if not reading.cased or not reading.text[start].isupper():
        return False
    before = re.search(r"(\w+)\s$", reading.text[:start])
    after = re.match(r"\s(\w+)", reading.text[end:])
    common = en_words.NOT_NAMES | en_words.GENERIC_NOUNS | {"food", "cuisine", "genre", "music"}
    return any(m is not None and m[1][0].isupper() and m[1].lower() not in common for m in (before, after))


def _places(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind in ("place", "address") and not plan.slot.values]
    if not slots:
        return
    for mention in reading.amounts:
        if mention.kind == "address":
            plan = _best([plan for plan in slots if not _is_city(plan)], reading, mention.start, mention.end, None)
            if plan is not None:
                reading.add(plan, mention.value, mention.start, mention.end, 0.8)
    spans = _cased_places(reading) if reading.cased else _spoken_places(reading)
    venue = next((plan for plan in plans if plan.kind == "name" and plan.keys.keys() & VENUES), None)
    for start, end, role in spans:
        if venue is not None and re.search(r"\b(?:at|with)\s+(?:the\s+)?$", reading.text[:start], re.I):
            if free(start, end, reading.found) and not reading.is_reply:
                reading.add(venue, reading.text[start:end], start, end, 0.7)
        elif free(start, end, reading.found):
            loose = re.search(r"\b(?:at|with|by|is|about|through|of|on)\s+(?:the\s+)?$", reading.text[:start], re.I)
            plan = _best([plan for plan in slots if not (loose and _is_city(plan))], reading, start, end, role)
            if plan is not None and not (role and role != plan.role and (len(slots) > 1 or plan.role is None)):
                reading.add(plan, reading.text[start:end], start, end, 0.75)


def _cased_places(reading: Reading) -> Iterator[tuple[int, int, Role | None]]:
    for start, end in proper_names(reading):
        before = reading.text[:start]
        for role, words in PLACE_BEFORE:
            if re.search(rf"\b{words}\s+(?:the\s+(?:city\s+of\s+)?)?$", before, re.I):
                yield start, end, role
                break


def _spoken_places(reading: Reading) -> Iterator[tuple[int, int, Role | None]]:
    stop = (
        r"on|for|at|in|to|from|and|with|that|this|next|tomorrow|today|please|by|around|is|are|the|a|leaving|going|i|it|of"
        r"|my|which|what|but|or|near|returning|departing|so|if|can|could|would|will|want|need|like|as|not|thanks|area"
    )
    place = rf"((?:(?!(?:{stop})\b)[A-Za-z][\w'.-]*)(?:\s(?!(?:{stop})\b)[A-Za-z][\w'.-]*){{0,2}})"
    for role, words in PLACE_BEFORE:
        if words.startswith("(?:in|"):
            words = r"(?:in|near|around|at)"
        for match in re.finditer(rf"\b{words}\s+{place}", reading.text, re.I):
            name = match.group(1).lower()
            verb = role == "end" and name.split()[0] not in KNOWN_PLACES
            if not verb and not set(re.findall(r"[\w'-]+", name)) & (
                en_words.GENERIC_NOUNS | en_words.NOT_NAMES | set(NUMBERS)
            ):
                yield *match.span(1), role


def _is_city(plan: SlotPlan) -> bool:
    """Whether the slot takes a town, so that a street or a house is none."""
    return "city" in plan.keys and "address" not in plan.keys and plan.role is None


VENUES = frozenset("theater restaurant hotel salon dentist doctor stylist property attraction therapist place".split())
"""Keys of names that one is "at" or "with"."""

KNOWN_PLACES = frozenset(
    "new san los las sf la nyc ny london paris chicago boston seattle portland sacramento fresno oakland berkeley anaheim"
    " atlanta houston dallas austin denver miami orlando philadelphia philly phoenix tokyo beijing shanghai toronto"
    " vancouver mexico berlin madrid rome sydney delhi mumbai nairobi washington long santa palo mountain".split()
)


def _names(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind in ("name", "text") and not plan.slot.values]
    for plan in slots:
        for start, end in _cued_names(reading, plan):
            if free(start, end, reading.found):
                reading.add(plan, reading.text[start:end], start, end, 0.7)
                break


def _cued_names(reading: Reading, plan: SlotPlan) -> Iterator[tuple[int, int]]:
    """Names introduced by "called", or standing beside the noun that the slot is named after."""
    nouns = [key for key, weight in plan.keys.items() if key not in ("name", "title") and (weight >= 0.3 or plan.main)]
    noun = "|".join(map(re.escape, sorted(nouns))) or "(?!)"
    quoted = list(QUOTED.finditer(reading.text)) if plan.main else []
    for match in quoted:
        group = 1 if match.group(1) else 2
        yield match.span(group)
    called = rf"\b(?i:called|named|titled|name it(?: as)?|call it|call the event|name is|title is)\s+({NAME.pattern}|[\w' ]+?(?=[.,!?]|$))"
    if plan.main and (match := re.search(called, reading.text)):
        yield match.span(1)
    beside = rf"\b(?i:(?:{noun})s?)\s+(?:(?i:called|named|is|by the name of)\s+)?({NAME.pattern})"
    if match := re.search(beside, reading.text):
        start, end = match.span(1)
        if match.group(1).split()[0].lower() not in en_words.NOT_NAMES:
            yield start, end
    for start, end in proper_names(reading):
        if re.match(rf"\s+(?i:(?:{noun})s?)\b", reading.text[end:]) and not (
            plan.main and not reading.is_reply and _is_kind(reading, start, end)
        ):
            yield start, end
    if plan.main:
        verbs = r"(?i:see|watch|play|hear|listen to|tickets? (?:for|to)|seats? (?:for|to)|reservation (?:at|for)|table at|book|eat at|reserve at|go to|try|like|want|stay at|rent|visit|appointment (?:at|with)|see)"
        if match := re.search(rf"\b{verbs}\s+(?:the\s+(?:movie|song|film)\s+)?({NAME.pattern})", reading.text):
            words = match.group(1).split()
            if words[0].lower() not in en_words.NOT_NAMES and not _is_kind(reading, *match.span(1)):
                yield match.span(1)


def _left_over(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """A proper name that nothing else took answers the question for a name or a place."""
    by_name = {plan.name: plan for plan in plans}
    filled = {found.slot for found in reading.found}
    wanted = [by_name[name] for name in reading.asked if name in by_name and name not in filled]
    open_to = [plan for plan in wanted if plan.kind in ("name", "place", "person", "text", "address")]
    if reading.is_reply or not open_to:
        return
    for start, end in proper_names(reading):
        if free(start, end, reading.found) and not reading.questioned(start) and not _is_kind(reading, start, end):
            reading.add(open_to[0], reading.text[start:end], start, end, 0.6)
            return


def _is_kind(reading: Reading, start: int, end: int) -> bool:
    word = reading.low[start:end]
    return word in en_words.CUISINES | en_words.GENRES | en_words.SPORTS | en_words.NOT_NAMES


_OFFER = re.compile(
    rf"\b(?i:how about|what about|called|named|name is|there is|there's|recommend|suggest|try|found|find|play|rent|watch|like"
    rf"|see|reservation (?:at|for)|table at|appointment (?:at|with|for)|tickets? (?:for|to)|go to|check out|have|is|with|at|including|enjoy|interested in|event:"
    rf"|room(?:s)? (?:at|in)|for|starting|playing|visit to|visit|by the name of|titled|listen to|song|movie|event|of)\s+(?:(?i:a|an|the)\s+(?i:nice|good|great)?\s*"
    rf"(?i:\w+\s+)?(?i:called|named|song|movie|play)?\s*)?$"
)


def offered_name(reading: Reading, main: SlotPlan) -> tuple[int, int] | None:
    """The span of the name that a reply offers for the slot `main`: the best introduced proper name, earliest first."""
    best: tuple[float, int, int] | None = None
    venue = bool(main.keys.keys() & VENUES)
    for start, end in [*proper_names(reading), *_uncased_offer(reading)]:
        before, after = reading.text[:start], reading.text[end:]
        if not free(start, end, reading.found) or _is_kind(reading, start, end):
            continue
        if not venue and re.search(r"\b(?:at|album|address is|by|from)\s+(?:the\s+)?$", before, re.I):
            continue
        score = 1.0 if _OFFER.search(before) else 0.0
        if re.match(r"\s+(?i:is|has|in|by|at|on|would|serves|located|which|sounds?|might|offers)\b", after):
            score += 0.5 if score or re.match(r"\s+(?i:is|has|serves|might|offers|would)\b", after) else 0.0
        if re.match(r"\s+(?i:games?|concerts?|match|event|festival|show|movie|song|restaurant|hotel|salon)\b", after):
            score += 0.6
        if re.search(r"\b(?i:in|from|by|on)\s+(?:the\s+)?$", before):
            score -= 0.8
        score -= start / 2000
        if best is None or score > best[0]:
            best = (score, start, end)
    return (best[1], best[2]) if best and best[0] > 0.3 else None


_UNCASED_OFFER = re.compile(
    r"\b(?:how about|what about|called|named|by the name of)\s+(?:the (?:movie|song|play|event) )?([a-z0-9][^.,?!;:]*?)"
    r"(?=[.,?!;:]|$|\s(?:in|at|by|from|located|on|for|which|that|with|starting|playing|and it)\b)",
    re.I,
)


def _uncased_offer(reading: Reading) -> Iterator[tuple[int, int]]:
    """A name offered in lower case: what follows the words that introduce one."""
    match = _UNCASED_OFFER.search(reading.text)
    if match and len(match.group(1).split()) <= 7 and not re.search(r"[A-Z]", match.group(1)):
        yield match.span(1)
