"""Things to choose from, and the words that choose among them: "第二家", "后者", "前两个", "这些"."""

from __future__ import annotations

import re

from dialog.interpret.lists import Item, items_offered
from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.edits import glue, said
from dialog.interpret.zh.mentions import inside_frame
from dialog.interpret.zh.words import CLASSIFIERS
from dialog.rewrite import Piece

NEAR = 8
"""Utterances back that a list is looked for."""
MOST_NAMED = 4
"""Items that "这些" is spelled out to; a longer list reads worse than the word."""
LONGEST_NAME = 20

COUNTED_OFF = re.compile(
    rf"第[一二三四五六七八九十][{CLASSIFIERS}](?:推荐)?(?:是|叫|，|：|:)?(?P<name>[^，,。；;！!\n]{{1,20}})"
)
EITHER = re.compile(
    r"(?:和|与|跟|还是|或者)(?P<second>[^，,。？?和与]{1,12}?)(?=哪|谁|更|比|有什么|有啥|的|选|都|之间|，|,|。|？|[?]|$)"
)
SERIES = re.compile(r"[^，。！？；：!?;:\n]*、[^。！？；：!?;:\n]*")
JOINT = re.compile(r"、|，?(?:以及|还有)|(?<=[^\s])[和与跟](?=[^\s])|或者?")
LEADS_IN = re.compile(r".*(?:有|包括|例如|比如|像|是|去|推荐|推荐您?|：|:)(?=.)")
ROUNDS_OFF = re.compile(r"(?:等等?|都|均|也|这[几些两]|，|,|不错|可以|值得|很|非常|是).*$")
DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九十")}, "两": 2}

Pieces = tuple[Piece, ...]


def choices(view: View) -> tuple[Utterance, tuple[Item, ...]] | None:
    """The latest list: what a reply offered, else what the user weighed ("A和B哪个好")."""
    for utterance in reversed(view.utterances[-NEAR:]):
        items = _either(utterance.text) if utterance.role == "user" else _offered(utterance.text)
        if len(items) >= 2:
            return utterance, items
    return None


def one_of_two(view: View, *, former: bool) -> tuple[Pieces, float]:
    """What 前者 or 后者 means, and how sure that is (0: nothing to choose from)."""
    found = choices(view)
    if found is None:
        return (), 0.0
    utterance, items = found
    item = items[0] if former else items[-1]
    return said(utterance, item.start, item.end), 0.8


def nth(view: View, words: str) -> tuple[Pieces, float]:
    """What an ordinal ("第二家", "最后一个") means."""
    found = choices(view)
    if found is None:
        return (), 0.0
    utterance, items = found
    if words.startswith("倒数"):
        index = len(items) - _number(words)
    elif words.startswith("最后"):
        index = len(items) - 1
    else:
        index = _number(words) - 1
    if not 0 <= index < len(items):
        return (), 0.0
    return said(utterance, items[index].start, items[index].end), 0.9


def several(view: View, words: str) -> tuple[Pieces, float]:
    """What "前两家", "这三个" or "这些酒店" means, named one by one."""
    found = choices(view)
    if found is None:
        return (), 0.0
    utterance, items = found
    count = len(items) if words[1] == "些" else _number(words)
    if not 2 <= count <= min(len(items), MOST_NAMED) or (words[0] != "前" and count != len(items)):
        return (), 0.0
    pieces: list[Piece] = []
    for i, item in enumerate(items[:count]):
        if i:
            pieces += glue("和" if i == count - 1 else "、")
        pieces += said(utterance, item.start, item.end)
    return tuple(pieces), 0.85


def _offered(text: str) -> tuple[Item, ...]:
    items = items_offered(text)
    if items and items[0].layout != "prose":
        return items
    return _counted_off(text) or _series(text) or items


def _either(text: str) -> tuple[Item, ...]:
    """The two things a user weighs: "三体和球状闪电哪个好看"."""
    match = EITHER.search(text)
    if match is None:
        return ()
    first = re.search(r"[^，,。\s]*$", text[: match.start()])
    start, end = inside_frame(text, first.start() if first else 0, match.start())
    if not 0 < end - start <= LONGEST_NAME:
        return ()
    return _item(text, start, end), _item(text, *match.span("second"))


def _counted_off(text: str) -> tuple[Item, ...]:
    """ "第一家是星巴克，第二家是瑞幸咖啡"."""
    found = [_item(text, *match.span("name")) for match in COUNTED_OFF.finditer(text)]
    return tuple(found) if len(found) >= 2 else ()


def _series(text: str) -> tuple[Item, ...]:
    """ "附近有如家酒店、汉庭酒店和七天酒店": the first name after what leads in, the last before what rounds off."""
    series = SERIES.search(text)
    if series is None:
        return ()
    start, end = series.span()
    lead = LEADS_IN.match(text[: text.index("、", start)], start)
    start = lead.end() if lead else start
    items: list[Item] = []
    at = start
    for joint in [*JOINT.finditer(text, start, end), None]:
        stop = joint.start() if joint else end
        if joint is None and (tail := ROUNDS_OFF.search(text[at:stop], 1)):
            stop = at + tail.start()
        item = _item(text, at, stop)
        if not 0 < len(item.text) <= LONGEST_NAME:
            return ()
        items.append(item)
        at = joint.end() if joint else stop
    return tuple(items)


def _item(text: str, start: int, end: int) -> Item:
    while start < end and text[start] in ' 《“"「':
        start += 1
    while start < end and text[end - 1] in ' 》”"」':
        end -= 1
    return Item(start, end, text[start:end], end, "prose")


def _number(words: str) -> int:
    digits = re.search(r"\d+", words)
    if digits:
        return int(digits[0])
    found = [DIGITS[c] for c in words if c in DIGITS]
    return 10 + found[1] if len(found) == 2 and found[0] == 10 else found[0] if found else 0
