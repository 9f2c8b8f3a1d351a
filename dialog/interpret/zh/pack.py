"""What a Chinese message does, and the edits that make it complete: rules in order of how telling they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dialog.interpret.fields.zh import FIELDS
from dialog.interpret.pack import Resolution, View
from dialog.interpret.zh import answers, cues, follow, omissions, questions
from dialog.interpret.zh.anaphors import resolve_pointings
from dialog.interpret.zh.pointing import Pointing, pointings
from dialog.interpret.zh.tokens import cut
from dialog.interpret.zh.words import TIMES, WEAK_NOUNS
from dialog.rewrite import Edit
from dialog.slots import SlotSchema
from dialog.state import Act, SlotValue

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
KANA = re.compile("[\u3040-\u30ff]")
LAUGHS = re.compile("(?:哈哈|嘿嘿|呵呵|嘻嘻|hh)+[^我你他她它]{1,5}$", re.I)
"""A remark on what was said, which asks for nothing."""
LATIN_WORD = re.compile("[A-Za-z]+")

LONG = 200
"""Characters beyond which a message is taken to say all it needs; it also bounds the time a message can take."""
WORDY = 60
"""Characters beyond which nothing is taken to be left out."""
SURE_ENOUGH = 0.4
"""Below this a rewrite is made no more: leaving alone is better than guessing."""


BRIEF = 3
"""Words of a message that may be a fragment without showing it."""


class ChinesePack:
    """The Chinese `LanguagePack`. Uses rjieba (extra "zh") for words where it is installed."""

    @property
    def code(self) -> str:
        return "zh"

    def claims(self, text: str) -> float:
        """The share of Han characters, counting a Latin word as one; Japanese is not Chinese."""
        han = len(HAN.findall(text))
        if not han or KANA.search(text):
            return 0.0
        return han / (han + len(LATIN_WORD.findall(cues.CODE.sub("", text))))

    def resolve(self, view: View, text: str) -> Resolution:
        """See `LanguagePack.resolve`."""
        if len(text) > LONG:
            return Resolution("new" if not view.utterances else "follow_up", (), 0.7, "long")
        if command := _command(text):
            return command
        if not view.utterances:
            return Resolution("new", (), 0.9, "first", unsure=bool(pointings(text, cues.masked(text))))
        return _act(view, text) or _lacking(view, text)

    def content_words(self, text: str) -> Sequence[str]:
        """Nouns, names and other carriers of meaning, in order."""
        words = (word for word in cut(text) if word.tag in "nav" and word.text not in TIMES)
        return [
            word.text.lower() for word in words if word.text not in WEAK_NOUNS and (len(word.text) > 1 or word.proper)
        ]

    def field(self, word: str) -> str | None:
        """The field of the word, or of the longest known word that it ends with ("中餐馆" is a 餐馆)."""
        return next((FIELDS[word[i:]] for i in range(max(1, len(word) - 1)) if word[i:] in FIELDS), None)

    def slots(
        self, view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
    ) -> Sequence[SlotValue]:
        from dialog.interpret.slots.zh import read_slots

        return read_slots(view, text, resolution, schema, now)


def _command(text: str) -> Resolution | None:
    for pattern, command in cues.COMMANDS:
        if pattern.match(text):
            return Resolution("command", (), 0.95, "command", command=command)
    return None


def _act(view: View, text: str) -> Resolution | None:
    """The message by what it does to what was asked before; None when it does not say."""
    if answered := answers.polar(view, text):
        return Resolution("follow_up", answered.edits, answered.confidence, answered.rule)
    if cues.ACKNOWLEDGED.match(text):
        return Resolution("acknowledge", (), 0.8, "acknowledge")
    switched, back = cues.SWITCHED.match(text), cues.RETURNED.match(text)
    cue_end = max(switched.end() if switched else 0, _named_from(back) if back else 0)
    found = tuple(pointing for pointing in pointings(text, cues.masked(text)) if pointing.start >= cue_end)
    edits, sure = resolve_pointings(view, text, found)
    if switched:
        if not found:
            return Resolution("new", (), 0.85, "switch", topic_cue="new")
        cue: Literal["new"] | None = "new" if re.search("换|别|不聊|不说|不谈", switched[0]) else None
        return Resolution("follow_up", edits, sure, "anaphor", topic_cue=cue, unsure=not edits)
    if back and (back["a"] is not None or back["b"] is not None):
        return follow.go_back(view, text, back, edits)
    for rule in (follow.correct, follow.allot, follow.leave_open):
        if resolution := rule(view, text):
            return resolution
    for ruled in (follow.reject, follow.exclude):
        if resolution := ruled(view, text, edits):
            return resolution
    if found:
        return questions.others(view, text, found, edits) or _pointing(text, found, edits, sure)
    for rule in (
        follow.more,
        questions.manner,
        questions.weigh,
        questions.vary,
        follow.replace,
        follow.weather,
        follow.refine,
    ):
        if resolution := rule(view, text):
            return resolution
    return None


def _named_from(back: re.Match[str]) -> int:
    """Where the words start that say what is gone back to."""
    return min((start for start in (back.start("a"), back.start("b")) if start >= 0), default=back.end())


def _pointing(text: str, found: Sequence[Pointing], edits: tuple[Edit, ...], sure: float) -> Resolution | None:
    """The message with what it points at put in; an anaphor that could not be resolved leaves it unsure."""
    if len(edits) < len(found) and not edits:
        weak = all(pointing.kind == "thing" and pointing.text in "这那" for pointing in found)
        ordinal = all(pointing.kind == "ordinal" and pointing.start > 0 for pointing in found)
        return None if weak or ordinal else Resolution("follow_up", (), 0.3, "anaphor", unsure=True)
    selected = cues.SELECTED.match(text)
    only = any(pointing.kind in ("ordinal", "offer", "described") for pointing in found)
    if only and selected and any(pointing.text == selected["what"].strip() for pointing in found):
        return Resolution("select", edits, sure, "select")
    found_at = {edit.span.start for edit in edits}
    chosen = any(pointing.kind in ("ordinal", "pair", "described") and pointing.start in found_at for pointing in found)
    act: Act = "select" if chosen else "follow_up"
    return Resolution(act, edits, sure, "anaphor", unsure=len(edits) < len(found) or sure < SURE_ENOUGH)


def _lacking(view: View, text: str) -> Resolution:
    """The message with what it leaves out put back, or as it is."""
    hidden = cues.masked(text)
    if len(text) <= WORDY and not hidden.spans and not LAUGHS.match(text):
        filled = omissions.fill(view, text)
        if filled is not None and filled.confidence >= SURE_ENOUGH:
            return Resolution("follow_up", filled.edits, filled.confidence, filled.rule)
        if filled is not None or _brief(text):
            return Resolution("follow_up", (), 0.4, "complete", unsure=True)
    return Resolution("follow_up", (), 0.8, "complete")


def _brief(text: str) -> bool:
    """Whether so little is said that something may be missing though no rule finds it ("吃什么")."""
    words = [word for word in cut(text) if word.tag != "x"]
    return len(words) <= BRIEF and not any(word.proper or word.tag == "r" for word in words)
