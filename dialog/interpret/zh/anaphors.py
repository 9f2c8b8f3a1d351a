"""Words that point back (它, 那里, 这家, 第二个, 后者) and what they point at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dialog.interpret.pack import View
from dialog.interpret.zh import kinds, offers
from dialog.interpret.zh.cues import Masked
from dialog.interpret.zh.edits import of, put, said
from dialog.interpret.zh.framed import framed
from dialog.interpret.zh.mentions import Mention, mentions, named_earlier
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import CLASSIFIERS, GENERIC, HEADS, KIN, RELATIONAL, TIMES, WEAK_NOUNS
from dialog.rewrite import Edit, Piece

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
PLACELIKE = re.compile(r"[省市县区镇村国州岛湖山河江海寺庙宫园城路街站馆店院楼厅吧场]$")
APPOSED = re.compile(
    "[》”」]$|(?:看过|听过|读过|玩过|知道|了解|介绍(?:一下)?|听说过?|关于|对)[^，。！？我你他她它]{2,12}$"
)
"""A name right before a demonstrative, which then only says what it is a name of ("《后来》这首歌")."""
NO_PERSON = re.compile("(?:奖|奖项|号|公司|唱片|大学|学院|集团|电影节|专辑|特长|风格|代表作)$")
PERSON_TALK = re.compile("哪国人|多大年纪|身高|结婚|老婆|老公|出生|去世|性别|女儿|儿子|毕业|籍贯|年龄")
RETURNING = re.compile("(?:好|那|我们)?[，,]?(?:回到|说回|聊回)")
DATED = re.compile(r"\d{3,4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|公元前?\d+年")


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


TAKES_OBJECT = frozenset(["去", "到", "吃", "就去", "想吃", "想去", "听说", "看", "说", "选", "吃到", "去到", "选择"])


def resolve_pointings(view: View, text: str, found: Sequence[Pointing]) -> tuple[tuple[Edit, ...], float]:
    """Edits for as many of `found` as can be resolved, and how sure they are (0: none, or one of them is open)."""
    edits: list[Edit] = []
    sure = 1.0
    for pointing in found:
        pieces, confidence = _antecedent(view, text, pointing)
        if not pieces and pointing.kind in ("list", "time", "ordinal") and len(found) > 1:
            continue  # "那些" is as often a slip for "哪些"; the other words can be put in all the same
        sure = min(sure, confidence)
        if pieces:
            edits.append(put(pointing.start, pointing.end, pieces, "reference"))
    return tuple(edits), sure if edits else 0.0


def _antecedent(view: View, text: str, pointing: Pointing) -> tuple[tuple[Piece, ...], float]:
    match pointing.kind:
        case "ordinal":
            return offers.nth(view, pointing.text)
        case "list":
            return offers.several(view, pointing.text)
        case "both":
            return offers.both(view)
        case "described":
            return offers.described(view, pointing.text)
        case "pair":
            return offers.one_of_two(view, former=pointing.text == "前者")
        case "time":
            return _time(view)
        case _:
            if pointing.head and pointing.head not in HEADS:
                return _named_by(view, pointing.head)
            mention = antecedent(view, pointing.kind, near=text, pointing=pointing.text)
            if mention is None:
                return (), 0.0
            most = OPEN if rivalled(view, mention, pointing.kind) else 0.9
            return of(mention), min(most, 0.45 + 0.1 * mention.score)


OPEN = 0.4
"""Confidence where two names are as likely to be meant; below what an edit is made with."""
RIVAL = 0.25
"""How much less a name may score to be as likely; in longer talk only, where several names are about."""


def rivalled(view: View, meant: Mention, kind: Kind | None) -> bool:
    """Whether another name of the last reply is about as likely to be meant as `meant`, in talk that has gone on."""
    if len(view.in_topic) < 4 or meant.text in _centres(view):
        return False
    return any(
        other.proper
        and other.text not in meant.text
        and meant.text not in other.text
        and other.person == meant.person
        and other.place == meant.place
        and abs(other.score + _fit(other, kind) - meant.score - _fit(meant, kind)) < RIVAL
        for other in mentions(view)[:6]
    )


def _named_by(view: View, head: str) -> tuple[tuple[Piece, ...], float]:
    """What "这场叛乱" or "这趟车" means: a name that ends like the noun, or that the noun is known to go with."""
    goes_with = NAMED_BY.get(head)
    near = [mention for mention in mentions(view) if mention.score >= 0.4]
    for mention in (*near, *named_earlier(view)):
        text = mention.text
        if text == head or text in RELATIONAL:
            continue
        if goes_with.fullmatch(text) if goes_with else text.endswith((head, head[-1])) and len(text) > len(head):
            return of(mention), 0.75
    return (), 0.0


def antecedent(view: View, kind: Kind | None = None, *, near: str = "", pointing: str = "") -> Mention | None:
    """The likeliest thing that words of `kind` mean; None when nothing was named.

    `near` is the message itself; `pointing` the words, whose noun ("那部电影") says what sort of thing it is.
    """

    def asked_of(mention: Mention) -> bool:
        spoken = mention.said in view.utterances[-2:] and mention.said.role == "user"
        return spoken and framed(mention.said.text) == (mention.start, mention.end)

    ranked = [mention for mention in mentions(view) if mention.score > 0.4 and mention.text not in near]
    recommends = view.last_reply is not None and "推荐" in view.last_reply.text
    offered = kind == "offer" and not any(asked_of(mention) for mention in ranked)
    if offered or (kind in ("offer", "thing", "place") and recommends):
        ranked = _in_last_reply(view, ranked) or ranked
    sort = next((pattern for heads, pattern in SORTS if re.search(heads, pointing)), None)

    centres = _centres(view)
    # A question for a name is answered by a new centre.
    bonus = NEW_CENTRE if view.last_user is not None and ASKS_NAME.search(view.last_user.text) else CENTRE

    def liking(mention: Mention) -> float:
        suits = sort is not None and (sort.search(mention.text) or (sort is TITLE and mention.titled))
        return (
            mention.score
            + _fit(mention, kind)
            + (1.5 if suits else 0.0)
            + (0.0 if asked_of(mention) else _talk(mention, near))
            + (ASKED_OF if kind == "offer" and asked_of(mention) else 0.0)
            + (bonus if mention.text in centres and (kind != "person" or _fit(mention, kind) > 0) else 0.0)
        )

    return max(ranked, key=liking, default=None)


ASKS_NAME = re.compile("谁|哪[个家些部本首款种位]|推荐|介绍|叫什么")
NEW_CENTRE = 0.5
ASKED_OF = 0.8
"""What a name gains that the last message asked about, as much as one that a reply offered."""
CENTRE = 2.0
"""What the centre of the last message gains: talk goes on about the same thing unless something says otherwise (the
continue transition of centering theory, Grosz, Joshi & Weinstein 1995)."""


def _centres(view: View) -> frozenset[str]:
    """What the latest message pointed at or left out, as it was put in."""
    turn = view.state.turns[-1] if view.state.turns else None
    edits = [edit for edit in turn.edits if edit.reason in ("reference", "omission")] if turn is not None else []
    found = frozenset(piece.text for edit in edits for piece in edit.pieces if piece.source.kind != "glue")
    if turn is not None and not any(name in turn.reply for name in found):
        named = offers.marked(turn.reply)
        if len(named) == 1:
            return frozenset(named)
    if turn is None or len(found) != 1 or any(name in turn.reply for name in found):
        return frozenset() if len(found) > 1 else found
    # A reply that opens with another name is about that.
    other = any(mention.start <= 2 and mention.proper and mention.said.text == turn.reply for mention in mentions(view))
    return frozenset() if other else found


def _in_last_reply(view: View, ranked: Sequence[Mention]) -> list[Mention]:
    """The mentions of the last reply, without parts of longer names."""
    reply = view.last_reply.text if view.last_reply else ""
    there = [mention for mention in ranked if mention.said.role == "assistant" and mention.said.text == reply]
    return [
        part
        for part in there
        if not any(
            part.text in name.text and part.text != name.text and name.score > part.score - 1.2 for name in there
        )
    ]


def _talk(mention: Mention, text: str) -> float:
    """Whether what the message says is said of people or of works ("哪年出生", "哪年上映")."""
    if mention.person and WORK_TALK.search(text):
        return -2.0
    return -1.5 if mention.titled and PERSON_TALK.search(text) else 0.0


WORK_TALK = re.compile("上映|发行|出版|播出|票房|片长|主演|导演|剧情|讲了?什么|讲的")
TITLE = re.compile("$^")
SORTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("(?:酒店|宾馆|旅馆|民宿)$", re.compile(r"(?:酒店|宾馆|饭店|公寓|旅馆|民宿|客栈|大厦)(?:[(（].*[)）])?$")),
    (
        "(?:餐厅|餐馆|饭店|饭馆|店|馆)$",
        re.compile(r"(?:店|馆|楼|厅|庄|坊|屋|吧|火锅|烤鸭|小吃|酒家|餐厅|厨房)(?:[(（].*[)）])?$|[(（].*店[)）]$"),
    ),
    (
        "(?:景点|景区|公园)$",
        re.compile(r"(?:园|寺|宫|城|山|湖|谷|陵|街|庙|馆|场|塔|村|镇|岛|河|海|桥|院|故居|景区|中心|区|市|县|州)$"),
    ),
    ("(?:电影|片子|剧|书|小说|歌|歌曲|曲子|专辑|游戏|动漫|节目|综艺|诗|文章|[部首本张])$", TITLE),
    ("(?:公司|品牌)$", re.compile("(?:公司|集团|唱片|影业|工作室|音乐)$")),
    ("(?:星座|座)$", re.compile("座$")),
)
"""What the noun of a demonstrative asks of the name it means."""


def _fit(mention: Mention, kind: Kind | None) -> float:
    text = mention.text
    if text in TIMES:
        return -3.0
    match kind:
        case "place":
            told = 0.8 if mention.place and mention.said.role == "user" else 0.0
            return told + (1.2 if PLACELIKE.search(text) or mention.place else 0.0)
        case "person" if "的" in text or mention.titled:
            return -1.5
        case "person" if (text in RELATIONAL and text not in KIN) or NO_PERSON.search(text) or text.isdigit():
            return -3.0
        case "person" if len(text) > 2 and text.endswith("人") and not mention.person:
            return -1.0
        case "person":
            person = text in KIN or SPEAKS_OF_PERSONS.search(text) or mention.person
            return 0.8 if person else -1.0 if mention.place else 0.0 if mention.proper else -0.8
        case "offer":
            return (0.8 if mention.said.role == "assistant" else 0.0) + (0.5 if mention.proper else 0.0)
        case _:
            return 0.0


NAMED_BY = {
    "车": re.compile(r"[GDCZTKY]\d{1,4}次?"),
    "航班": re.compile(r"[A-Z0-9]{2}\d{3,4}次?"),
    "火车": re.compile(r"[GDCZTKY]\d{1,4}次?"),
    "高铁": re.compile(r"[GDC]\d{1,4}次?"),
}
"""What a thing is called whose name does not end in its noun."""


def _time(view: View) -> tuple[tuple[Piece, ...], float]:
    for utterance in reversed(view.utterances[-4:]):
        dated = DATED.search(utterance.text)
        if dated:
            return said(utterance, dated.start(), dated.end()), 0.7
    return (), 0.0
