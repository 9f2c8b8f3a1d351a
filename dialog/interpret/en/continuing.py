"""Rules for messages that ask on: "tell me more", "will it rain tomorrow?" of the place that was spoken of."""

from __future__ import annotations

import re

from dialog.interpret.en.classes import instances_of
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.mentions import Mention, mentions_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import phrases_of
from dialog.interpret.en.places import is_place
from dialog.interpret.en.reference import phrase_parts
from dialog.interpret.en.standing import latest
from dialog.interpret.en.tables import word_set
from dialog.interpret.pack import Resolution, View

MORE = re.compile(
    r"\W*(?:(?:ok|okay|um|uh|and|great|cool|interesting|yes|please|sure)[\s,]+)*"
    r"(?:(?:can|could|would|will) you (?:please )?)?(?:i(?:'d| would) like to (?:know|hear|learn) "
    r"|i want to (?:know|hear|learn) |tell me |give me |say |explain |share )?(?:some |a (?:bit|little) |even )?"
    r"(?:more|more details|more information|more info)(?P<end>)(?:,? please)?\W*",
    re.I,
)
WEATHER = word_set(
    """rain raining rainy snow snowing snowy hail hailing windy wind sunny cloudy foggy humid storm storms stormy
    weather forecast temperature drizzle warm cold hot chilly freezing overcast"""
)
ENOUGH = 1.5
"""The least weight of the mention that more is asked about."""


def ask_more(view: View, message: Message) -> Resolution | None:
    """ "Tell me more.": about what the last request was about."""
    found = MORE.fullmatch(message.text)
    if found is None or not view.utterances:
        return None
    theme = next((m for m in mentions_of(view) if _can_be_theme(m)), None)
    if theme is None or theme.weight < ENOUGH:
        return None
    parts: list[Part] = [
        Kept(0, found.start("end")), Glue(" about "), *phrase_parts(theme), Kept(found.start("end"), len(message.text)),
    ]  # fmt: skip
    edits = edits_of(message.text, parts, "omission")
    return Resolution(act="follow_up", edits=edits, rule="more", confidence=of_rule("more"))


def _can_be_theme(mention: Mention) -> bool:
    return mention.ago == 0 and (mention.by_user or mention.proper)


def weather_there(view: View, message: Message) -> Resolution | None:
    """ "Will it rain tomorrow?" after talk of the weather in a place: there."""
    if not view.utterances or len(message.lows) > 10 or not WEATHER & set(message.lows):
        return None
    if any(i.kind == "place" for i in instances_of(message.text)) or any(p.proper for p in message.phrases):
        return None
    if any(low in ("there", "here", "where", "in", "near", "at") for low in message.lows):
        return None
    request = latest(view, lambda request: bool(WEATHER & set(request.text.lower().split())))
    if request is None:
        return None
    where = next(
        (p for p in phrases_of(request.text) if p.after == "in" and (p.proper or is_place(p.text)) and p.of is None),
        None,
    )
    first, last = message.body
    if where is None or first >= last or message.tag(first) not in ("W", "X"):
        return None
    at = message.tokens[last - 1].end
    named = request.copy(request.start + where.start, request.start + where.end)
    parts: list[Part] = [Kept(0, at), Glue(" in "), named, Kept(at, len(message.text))]
    edits = edits_of(message.text, parts, "omission")
    return Resolution(act="follow_up", edits=edits, rule="place", confidence=of_rule("place"))
