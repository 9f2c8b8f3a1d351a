"""Whether a message stays in its topic, opens a new one or goes back to an earlier one; decided causally."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialog.interpret.pack import LanguagePack, Resolution, Utterance, View
from dialog.interpretation import TopicDecision
from dialog.state import Act, SlotValue, Topic

STAYING: frozenset[Act] = frozenset({"refine", "correct", "reject", "select", "acknowledge", "command"})
"""Acts that point at what was just said, so they cannot leave its topic by themselves."""

NEAR = 6
"""Utterances back that a message is compared with."""

LABEL_WORDS = 5
LABEL_CHARS = 60


def decide_topic(
    view: View, text: str, resolution: Resolution, pack: LanguagePack, slots: Sequence[SlotValue]
) -> TopicDecision:
    """The topic decision for `text`, the next user message of `view`."""
    words = tuple(pack.content_words(text))
    active = view.state.topic(view.state.active_topic)
    if active is None or resolution.command == "start_over":
        return TopicDecision(kind="new", label=label_of(words, text))
    if resolution.topic_cue == "return":
        found = earlier_topic(view, pack, tuple(pack.content_words(resolution.return_to or "")) or words)
        if found is not None:
            return TopicDecision(kind="return", topic_id=found.topic_id)
    if resolution.topic_cue == "new":
        return TopicDecision(kind="new", label=label_of(words, text))
    if resolution.act in STAYING or resolution.edits or not shifts(view.in_topic, words, pack):
        return TopicDecision(kind="stay", topic_id=active.topic_id)
    return TopicDecision(kind="new", label=label_of(words, text))


def shifts(before: Sequence[Utterance], words: Sequence[str], pack: LanguagePack) -> bool:
    """Whether content `words` have nothing to do with the last utterances, by word or by subject field."""
    near = [word for said in before[-NEAR:] for word in pack.content_words(said.text)]
    if len(set(words)) < 2 or not near or set(words) & set(near):
        return False
    return not fields_of(words, pack) & fields_of(near, pack)


def earlier_topic(view: View, pack: LanguagePack, words: Sequence[str]) -> Topic | None:
    """The topic other than the active one that `words` name best; the one left last when they name none."""
    others = [topic for topic in view.state.topics if topic.topic_id != view.state.active_topic]
    return max(others, key=lambda topic: (_likeness(view, pack, topic, words), topic.last_n), default=None)


def _likeness(view: View, pack: LanguagePack, topic: Topic, words: Sequence[str]) -> float:
    """How well `words` name `topic`: shared words, and half as much for shared fields."""
    said = [said.text for said in view.utterances if said.topic_id == topic.topic_id and said.role == "user"]
    request = [topic.request.text] if topic.request else []
    its = [word for text in (topic.label, *request, *said) for word in pack.content_words(text)]
    return len(set(words) & set(its)) + 0.5 * len(fields_of(words, pack) & fields_of(its, pack))


def fields_of(words: Iterable[str], pack: LanguagePack) -> frozenset[str]:
    """The subject fields of `words`."""
    return frozenset(field for word in words if (field := pack.field(word)) is not None)


def label_of(words: Sequence[str], text: str) -> str:
    """A short name for the topic `text` opens: its first content words, or its start."""
    return (" ".join(dict.fromkeys(words[:LABEL_WORDS])) or text.strip())[:LABEL_CHARS]
