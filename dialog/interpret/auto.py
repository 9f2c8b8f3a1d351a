"""Local first; a model only where the local interpreter is unsure or the message reaches far back."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialog.interpret.word_forms import FUNCTION_CHARS, FUNCTION_WORDS, bases_of
from dialog.interpretation import Interpretation, Interpreter, told
from dialog.state import DialogState

RECENT_TURNS = 4
"""How many turns back rules look well; what lies before is far back."""


@dataclass(frozen=True)
class Escalations:
    """Of `turns` interpreted, `asked` went to the model, and of its answers `unused` were not used."""

    turns: int = 0
    asked: int = 0
    unused: int = 0

    @property
    def share(self) -> float:
        """The share of turns that went to the model, 0..1."""
        return self.asked / self.turns if self.turns else 0.0


class _Tally:
    """Counts that several interpreters and threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts = Escalations()

    def add(self, *, turns: int = 0, asked: int = 0, unused: int = 0) -> None:
        with self._lock:
            old = self.counts
            self.counts = Escalations(old.turns + turns, old.asked + asked, old.unused + unused)


class AutoInterpreter:
    """An `Interpreter` that asks `model` when `local` says that it is unsure, or is less confident than `threshold`
    (0..1; None: its word is enough, as that of `TrainedInterpreter` is), or when the message points at something said
    more than RECENT_TURNS turns ago.

    `threshold` and the time limit of the model are the two knobs. `model` answers for itself: one that fails gives
    what it falls back on (as `ModelInterpreter` does). Keeps counts, and nothing of any dialog; safe to share between
    tasks and threads.
    """

    def __init__(self, local: Interpreter, model: Interpreter, *, threshold: float | None = 0.7) -> None:
        if threshold is not None and not 0.0 <= threshold <= 1.0:
            raise ValueError(f"threshold is a confidence, 0..1, got {threshold}")
        self._local = local
        self._model = model
        self._threshold = threshold
        self._tally = _Tally()

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> AutoInterpreter:
        """The same interpreter, adding to the same counts, told text that the caller vouches for."""
        same = AutoInterpreter(told(self._local, caller), told(self._model, caller), threshold=self._threshold)
        same._tally = self._tally
        return same

    @property
    def escalations(self) -> Escalations:
        """The counts so far."""
        return self._tally.counts

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        local = await self._local(state, text, now=now)
        if not self._wants_model(state, text, local):
            self._tally.add(turns=1)
            return local
        self._tally.add(turns=1, asked=1)
        second = await self._model(state, text, now=now)
        if second.fallback is not None and second.by == local.by:
            self._tally.add(unused=1)
        return second

    def _wants_model(self, state: DialogState, text: str, local: Interpretation) -> bool:
        if not text.strip() or not state.turns or local.act == "command":
            return False  # nothing to lean on, or nothing to interpret
        low = self._threshold is not None and local.rewrite.confidence < self._threshold
        return local.unsure or low or reaches_far_back(state, text)


_FAR_BACK = re.compile(
    r"\b(?:earlier|before that|(?:at|in) the (?:beginning|start)|at first|originally|a while (?:ago|back)|"
    r"(?:first|previous|initial) (?:question|request|topic|thing)|"
    r"(?:you|we|i) (?:said|mentioned|talked about|discussed))\b"
    r"|一开始|最开始|刚开始|最初|起初|之前(?:说|提|问|聊|讲)|前面(?:说|提|问|聊|讲)|早些时候|第一个问题|刚才(?:说|提|问|聊|讲)",
    re.IGNORECASE,
)
_POINTS_AT = re.compile(r"\b(?:the|that|those|these|this)\s+((?:[^\W\d_][\w'’-]*\s?){1,3})", re.IGNORECASE)
_POINTS_AT_ZH = re.compile(r"[那这][个家些本部首款种间所座位名条只辆台场次项道张]?([\u4e00-\u9fff]{2,4})")


def reaches_far_back(state: DialogState, text: str) -> bool:
    """Whether `text` points at what was said before the last RECENT_TURNS turns, and not since.

    Either in so many words ("what you said earlier"), when there is something that far back; or by a definite phrase
    ("the hotel", 那家酒店) whose noun was said then and not lately.
    """
    far = _far_text(state)
    if not far:
        return False
    if _FAR_BACK.search(text):
        return True
    near = _near_text(state)
    nouns = [noun for found in _POINTS_AT.finditer(text) if (noun := _noun(found[1]))]
    if any(_says(far, noun) and not _says(near, noun) for noun in nouns):
        return True
    return any(_said_only_far(found[1], far, near) for found in _POINTS_AT_ZH.finditer(text))


def _noun(words: str) -> str | None:
    """The first word with content."""
    return next((word for word in words.casefold().split() if word not in FUNCTION_WORDS), None)


def _far_text(state: DialogState) -> str:
    """What is remembered of before the recent turns."""
    recent = {turn.turn_id for turn in state.turns[-RECENT_TURNS:]}
    requests = [topic.request for topic in state.topics if topic.request]
    return "\n".join(
        [
            *(summary.text for summary in state.summaries),
            *(request.text for request in requests if request.turn_id not in recent),
            *(f"{turn.resolved}\n{turn.reply}" for turn in state.turns[:-RECENT_TURNS]),
        ]
    )


def _near_text(state: DialogState) -> str:
    return "\n".join(f"{turn.resolved}\n{turn.reply}" for turn in state.turns[-RECENT_TURNS:])


def _says(text: str, noun: str) -> bool:
    """Whether `text` has the noun in some form. A search, not a comparison of words: the text may be long."""
    stem = min(bases_of(noun), key=len)
    return re.search(rf"\b{re.escape(stem)}(?:s|es|ies)?\b", text, re.IGNORECASE) is not None


def _said_only_far(words: str, far: str, near: str) -> bool:
    """Whether the first two characters, a word in most cases, were said far back and not lately."""
    word = words[:2]
    return FUNCTION_CHARS.isdisjoint(word) and word in far and word not in near
