"""How English slot names and descriptions say what a slot takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dialog.interpret.fields.en import FIELDS
from dialog.interpret.slots.mentions import Kind, Role
from dialog.interpret.slots.plan import Plan, SlotPlan, fillable, required, weighted
from dialog.interpret.slots.words import bag
from dialog.slots import SlotDefinition, SlotSchema

STOP = bag(
    "a an the of or and to for in at on by with from is are be was it its this that which whether"
    " where when who whom"
    " what how if any boolean flag indicating user users given value values used use set name names number numbers"
    " desired wants want need needs needed easily already them another one your you has have had"
    " over across most get widely"
    " popular leading provider service services available wide range user's portal located find"
    " finding search searching book booking e g eg i per not no only s"
)
SHARED = {
    "bedroom": "bed", "bedrooms": "bed", "beds": "bed", "bathroom": "bath", "bathrooms": "bath",
    "departing": "depart", "departure": "depart", "leaving": "leav", "leave": "leav", "returning": "return",
    "film": "movie", "films": "movie", "theatre": "theater", "kids": "child", "children": "child", "kid": "child",
    "child-friendly": "child", "cuisine": "food", "cab": "taxi", "cost": "price", "costs": "price", "fare": "price",
    "pricing": "price", "priced": "price", "pricerange": "price", "money": "price", "budget": "price",
    "center": "centre", "ppl": "person", "people": "person", "persons": "person", "guests": "person",
    "travellers": "traveler", "songs": "song", "actress": "actor", "starring": "actor", "stars": "actor",
    "directed": "director", "direct": "director", "directs": "director", "melody": "song", "track": "song",
    "flat": "apartment", "seating": "seat", "locality": "location", "town": "city", "therapists": "therapist",
    "pet": "pet", "pets": "pet", "wi-fi": "wifi", "internet": "wifi", "smoke": "smoking", "smokers": "smoking",
    "veggie": "vegetarian", "vegan": "vegetarian", "outside": "outdoor", "outdoors": "outdoor", "patio": "outdoor",
    "drinks": "alcohol", "liquor": "alcohol", "subtitle": "subtitle", "captions": "subtitle", "photography": "photo",
}  # fmt: skip
"""Words that are taken for the same when a slot is spoken of."""

WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")

PERSONS = frozenset({"person", "passenger", "traveler", "rider", "adult", "group", "party", "guest", "seat", "ticket",
                     "cover", "size", "us"})  # fmt: skip
"""Keys of slots that count people, or one thing for each of them."""

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("phone", r"\b(?:phone|contact number|telephone)\b"),
    ("duration", r"\b(?:duration|length of stay|stay length|number of (?:days|nights|hours|weeks)|wait time|in"
        r" days)\b"),
    ("count", r"\b(?:number of|size of|party size|how many|count|quantity|passengers|travelers|guests|people)\b"),
    ("rating", r"\b(?:rating|score|stars)\b"),
    ("money", r"\b(?:price|fare|rent|cost|amount|balance|budget|fee)\b"),
    ("time", r"\btime\b|\bhour of\b"),
    ("date", r"\b(?:date|day|when)\b"),
    ("person", r"\b(?:artist|actors?|actress|director|directed by|starring|author|singer|account name|recipient name"
               r"|person|host|contact|customer)\b"),
    ("category", r"\b(?:genre|cuisine|category|subcategory|kind|type|speciality|specialty|sport)\b"),
    ("name", r"\b(?:name|title|album|song)\b"),
    ("address", r"\baddress\b"),
    ("place", r"\b(?:city|cities|town|area|location|place|where|origin|destination|airport|station|venue|neighbou?rhood"
              r"|country|state|region|street)\b"),
)  # fmt: skip

_END = re.compile(r"\b(?:destination|to|end|ending|arriv\w*|return|check[ -]?out|drop[ -]?off|inbound|until|ends)\b")
_END_TOLD = re.compile(r"\b(?:destination|ending|end date|going to|arriv\w*|return|until|check[ -]?out|drop[ -]?off)\b")
_START = re.compile(
    r"\b(?:origin|from|start|starting|leaving|depart\w*|check[ -]?in|pick[ -]?up|outbound|since|originates)\b"
)


@lru_cache(maxsize=64)
def plan_of(schema: SlotSchema) -> Plan:
    """What to look for in English for the slots of `schema`."""
    needed = required(schema)
    slots: list[SlotPlan] = []
    for service in dict.fromkeys(slot.service for slot in schema.slots):
        mine = [slot for slot in fillable(schema) if slot.service == service]
        keys = weighted(_key_words(slot) for slot in mine)
        named = [slot.name for slot in mine if kind_of(slot) == "name" and (slot.name in needed or not needed)]
        for slot, its in zip(mine, keys, strict=True):
            main = slot.name == (named[0] if named else None)
            slots.append(SlotPlan(slot=slot, kind=kind_of(slot), role=role_of(slot), keys=its, main=main))
    return Plan(schema=schema, slots=tuple(slots), services=_services(schema))


def words_of(text: str) -> list[str]:
    """The words of `text`, lower case and stemmed, without those that say nothing about a slot."""
    return [stem(word) for word in WORD.findall(spaced(text).lower()) if word not in STOP]


def spaced(name: str) -> str:
    """A slot name as words: "city_of_event", "priceRange" and "where-to" all with spaces."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", name)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without plural and -ing/-ed endings, and one word for several that mean the same slot."""
    if word in SHARED:
        return SHARED[word]
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("s", ""), ("ing", ""), ("ed", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            cut = word[: -len(ending)] + rest
            return SHARED.get(cut, cut)
    return word


def kind_of(slot: SlotDefinition) -> Kind:
    """The kind of value `slot` takes, from its type, else its name, else its description."""
    by_type: dict[str, Kind] = {"date": "date", "time": "time", "bool": "bool"}
    if slot.type in by_type:
        return by_type[slot.type]
    if slot.values and not all(value.isdigit() and len(value) < 3 for value in slot.values):
        return "category"
    name, description = spaced(slot.label).lower(), slot.description.lower()
    found = _kind_in(name) or ("place" if _WAY.fullmatch(name) else None) or _kind_in(description)
    if re.match(r"(?:the )?(?:city|town)\b|number of days", description):
        found = _kind_in(description)
    if slot.type in ("int", "float"):
        return found if found in ("count", "duration", "money", "rating") else "count"
    if slot.values:
        return found if found in ("count", "duration", "rating") else "count"
    if found == "person" and slot.type == "str" and re.search(r"\b(?:hotel|restaurant|place)\b", name):
        return "name"
    return found or "text"


_WAY = re.compile(r"(?:from|to|where|where to|where from|going to|leaving from)")
"""Slot names that are a preposition and no more."""


def _kind_in(text: str) -> Kind | None:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text)), None)


def role_of(slot: SlotDefinition) -> Role | None:
    """Whether `slot` is where from or since when ("start"), or where to or until when ("end")."""
    told = ((spaced(slot.label).lower(), _END), (slot.description.lower(), _END_TOLD))
    for text, pattern in told:
        end, start = pattern.search(text), _START.search(text)
        if end and (not start or end.start() < start.start()):
            return "end"
        if start:
            return "start"
    return None


def _key_words(slot: SlotDefinition) -> set[str]:
    keys = set(words_of(slot.label))
    head = re.split(r"[,(.]|\bfor\b|\bthat\b", slot.description)[0]
    keys |= {word for word in words_of(head) if kind_of(slot) not in ("bool",) or len(word) > 2}
    if kind_of(slot) == "count" and keys & PERSONS:
        keys |= {"person"}
    return keys


def _services(schema: SlotSchema) -> dict[str, dict[str, float]]:
    """The words of each service's description and intents, its slots' at half weight, and its subject fields."""
    told: list[list[str]] = []
    slots: list[list[str]] = []
    for service in schema.services:
        texts = [spaced(service.name), service.description]
        texts += [f"{spaced(intent.name)} {intent.description}" for intent in service.intents]
        words = [word for text in texts for word in words_of(text) if word not in _ANY_SERVICE]
        told.append([*words, *field_marks(words)])
        mine = [slot for slot in fillable(schema) if slot.service == service.name]
        words = [word for slot in mine for word in (*words_of(slot.label), *_value_words(slot))]
        slots.append([word for word in (*words, *field_marks(words)) if word not in _ANY_SERVICE])
    pairs = zip(weighted(told), weighted(slots), strict=True)
    return {
        service.name: {word: 0.5 * weight for word, weight in from_slots.items()} | from_words
        for service, (from_words, from_slots) in zip(schema.services, pairs, strict=True)
    }


_ANY_SERVICE = bag(
    "good now time date day out price number one other check city location place new help person all"
    " some list view set already"
    " available current currently top best great"
)
"""Words that tell no service from another, whatever its description says."""


def field_marks(words: Iterable[str]) -> list[str]:
    """The subject fields of `words`, marked so that they are no words."""
    return [f"#{FIELDS[word]}" for word in words if word in FIELDS]


def _value_words(slot: SlotDefinition) -> list[str]:
    return [word for value in slot.values for word in words_of(value)] if slot.type != "bool" else []
