"""What a pronoun means, and how the phrase that it means is put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialog.interpret.en import lexicon
from dialog.interpret.en.anaphors import Anaphor
from dialog.interpret.en.compose import Copied, Glue, Part
from dialog.interpret.en.mentions import Mention
from dialog.interpret.en.message import Message
from dialog.interpret.en.places import is_place
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import singular

ENOUGH = -0.6
"""The least weight of a mention that a pronoun takes up."""
STANDS_FOR_MANY = frozenset({"a", "an", "", "what", "which", "any", "another", "every", "each"})


WITH_ITS_HOLDER = 1.5
"""How much better "they" suits the plural of "the side effects of ibuprofen" than its bare weight says."""


@dataclass(frozen=True)
class Choice:
    """The mention chosen for a pronoun and how far it leads before the next different one."""

    mention: Mention
    score: float
    margin: float


def choose(anaphor: Anaphor, mentions: Sequence[Mention], *, people_spoken_of: bool) -> Choice | None:
    """The heaviest mention that agrees with `anaphor`."""
    scored: list[tuple[float, Mention]] = []
    for mention in mentions:
        bonus = agreement(anaphor, mention, people_spoken_of=people_spoken_of)
        if bonus is not None:
            scored.append((mention.weight + bonus, mention))
    if anaphor.form in ("he", "she") and any(m.kind == anaphor.form and score > 2 for score, m in scored):
        scored = [(score - (1.0 if m.kind == "name" else 0.0), m) for score, m in scored]
    scored.sort(key=lambda pair: -pair[0])
    if not scored or scored[0][0] < ENOUGH:
        return None
    best, mention = scored[0]
    rival = next((score for score, other in scored[1:] if not _same(other, mention)), best - 3)
    return Choice(mention, best, best - rival)


def _same(one: Mention, other: Mention) -> bool:
    """Whether one wording is part of the other: "the router" and "a router of yours", "Curie" and "Marie Curie"."""
    a, b = f" {one.core.casefold()} ", f" {other.core.casefold()} "
    return a in b or b in a


def agreement(anaphor: Anaphor, mention: Mention, *, people_spoken_of: bool) -> float | None:
    """How well number, gender and kind agree, in units of weight; None when they exclude each other."""
    kind, many = mention.kind, mention.plural
    match anaphor.form:
        case "it" | "that":
            if many or kind in ("he", "she", "person"):
                return None
            return {"name": -2.6 if people_spoken_of else -0.6, "group": -0.5}.get(kind, 0.0)
        case "they" | "those":
            return _agreement_of_many(mention)
        case "he" | "she":
            if many or kind in ("thing", "place"):
                return None
            if kind in ("he", "she"):
                return 1.0 if kind == anaphor.form else None
            return {"name": 0.3, "person": 0.0}.get(kind)
        case "there":
            if _is_somewhere(mention):
                return 0.9 if anaphor.goal and _is_goal(mention) else 0.6
            return 0.3 if anaphor.goal and mention.proper and mention.kind in ("name", "group", "thing") else None
        case _:
            return None


def _agreement_of_many(mention: Mention) -> float | None:
    if mention.plural and mention.core_end != mention.end:
        return 0.4 + WITH_ITS_HOLDER
    if mention.plural or mention.kind == "group":
        return 0.4
    if mention.head in lexicon.MASS:
        return None
    if mention.kind == "place":
        return -0.5 if mention.proper and not mention.by_user and not is_place(mention.core) else None
    match mention.kind:
        case "name":
            return -1.5
        case "person":
            return -0.6
        case "he" | "she":
            return -2.2
        case _:
            if mention.head.endswith("ing"):
                return None
            if is_bare(mention):
                return None
            if mention.det in STANDS_FOR_MANY and (not mention.proper or mention.det):
                return -0.4
            return -1.6 if mention.where is None else -2.2 if mention.proper else -2.8


def _is_goal(mention: Mention) -> bool:
    """Whether it was said as where something goes: "to Vienna"."""
    return mention.said[max(0, mention.start - 3) : mention.start].lower() == "to "


def _is_somewhere(mention: Mention) -> bool:
    return not mention.plural and (mention.kind == "place" or is_place(mention.core))


def replacement(message: Message, anaphor: Anaphor, mention: Mention) -> tuple[Part, ...]:
    """The parts that stand in for the pronoun: the phrase, in number, case and with the ending that its place needs."""
    if anaphor.form == "there":
        return _locative(message, anaphor, mention)
    parts: list[Copied | Glue] = (
        [*plural_parts(mention)] if anaphor.form in ("they", "those") else [*phrase_parts(mention)]
    )
    parts = _at_start(message, anaphor.start, parts)
    if anaphor.possessive:
        many = mention.plural or anaphor.form == "they"
        parts.append(Glue("'" if many and parts[-1].text.endswith("s") else "'s"))
    return tuple(parts)


def is_bare(mention: Mention) -> bool:
    """Whether it is one common noun without a determiner, as only substances and the like are named: "ibuprofen"."""
    return mention.det == "" and not mention.plural and not mention.proper and mention.kind == "thing"


INTRODUCING = word_set("""any some another what which no every each many more other all most both either neither""")


def phrase_parts(mention: Mention) -> list[Copied | Glue]:
    """The phrase as it is said again: without a determiner that only introduced it, "The" in lower case, and what the
    assistant calls "your" is "my" to the user."""
    if mention.det in INTRODUCING:
        return [mention.copy(mention.core_start)]
    if mention.det == "your" and not mention.by_user:
        return [Glue("my "), mention.copy(mention.core_start)]
    part = mention.copy()
    if mention.det and part.text[0].isupper():
        return [part.recased(part.text[0].lower() + part.text[1:])]
    return [part]


def plural_parts(mention: Mention) -> list[Copied | Glue]:
    """The phrase as many: "a 529 plan" as "529 plans"."""
    if mention.plural or mention.kind in ("name", "group", "he", "she") or (mention.proper and mention.det == ""):
        return phrase_parts(mention)
    if mention.det in ("the", "my", "your", "our", "his", "her", "their", "its", "this", "that"):
        return phrase_parts(mention)
    if mention.core_end != mention.end or is_bare(mention):
        return phrase_parts(mention)
    start, end = mention.core_start, mention.core_end
    if mention.head.endswith("y") and mention.head[-2:-1] not in "aeiou":
        return [mention.copy(start, end - 1), Glue("ies")]
    ending = "es" if mention.head.endswith(("s", "x", "ch", "sh")) else "s"
    return [mention.copy(start, end), Glue(ending)]


def _at_start(message: Message, at: int, parts: list[Copied | Glue]) -> list[Copied | Glue]:
    """Capital first letter where the pronoun had one."""
    first = parts[0]
    if isinstance(first, Copied) and message.text[at].isupper() and message.text[at] != "I":
        return [first.recased(first.text[0].upper() + first.text[1:]), *parts[1:]]
    if isinstance(first, Copied) and message.text[at : at + 2] == "It":
        return [first.recased(first.text[0].upper() + first.text[1:]), *parts[1:]]
    return parts


def _locative(message: Message, anaphor: Anaphor, mention: Mention) -> tuple[Part, ...]:
    before = message.low(anaphor.i - 1)
    if message.tag(anaphor.i - 1) == "I" or before in ("near", "from", "around", "reach"):
        return tuple(phrase_parts(mention))
    at = singular(mention.head) in AT_HEADS and mention.det != "a"
    word = "to" if anaphor.goal else ("at" if at else "in")
    return (Glue(f"{word} "), *phrase_parts(mention))


AT_HEADS = word_set(
    """restaurant hotel museum school university college station airport cafe bar pub club store shop hospital park zoo
    mall"""
)
