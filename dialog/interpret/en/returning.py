"""The rule for going back: "ok, back to dinner: for four people"."""

from __future__ import annotations

from collections.abc import Callable

from dialog.interpret.en.compose import edits_of
from dialog.interpret.en.cues import BACK, RETURNS
from dialog.interpret.en.message import Message, content, read
from dialog.interpret.en.phrases import phrases_of
from dialog.interpret.en.standing import standing
from dialog.interpret.en.text import singular, tokens_of
from dialog.interpret.fields.en import FIELDS
from dialog.interpret.pack import Resolution, View
from dialog.rewrite import Edit, Span
from dialog.state import Topic

Resolve = Callable[[View, Message], Resolution]


def go_back(view: View, message: Message, resolve: Resolve) -> Resolution | None:
    """The request of the topic that the message goes back to, with what the message adds; `resolve` reads the rest."""
    cue = RETURNS.match(message.text)
    if not cue or not BACK.search(cue[0]) or not view.utterances:
        return None
    named_end, rest_start = _named(message, cue.end())
    words = message.text[cue.end() : named_end]
    seen = _in_topic(view, words)
    rest = message.text[rest_start:]
    answer = _rest(seen, message, rest, rest_start, resolve)
    return Resolution(
        act="return", edits=answer.edits, confidence=answer.confidence, rule=f"return/{answer.rule or 'bare'}",
        unsure=answer.unsure, topic_cue="return", return_to=words,
    )  # fmt: skip


def _named(message: Message, start: int) -> tuple[int, int]:
    """Where the words naming the topic end, and where the rest of the message begins."""
    first = next((p for p in phrases_of(message.text) if p.end > start and p.start <= start + 12), None)
    stop = first.core_end if first is not None else len(message.text)
    for token in message.tokens:
        if token.start >= start and not token.is_word:
            stop = min(stop, token.start)
            break
    rest = stop
    while rest < len(message.text) and not message.text[rest].isalnum():
        rest += 1
    return stop, rest


def _in_topic(view: View, words: str) -> View:
    """The view from the topic that `words` name; the one left last when they name none."""
    spoken = view.utterances[-1].topic_id
    topics = [topic for topic in view.state.topics if topic.topic_id != spoken]
    if view.state.active_topic != spoken or not topics:
        return view
    named = set(content([token.low for token in tokens_of(words)]))
    best = max(topics, key=lambda topic: (_likeness(view, topic, named), topic.last_n))
    return View(view.state.model_copy(update={"active_topic": best.topic_id}), view.caller)


def _likeness(view: View, topic: Topic, named: set[str]) -> float:
    said = " ".join(said.text for said in view.utterances if said.topic_id == topic.topic_id and said.role == "user")
    its = {singular(word) for word in content([token.low for token in tokens_of(f"{said} {topic.label}")])}
    mine = {singular(word) for word in named}
    fields = {FIELDS.get(word) for word in mine} & {FIELDS.get(word) for word in its} - {None}
    return len(mine & its) + 0.5 * len(fields)


def _rest(view: View, message: Message, rest: str, start: int, resolve: Resolve) -> Resolution:
    """What the rest of the message comes to; without a rest the request itself."""
    if not any(c.isalnum() for c in rest):
        request = standing(view)
        if request is None:
            return Resolution(act="return", confidence=0.4, unsure=True)
        edits = edits_of(message.text, [request.copy(), *request.copy_mark()], "topic")
        return Resolution(act="return", edits=edits, confidence=0.7, rule="request")
    inner = resolve(view, read(rest))
    moved = tuple(_moved(edit, start) for edit in inner.edits)
    if not moved:
        return Resolution(act="return", confidence=inner.confidence, rule=inner.rule, unsure=inner.unsure)
    if moved[0].span.start == start:
        first = moved[0].model_copy(update={"span": Span(start=0, end=moved[0].span.end), "reason": "topic"})
        moved = (first, *moved[1:])
    else:
        moved = (Edit(span=Span(start=0, end=start), reason="topic"), *moved)
    return Resolution(act="return", edits=moved, confidence=inner.confidence, rule=inner.rule, unsure=inner.unsure)


def _moved(edit: Edit, by: int) -> Edit:
    return edit.model_copy(update={"span": Span(start=edit.span.start + by, end=edit.span.end + by)})
