"""The extractive summary: the user's telling sentences verbatim, and what the assistant named, marked as unverified.

A line starts with its mark: "- " the user's words, "* " a model's retelling, "~ " what the assistant said. Lines are
independent of each other, so summaries are joined and shortened line by line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from dialog.fence import one_line
from dialog.state import DialogState, Summary, Turn, digest
from dialog.summarise.clauses import Clause, Weight, clauses, says_nothing, sentences
from dialog.tokens import estimate_counter

USER = "- "
RETOLD = "* "
ASSISTANT = "~ "
BY = "extract"
MAX_SENTENCE_CHARS = 280
MAX_MENTION_CHARS = 80

_NAME = re.compile(
    r"\b(?:[A-Z][\w'’&-]+)(?:\s+(?:of|the|de|&|[A-Z][\w'’&-]+|\d+))*|《[^》]+》|[「『“\"][^」』”\"]{2,40}[」』”\"]"
)

_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)、]|[-*•·])\s*([^\n:：,，(（–—]{2,40})", re.MULTILINE)
_ORDINARY = re.compile(r"(?:.{1,2}|(?:I|You|We|They|He|She|It|There|The|This|That|Yes|No|Ok|Okay)(?:['’]\w+)?)$")
"""Capitalised words that name nothing."""


def extract(state: DialogState, turns: Sequence[Turn]) -> Summary:
    """A summary of `turns` (in order of `n`, at least one): what the user said and what the assistant last named.

    Each telling sentence of the user comes once, verbatim, where it was said last. Values that `state` holds in slots
    are not left out for that: slots change, the summary is of what was said.
    """
    said = _once(clause for turn in turns for clause in clauses(turn.user))
    lines = [f"{USER}{_shortened(clause.text)}" for clause in said]
    mention = _mention(turns)
    if mention:
        lines.append(f"{ASSISTANT}{mention}")
    return Summary(first_n=turns[0].n, last_n=turns[-1].n, text="\n".join(lines), covers=digest(turns), by=BY)


def stands(summary: Summary, turns: Iterable[Turn]) -> bool:
    """Whether the turns that `summary` covers are all among `turns` and say what they said when it was made."""
    return digest(turn for turn in turns if summary.first_n <= turn.n <= summary.last_n) == summary.covers


def bounded(summaries: Sequence[Summary], *, tokens: int) -> tuple[Summary, ...]:
    """The summaries within `tokens` of `estimate_counter` together, each left as it is for as long as they fit.

    When they do not, all become one of at most two thirds of that, so that the next few can be added to it. Lines go
    oldest first: the assistant's, then plain questions, then values, constraints last.
    """
    if sum(estimate_counter.count(summary.text) for summary in summaries) <= tokens:
        return tuple(summaries)
    return (merged(summaries, tokens=tokens * 2 // 3),)


def merged(summaries: Sequence[Summary], *, tokens: int) -> Summary:
    """One summary of at most `tokens` of `estimate_counter` that says what `summaries` (oldest first) say."""
    lines = list(dict.fromkeys(reversed([line for summary in summaries for line in summary.text.split("\n") if line])))
    room, kept = tokens, set()
    for line in sorted(lines, key=_rank, reverse=True):
        size = estimate_counter.count(line) + 1
        if size <= room:
            room -= size
            kept.add(line)
    covers = hashlib.sha256("".join(summary.covers for summary in summaries).encode()).hexdigest()[:16]
    return Summary(
        first_n=summaries[0].first_n,
        last_n=summaries[-1].last_n,
        text="\n".join(line for line in reversed(lines) if line in kept),
        covers=covers,
        by=summaries[-1].by,
    )


def _rank(line: str) -> int:
    """Which lines to keep first; sorting by it leaves the newest first among equals."""
    if line.startswith(ASSISTANT):
        return -1
    return max((clause.weight for clause in clauses(line[2:])), default=Weight.ASKED)


def _once(said: Iterable[Clause]) -> list[Clause]:
    """The clauses in order, of those that repeat each other the latest."""
    latest: dict[str, Clause] = {}
    for clause in said:
        key = clause.text.casefold()
        latest.pop(key, None)
        latest[key] = clause
    return list(latest.values())


def _mention(turns: Sequence[Turn]) -> str:
    """What the assistant listed or named last, or else how its last reply begins; "" when it said nothing."""
    replies = [turn.reply for turn in reversed(turns) if turn.reply]
    named = next((found for reply in replies if (found := _named(reply))), [])
    told = ", ".join(named) or next(
        (said for reply in replies for said in sentences(reply) if not says_nothing(said)), ""
    )
    return told if len(told) <= MAX_MENTION_CHARS else f"{told[: MAX_MENTION_CHARS - 4].rstrip()} [\u2026]"


def _named(reply: str) -> list[str]:
    """The heads of the items of a list in `reply`; without a list, the names in it."""
    items = [found.group(1).strip() for found in _ITEM.finditer(reply)]
    if items:
        return items
    names: dict[str, None] = {}
    for sentence in sentences(reply):
        for found in _NAME.finditer(sentence):
            if found.start() > 0 and not _ORDINARY.match(found.group()):
                names[one_line(found.group())] = None
    return list(names)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_SENTENCE_CHARS else f"{text[: MAX_SENTENCE_CHARS - 4].rstrip()} [\u2026]"
