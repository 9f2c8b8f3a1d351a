"""What a model answers, and the checks its rewrite, topic and command must pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dialog.interpret.align import Token, TooLong, fold, tokens_of
from dialog.interpret.diff import Unsourced, edits_of
from dialog.interpret.remembered import Remembered
from dialog.interpret.word_forms import ADDED_ENGLISH, FUNCTION_WORDS, is_same_word
from dialog.interpretation import Command, Interpretation, TopicDecision
from dialog.rewrite import Rewrite, Span, rewritten
from dialog.state import Act, DialogState, SlotStatus

CONFIDENCE = 0.9
"""Of a model's answer that passed the checks. Models do not know how sure they are, so they are not asked."""


MAX_ADDED_CHARS = 1_000
"""A rewrite adds what was left out; one that adds more than this is an answer or an essay."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicAnswer(_Strict):
    kind: Literal["stay", "new", "return"]
    id: str
    label: str


class SlotAnswer(_Strict):
    name: str
    status: SlotStatus
    value: str
    quote: str


class Answer(_Strict):
    """What the model says; `answer_schema` is its JSON schema."""

    rewrite: str
    act: Act
    command: Literal["none"] | Command
    topic: TopicAnswer
    slots: tuple[SlotAnswer, ...]


class Refused(ValueError):
    """The answer cannot be used; the message is a kind, free of user text."""


def confirmed(answer: Answer, local: Interpretation) -> Interpretation:
    """The local reading of a command, when the model sees the same one; raises Refused. Commands delete."""
    if answer.command == "none":
        raise Refused("bad output")
    if local.command != answer.command:
        raise Refused("unconfirmed command")
    return local


def checked_rewrite(answer: Answer, seen: Remembered, text: str) -> Rewrite:
    """The rewrite as edits; raises Refused."""
    written = answer.rewrite.strip()
    if not written or len(written) > len(text) + MAX_ADDED_CHARS or ("\n" in written and "\n" not in text):
        raise Refused("bad output")
    try:
        edits = edits_of(text, _framed(written, text), seen.said)
    except Unsourced:
        raise Refused("invented word") from None
    except TooLong:
        raise Refused("message too long") from None
    rewrite = rewritten(text, edits, confidence=CONFIDENCE)
    if answer.act != "correct" and _lost_values(rewrite):
        raise Refused("lost value")
    return rewrite


def _framed(written: str, text: str) -> str:
    """`written` with the white space around `text`, which is not the model's to change."""
    start = len(text) - len(text.lstrip())
    return text[:start] + written + text[len(text.rstrip()) :]


def _lost_values(rewrite: Rewrite) -> bool:
    """Whether a figure or a name of the user's message is missing from its rewrite.

    A figure that gave way to the assistant's words pointed at what it had offered ("number 2").
    """
    kept = [token.key for token in tokens_of(rewrite.text)]
    pointing = [edit.span for edit in rewrite.edits if any(piece.source.kind == "reply" for piece in edit.pieces)]
    words = [token for token in tokens_of(rewrite.original) if token.is_word]
    figures = [word for word in words if word.text[0].isdigit() and not _within(word, pointing)]
    names = [word for word in words[1:] if _is_name(word.text)]
    return any(not any(is_same_word(value.key, key) for key in kept) for value in (*figures, *names))


def _within(word: Token, spans: Sequence[Span]) -> bool:
    return any(span.start <= word.start and word.end <= span.end for span in spans)


def _is_name(word: str) -> bool:
    return word[0].isupper() and len(word) > 1 and fold(word).split("'")[0] not in FUNCTION_WORDS


def checked_topic(answer: Answer, state: DialogState, rewrite: str) -> TopicDecision:
    """The topic decision; raises Refused when it goes back to a topic that is not there."""
    said = answer.topic
    if said.kind == "return":
        if state.topic(said.id) is None:
            raise Refused("unknown topic")
        kind: Literal["stay", "return"] = "stay" if said.id == state.active_topic else "return"
        return TopicDecision(kind=kind, topic_id=said.id)
    if said.kind == "stay" and state.active_topic:
        return TopicDecision(kind="stay", topic_id=state.active_topic)
    return TopicDecision(kind="new", label=_label(said.label, rewrite))


def _label(label: str, rewrite: str) -> str | None:
    """The model's label when it is made of the rewrite's words: a label is shown and sent, so nothing new gets in."""
    words = {token.key for token in tokens_of(rewrite)}
    made_of = all(token.key in words or token.key in ADDED_ENGLISH for token in tokens_of(label) if token.is_word)
    return label.strip()[:60] if label.strip() and made_of else None
