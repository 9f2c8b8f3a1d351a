"""Names of people, places and things in English text, each for the slot it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dialog.interpret.slots import en_words
from dialog.interpret.slots.en_plan import spaced
from dialog.interpret.slots.en_reading import (
    NAME,
    QUOTED,
    Reading,
    best_slot,
    is_kind,
    part_of_name,
    proper_names,
)
from dialog.interpret.slots.en_values import NUMBERS
from dialog.interpret.slots.mentions import Role, free
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.words import bag

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
NEARBY = re.compile(r"\b(?:near|around|by)\s+(?:the\s+)?$", re.I)
TRAILING = re.compile(r"(?:\s+(?:and|please|today|for me|the|a|on|in|at|for|to|of|if|so|instead))+$", re.I)


def people(reading: Reading, plans: Sequence[SlotPlan]) -> None:
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
    "is|are|was|in|on|at|to|for|from|by|with|and|or|the|a|an|this|that|her|his|their|it|of|please"
    "|which|who|what|i|you|located|today|would"
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


def categories(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """Kinds without listed values: known cuisines, genres and sports, or what stands before the noun."""
    for plan in (plan for plan in plans if plan.kind == "category" and plan.slot.type not in ("enum", "bool")):
        known = _known_kinds(plan)
        for match in _kind_pattern(known).finditer(reading.low):
            if free(*match.span(), reading.found) and not part_of_name(reading, *match.span()):
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


def places(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind in ("place", "address") and not plan.slot.values]
    if not slots:
        return
    for mention in reading.amounts:
        if mention.kind == "address":
            plan = best_slot([plan for plan in slots if not _is_city(plan)], reading, mention.start, mention.end, None)
            if plan is not None:
                reading.add(plan, mention.value, mention.start, mention.end, 0.8)
    venue = next((plan for plan in plans if plan.kind == "name" and plan.keys.keys() & VENUES), None)
    spans = _cased_places(reading, venues=venue is not None) if reading.cased else _spoken_places(reading)
    for start, end, role in spans:
        if venue is not None and re.search(r"\b(?:at|with)\s+(?:the\s+)?$", reading.text[:start], re.I):
            if free(start, end, reading.found) and not reading.is_reply:
                reading.add(venue, reading.text[start:end], start, end, 0.7)
        elif free(start, end, reading.found):
            loose = re.search(r"\b(?:at|with|by|is|about|through|of|on)\s+(?:the\s+)?$", reading.text[:start], re.I)
            plan = best_slot([plan for plan in slots if not (loose and _is_city(plan))], reading, start, end, role)
            if plan is not None and not (role and role != plan.role and (len(slots) > 1 or plan.role is None)):
                # "in Rome near the Colosseum": where it is wanted is Rome, and only without that the landmark.
                score = 0.7 if NEARBY.search(reading.text[:start]) else 0.75
                reading.add(plan, reading.text[start:end], start, end, score)


def _cased_places(reading: Reading, *, venues: bool) -> Iterator[tuple[int, int, Role | None]]:
    for start, end in proper_names(reading):
        before = reading.text[:start]
        for role, words in PLACE_BEFORE:
            if re.search(r"\bwith\s+$", before, re.I) and not venues:
                break
            if re.search(rf"\b{words}\s+(?:the\s+(?:city\s+of\s+)?)?$", before, re.I):
                yield start, end, role
                break


def _spoken_places(reading: Reading) -> Iterator[tuple[int, int, Role | None]]:
    stop = (
        r"on|for|at|in|to|from|and|with|that|this|next|tomorrow|today|please|by|around|is|are|the"
        r"|a|leaving|going|i|it|of"
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


MAKERS = bag("airline brand company carrier operator provider make manufacturer label chain")
"""Keys of names that something is "with", "by" or "from"."""

VENUES = bag("theater restaurant hotel salon dentist doctor stylist property attraction therapist place")
"""Keys of names that one is "at" or "with"."""

KNOWN_PLACES = bag(
    "new san los las sf la nyc ny london paris chicago boston seattle portland sacramento fresno"
    " oakland berkeley anaheim"
    " atlanta houston dallas austin denver miami orlando philadelphia philly phoenix tokyo beijing shanghai toronto"
    " vancouver mexico berlin madrid rome sydney delhi mumbai nairobi washington long santa palo mountain"
)


def names(reading: Reading, plans: Sequence[SlotPlan]) -> None:
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
    if plan.main:
        yield from (quoted.span(1 if quoted.group(1) else 2) for quoted in QUOTED.finditer(reading.text))
    called = (
        rf"\b(?i:called|named|titled|name it(?: as)?|call it|call the event|name is|title"
        rf" is)\s+({NAME.pattern}|[\w' ]+?(?=[.,!?]|$))"
    )
    if plan.main and (match := re.search(called, reading.text)):
        yield match.span(1)
    if plan.keys.keys() & MAKERS and (match := re.search(rf"\b(?i:with|by|on|from)\s+({NAME.pattern})", reading.text)):
        yield match.span(1)
    beside = rf"\b(?i:(?:{noun})s?)\s+(?:(?i:called|named|is|by the name of)\s+)?({NAME.pattern})"
    if match := re.search(beside, reading.text):
        start, end = match.span(1)
        if match.group(1).split()[0].lower() not in en_words.NOT_NAMES:
            yield start, end
    for start, end in proper_names(reading):
        if re.match(rf"\s+(?i:(?:{noun})s?)\b", reading.text[end:]) and not (
            plan.main and not reading.is_reply and is_kind(reading, start, end)
        ):
            yield start, end
    if plan.main:
        verbs = (
            r"(?i:see|watch|play|hear|listen to|tickets? (?:for|to)|seats? (?:for|to)|reservation"
            r" (?:at|for)|table at|book|eat at|reserve at|go to|try|like|want|stay at|rent|visit"
            r"|appointment (?:at|with)|see)"
        )
        if match := re.search(rf"\b{verbs}\s+(?:the\s+(?:movie|song|film)\s+)?({NAME.pattern})", reading.text):
            words = match.group(1).split()
            if words[0].lower() not in en_words.NOT_NAMES and not is_kind(reading, *match.span(1)):
                yield match.span(1)


def left_over(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """A proper name that nothing else took answers the question for a name or a place."""
    by_name = {plan.name: plan for plan in plans}
    filled = {found.slot for found in reading.found}
    wanted = [by_name[name] for name in reading.asked if name in by_name and name not in filled]
    excluded = [by_name[found.slot] for found in reading.found if found.status == "negated" and found.slot in by_name]
    named = {found.slot for found in reading.found if found.status == "stated"}
    wanted += [plan for plan in excluded if plan.name not in named]
    open_to = [plan for plan in wanted if plan.kind in ("name", "place", "person", "text", "address")]
    if reading.is_reply or not open_to:
        return
    for start, end in proper_names(reading):
        if free(start, end, reading.found) and not reading.questioned(start) and not is_kind(reading, start, end):
            reading.add(open_to[0], reading.text[start:end], start, end, 0.6)
            return


_OFFER = re.compile(
    r"\b(?i:how about|what about|called|named|name is|there is|there's|recommend|suggest|try|found"
    r"|find|play|rent|watch|like"
    r"|see|reservation (?:at|for)|table at|appointment (?:at|with|for)|tickets? (?:for|to)|go to"
    r"|check out|have|is|with|at|including|enjoy|interested in|event:"
    r"|room(?:s)? (?:at|in)|for|starting|playing|visit to|visit|by the name of|titled|listen to"
    r"|song|movie|event|of)\s+(?:(?i:a|an|the)\s+(?i:nice|good|great)?\s*"
    r"(?i:\w+\s+)?(?i:called|named|song|movie|play)?\s*)?$"
)


def offered_name(reading: Reading, main: SlotPlan) -> tuple[int, int] | None:
    """The span of the name that a reply offers for the slot `main`: the best introduced proper name, earliest first."""
    best: tuple[float, int, int] | None = None
    venue = bool(main.keys.keys() & VENUES)
    for start, end in [*proper_names(reading), *_uncased_offer(reading)]:
        before, after = reading.text[:start], reading.text[end:]
        if not free(start, end, reading.found) or is_kind(reading, start, end):
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
