"""The things a reply offers to choose from: a numbered list, a bulleted one, or a series in a sentence.

Knows no grammar of any language beyond the few joining words in `JOINERS` and `OPENERS`; language packs decide which
item "the second one" or "第二家" is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Layout = Literal["numbered", "bulleted", "prose"]

MAX_REPLY = 20_000
"""Characters of a reply that are looked at; a list further down is not something people count to."""
MAX_ITEMS = 30
MAX_NAME_WORDS = 9
MAX_NAME_CHARS = 60
SHORT_REPLY = 160
"""Characters of a reply in which any series counts as an offer; in a longer one it has to be announced."""
MAX_PART_WORDS = 5
MAX_COMMON_WORDS = 1
"""Of a series of common words ("you could eat apples, oranges or pears") the first item is taken to be one word."""
NOT_A_NAME = frozenset({"I", "You", "We", "They", "It", "He", "She", "There", "The", "Yes", "Sure", "Or", "And"})
NO_ITEM = re.compile(
    r"(?:i|you|we|they|it|he|she|one|in|on|at|to|is|are|then|not|example|instance|course|ok|okay|sure|yes"
    r"|do|did|would|could|can|here"
    r"|more|less|so|but|if|when|which|that|there|this|please|now)\b",
    re.I,
)

CJK = "\u3400-\u4dbf\u4e00-\u9fff"
NUMBERED_LINE = re.compile(r"^[ \t>]*(?:#{1,6}[ \t]+)?(?:\*\*)?\(?(\d{1,2})[.):、．）](?:\*\*)?[ \t]*(?=[^\s\d])", re.M)
CHINESE_LINE = re.compile(r"^[ \t]*(?:\*\*)?[（(]?([一二三四五六七八九十])[、.）)][ \t]*", re.M)
CIRCLED = re.compile(r"([①-⑳])[ \t]*")
BULLETED_LINE = re.compile(r"^[ \t]*[-*•·▪‣–][ \t]+(?=\S)", re.M)
NUMBERED_INLINE = re.compile(r"(?<![\w.,$#])\(?([1-9]\d?)[.):）、](?!\d)[ \t]*(?=\S)")

BOLD = re.compile(r"[*_]{2}(.+?)[*_]{2}")
TITLE_SPAN = re.compile(r"(?<![*\w])([*_]{1,2})(?=\w)[^*_\n]+?\1(?!\w)|\"[^\"\n]+\"|“[^”\n]+”")
"""A title in italics, bold or quotation marks; what joins words in it joins no items."""
LINK = re.compile(r"\[([^\]\n]+)\]\([^)\s]*\)")
TITLED = re.compile(r"《([^》\n]+)》|「([^」\n]+)」")
NAME_END = re.compile(r"\s[-–—]+\s|——|[:：(（;；,，。！!?？|\n]|\.(?=\s|$)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|[。！？\n]+")

JOINERS = re.compile(r"\s*,\s*(?:and|or)\s+(?!/)|\s*[,，、]\s*|\s+(?:and|or)\s+(?!/)|(?:以及|还有|和|与|或者|或)")
COUNTS = re.compile(
    r"\b(?:two|three|four|five|six|several|some|a few|many|\d+)(?:\s+[\w-]+){0,4}\s*$|[两三四五六七八九十几]\S{0,6}$",
    re.I,
)
LAST_JOINER = re.compile(r"\b(?:and|or)\b|以及|还有|和|与|或")
OPENERS = re.compile(
    rf".*(?:\b(?:are|is|were|was|includes?|including|have|has|try|recommend|suggest|consider|visit|like|as|with|of"
    rf"|for|offers?|serves?|mean|meant|prefer|want|between|see|found|called|namely|either|there's|about)\b|[:：](?!\d)"
    rf"|推荐|包括|例如|比如|有|是|像|叫|看看|试试|考虑)(?:\s*\d+\s*[{CJK}]\s*[:：])?\s*",
    re.I | re.S,
)
CLOSERS = re.compile(
    r"\s+(?:are|is|were|was|have|has|all|both|would|which|that|who|can|could|do|for)\b.*|[等都这那均?].*", re.S
)
LEADS_UP = re.compile(
    r"\b(?:i(?:'d| would|'ll)?|you (?:could|can|might|should)|we)\s+(?:suggest|recommend|try|consider)\b", re.I
)
"""Words in the midst of a sentence after which a series begins anew ("if you like jazz, I'd recommend A, B and C")."""
ANNOUNCES = re.compile(
    r":|\b(?:such as|for example|for instance|including|includes?|e\.g\.|like|namely|as follows"
    r"|options? (?:are|is)|recommend|suggest"
    r"|you (?:could|can|should|might) (?:try|visit|see|go)"
    r"|there (?:are|is)|here (?:are|is)|are)\b|推荐|包括|例如|比如|有|：",
    re.I,
)
CAPITALISED = re.compile(
    r"(?:the\s+)?[A-Z0-9][\w'’&.-]*"
    r"(?:\s+(?:(?:of|the|and|&|de|la|du)(?=\s+[A-Z])|[A-Z0-9][\w'’&.-]*))*(?<!\sof)(?<!\sthe)(?<!\sand)"
)


@dataclass(frozen=True)
class Item:
    """One thing offered. `start`..`end` are character offsets of its name in the reply (end exclusive), `text` is that
    name exactly as the reply has it, `body_end` is where what the reply says about it ends."""

    start: int
    end: int
    text: str
    body_end: int
    layout: Layout


@lru_cache(maxsize=256)
def items_offered(reply: str) -> tuple[Item, ...]:
    """The items of the longest list in `reply`, in order; empty when it offers fewer than two things."""
    reply = reply[:MAX_REPLY]
    for list_of in (_lines, _inline, _marked, _prose):
        found = list_of(reply)
        if len(found) >= 2:
            return (_rather_marked(reply, found) if list_of is _prose else found)[:MAX_ITEMS]
    return ()


def _rather_marked(reply: str, found: tuple[Item, ...]) -> tuple[Item, ...]:
    """The names in bold type where a series holds something else as well: what a reply offers it marks alike."""
    marked = tuple(item for item in items_marked(reply) if _is_name(item.text))
    texts = {item.text for item in marked}
    return marked if len(marked) >= 2 and any(item.text not in texts for item in found) else found


def _lines(reply: str) -> tuple[Item, ...]:
    numbered = _counted(_marks(NUMBERED_LINE, reply))
    chinese = _marks(CHINESE_LINE, reply)
    bullets = _marks(BULLETED_LINE, reply)
    best = max((numbered, chinese), key=len)
    if len(best) >= 2:
        return _items(reply, best, "numbered")
    return _items(reply, bullets, "bulleted")


def _inline(reply: str) -> tuple[Item, ...]:
    circled = _marks(CIRCLED, reply)
    return _items(reply, circled if len(circled) >= 2 else _counted(_marks(NUMBERED_INLINE, reply)), "numbered")


Mark = tuple[int, int, str]


def _marks(pattern: re.Pattern[str], reply: str) -> list[Mark]:
    return [(m.start(), m.end(), m[1] if m.re.groups else "") for m in pattern.finditer(reply)]


def _counted(marks: Sequence[Mark]) -> list[Mark]:
    """The marks that count 1, 2, 3 ... from the first 1 on."""
    run: list[Mark] = []
    for mark in marks:
        if int(mark[2]) == len(run) + 1:
            run.append(mark)
    return run


def _items(reply: str, marks: Sequence[Mark], layout: Layout) -> tuple[Item, ...]:
    items: list[Item] = []
    for i, (_, start, _) in enumerate(marks):
        following = marks[i + 1][0] if i + 1 < len(marks) else len(reply)
        blank = reply.find("\n\n", start, following)
        body_end = following if blank < 0 else blank
        item = _named(reply, start, body_end, layout)
        if item is not None:
            items.append(item)
    return tuple(items)


def _named(reply: str, start: int, body_end: int, layout: Layout) -> Item | None:
    """The item whose text is `reply[start:body_end]`: its name is what is marked up, or what comes first."""
    body = reply[start:body_end]
    for pattern in (BOLD, LINK, TITLED):
        marked = pattern.search(body[:200])
        if marked and not NAME_END.search(body[: marked.start()]):
            group = next(n for n, value in enumerate(marked.groups(), 1) if value is not None)
            return _item(reply, start + marked.start(group), start + marked.end(group), body_end, layout)
    stop = NAME_END.search(body)
    end = start + (stop.start() if stop else len(body))
    name = reply[start:end]
    if len(name.split()) > MAX_NAME_WORDS or len(name) > MAX_NAME_CHARS:
        proper = CAPITALISED.match(name)
        if proper is None:
            return None
        end = start + proper.end()
    return _item(reply, start, end, body_end, layout)


def _item(reply: str, start: int, end: int, body_end: int, layout: Layout) -> Item | None:
    marked = BOLD.search(reply, start, min(end + 2, body_end, len(reply)))
    if layout == "prose" and marked is not None:
        start, end = marked.span(1)
    text = reply[start:end]
    left = len(text) - len(text.lstrip(" \t*_`\"“'"))
    start += left
    end = start + len(text[left:].rstrip(' \t*_`"”:：.,，'))
    return Item(start, end, reply[start:end], body_end, layout) if end > start else None


def _prose(reply: str) -> tuple[Item, ...]:
    """The longest series "A, B and C" that one sentence of `reply` holds."""
    best: tuple[Item, ...] = ()
    at = 0
    short = len(reply) <= SHORT_REPLY
    for stop in [*SENTENCE_END.finditer(reply), None]:
        end = stop.start() if stop else len(reply)
        found = _series(reply, at, end)
        offers = bool(found) and (short or ANNOUNCES.search(reply, at, found[0].start) is not None)
        if offers and len(found) > len(best):
            best = found
        at = stop.end() if stop else end
    return best


def items_marked(reply: str) -> tuple[Item, ...]:
    """What stands in bold type near the start of `reply`, each wording once."""
    items = [_item(reply, m.start(1), m.end(1), m.end(), "prose") for m in BOLD.finditer(reply[:MARKED_CHARS])]
    found = {item.text: item for item in reversed(items) if item is not None}
    return tuple(sorted(found.values(), key=lambda item: item.start))


def _marked(reply: str) -> tuple[Item, ...]:
    """The names in bold type, each once, when all that is bold is names: "**A** is older, while **B** is cheaper"."""
    marked = list(BOLD.finditer(reply[:MARKED_CHARS]))
    items = [_item(reply, m.start(1), m.end(1), m.end(), "prose") for m in marked]
    names = {item.text: item for item in reversed(items) if item is not None and _is_name(item.text)}
    alone = len(names) == len({m[1].strip(" :") for m in marked})
    return tuple(sorted(names.values(), key=lambda item: item.start)) if alone else ()


MARKED_CHARS = 700


def _is_name(text: str) -> bool:
    parts = text.split()
    if len(parts) > MAX_PART_WORDS or not text or text[0].isdigit():
        return False
    return CAPITALISED.fullmatch(text) is not None or (parts[0][0].isupper() and parts[-1][0].isupper())


def _series(reply: str, start: int, end: int) -> tuple[Item, ...]:
    sentence = reply[start:end]
    if not LAST_JOINER.search(sentence) and "、" not in sentence:
        return ()
    parts: list[tuple[int, int]] = []
    at = 0
    titles = [m.span() for m in TITLE_SPAN.finditer(sentence)]
    joins = [m for m in JOINERS.finditer(sentence) if not any(a < m.start() < b for a, b in titles)]
    if not any(LAST_JOINER.search(join[0]) or "、" in join[0] for join in joins):
        return ()
    for join in [*joins, None]:
        parts.append((at, join.start() if join else len(sentence)))
        at = join.end() if join else at
    led = max((i for i, (a, b) in enumerate(parts[:-1]) if LEADS_UP.search(sentence, a, b)), default=0)
    parts = parts[led:]
    items = [_part(reply, start + a, start + b, i, len(parts)) for i, (a, b) in enumerate(parts)]
    if items[0] is None and COUNTS.search(reply, start + parts[0][0], start + parts[0][1]):
        items = items[1:]
    return _alike(_leading_run(items))


def _alike(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Where two or more are proper names, only those: "two places, Golden Wok and Lan Hong House" offers two."""
    proper = tuple(item for item in items if item.text[0].isupper() or item.text[0].isdigit())
    return proper if len(proper) >= 2 else items


def _part(reply: str, start: int, end: int, i: int, n: int) -> Item | None:
    """Part `i` of `n` of a series: the first loses what leads up to it, the last what follows it."""
    text = reply[start:end]
    opener = OPENERS.match(text) if i == 0 else None
    if opener and opener.end() < len(text):
        start += opener.end()
        text = reply[start:end]
    if i == n - 1 or len(text.split()) > 4:
        closer = CLOSERS.search(text)
        if closer and closer.start() > 0:
            end = start + closer.start()
    proper = next((found for found in CAPITALISED.finditer(reply[start:end]) if found[0] not in NOT_A_NAME), None)
    bounded = i > 0 or (opener is not None and opener.end() > 0)
    whole = bounded and len(reply[start:end].split()) <= MAX_PART_WORDS
    if proper and not whole:
        start, end = start + proper.start(), start + proper.end()
    elif i == 0 and not opener:
        start = max(start, end - len(" ".join(reply[start:end].split(" ")[-MAX_COMMON_WORDS:])))
    item = _item(reply, start, end, end, "prose")
    if (
        item is None
        or len(item.text.split()) > MAX_PART_WORDS
        or len(item.text) > MAX_NAME_CHARS
        or NO_ITEM.match(item.text)
    ):
        return None
    return item


def _leading_run(items: Sequence[Item | None]) -> tuple[Item, ...]:
    """The items up to the first part that is none; a series that is not understood from its start cannot be counted."""
    run: list[Item] = []
    for item in items:
        if item is None:
            break
        run.append(item)
    return tuple(run)
