"""The rule for going back: "ok, back to dinner: for four people"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.compose import Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.cues import BACK, RETURNS
from dialog.interpret.en.mentions import Mention, mentions_of
from dialog.interpret.en.message import Message, content, read
from dialog.interpret.en.phrases import phrases_of
from dialog.interpret.en.reference import replacement
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
    seen = _as_it_was(view, words) or _in_topic(view, words)
    rest = message.text[rest_start:]
    answer = _of_the_named(seen, message, words, rest_start) or _rest(seen, message, rest, rest_start, resolve)
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


def _as_it_was(view: View, words: str) -> View | None:
    """The view as it stood when the user last spoke of what `words` name; None when that was never, or just now."""
    named = {singular(word) for word in content([token.low for token in tokens_of(words)])}
    turns = view.state.turns
    spoken = [k for k, turn in enumerate(turns) if named and named <= _nouns(f"{turn.user} {turn.resolved}")]
    if not spoken or spoken[-1] == len(turns) - 1:
        return None
    last = turns[spoken[-1]]
    past = view.state.model_copy(update={"turns": turns[: spoken[-1] + 1], "active_topic": last.topic_id})
    return View(past, view.caller)


def _nouns(text: str) -> set[str]:
    return {singular(token.low) for token in tokens_of(text)}


PRONOUNS = ("it", "they", "he", "she", "there")


def _of_the_named(view: View, message: Message, words: str, start: int) -> Resolution | None:
    """ "back to blue whales, how deep do they dive": the pronoun means what the message goes back to, where that is
    a name or a kind of thing as it was said before."""
    rest = read(message.text[start:])
    meant = next((anaphor for anaphor in anaphors_in(rest) if anaphor.form in PRONOUNS), None)
    mention = _mention_of(view, words) if meant is not None else None
    if meant is None or mention is None:
        return None
    parts: list[Part] = [
        Kept(start, start + meant.start),
        *replacement(rest, meant, mention),
        Kept(start + meant.end, len(message.text)),
    ]
    edits = edits_of(message.text, parts, "reference")
    return Resolution(act="return", edits=edits, rule="named", confidence=of_rule("return/named"))


def _mention_of(view: View, words: str) -> Mention | None:
    """What was said by that name, or by a longer one: "the Hawks" for the "Rockford Hawks"."""
    low = words.lower().strip()
    bare = low.removeprefix("the ")
    found = [m for m in mentions_of(view) if f" {bare} " in f" {m.core.lower()} "]
    names = sorted((m for m in found if m.proper), key=lambda m: (m.core.lower() != bare, len(m.core)))
    if names:
        return names[0]
    return _narrowed(found[0], bare) if found and bare == low else None


def _narrowed(mention: Mention, words: str) -> Mention:
    """The mention without what is said before and after `words` in it: "heart rate" of "a resting heart rate"."""
    start = mention.core_start + f" {mention.core.lower()} ".index(f" {words} ")
    end = start + len(words)
    return replace(mention, start=start, end=end, core_start=start, core_end=end, det="")


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
