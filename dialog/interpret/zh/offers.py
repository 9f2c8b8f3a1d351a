"""Things to choose from, and the words that choose among them: "第二家", "后者", "前两个", "这些"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from dialog.interpret.lists import MAX_REPLY, Item, items_offered
from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.edits import glue, said
from dialog.interpret.zh.mentions import inside_frame
from dialog.interpret.zh.tokens import cut
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
LEADS_IN = re.compile(r".*(?:有|看看|试试|考虑|可以选|包括|例如|比如|像|是|去|推荐|推荐您?|：|:)(?=.)")
ROUNDS_OFF = re.compile(r"(?:等等?|都|均|也|这[几些两]|，|,|不错|可以|值得|很|非常|是).*$")
DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九十")}, "两": 2}


HEADING = re.compile(r"^(?:#{1,6} *)?\*\*(?P<name>[^*\n]{1,24}?)[:：]?\*\*", re.M)
BOLD = re.compile(r"\*\*(?P<name>[^*\n]{1,24}?)[:：]?\*\*")
TITLE = re.compile(r"《(?P<name>[^》\n]{1,24})》")
NO_NAME = re.compile(
    r"^[\d\W]+[\u4e00-\u9fff]?$|[，。！？；!?;]|^(?:总结|建议|注意|提示|小贴士|推荐理由|优点|缺点|结论)"
)
"""What is in bold without being the name of a thing offered."""

DESCRIBED = re.compile(rf"的?[这那]一?[{CLASSIFIERS}].*$")
_N = r"(?P<n>\d[\d,]*(?:\.\d+)?)\s*"
MEASURES: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = (
    (re.compile("便宜|价格最?低|月租最?低|租金最?低"), re.compile(rf"{_N}(?:元|块|美元|万)"), False),
    (re.compile("贵|价格最?高"), re.compile(rf"{_N}(?:元|块|美元|万)"), True),
    (re.compile("[评得]?分数?最?高|口碑最?好"), re.compile(rf"{_N}(?:分|星)"), True),
    (re.compile("[评得]?分数?最?低"), re.compile(rf"{_N}(?:分|星)"), False),
    (re.compile("大"), re.compile(rf"{_N}(?:㎡|平米|平方米|平)"), True),
    (re.compile("小"), re.compile(rf"{_N}(?:㎡|平米|平方米|平)"), False),
    (re.compile("近"), re.compile(rf"{_N}(?:米|公里|km|分钟)"), False),
    (re.compile("远"), re.compile(rf"{_N}(?:米|公里|km|分钟)"), True),
    (re.compile("快|短"), re.compile(rf"{_N}(?:小时|分钟|天)"), False),
    (re.compile("慢|长|久"), re.compile(rf"{_N}(?:小时|分钟|天)"), True),
)
"""What a quality is measured by, and whether the most of it is meant."""

ANNOUNCES = re.compile("推荐|有|包括|可以|比如|例如|建议|分为|：|哪")

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
    for utterance, items in _lists(view):
        if words.startswith("倒数"):
            index = len(items) - _number(words)
        else:
            index = len(items) - 1 if words.startswith("最后") else _number(words) - 1
        if 0 <= index < len(items):
            return said(utterance, items[index].start, items[index].end), 0.9
        if _set_out(utterance.text):
            break
    return (), 0.0


def _lists(view: View) -> list[tuple[Utterance, tuple[Item, ...]]]:
    """The lists said lately, latest first; a series that is only said in passing comes after those set out as such."""
    found: list[tuple[Utterance, tuple[Item, ...]]] = []
    for utterance in reversed(view.utterances[-NEAR:]):
        items = _either(utterance.text) if utterance.role == "user" else _offered(utterance.text)
        if len(items) >= 2:
            found.append((utterance, items))
    latest = view.utterances[-2:]
    lines = [one for one in found if one[0] in latest or _in_lines(one[0].text)]
    return sorted(lines, key=lambda one: not _set_out(one[0].text))


def _in_lines(text: str) -> bool:
    """Whether a list in `text` stands in lines of its own, so that it can be counted in later on."""
    items = items_offered(text)
    return (bool(items) and items[0].layout != "prose") or len(_marked(HEADING, text)) >= 2


def _set_out(text: str) -> bool:
    """Whether a list in `text` is set out as one, by numbers, marks or words that announce it."""
    items = items_offered(text)
    set_out = bool(items) and items[0].layout != "prose"
    return set_out or bool(ANNOUNCES.search(text)) or len(_marked(BOLD, text)) >= 2


def several(view: View, words: str) -> tuple[Pieces, float]:
    """What "前两家", "这三个" or "这些酒店" means, named one by one."""
    found = choices(view)
    if found is None:
        return (), 0.0
    utterance, items = found
    count = len(items) if "些" in words or words[1] == "几" else _number(words)
    if words[0] in "前后":
        meant = items[:count] if words[0] == "前" else items[-count:]
    elif re.match("另|其|剩", words):
        talked = _talked_of(view, utterance, items)
        meant = tuple(item for item in items if item not in talked) if talked else ()
        count = len(meant) if "些" in words or not count else count
    else:
        meant = items if count == len(items) else _talked_of(view, utterance, items)
    if len(meant) != count or not 1 <= count <= MOST_NAMED:
        return (), 0.0
    return _row(utterance, meant), 0.85


def _row(utterance: Utterance, items: Sequence[Item]) -> Pieces:
    """The items by name: "A、B和C"."""
    pieces: list[Piece] = []
    for i, item in enumerate(items):
        if i:
            pieces += glue("和" if i == len(items) - 1 else "、")
        pieces += said(utterance, item.start, item.end)
    return tuple(pieces)


def all_of(view: View) -> Pieces:
    """The two to four things that the last two utterances set side by side; nothing when there are none."""
    for utterance in reversed(view.utterances[-2:]):
        items = _either(utterance.text) if utterance.role == "user" else _offered(utterance.text)
        if 2 <= len(items) <= MOST_NAMED and (utterance.role == "user" or _set_out(utterance.text)):
            return _row(utterance, items)
    return ()


def both(view: View) -> tuple[Pieces, float]:
    """What 他俩 or 两者 means: the two things of the latest list of two, else the last two that were asked about."""
    found = choices(view)
    if found is None:
        return (), 0.0
    utterance, items = found
    meant = items if len(items) == 2 else _talked_of(view, utterance, items)
    return (_row(utterance, meant), 0.8) if len(meant) == 2 else ((), 0.0)


def _talked_of(view: View, offer: Utterance, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items that the user has named or picked since they were offered, in the order of the list."""
    after = view.utterances[view.utterances.index(offer) + 1 :]
    said_since = "\n".join(utterance.text for utterance in after if utterance.role == "user")
    return tuple(item for item in items if item.text.lower() in said_since.lower())


def described(view: View, words: str) -> tuple[Pieces, float]:
    """What "便宜的那个", "面积最大的那套" or "雅马哈那款" means: by a measure that every item has, or by its name."""
    core = DESCRIBED.sub("", words)
    for utterance in reversed(view.utterances[-NEAR:]):
        items = _offered(utterance.text) if utterance.role == "assistant" else ()
        if len(items) < 2:
            continue
        named = [item for item in items if core.lower() in item.text.lower()]
        item = named[0] if len(named) == 1 else _by_measure(utterance.text, items, core)
        if item is None and len(core) > 1:
            told = [item for item in items if core in utterance.text[item.end : item.body_end]]
            item = told[0] if len(told) == 1 else None
        if item is not None:
            return said(utterance, item.start, item.end), 0.85
    return (), 0.0


def _by_measure(text: str, items: Sequence[Item], words: str) -> Item | None:
    """The item that is first or last by the measure the words speak of; None when not every item gives it once."""
    for about, amount, most in MEASURES:
        if not about.search(words):
            continue
        amounts = [amount.search(text, item.end, item.body_end) for item in items]
        values = [float(found["n"].replace(",", "")) for found in amounts if found]
        best = max(values, default=0.0) if most else min(values, default=0.0)
        if len(values) == len(items) and values.count(best) == 1:
            return items[values.index(best)]
    return None


@lru_cache(maxsize=64)
def _offered(text: str) -> tuple[Item, ...]:
    """What a reply offers: a list, else headings or names in bold, else titles, else a series in a sentence."""
    items = items_offered(text)
    headed = _marked(HEADING, text)
    if items and items[0].layout != "prose":
        nested = items[0].layout == "bulleted" and not any(text[item.start - 2 : item.start] == "**" for item in items)
        return headed if nested and len(headed) >= 2 else items
    for found in (headed, _counted_off(text), _marked(BOLD, text), _marked(TITLE, text), _series(text)):
        if len(found) >= 2:
            return found
    return items if all(_nominal(item.text) for item in items) else ()


def _marked(pattern: re.Pattern[str], text: str) -> tuple[Item, ...]:
    """The distinct names that `pattern` finds, each with what is said up to the next as its body."""
    marks = [match for match in pattern.finditer(text[:MAX_REPLY]) if not NO_NAME.search(match["name"])]
    ends = [*(match.start() for match in marks[1:]), len(text)]
    found: dict[str, Item] = {}
    for match, end in zip(marks, ends, strict=False):
        item = _item(text, *match.span("name"))
        if 0 < len(item.text) <= LONGEST_NAME:
            found.setdefault(item.text, replace(item, body_end=end))
    return tuple(found.values())


def marked(text: str) -> tuple[str, ...]:
    """The distinct names that a reply sets in bold or gives as titles."""
    bold = [item.text for item in _marked(BOLD, text) if _nominal(item.text)]
    return tuple(dict.fromkeys([*(item.text for item in _marked(TITLE, text)), *bold]))


def _nominal(text: str) -> bool:
    """Whether it reads as a name or a noun phrase, and not as a piece of a sentence."""
    words = [word for word in cut(text) if word.tag != "x"]
    return bool(words) and len(text) <= LONGEST_NAME and all(word.tag in "nmau" for word in words)


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
    while start < end and text[start] in ' 《“"「*':
        start += 1
    while start < end and text[end - 1] in ' 》”"」*':
        end -= 1
    return Item(start, end, text[start:end], end, "prose")


def _number(words: str) -> int:
    digits = re.search(r"\d+", words)
    if digits:
        return int(digits[0])
    found = [DIGITS[c] for c in words if c in DIGITS]
    return 10 + found[1] if len(found) == 2 and found[0] == 10 else found[0] if found else 0
