"""Whether a message stays in its topic, opens a new one or goes back to an earlier one; decided causally.

A logistic score over a few signals (shared words, subject fields, cue words) in the manner of lexical-cohesion
segmenters since TextTiling (Hearst 1997); `benchmarks/tracking/fit_topics.py` fits the weights on the train parts of
TIAGE (Xie et al. 2021) and Schema-Guided Dialogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from dialog.interpret.pack import LanguagePack, Resolution, Utterance, View
from dialog.interpret.topic_cues import CUES, Cues
from dialog.interpretation import TopicDecision
from dialog.state import Act, SlotValue, Topic

STAYING: frozenset[Act] = frozenset({"refine", "correct", "reject", "select", "acknowledge", "command"})
"""Acts that point at what was just said, so they cannot leave its topic by themselves."""

NEAR = 6
"""Utterances back that a message is compared with."""

SURE = 0.6
"""Score from which an utterance opens a topic."""

LABEL_WORDS = 5
LABEL_CHARS = 60

UNTELLING = frozenset(
    ("going", "go", "way", "want", "need", "like", "find", "get", "tell", "know", "look", "looking", "best", "good",
     "最好", "推荐", "想", "知道", "请问", "有没有", "帮", "找",
     "介绍", "告诉", "安排", "适合", "怎么回事", "老是", "还是", "看看", "说说", "讲讲")
)  # fmt: skip
"""Content words that name no topic."""

SIGNALS = (
    "overlap", "overlap_last", "no_words", "few_words", "many_words", "new_field", "same_field", "fieldless",
    "asks_for", "request_new_field", "closed", "closed_request", "was_asked", "question", "turns", "points", "answers",
    "thanks", "greets", "personal", "personal_question", "reply", "reply_question", "statement_after_answer",
    "edited", "early",
)  # fmt: skip
"""Names of the signals, in the order of `signals`; each is 0..1."""

WEIGHTS: dict[str, float] = {
    "overlap": -1.36,
    "overlap_last": -0.95,
    "no_words": -2.63,
    "few_words": -0.84,
    "many_words": 0.08,
    "new_field": 0.54,
    "same_field": -0.81,
    "fieldless": -0.91,
    "asks_for": 0.03,
    "request_new_field": 1.32,
    "closed": 0.44,
    "closed_request": 1.54,
    "was_asked": -0.57,
    "question": 0.28,
    "turns": 1.43,
    "points": -0.13,
    "answers": 0.61,
    "thanks": -0.10,
    "greets": 0.15,
    "personal": -0.21,
    "personal_question": 1.71,
    "reply": -1.25,
    "reply_question": -0.38,
    "statement_after_answer": 0.39,
    "edited": -0.21,
    "early": -0.77,
}
BIAS = 0.36


def signals(before: Sequence[Utterance], text: str, pack: LanguagePack, *, reply: bool, edited: bool) -> list[float]:
    """The signals of `text` after the utterances `before` of its topic, in the order of SIGNALS."""
    cues = CUES.get(pack.code)
    words = set(_words(pack, text))
    last = set(_words(pack, before[-1].text)) if before else set()
    near = {word for said in before[-NEAR:] for word in _words(pack, said.text)}
    mine = fields_of(_words(pack, _subject(cues, text)), pack)
    theirs = fields_of((word for said in before[-NEAR:] for word in _words(pack, _subject(cues, said.text))), pack)
    shared = len(words & near) / len(words) if words else 0.0
    new_field = bool(mine - theirs) and not mine & theirs
    asks_for, closed, asked, question, turns, points, answers, thanks, greets, personal = _cued(cues, text, before)
    return [
        float(value)
        for value in (
            shared,
            len(words & last) / len(words) if words else 0.0,
            not words,
            0 < len(words) <= 2,
            len(words) >= 5,
            new_field and bool(theirs),
            bool(mine & theirs),
            not mine,
            asks_for,
            asks_for and new_field,
            closed,
            closed and asks_for,
            asked,
            question,
            turns,
            points,
            answers,
            thanks,
            greets,
            personal,
            personal and question,
            reply,
            reply and question,
            not question and not asked and not answers and shared == 0,
            edited,
            len(before) <= 2,
        )
    ]


def _cued(cues: Cues | None, text: str, before: Sequence[Utterance]) -> tuple[bool, ...]:
    if cues is None:
        return (False,) * 10
    last = before[-1].text if before else ""
    here = (cues.question, cues.turns, cues.points, cues.answers, cues.thanks, cues.greets, cues.personal)
    return (
        bool(cues.asks_for.search(text)),
        bool(cues.closes.search(last)),
        bool(cues.question.search(last.rstrip()[-60:])) and last.rstrip().endswith(("?", "？")),
        *(bool(pattern.search(text)) for pattern in here),
    )


def _subject(cues: Cues | None, text: str) -> str:
    """`text` without what it says besides its subject."""
    return cues.aside.sub(" ", text) if cues else text


def _words(pack: LanguagePack, text: str) -> tuple[str, ...]:
    return _kept(pack.content_words, text)


@lru_cache(maxsize=4096)
def _kept(content_words: Callable[[str], Sequence[str]], text: str) -> tuple[str, ...]:
    # An utterance is compared with every one of the next few, so its words are asked for again and again.
    return tuple(content_words(text))


def shift_score(before: Sequence[Utterance], text: str, pack: LanguagePack, *, reply: bool, edited: bool) -> float:
    """0..1: how likely `text` opens a topic of its own after `before`."""
    found = signals(before, text, pack, reply=reply, edited=edited)
    total = BIAS + sum(WEIGHTS[name] * value for name, value in zip(SIGNALS, found, strict=True))
    return 1 / (1 + math.exp(-total))


def decide_topic(
    view: View, text: str, resolution: Resolution, pack: LanguagePack, slots: Sequence[SlotValue]
) -> TopicDecision:
    """The topic decision for `text`, the next user message of `view`."""
    words = _words(pack, text)
    active = view.state.topic(view.state.active_topic)
    if active is None or resolution.command == "start_over":
        return TopicDecision(kind="new", label=label_of(words, text))
    if resolution.topic_cue == "return":
        found = earlier_topic(view, pack, tuple(pack.content_words(resolution.return_to or "")) or words)
        if found is not None:
            return TopicDecision(kind="return", topic_id=found.topic_id)
    if resolution.topic_cue == "new":
        return TopicDecision(kind="new", label=label_of(words, text))
    edited = bool(resolution.edits)
    if (
        resolution.act in STAYING
        or _same_service(view, slots)
        or shift_score(view.in_topic, text, pack, reply=False, edited=edited) < SURE
    ):
        return TopicDecision(kind="stay", topic_id=active.topic_id)
    return TopicDecision(kind="new", label=label_of(words, text))


def _same_service(view: View, slots: Sequence[SlotValue]) -> bool:
    """Whether the message speaks of slots that the caller declared, and of the service that was spoken of last."""
    declared = {value.name.rpartition(".")[0] for value in slots if value.scope == "dialog"}
    order = {turn.turn_id: turn.n for turn in view.state.turns}
    latest = max(view.state.slots, key=lambda slot: order.get(slot.changed_in, 0), default=None)
    return latest is not None and latest.topic_id is None and latest.name.rpartition(".")[0] in declared


def reply_shifts(view: View, text: str, pack: LanguagePack) -> bool:
    """Whether the reply `text`, the next one of `view`, leaves the topic of the talk; changes no topic by itself."""
    return shift_score(view.in_topic, text, pack, reply=True, edited=False) >= SURE


def earlier_topic(view: View, pack: LanguagePack, words: Sequence[str]) -> Topic | None:
    """The topic other than the active one that `words` name best; the one left last when they name none."""
    others = [topic for topic in view.state.topics if topic.topic_id != view.state.active_topic]
    return max(others, key=lambda topic: (_likeness(view, pack, topic, words), topic.last_n), default=None)


def _likeness(view: View, pack: LanguagePack, topic: Topic, words: Sequence[str]) -> float:
    """How well `words` name `topic`: words of its label, half as much those said in it, and half for each field."""
    request = [topic.request.text] if topic.request else []
    said = [said.text for said in view.utterances if said.topic_id == topic.topic_id and said.role == "user"]
    label = set(_words(pack, topic.label))
    spoken = {word for text in (*request, *said) for word in _words(pack, text)} - label
    fields = fields_of(words, pack) & fields_of(label | spoken, pack)
    return len(set(words) & label) + 0.5 * len(set(words) & spoken) + 0.5 * len(fields)


def fields_of(words: Iterable[str], pack: LanguagePack) -> frozenset[str]:
    """The subject fields of `words`."""
    return frozenset(field for word in words if (field := pack.field(word)) is not None)


def label_of(words: Sequence[str], text: str) -> str:
    """A short name for the topic `text` opens: its first telling content words as they are written, or its start."""
    telling = list(dict.fromkeys(word for word in words if word not in UNTELLING)) or list(dict.fromkeys(words))
    label, end = "", -1
    for word in telling[:LABEL_WORDS]:
        found = _as_written(word, text)
        # Where a language writes no spaces, words in a row are one name: 世界杯决赛.
        label += " " if label and (found is None or found.start() != end) else ""
        label += found[0] if found is not None else word
        end = found.end() if found is not None else -1
    return (label or text.strip())[:LABEL_CHARS]


def _as_written(word: str, text: str) -> re.Match[str] | None:
    """Where `word`, which may lack an ending, stands in `text`."""
    return re.search(rf"(?<![a-z]){re.escape(word)}[a-z]{{0,3}}(?![a-z])", text, re.IGNORECASE)
