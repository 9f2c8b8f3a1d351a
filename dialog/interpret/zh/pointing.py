"""Words of a message that point back (它, 那里, 这家, 第二个, 后者)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dialog.interpret.zh import kinds
from dialog.interpret.zh.cues import Masked
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import CLASSIFIERS, GENERIC, HEADS, KIN, RELATIONAL, TIMES, WEAK_NOUNS

Kind = Literal["person", "thing", "place", "time", "offer", "ordinal", "pair", "list", "both", "described"]
_HEAD = "|".join(sorted(HEADS, key=lambda word: (-len(word), word)))
POINTING = re.compile(
    rf"(?P<ordinal>(?:第[一二三四五六七八九十\d]{{1,2}}|最后一?|最后的?那?|倒数第[一二三])[{CLASSIFIERS}](?:(?:{_HEAD})(?![{'店馆'}]))?)"
    rf"|(?P<list>(?:(?:前|后|这|那|[前后]面)[两二三3四2]|[这那]几)[{CLASSIFIERS}](?:{_HEAD})?|(?:这|那)些(?:{_HEAD})?"
    rf"|(?:另外|其他|其它|剩下)的?(?:那)?(?:[一两二三3四2][{CLASSIFIERS}]|几[{CLASSIFIERS}]))"
    r"|(?P<both>(?:他|她|它)们?俩|(?:他|她|它)们?两个|这俩|两者|二者)"
    r"|(?P<pair>前者|后者)"
    r"|(?P<place>(?:这|那)(?:个地方|里|儿|边)|当地)"
    r"|(?P<time>当时|那时候?|那个时候|这个?时候|那一?年)"
    r"|(?P<home>(?:他|它|她)们?家(?!里?人|族|长|庭|乡|伙|俩))"
    rf"|(?P<offer>(?:这|那|刚才那|你说的那|你推荐的那|你说的|推荐的)(?:一)?[家部本首款间所座位只辆台套幅双栋趟班](?:{_HEAD})?)"
    rf"|(?P<some>(?:这|那)(?:一)?(?:个|种|件|条|道|类|场|次|段|篇)(?:{_HEAD})?)"
    rf"|(?P<that>(?:这|那)(?:{_HEAD}))"
    r"|(?P<person>(?:他|她)们?)|(?P<thing>它们?)|(?P<bare>这(?=是|也|都|不是|才|有|就是|[^\W]{0,2}是什么|[你您](?:都|也)不?(?:知道|认识|会|懂|记得))|那(?=是|才是|不是|也是|就是))"
)
NOT_POINTING = re.compile(
    r"(?:下面|以下|如下)的?这|[前后]面那个|这个(?:世界|社会|时代)|其[他它]|吉他|维他|马耳他|他人|他妈|他乡|他们家?俩|利他|这里?面?没有?人$|那个谁|这个那个|那边见|这样|那样|这么|那么|这就|这下|这都(?:什么|几点|啥)|那是(?:当然|肯定|必须|自然|$|因为)|那就是说|这次|那些年|那些事"
    r"|这(?:件)?事儿?$|这种事|这个(?:月|星期|礼拜|周末?|周|世纪|问题)|那个(?:年代)|这些(?:天|年)|那天|这天|这几[天年]|这(?:辈子|会儿)|这是(?:怎么了|什么意思|怎么回事|什么鬼|真的)|(?:^|[，,\s])这个吗?$|这个(?:我(?!(?:也|还|都|没)*[看听读玩吃去用]过)|真|倒|嘛|可|就不|不太?(?:清楚|知道|了解|好说))|这个有[，,。]"
)
FILLER = re.compile(
    r"(?:^|[嗯呃额哎啊了好，,\s])(?P<that>那个|这个)(?=[，,\s]*(?:[今明后昨]天|大后天|周[一二三四五六日末]|就是|那个|嗯|呃|我|你|他|她|它|请|帮|第|这|那|想|怎么说|什么来着|的话|"
    + "|".join(sorted(RELATIONAL - HEADS))
    + "))"
)
SPEAKS_OF_PERSONS = re.compile(
    r"(?:人|者|家|师|员|手|星|王|长|生|友|哥|姐|爸|妈|爷|奶|叔|姨|弟|妹|先生|女士|小姐|教授|医生|老师|同学)$"
)
APPOSED = re.compile(
    "[》”」]$|(?:看过|听过|读过|玩过|知道|了解|介绍(?:一下)?|听说过?|关于|对)[^，。！？我你他她它]{2,12}$"
)
"""A name right before a demonstrative, which then only says what it is a name of ("《后来》这首歌")."""
RETURNING = re.compile("(?:好|那|我们)?[，,]?(?:回到|说回|聊回)")
TAKES_OBJECT = frozenset(["去", "到", "吃", "就去", "想吃", "想去", "听说", "看", "说", "选", "吃到", "去到", "选择"])


@dataclass(frozen=True)
class Pointing:
    """Words of the message at `start`..`end` that point at something said before."""

    kind: Kind
    start: int
    end: int
    text: str
    head: str = ""
    """A noun that comes with the words and that what is meant must be ("这场|叛乱")."""


def pointings(text: str, hidden: Masked) -> tuple[Pointing, ...]:
    """What in `text` points out of the message; what its own words explain is left out."""
    fixed = [m.span() for m in NOT_POINTING.finditer(text)]
    fixed += [m.span("that") for m in FILLER.finditer(text)]
    found: list[Pointing] = []
    words = cut(text)
    for match in POINTING.finditer(text):
        start, end = match.span()
        if hidden.hides(start, end) or any(start < stop and begin < end for begin, stop in fixed):
            continue
        if _inside_a_name(words, start, end):
            continue
        if (begins := _description(words, match)) is not None:
            found.append(Pointing("described", begins, end, text[begins:end]))
            continue
        if _discourse(match, text):
            continue
        kind = _kind(match)
        if not _explained(text, words, start, kind, match[0]) or RETURNING.match(text):
            head = _head_behind(words, match)
            found.append(Pointing(kind, start, end + len(head), text[start : end + len(head)], head))
    return tuple(found)


def _kind(match: re.Match[str]) -> Kind:
    group = match.lastgroup
    match group:
        case "ordinal" | "list" | "both" | "pair" | "place" | "time" | "offer" | "person" | "thing":
            return group
        case "home":
            return "offer"
        case _:
            return "person" if re.search("[人生员手家女哥姐]$", match[0]) else "thing"


def _head_behind(words: Sequence[Token], match: re.Match[str]) -> str:
    """The noun right behind a demonstrative with a classifier, "" when there is none or the words name it already."""
    if match.lastgroup not in ("offer", "some") or match[0][-1] not in CLASSIFIERS or match[0][0] not in "这那":
        return ""
    behind = [word for word in words if word.start >= match.end()][:1]
    if not behind or behind[0].start != match.end():
        return ""
    event = match[0][-1] in "场次" and behind[0].tag == "v" and len(behind[0].text) == 2
    return behind[0].text if behind[0].tag == "n" or event else ""


def _description(words: Sequence[Token], match: re.Match[str]) -> int | None:
    """Where the description that goes with a demonstrative starts ("便宜的|那个", "面积最大的|那套", "雅马哈|那款")."""
    if match.lastgroup not in ("offer", "some") or match[0][0] != "那":
        return None
    before = [word for word in words if word.end <= match.start()]
    of_it = bool(before) and before[-1].text == "的"
    if of_it:
        before.pop()
    if not before or (before[-1].tag != "a" and not (before[-1].tag == "n" and (of_it or before[-1].proper))):
        return None
    at = len(before)
    while at and before[at - 1].tag in "anm" and before[at - 1].text not in TIMES:
        at -= 1
        if at and before[at - 1].text in ("最", "更", "比较") and before[at].tag == "a":
            at -= 1
    return before[at].start if at < len(before) else None


def _inside_a_name(words: Sequence[Token], start: int, end: int) -> bool:
    """Whether the library reads these characters as part of a longer word ("吉他", "那英")."""
    over = [word for word in words if word.start < end and start < word.end]
    return any(word.proper and (word.start < start or word.end > end) for word in over)


def _discourse(match: re.Match[str], text: str) -> bool:
    """Whether the words have their noun with them ("颐和园这个景点", "第一部作品") and so do not point."""
    if any(start < match.end() <= end and start > match.start() for _, start, end in kinds.found(text)):
        return True
    if match.lastgroup == "ordinal":
        behind = [word for word in cut(text) if word.start >= match.end()][:1]
        return bool(behind) and behind[0].tag == "n" and behind[0].text not in RELATIONAL and match[0][0] == "第"
    if match.lastgroup in ("some", "that", "offer") and len(match[0]) > 2 and APPOSED.search(text[: match.start()]):
        return True
    before = [word for word in cut(text) if word.end == match.start()]
    if match.lastgroup in ("some", "that", "offer") and before and before[0].tag == "n" and len(match[0]) > 2:
        return before[0].text not in TIMES
    if match.lastgroup in ("some", "that", "offer"):
        rest = text[match.end() :]
        head = cut(rest)[:1]
        if match[0][-1] in "个些种条件道场次段篇类" and head and head[0].tag == "n" and head[0].proper:
            return True
    return False


def _explained(text: str, words: Sequence[Token], start: int, kind: Kind, pointing: str) -> bool:
    """Whether an earlier word of the message is what is meant."""
    if kind == "list" and "、" in text[:start]:
        return True
    if kind in ("ordinal", "list", "both", "pair", "time"):
        return False
    head = re.search(rf"(?:{_HEAD})$", pointing)
    if head and kind in ("thing", "person") and pointing[0] in "这那":
        told = [word for word in words if word.end <= start]
        return any(word.text.endswith(head[0]) or word.proper for word in told) or _told_before(told)
    before = [word for word in words if word.end <= start and word.tag == "n" and word.text not in TIMES]
    after_preposition = {
        words[i + 1].start
        for i in range(len(words) - 1)
        if words[i].text in ("在", "从", "对", "看", "用", "到", "就", "去")
    }
    for word in before:
        if (word.start in after_preposition and kind not in ("place", "offer")) or (
            word.text in RELATIONAL and word.text not in KIN
        ):
            continue
        speaks = text[word.end : word.end + 2].startswith(("说", "觉得", "认为", "告诉", "把", "和", "跟", "的"))
        person = (
            word.proper
            or (speaks and len(word.text) <= 3)
            or word.text in KIN
            or SPEAKS_OF_PERSONS.search(word.text) is not None
        )
        owned = text[word.start - 1 : word.start] == "的" or text[word.start - 1 : word.start] in CLASSIFIERS
        long_enough = len(word.text) > 1 or (owned and word.start > 0)
        if person if kind == "person" else word.proper or (kind in ("thing", "offer", "place") and long_enough):
            return True
    return False


def _told_before(told: Sequence[Token]) -> bool:
    """Whether an earlier clause of the message has an object that may be meant ("就去恭王府，知道这个景点…吗")."""
    pause = max((i for i, word in enumerate(told) if word.tag == "x"), default=-1)
    for i, word in enumerate(told[: max(pause, 0)]):
        named = word.tag == "n" and len(word.text) > 1 and word.text not in RELATIONAL | GENERIC | WEAK_NOUNS | KIN
        if named and i and told[i - 1].text in TAKES_OBJECT:
            return True
    return False
