"""The likeliest thing that words which point back mean, among what the dialog named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh import offers
from dialog.interpret.zh.framed import framed
from dialog.interpret.zh.mentions import Mention, mentions
from dialog.interpret.zh.pointing import SPEAKS_OF_PERSONS, Kind
from dialog.interpret.zh.words import KIN, RELATIONAL, TIMES

PLACELIKE = re.compile(r"[省市县区镇村国州岛湖山河江海寺庙宫园城路街站馆店院楼厅吧场]$")
NO_PERSON = re.compile("(?:奖|奖项|号|公司|唱片|大学|学院|集团|电影节|专辑|特长|风格|代表作)$")
PERSON_TALK = re.compile("哪国人|多大年纪|身高|结婚|老婆|老公|出生|去世|性别|女儿|儿子|毕业|籍贯|年龄")
ASKS_NAME = re.compile("谁|哪[个家些部本首款种位]|推荐|介绍|叫什么")
NEW_CENTRE = 0.5
ASKED_OF = 0.8
"""What a name gains that the last message asked about, as much as one that a reply offered."""
CENTRE = 2.0
"""What the centre of the last message gains: talk goes on about the same thing unless something says otherwise (the
continue transition of centering theory, Grosz, Joshi & Weinstein 1995)."""
RIVAL = 0.25
"""How much less a name may score to be as likely; in longer talk only, where several names are about."""
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
