"""The requests that stand in a dialog: what the user has asked for, as it was understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Copied, copied
from dialog.interpret.en.message import read
from dialog.interpret.en.phrases import phrases_of
from dialog.interpret.en.text import is_cased, sentences_of, singular, tokens_of
from dialog.interpret.pack import Utterance, View

WANTS = re.compile(
    r"(?:i|we)(?:'d| would|'m| am|'re| are|)\s*"
    r"(?:also\s+|really\s+)?(?:need|want|like|love|looking|trying|interested|wish|prefer|planning)\b",
    re.I,
)
POINTING = frozenset({"select", "acknowledge", "command"})
MARKS = ".!?"


@dataclass(frozen=True)
class Request:
    """A sentence of the user that asks for something: characters `start`..`end` of `said`, without its final mark."""

    said: Utterance
    start: int
    end: int
    mark: str

    @property
    def text(self) -> str:
        return self.said.text[self.start : self.end]

    @property
    def is_cased(self) -> bool:
        return is_cased(self.said.text)

    def copy(self, start: int | None = None, end: int | None = None) -> Copied:
        """Characters `start`..`end` of what was said (the whole request), as a sourced part."""
        return copied(self.said, self.start if start is None else start, self.end if end is None else end)

    def copy_mark(self) -> tuple[Copied, ...]:
        """Its final mark, if it has one."""
        return (copied(self.said, self.end, self.end + len(self.mark)),) if self.mark else ()

    @property
    def asks_about_an_entry(self) -> bool:
        """Whether it asks about one thing by name ("what is the address of ...", "is ... open on Sunday"), so that it
        is no search that further wishes could narrow."""
        first = next(iter(phrases_of(self.text)), None)
        if first is None:
            return False
        opens = tokens_of(self.text)[0].low
        of_one = first.of is not None and singular(first.head) in lexicon.ATTRIBUTES
        named = first.proper or not (self.is_cased or first.plural)
        return of_one or (opens in words.AUXILIARIES and first.after == opens and first.det == "" and named)


def requests_of(view: View, *, also_choices: bool = False) -> Iterator[Request]:
    """The requests of the active topic, latest first; `also_choices`: also those that ask about an item of a list."""
    acts = {turn.turn_id: turn.act for turn in view.state.turns}
    for said in reversed(view.in_topic):
        act = acts.get(said.turn_id)
        if said.role == "user" and (act not in POINTING or (also_choices and act == "select")):
            place = _request_in(said.text)
            if place is not None:
                yield Request(said, *place)


def latest(view: View, fits: Callable[[Request], bool] | None = None, *, also_choices: bool = False) -> Request | None:
    """The latest request that `fits`; `also_choices`: questions about an item of a list count too."""
    found = requests_of(view, also_choices=also_choices)
    return next((request for request in found if fits is None or fits(request)), None)


def standing(view: View) -> Request | None:
    """The request that further wishes narrow: the latest that is not about one entry, if there is such a one."""
    found = list(requests_of(view))
    return next((request for request in found if not request.asks_about_an_entry), found[0] if found else None)


@lru_cache(maxsize=256)
def _request_in(text: str) -> tuple[int, int, str] | None:
    """The last sentence of `text` that asks for something: its place and its final mark."""
    sentences = sentences_of(text)
    for start, end in reversed(sentences):
        trimmed = text[start:end].rstrip(MARKS + " ")
        stop = start + len(trimmed)
        mark = text[stop:end].strip()[:1]
        at = _skip_lead(text, start, stop)
        if not mark and not is_cased(text) and at < stop and not is_request(text[at:stop], mark):
            at += _run_on(text[at:stop])
        if at < stop and is_request(text[at:stop], mark):
            return at, stop, mark if text[stop : stop + 1] == mark else ""
    return None


def _skip_lead(text: str, start: int, stop: int) -> int:
    """Past "ok, so" and the like."""
    message = read(text[start:stop])
    first, last = message.body
    if first == 0 or first >= last:
        return start
    return start + message.tokens[first].start


def _run_on(sentence: str) -> int:
    """Where the question begins in speech that was written down without marks ("i'm in rome what is there to see")."""
    tokens = tokens_of(sentence)
    for a, b in pairwise(tokens):
        asks = a.low in words.WH and b.low in words.AUXILIARIES | {"'s"}
        asks = (
            asks
            or (a.low in ("can", "could", "would") and b.low == "you")
            or (a.low in ("is", "are") and b.low == "there")
        )
        asks = asks or (a.low in words.AUXILIARIES and b.low in ("it", "there", "they"))
        if asks and a.start > 0:
            return a.start
    return 0


def is_request(sentence: str, mark: str) -> bool:
    """Whether a sentence asks for something: a question, command, wish, or bare search ("cheap hotels in Rome")."""
    message = read(sentence)
    first, last = message.body
    if first >= last:
        return False
    body = message.tags[first:last]
    if mark == "?" or body[0] in "WXV":
        return len(body) > 1
    if body[:2] == ("I", "W") and len(body) > 3:
        return True
    if WANTS.match(sentence[message.tokens[first].start :]):
        return True
    nouns = [p for p in message.phrases if p.head not in words.FUNCTION_WORDS]
    return message.is_fragment and bool(nouns) and last - first >= 3 and body[0] in "DANM"
