"""How an English message stands to what was asked and offered: yes, no, whatever, forget it, back to what it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from dialog.interpret.slots.en_plan import spaced, stem, words_of
from dialog.interpret.slots.en_words import GENERIC_NOUNS, NOT_NAMES, SENSES
from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.words import bag

Stance = Literal["accept", "refuse"]

REFUSES = re.compile(
    r"^\W*(?:no\b|nope|nah|not (?:really|that|now|this)|i don['’]?t (?:like|want)|wrong)"
    r"|\b(?:any(?:thing| others?|one)? else"
    r"|something else|someone else|another|other (?:options?|choices?|ones?|movies?|songs?|hotels?"
    r"|restaurants?|places?|flights?"
    r"|buses|events?|apartments?|cars?|attractions?|doctors?|salons?|dentists?|theaters?)"
    r"|different|any (?:other|more)|instead"
    r"|what else|others)\b",
    re.I,
)
ACCEPTS = re.compile(
    r"\b(?:yes|yeah|yep|yup|yea|sure|of course|definitely|absolutely|certainly|correct|exactly"
        r"|right|ok(?:ay)?|alright|perfect"
    r"|sounds? (?:\w+ ){0,2}(?:good|great|perfect|nice|fine|lovely|promising|delicious|wonderful"
        r"|excellent|fantastic|amazing|interesting|fun|right|delicious|awesome|like)"
    r"|(?:that|this|it|which)(?:['’]s| is| will be| would be|['’]ll be| seems| looks)? (?:works?"
        r"|great|good|fine|perfect|correct|right|okay|ok"
    r"|wonderful|nice|do|suits?|excellent|lovely|ideal|what i)|works for me|i like (?:it|that|this"
        r"|them)|i love (?:it|that|this)|i(?:['’]ll| will) take (?:it|that)"
    r"|(?:let['’]?s|i(?:['’]ll| will| want to)) (?:do|go (?:with|for)|take|try|book|get|rent|watch"
        r"|see|play) (?:it|that|this|there)"
    r"|go ahead|please do|that one|this one|(?:book|reserve|play|rent|buy|watch|see|get|order)"
        r" (?:it|that|this|them|one|tickets?|a table|some)"
    r"|make (?:a|the) (?:reservation|booking|appointment)|good choice|is (?:good|great|fine"
        r"|perfect|okay)|will do|great|awesome|cool|nice"
    r"|permission granted|you got it|indeed|(?:i|it|they|that) do(?:es)?\b(?=\W*$)|should work"
        r"|will work|hits? the spot|suits? me|what i (?:want|need|meant)|the one\b|confirm(?:ed)?|i"
        r" agree|lovely|wonderful|excellent|fantastic|i would(?! like)|i['’]?d like that)\b",
    re.I,
)  # fmt: skip
WEAK = re.compile(r"^\W*(?:great|awesome|cool|nice|ok(?:ay)?|alright|wonderful|excellent|lovely)\b", re.I)
ASKS = re.compile(
    r"\b(?:what|which|where|who|how|when|does|do (?:they|you)|is (?:it|there|the|that)|are (?:they"
    r"|there|the)|has|tell me|give me"
    r"|can i (?:get|have)|could i (?:get|have)|may i (?:get|have)|i need (?:the|their|its|an?"
    r" address)|phone|address)\b",
    re.I,
)

_ANY = re.compile(
    r"\b(?:(?:i\s+)?(?:do\s*n['o]?t|dont|doesn['o]?t|does not|doesnt)\s+(?:really\s+|have (?:a|any)\s+)?"
    r"(?:care|mind|matter|preference|have (?:a |any )?preferences?)|no (?:particular )?preference|(?:it )?(?:really )?"
    r"(?:does\s?n['o]?t|doesnt) (?:really )?matter|not important|whatever|whichever|anything(?: is| will| would)?"
    r"(?: be)? (?:fine|good|ok(?:ay)?|works?|do)|anything works|any(?:\s+\w+){0,4}\s+(?:(?:is|are"
    r"|will be|would be|will)"
    r"\s(?:just |totally )?(?:fine|good|ok(?:ay)?|do|works?)|works?)|no particular|not particular"
    r"|i['’]?m (?:flexible|open|easy|not picky)"
    r"|up to you|surprise me|any(?: kind| type| sort)?(?: of)?\s+(?:\w+\s+){0,2}will do|either(?:"
    r" one)?(?: is| would| will)"
    r"|anywhere|any\b(?=\W*$))",
    re.I,
)
_ANY_KEY = re.compile(r"\bany(?:\s+(?:kind|type|sort)\s+of)?\s+(?:\w+\s+)?(\w+)", re.I)
_NOT_ANY = re.compile(
    r"\b(?:is there|are there|do you have|does it have|have|has|anything else|any other|any more)\b", re.I
)
_CLEAR = re.compile(
    r"\b(?:forget(?: about)?|never\s?mind|drop|remove|ignore|scrap|cancel|clear|delete|don['’]?t worry about|lose)\s+"
    r"(?:about\s+)?(?:the|my|that|any|what i said about(?: the)?)?\s*((?:\w+[ -]?){1,4})",
    re.I,
)
_REVERT = re.compile(
    r"\b(?:go|going|switch|change it|let['’]?s go) back to (?:the |my )?(first|original|previous"
    r"|earlier|old|last|initial)"
    r"|\bback to (?:the |my )?(first|original|previous|earlier|old|initial)|\b(?:as|what) (?:i|it)"
    r" (?:said|was) (before|first|originally)"
    r"|\bthe (original|previous) (?:one|choice|plan|idea)\b|\b(undo) that\b",
    re.I,
)


def stance_of(text: str) -> Stance | None:
    """Whether `text` takes what was offered or confirmed, refuses it, or neither."""
    if REFUSES.search(text):
        return "refuse"
    if not ACCEPTS.search(text):
        return None
    if WEAK.search(text) and ASKS.search(text):
        return None
    return "accept"


_CONFIRMS = re.compile(
    r"\b(?:confirm\w*|correct|right\?|is that (?:right|okay|ok|good|fine)|you(?:['’]d| would)?"
    r" (?:want|like|wish)(?: me)? to|to be clear"
    r"|just to (?:verify|double[ -]?check)|verify|(?:i(?:['’]ll| will| am|['’]m)|we(?:['’]ll|"
    r" will)|going to|shall i|should i) (?:\w+ )?(?:book\w*|reserv\w*"
    r"|schedul\w*|buy\w*|purchas\w*|mak\w*|add\w*|play\w*|set\w*|transfer\w*|send\w*|get\w*)|you"
    r" want|so,? (?:that|it)['’]s)\b",
    re.I,
)
_THERE = re.compile(
    r"\b(?:there|that (?:place|city|area|town|location|region|address|venue)|same (?:place|city"
    r"|area|town|location)|nearby|near (?:it|here|by)"
    r"|in the area|around here|the same area|this (?:place|city|area))\b",
    re.I,
)
_THEN = re.compile(r"\b(?:that|the same|same|this) (?:day|date)\b|\bthen\W*$|\bsame time\b", re.I)


def confirms(reply: str) -> bool:
    """Whether `reply` reads back what it is about to do and wants a yes."""
    return bool(_CONFIRMS.search(reply))


def points_back(text: str) -> frozenset[Kind]:
    """The kinds of value that the message leaves to what is known already."""
    found: set[Kind] = set()
    if _THERE.search(text):
        found.add("place")
    if _THEN.search(text):
        found.add("date")
    return frozenset(found)


_CORRECTS = re.compile(
    r"^\W*(?:no\b|nope|sorry|actually|wait|make (?:it|that)|change|i (?:said|meant|mean))"
    r"|\b(?:make (?:it|that)|change (?:it|that|the)|instead)\b",
    re.I,
)


def corrects(text: str) -> bool:
    """Whether `text` mends one thing in what was read back, leaving the rest."""
    return bool(_CORRECTS.search(text))


def asks(text: str) -> bool:
    """Whether `text` wants to be told something."""
    return bool(ASKS.search(text)) or text.rstrip().endswith("?")


_SENTENCE = re.compile(r"[^.!?]*[.!?]?")
_REQUEST = re.compile(
    r"\?|\b(?:please (?:tell|provide|specify|confirm the)|tell me|let me know|i need to know"
    r"|specify|provide|may i know|could you)\b",
    re.I,
)
_WHERE = {"where": "place", "when": "date", "who": "person"}


def asked_slots(reply: str, plans: Sequence[SlotPlan]) -> tuple[str, ...]:
    """The slots that `reply` asks the user to fill, the one named most clearly first."""
    scores: dict[str, float] = {}
    for sentence in _SENTENCE.findall(reply):
        if not _REQUEST.search(sentence):
            continue
        words = {stem(word): 1.0 for word in words_of(sentence)} | {
            stem(word): 1.0 for word in re.findall(r"[a-z]+", sentence.lower())
        }
        for plan in plans:
            score = max((weight for key, weight in plan.keys.items() if key in words), default=0.0)
            if "how many" in sentence.lower() and plan.counted:
                score += 0.3
            elif any(word in words and plan.kind == kind for word, kind in _WHERE.items()):
                score += 0.55
            elif "where" in words and plan.kind not in ("place", "address", "name"):
                score -= 0.6
            elif plan.kind in ("time", "date") and plan.kind in words:
                score += 0.3
            leaves = re.search(r"\b(?:from|leav|depart|start|pick)", sentence.lower())
            if (
                plan.role
                and plan.kind == "place"
                and leaves
                and not re.search(r"\b(?:to|destination)\b", sentence.lower())
            ):
                score += 0.2 if plan.role == "start" else -0.6
            elif plan.role == "start" and leaves:
                score += 0.2
            if plan.role == "end" and re.search(r"\b(?:to|going|head|drop|return|until)\b", sentence.lower()):
                score += 0.2
            if plan.slot.values and plan.kind == "category":
                named = sum(value.lower() in sentence.lower() for value in plan.slot.values)
                score += 0.6 * (named >= 2)
            if score >= 0.5:
                scores[plan.name] = max(score, scores.get(plan.name, 0.0))
    best = max(scores.values(), default=0.0)
    return tuple(name for name, score in sorted(scores.items(), key=lambda pair: -pair[1]) if score >= best - 0.45)


def stances(text: str, plans: Sequence[SlotPlan], asked: Sequence[str]) -> list[Found]:
    """The slots that `text` leaves open or takes back, with status "any" or "cleared"."""
    return [*_left_open(text, plans, asked), *_taken_back(text, plans)]


def _left_open(text: str, plans: Sequence[SlotPlan], asked: Sequence[str]) -> list[Found]:
    found: list[Found] = []
    for match in _ANY.finditer(text):
        around = text[max(0, match.start() - 30) : match.end() + 45]
        around = (
            re.split(r"[.!?;]|\bbut\b|,\s*(?:but|as long)", text[match.start() : match.end() + 45])[0]
            + " "
            + around[: match.start() - max(0, match.start() - 30)].split(".")[-1]
        )
        named = _named(around, plans)
        by_name = {plan.name: plan for plan in plans}
        targets = named or [by_name[name] for name in asked[:1] if name in by_name]
        found += (Found(plan.name, None, *match.span(), 0.8, "any") for plan in targets)
    for match in _ANY_KEY.finditer(text):
        if not _NOT_ANY.search(text[: match.start()]):
            named = [plan for plan in _named(match.group(), plans) if plan.kind != "bool"]
            found += (Found(plan.name, None, *match.span(), 0.7, "any") for plan in named)
    return found


def _taken_back(text: str, plans: Sequence[SlotPlan]) -> list[Found]:
    found: list[Found] = []
    for match in _CLEAR.finditer(text):
        found += (Found(plan.name, None, *match.span(), 0.9, "cleared") for plan in _named(match.group(1), plans))
    return found


def _named(words: str, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """The slots that `words` name most clearly."""
    stems = {stem(word) for word in re.findall(r"[a-z]+(?:-[a-z]+)?", spaced(words).lower())}
    scored = [(max((w for key, w in plan.keys.items() if key in stems), default=0.0), plan) for plan in plans]
    best = max((score for score, _ in scored), default=0.0)
    return [plan for score, plan in scored if score == best and score >= 0.5]


def reverts(text: str) -> Literal["first", "previous"] | None:
    """Whether `text` goes back to an earlier value, and to which."""
    match = _REVERT.search(text)
    if match is None:
        return None
    word = next(group for group in match.groups() if group).lower()
    return "first" if word in ("first", "original", "initial", "originally") else "previous"


_LEAD = re.compile(
    r"^(?:\W*(?:yes|yeah|no|ok(?:ay)?|sure|well|um+|uh+|actually|sorry|please|hmm+|let['’]?s see"
    r"|oh|ah|hi|hello|great|i think|i guess|maybe|perhaps)\b[\s,.!]*)*"
    r"(?:(?:i(?:['’]d| would)? (?:like|prefer|want|need|love|mean|meant)(?: to (?:go|be|see|watch"
    r"|find|search|look|eat|try|visit))?(?: it)?|i(?:['’]m| am) (?:looking for|interested in|going"
    r" to|leaving from|in|from)"
    r"|i(?:['’]m| am) (?:a|an)?\s?(?:big )?(?:fan of|into)|make (?:it|that)|call it|name it"
    r"|it(?:['’]s| is)|the \w+ is|that(?:['’]s| is| would be)|search|look|find|try|how about|what"
    r" about|let['’]?s (?:do|go with|say|try)"
    r"|something|somewhere|some|go with|put|set it|change (?:it|that) to|show me|give me|in the city of)\b\s*)*"
    r"(?:(?:in|at|to|from|for|on|by|with|as|like|the|a|an|of|near|around)\b\s+)*",
    re.I,
)
_TAIL = re.compile(
    r"(?:[\s,.!?]*\b(?:please|thanks|thank you|would be (?:great|fine|good|nice|perfect)|is"
    r" (?:fine|good|ok|okay|great)|sounds good|then|instead|for me|works|will do|area|if"
    r" possible)\b)*[\s,.!?]*$",
    re.I,
)


def free_answer(text: str) -> tuple[int, int] | None:
    """The span of `text` that answers a question when it says nothing else, or None when it is more than an answer."""
    sentence = re.match(r"[^.!?]+", text)
    if sentence is None or asks(text):
        return None
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    body = text[start : sentence.end()] if start < sentence.end() else text[start:]
    tail = _TAIL.search(body)
    end = start + (tail.start() if tail else len(body))
    answer = text[start:end]
    if not 0 < len(answer.split()) <= 6 or not re.search(r"[A-Za-z]", answer):
        return None
    return start, end


_MEANT = re.compile(
    r"^\W*(?:(?:no|nope|sorry|oops|wait|actually|well|um+|uh+|er)\b[\s,.!-]*)*(?P<cue>(?:i (?:mean"
    r"|meant|said|was talking about|am talking about)|it(?:['’]s| is|"
    r" was)|that(?:['’]s| is)|make (?:it|that)|in|to|from|at|for)\s+)?(?:the\s+|in\s+|to\s+"
    r"|at\s+)?(?P<new>[\w][\w'’ .-]{1,40}?)"
    r"(?:,? (?:please|instead|not \w+(?: \w+)?|i (?:mean|meant)))*[.!]*$",
    re.I,
)


def correction(text: str) -> tuple[int, int] | None:
    """The span that puts something right: a name after "no", or anything short after "I meant"."""
    match = _MEANT.match(text)
    if match is None or asks(text) or len(match["new"].split()) > 4 or not _OPENS_CORRECTION.match(text):
        return None
    explicit = re.search(r"\bi (?:mean|meant|said)\b", text, re.I)
    words = match["new"].split()
    named = all(word[0].isupper() for word in words if word not in ("of", "the", "and"))
    if text == text.lower():
        named = len(words) <= 3 and not set(words) & (NOT_NAMES | GENERIC_NOUNS)
    return match.span("new") if (explicit or named) and match["new"].lower() not in NOT_MENDING | SENSES else None


_OPENS_CORRECTION = re.compile(r"^\W*(?:no\b|nope|sorry|oops|wait|actually|i (?:mean|meant|said))", re.I)
NOT_MENDING = bag("thanks thank you that it this nothing not now all no good never mind later")
"""What may follow "no" without putting anything right."""
