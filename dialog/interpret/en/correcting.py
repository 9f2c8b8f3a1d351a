"""The rule for corrections: "no, I meant Brooklyn", "four, not five", "make it 8 pm"."""

from __future__ import annotations

import re

from dialog.interpret.en.acts import LONGEST_COMPLAINT, end_of
from dialog.interpret.en.classes import instances_of
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import IN_PLACE_OF_ITS_FORM, of_rule
from dialog.interpret.en.entities import answer_named
from dialog.interpret.en.merge import Target, replaced, target_for
from dialog.interpret.en.message import CLOSERS, Message
from dialog.interpret.en.phrases import Phrase, phrases_of
from dialog.interpret.en.standing import Request, latest
from dialog.interpret.en.text import tokens_of
from dialog.interpret.en.words import HESITATIONS, WH
from dialog.interpret.pack import Resolution, View
from dialog.interpret.slots.en_words import SENSES

CORRECTS = re.compile(
    r"(?P<lead>\W*(?:(?:no|nope|sorry|wait|oops|actually|um|uh|oh|ok|not that)[\s,.]+)*)"
    r"(?:(?P<verb>i (?:meant?|said|am talking about|wanted|was talking about)|i'm talking about|make (?:it"
    r"|that)|change (?:it|that) to|let's make it|rather|or rather)\s+)?",
    re.I,
)
PLAIN_NO = re.compile(r"\W*(?:(?:oh|um|uh)[\s,.]+)*(?:no|nope)[,.]\s*", re.I)
"""A "no" that stands apart: "no, Boston" corrects, "no Boston" excludes."""
STRONG_LEAD = re.compile(r"\b(?:actually|sorry|no wait|wait|oops)\b", re.I)
CONTRAST = re.compile(
    r"^(?P<wrong>not\s+.+?)\s*,\s*(?:but\s+)?(?P<right>.+)$|^(?P<right2>.+?)\s*,?\s+(?P<wrong2>not\s+.+)$", re.I
)


AFTERTHOUGHT = re.compile(r"[\s,.-]+(?:sorry|i mean|i meant|i should have said|i should say|i wanted to say)$", re.I)
"""What says at the end of a message that it corrects."""


def correct(view: View, message: Message) -> Resolution | None:
    """ "no, I meant Brooklyn", "not four, five", "make it 8 pm", "actually Wednesday", "no, Boston"."""
    if not view.utterances:
        return None
    text = message.text[: end_of(message)]
    if len(text) > LONGEST_COMPLAINT:
        return None
    late = AFTERTHOUGHT.search(text)
    text = text[: late.start()] if late else text
    found = CORRECTS.match(text)
    start = found.end() if found else 0
    verb = found["verb"] if found else None
    contrast = CONTRAST.match(text[start:])
    lead = found["lead"] if found else ""
    told = bool(verb or contrast or late or STRONG_LEAD.search(lead))
    if not told and not PLAIN_NO.fullmatch(lead):
        return None
    a, b = start, len(text)
    if contrast:
        group = "right" if contrast["right"] else "right2"
        a, b = start + contrast.start(group), start + contrast.end(group)
        if not verb and len(text[start:].split()) > 6:
            return None
    first = next((k for k, token in enumerate(message.tokens) if token.start >= a), None)
    last = next((k for k in range(len(message.tokens), 0, -1) if message.tokens[k - 1].end <= b), None)
    if first is None or last is None or first >= last or last - first > 7:
        return None
    if contrast and (right := _in_place_of_wrong(view, message, first, last, contrast)) is not None:
        return right
    while last - 1 > first and message.low(last - 1) in CLOSERS:
        last -= 1
    if not told:
        return _in_place_of_its_kind(view, message, first, last)
    changes = verb is not None and verb.lower().startswith(("make", "change", "let"))
    if verb and not changes and (sense := _in_that_sense(view, message, first, last)) is not None:
        return sense
    return _corrected(view, message, first, last, sure=bool(verb or contrast) and not changes)


def _in_place_of_wrong(
    view: View, message: Message, first: int, last: int, contrast: re.Match[str]
) -> Resolution | None:
    """ "Porto, not Lisbon": in the place of what is taken back, where a request says it."""
    wrong = re.sub(r"^not\s+", "", contrast["wrong"] or contrast["wrong2"], flags=re.I).strip(" ,.!?")
    if not wrong or any(tag in "XW" for tag in message.tags[first:last]):
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(wrong)}(?!\w)", re.I)
    request = latest(view, lambda request: pattern.search(request.text) is not None, also_choices=True)
    said = pattern.search(request.text) if request is not None else None
    if request is None or said is None:
        return None
    while first < last - 1 and message.low(first) in HESITATIONS:
        first += 1
    if message.tag(first) == "I" and first < last - 1:
        before = request.text[: said.start()].split()[-1:]
        first += before == [message.low(first)]
    target = Target(request.start + said.start(), request.start + said.end(), sure=True)
    edits = edits_of(message.text, replaced(message, request, first, last, target), "omission")
    return Resolution(act="correct", edits=edits, rule="correct/wrong", confidence=of_rule("correct/wrong"))


def _in_place_of_its_kind(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "no, Boston": in the place of its like, unless the "no" is an answer or speaks against what the reply says."""
    if _asked(view) or last - first > 4 or any(tag in "XWV" for tag in message.tags[first:last]):
        return None
    if message.low(first) in ("not", "no", "never", "nothing", "none"):
        return None
    by_form = answer_named(view) is None  # "no, Wayla": the name of a town, or of a place to eat like the one named
    request = latest(view, lambda request: _is_sure(target_for(message, request, first, last, by_form=by_form)))
    target = target_for(message, request, first, last, by_form=by_form) if request is not None else None
    if request is None or target is None or _disputes(view, message, request, first, last):
        return None
    edits = edits_of(message.text, replaced(message, request, first, last, target), "omission")
    return Resolution(act="correct", edits=edits, rule="correct", confidence=of_rule("correct"))


def _asked(view: View) -> bool:
    """Whether the assistant's last words were a question."""
    return view.utterances[-1].role == "assistant" and view.utterances[-1].text.rstrip().endswith("?")


def _disputes(view: View, message: Message, request: Request, first: int, last: int) -> bool:
    """Whether the reply answered the question with something of that kind: "Sydney", said of a capital, for which the
    user says "no, Canberra"."""
    told, tokens = view.utterances[-1], tokens_of(request.text)
    if told.role != "assistant" or not any(token.low in WH for token in tokens[:2]):
        return False
    own = message.text[message.tokens[first].start : message.tokens[last - 1].end]
    kinds = {instance.kind for instance in instances_of(own)}
    known = {token.low for token in tokens}
    said = tokens_of(told.text)
    answers = [said[each.first : each.last] for each in instances_of(told.text) if each.kind in kinds]
    return any(token.low not in known for answer in answers for token in answer)


def _in_that_sense(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "no, I meant the country", of a name that is that of a state too: "the capital of Georgia, the country"."""
    if last - first != 2 or message.low(first) != "the" or message.low(first + 1) not in SENSES:
        return None
    request = latest(view)
    name_end = _end_of_only_name(request.text) if request is not None else None
    if request is None or name_end is None or message.low(first + 1) in (t.low for t in tokens_of(request.text)):
        return None
    end = request.start + name_end
    kept = Kept(message.tokens[first].start, message.tokens[last - 1].end)
    parts: list[Part] = [request.copy(request.start, end), Glue(", "), kept]
    if end < request.end:
        parts += [Glue(","), request.copy(end, request.end)]
    edits = edits_of(message.text, [*parts, *request.copy_mark()], "omission")
    return Resolution(act="correct", edits=edits, rule="correct", confidence=of_rule("correct"))


def _end_of_only_name(text: str) -> int | None:
    """Where the one name in `text` ends, in lower case a known place; None when there are several or none."""
    ends: list[int] = []
    for phrase in phrases_of(text):
        holder: Phrase | None = phrase
        while holder is not None:
            ends += [holder.core_end] if holder.proper else []
            holder = holder.of
    ends = ends or [tokens_of(text)[each.last - 1].end for each in instances_of(text) if each.kind == "place"]
    return ends[0] if len(ends) == 1 else None


def _is_sure(target: Target | None) -> bool:
    return target is not None and target.sure


def _corrected(view: View, message: Message, first: int, last: int, *, sure: bool) -> Resolution | None:
    while first < last and message.low(first) in HESITATIONS | {"to"}:
        first += 1
    body = message.tags[first:last]
    if not body or any(tag in "XWV" for tag in body):
        return None
    request = latest(view, lambda request: _has_sure_target(message, request, first, last), also_choices=True) or (
        latest(view, lambda request: target_for(message, request, first, last) is not None) if sure else None
    )
    target = target_for(message, request, first, last, by_form=not _asked(view)) if request is not None else None
    if request is None or target is None or (not sure and not target.sure):
        return Resolution(act="correct", rule="correct", confidence=0.4, unsure=True) if sure else None
    parts = replaced(message, request, first, last, target)
    edits = edits_of(message.text, parts, "omission")
    return Resolution(
        act="correct",
        edits=edits,
        rule="correct",
        confidence=of_rule("correct") if target.sure else IN_PLACE_OF_ITS_FORM,
    )


def _has_sure_target(message: Message, request: Request, first: int, last: int) -> bool:
    return _is_sure(target_for(message, request, first, last))
