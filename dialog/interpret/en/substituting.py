"""Fragments that put something in the place of what a request says: "what about Thai?", "a red one"."""

from __future__ import annotations

import re

from dialog.interpret.en.answering import awaits_answer, was_asked
from dialog.interpret.en.bare import ask_of_another, is_name
from dialog.interpret.en.classes import class_of
from dialog.interpret.en.confidence import IN_PLACE_OF_ITS_FORM, IN_PLACE_OF_ITS_KIND, of_rule
from dialog.interpret.en.counterpart import counterpart, same_preposition
from dialog.interpret.en.merge import appended, replaced, target_for
from dialog.interpret.en.message import Message
from dialog.interpret.en.omissions import resolved, text_of, token_at
from dialog.interpret.en.ones import another_sort
from dialog.interpret.en.standing import Request, latest, standing
from dialog.interpret.pack import Resolution, View

WHAT_ABOUT = re.compile(
    r"(?:(?:and|but|or|so|ok|okay|no|yes|well)[\s,]+)*(?:(?:what|how)\s+about|what\s+if"
    r"|(?:the\s+)?same(?:\s+(?:thing|question|here))?(?:\s+(?:again|please))?(?:\s+(?:for|but)(?!\s+\d)|,|(?=\s+(?:in|on|at|with|from|to|for)\b)))\s+",
    re.I,
)
AND = re.compile(r"(?:and|or|but)\s+(?:also\s+)?", re.I)
ACCEPTS = re.compile(
    r"(?P<what>.+?)\s+(?:is|are|would be|will be|works?|will do|would do|would work)(?:\s+(?:also|totally|perfectly))?"
    r"(?:\s+(?:fine|ok|okay|good|enough|great|possible|alright|all right))?(?:\s+(?:too|also|as well|for me|with me))*",
    re.I,
)


def accepts(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "£1,000 is fine too", "one bedroom is enough": in place of what was asked for."""
    text = text_of(message, first, last)
    found = ACCEPTS.fullmatch(text)
    if not found or awaits_answer(view) or message.low(first) in ("any", "just", "that", "this"):
        return None
    stop = message.tokens[first].start + found.end("what")
    end = next((k for k in range(first, last) if message.tokens[k].start >= stop), last)
    if end <= first or end - first > 5 or any(tag in "XVWP" for tag in message.tags[first:end]):
        return None
    request = latest(view, lambda request: _fits(message, request, first, end, sure=True))
    target = target_for(message, request, first, end) if request is not None else None
    if request is None or target is None:
        return None
    own = replaced(message, request, first, end, target)
    return resolved(message, own, "refine", "accept")


def what_about(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "what about Thai?", "and in Boston?", "and tomorrow?"."""
    text = text_of(message, first, last)
    asked = WHAT_ABOUT.match(text)
    found = asked or AND.match(text)
    if not found or found.end() >= len(text):
        return None
    a = token_at(message, first, found.end())
    if a >= last or last - a > 7 or any(tag in "XW" for tag in message.tags[a:last]) or message.tag(a) in "V":
        return None
    supposes = "if" in text[: found.end()].lower().split()
    if (asked is None or supposes) and any(tag == "V" for tag in message.tags[a:last]):
        return None
    if supposes and "P" in message.tags[a:last]:
        return None
    if message.low(a) in ("a", "an") and "I" in message.tags[a:last]:
        return None
    return _substituted(view, message, a, last, "replace", asked=asked is not None)


def _substituted(view: View, message: Message, a: int, last: int, rule: str, *, asked: bool) -> Resolution | None:
    """Tokens `a`..`last` put into the latest request that has a place for them."""
    end = (
        last - 1
        if message.low(last - 1) in ("one", "ones") and last - 1 > a and message.tag(last - 2) in "AN"
        else last
    )
    request = latest(view, lambda request: _fits(message, request, a, end, sure=True, by_form=False))
    target = target_for(message, request, a, end, by_form=False) if request is not None else None
    if request is None and (request := latest(view)) is not None:
        target = same_preposition(message, request, a, end)
        target = target or counterpart(message, request, a, end, names=is_name(view, message, a, end))
    if target is None:
        request = latest(view, lambda request: _fits(message, request, a, end, sure=True))
        request = request or latest(view, lambda request: _fits(message, request, a, end, sure=False))
        target = target_for(message, request, a, end) if request is not None else None
    if request is None or target is None:
        return _only_appended(view, message, a, last, rule)
    parts = replaced(message, request, a, end, target)
    return resolved(message, parts, "follow_up", rule, IN_PLACE_OF_ITS_KIND if target.sure else IN_PLACE_OF_ITS_FORM)


def _fits(message: Message, request: Request, a: int, end: int, *, sure: bool, by_form: bool = True) -> bool:
    target = target_for(message, request, a, end, by_form=by_form)
    return target is not None and (target.sure or not sure)


def _only_appended(view: View, message: Message, a: int, last: int, rule: str) -> Resolution | None:
    """What has no counterpart is added when it says where, when or for whom."""
    request = standing(view)
    kind = class_of(text_of(message, a, last))
    if (
        request is not None
        and (message.tag(a) == "I" or kind == "day")
        and message.low(a) not in ("of", "about", "like", "than")
    ):
        parts = appended(message, request, a, last, "")
        return resolved(message, parts, "follow_up", rule, of_rule("omission/prepositional"))
    return Resolution(act="follow_up", rule=f"omission/{rule}", confidence=0.4, unsure=True)


def names_a_sort(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "a red one", "and the silver one?"; to a question of the assistant it is the answer."""
    if was_asked(view):
        return None
    cue = WHAT_ABOUT.match(text := text_of(message, first, last)) or AND.match(text)
    a = token_at(message, first, cue.end()) if cue else first
    return another_sort(view, message, a, last) if a < last else None


def names_another(view: View, message: Message, first: int, last: int) -> Resolution | None:
    """ "velcro", "tomorrow?": the same asked of another; to a question of the assistant it is the answer."""
    told = view.utterances[-1]
    concludes = message.low(last) == "then" and "?" not in message.text and told.role == "assistant"
    text = text_of(message, first, last)
    accepts = concludes and (text.isdigit() or text.lower() in told.text.lower())  # "8 then": guests, or the hour?
    if was_asked(view) or accepts or not message.is_fragment:
        return None
    found = ask_of_another(view, message, first, last)
    return None if found is not None and found.unsure and concludes else found
