"""How much of an earlier reply the prompt repeats: all of it where the next message builds on it, else an excerpt.

A grounded message is self-contained, so most replies are only background to it; they are also most of a transcript's
tokens. A reply stays whole when it is short, when it holds something to work on (code, a table), or when the message
after it may lean on it. Doubt keeps it whole. The answer depends on nothing but the two turns, so that a reply is
repeated in the same bytes in every later prompt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialog.interpretation import Interpretation
from dialog.rewrite import Edit
from dialog.state import Act, Turn
from dialog.summarise.clauses import says_nothing, sentences
from dialog.tokens import estimate_counter

ELISION = "[\u2026]"
"""Marks text that was left out of a reply."""
CUT_OFF = "[reply cut off]"
"""Marks a reply that broke off before its end."""

SURE = 0.5
"""Rewrites with less confidence may have missed what the message leans on."""


@dataclass(frozen=True)
class Following:
    """What is known of the message that came after a reply.

    `text` is its resolved form, `taken` the words of it that its rewrite took from replies.
    """

    text: str
    act: Act
    taken: tuple[str, ...]
    confidence: float


def following(turn: Turn | Interpretation) -> Following:
    """The same facts of a message, whether it is being interpreted or is an earlier turn."""
    if isinstance(turn, Turn):
        return Following(turn.resolved, turn.act, _taken(turn.edits), turn.confidence)
    rewrite = turn.rewrite
    return Following(rewrite.text, turn.act, _taken(rewrite.edits), rewrite.confidence)


def _taken(edits: Sequence[Edit]) -> tuple[str, ...]:
    return tuple(piece.text.strip() for edit in edits for piece in edit.pieces if piece.source.kind == "reply")


def leans_on(reply: str, shown: str, message: Following) -> bool:
    """Whether the message may need more of the `reply` before it than the excerpt `shown`; True when in doubt."""
    if says_nothing(message.text):
        return False
    if message.act in _POINTING or message.confidence < SURE:
        return True
    if any(words not in shown for words in message.taken):
        return True
    text = " ".join(sentence for sentence in sentences(message.text) if not says_nothing(sentence))
    if _WORKS_ON.search(text) or _WORKS_ON_ZH.search(text) or _takes_up(text, reply, shown):
        return True
    return not (_told_apart(text) or _asks(reply))


def _takes_up(text: str, reply: str, shown: str) -> bool:
    """Whether a name or number of the message stands in the part of the reply that the excerpt leaves out."""
    said = (found.group() for found in _TAKEN_UP.finditer(text) if not says_nothing(found.group()))
    return any(word in reply and word not in shown for word in said)


def _asks(reply: str) -> bool:
    """Whether the reply ends with a question, which its excerpt keeps: a short message then is the answer."""
    return reply.rstrip().endswith(("?", "\uff1f"))


_POINTING: frozenset[Act] = frozenset({"select", "reject", "correct"})
_WORKS_ON = re.compile(
    r"\b(?:it|its|these|those|they|them|their|ones?|above|below|previous(?:ly)?|earlier|former|latter|again|else|same"
    r"|others?|another|instead|rather|less|longer|shorter|rest|next step|your|why|how so|mean|explain|elaborate|expand"
    r"|continue|go on|re-?write|rephrase|reword|summari[sz]e|translat\w+|shorten|simplif\w+|fix|edit|chang\w+|convert"
    r"|format|add|remove|replace|merge|split|compare|difference|steps?|lines?|paragraph|section|points?|bullets?|list"
    r"|table|code|function|example|answer|draft|version|option|choice|wrong"
    r"|more(?! than)|the (?:first|second|third|last)|you (?:said|say|mentioned|wrote|gave|meant?|suggested)"
    r"|this(?! (?:month|week|weekend|year|morning|afternoon|evening|time)\b)"
    r"|that(?! (?:is|are|was|i|you|we|they|he|she|will|would|can|could|has|have|serves?|offers?)\b))\b",
    re.IGNORECASE,
)
_WORKS_ON_ZH = re.compile(
    "[它他她]|[这那该此][个家里些样种段首篇句部点位次本条]|其他|其余|第[一二三四五六七八九十\\d]|上面|前面|刚才|之前|前者|后者|下面|再(?!见)|更|别的|另外|换一?[个家种]"
    "|改[成为写一得]|重[新写]|继续|接着|详细|具体|解释|说明|展开|总结|翻译|缩短|简化|补充|删|加[上一个]|列[出表]|步|段落|代码|例子|为什么|怎么会|意思|你[说刚给写]|答案"
    "|对吗|是吗|真的|不是|不对"
)
_ENGLISH = re.compile(
    r"\b(?:the|is|are|what|when|where|who|how|i|to|of|for|and|with|there|does|do|can|my)\b", re.IGNORECASE
)
_HAN = re.compile("[\u4e00-\u9fff]")
_TAKEN_UP = re.compile(r"[^\W_]*\d[^\W_]*|\b[A-Z][a-z]{2,}\b|[\u4e00-\u9fff]{4}")
_WORK_PIECE = re.compile(r"```|~~~|^\s*\|.+\|\s*$|^(?: {4}|\t)\S|^\s*[{<\[]", re.MULTILINE)


def _told_apart(text: str) -> bool:
    """Whether the message is in a language whose cues are listed here, and long enough to stand by itself."""
    if _HAN.search(text):
        return len(_HAN.findall(text)) >= 6
    return len(text.split()) >= 4 and _ENGLISH.search(text) is not None


def repeated(turn: Turn, after: Following, *, reply_tokens: int | None, most: int) -> str:
    """The turn's reply as prompts repeat it: whole, an excerpt of about `reply_tokens`, and never above `most` tokens.

    Tokens are those of `estimate_counter`. A reply that broke off says so at its end.
    """
    text = _in_part(turn.reply, after, reply_tokens, most)
    return f"{text} {CUT_OFF}".lstrip() if turn.status == "partial" else text


@lru_cache(maxsize=1024)
def _in_part(text: str, after: Following, reply_tokens: int | None, most: int) -> str:
    size = estimate_counter.count(text)
    if reply_tokens is not None and size > 1.5 * reply_tokens and not _WORK_PIECE.search(text):
        short = excerpt(text, tokens=reply_tokens)
        if not leans_on(text, short, after):
            text = short
    return ends(text, tokens=most)


def excerpt(text: str, *, tokens: int) -> str:
    """The first sentences of `text` and its last, where a question stands, in about `tokens`; the rest is elided."""
    told = sentences(text)
    closing = told[-1] if len(told) > 1 and estimate_counter.count(told[-1]) <= tokens // 2 else ""
    room = tokens - estimate_counter.count(closing)
    opening: list[str] = []
    for sentence in told[:-1] if closing else told:
        room -= estimate_counter.count(sentence)
        if room < 0:
            break
        opening.append(sentence)
    start = " ".join(opening) if opening else text[: _chars(text, tokens // 2)].rstrip()
    return f"{start} {ELISION} {closing}".rstrip()


def ends(text: str, *, tokens: int) -> str:
    """`text`, or its beginning and its end with a mark between them, in at most `tokens` of `estimate_counter`."""
    if estimate_counter.count(text) <= tokens:
        return text
    room = max(0, tokens - estimate_counter.count(f"\n{ELISION}\n") - 4)
    chars = _chars(text, room)
    while chars and estimate_counter.count(joined := _halves(text, chars)) > tokens:
        chars = chars * 7 // 8
    return joined if chars else ELISION


def _halves(text: str, chars: int) -> str:
    head = chars * 2 // 3
    return f"{text[:head].rstrip()}\n{ELISION}\n{text[len(text) - (chars - head) :].lstrip()}"


def _chars(text: str, tokens: int) -> int:
    """About how many characters of `text` make `tokens`."""
    return len(text) * tokens // max(1, estimate_counter.count(text))


def shortened_by(whole: str, shown: str) -> int:
    """Tokens of `estimate_counter` that `shown` leaves out of `whole`; 0 when nothing was left out."""
    return max(0, estimate_counter.count(whole) - estimate_counter.count(shown)) if ELISION in shown else 0


def neighbours(turns: Sequence[Turn], last: Following) -> list[tuple[Turn, Following]]:
    """Each turn with the message that came after it; `last` comes after the newest."""
    return [(turn, following(turns[i + 1]) if i + 1 < len(turns) else last) for i, turn in enumerate(turns)]
