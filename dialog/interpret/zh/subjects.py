"""Missing subjects: a clause that starts with its predicate, or with a noun that belongs to something."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled
from dialog.interpret.zh.cues import CONCLUDES
from dialog.interpret.zh.edits import glue, of, put
from dialog.interpret.zh.mentions import Mention, mentions
from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import (
    ADJECTIVES,
    COPULAS,
    DEFINITE,
    DEGREES,
    FELT_VERBS,
    GENERIC,
    IMPERATIVES,
    OBJECT_VERBS,
    OPEN_VERBS,
    RELATIONAL,
    TIMES,
    WEAK_NOUNS,
    WEATHER,
)

OF_PLACES = re.compile("好玩|好吃的|特产|景点|美食|小吃|天气|下雨|下雪|冷|热|气温|多少度|雾霾|带伞")


TALKS_OF_WEATHER = re.compile("天气|下雨|气温|温度|多云|度到|下雪|空气")


POSSIBLE = frozenset(["会", "能", "可以", "要", "需要", "应该", "用", "能不能", "会不会", "可不可以", "要不要"])
"""Modal verbs that ask what may be done with the thing talked about ("可以养猫吗")."""
FOR_ME = re.compile("[给帮替陪教]我|从.+[到去]")
CHOOSES = re.compile(r"哪一?[个款种家部本首](?:好|合适|划算)?[呢啊呀]?[\s。？?]*$")
ADVICE = re.compile(r"^(?:我|那|还)?(?:应该|该|要|需要|得)[^，。的]{1,2}(?:什么|哪|几)")
"""Asks what the one who asks should do ("应该挂什么科")."""
FRAMED = re.compile(
    r"(?:^|[，,])(?:那|哦|嗯)?[你您]?(?:知道|看过|听过|读过|认识|了解)(?!什么|怎么|谁|讲|写|唱|演|哪|为|几|多|是|有|在|会|能|可|都|也|还|不|它|他|她|这|那)"
    r"[^，。！？?]{2,}?(?:吗|么|嘛|没有?|不)[\s？?]*$"
)
"""Asks whether one knows what it names ("你知道无声告白吗")."""
WANTS_OF_SELF = re.compile(
    "^(?:可以|能|能不能|可不可以)?帮我|^(?:想|要)[吃去买学看找][^吗]*$|^(?:又|刚刚?|最近)?梦[见到]"
    "|^[和跟][^，]*(?:分手|吵架|表白|闹)|^可以和"
)
"""What speakers tell or want of themselves: no subject but they is missing."""
NOT_SO = re.compile("不对不对|[今明后]天[^，。]*我(?:没|不|要|有)")
ORDERS = re.compile(
    "(?:请|再)?(?:写|画|讲|说|唱|算|列|做|编|起|翻译|总结|推荐)(?:出|一?下)?[一几两三]?[个首篇段句份张条封些点]|有没有[^，。]*的[^，。的吗]{2,}"
    r"|(?:请问|最近)?(?:可以|能不能|能|可不可以)?(?:提供|介绍|推荐)[一几]?[个些家]?[^，。]{4,}"
    r"|(?:请问|最近)?有(?:什么[^，。]{4,}|[^，。]{4,}的[^，。的]{1,6})吗"
)
"""What asks the assistant to do something, or for something described: no subject is missing."""


def definite(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "酒店的电话是多少": a kind of thing as the owner of something, where one of that kind is talked of."""
    if len(main) < 3 or main[0].text not in DEFINITE or main[1].text not in RELATIONAL | {"的"}:
        return None
    mention = antecedent(view, "offer", near=text, pointing=main[0].text)
    if mention is None or mention.score < 1.5:
        return None
    pieces = of(mention)
    return Filled((put(main[0].start, main[0].end, pieces, "reference"),), 0.65, "definite")


SURE = {
    "predicate": (0.4, 0.65),
    "copula": (0.45, 0.7),
    "owner": (0.45, 0.7),
    "question": (0.4, 0.6),
    "time": (0.55, 0.8),
}
"""Least and most confidence in a subject put back, by what the clause opens with, after how often it is right."""


def missing_subject(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A clause that starts with its predicate, or with something that belongs to the thing talked about."""
    first = main[0]
    if CHOOSES.search(text) or NOT_SO.search(text) or ADVICE.match(text):
        return None
    named = FRAMED.search(text)
    if named and not any(word.text in RELATIONAL for word in main[:2]):
        return None
    opening = None if FOR_ME.search(text) or ORDERS.match("".join(word.text for word in main)) else _opening(main)
    if opening == "predicate" and (view.goes_on or CONCLUDES.match(text) or (named is None and "我" in text)):
        return None
    if opening == "predicate" and WANTS_OF_SELF.search("".join(word.text for word in main)):
        return None
    if opening is None or (opening == "question" and _has_its_own(main)):
        return None
    just_said = view.last_reply is not None and first.text in view.last_reply.text
    if opening == "owner" and just_said and text[: first.start].endswith(("那个", "这个")):
        return None
    if opening == "question" and first.text in ("为什么", "为啥", "什么", "怎么") and _new_noun(view, main):
        return None
    mention = antecedent(view, "place" if OF_PLACES.search(text) else None, near=text)
    if mention is None:
        return None
    pieces = of(mention)
    if opening == "time":
        place = _place_talked_of(view)
        if place is None:
            return None
        pieces = of(place)
    if opening == "owner" and _owner_wants_de(main):
        pieces = (*pieces, *glue("的"))
    at = first.start
    base, most = SURE[opening]
    confidence = min(most, base + 0.05 * mention.score)
    return Filled((put(at, at, pieces, "omission"),), confidence, f"subject-{opening}")


def _new_noun(view: View, main: Sequence[Token]) -> bool:
    """Whether the clause brings up a thing of its own that nobody spoke of yet."""
    told = "\n".join(utterance.text for utterance in view.utterances[-6:])
    if main[0].text == "什么" and len(main) > 1 and main[1].text in GENERIC:
        return main[1].text not in told
    others = RELATIONAL | GENERIC | WEAK_NOUNS | ADJECTIVES | OPEN_VERBS
    return any(
        word.tag == "n" and len(word.text) > 1 and word.text not in others and word.text not in told
        for word in main[1:]
    )


def part_of_offer(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "噪音大吗" right after something was recommended: a noun of no owner and what is asked about it."""
    behind = [word.tag for word in main[1:]]
    if main[0].tag != "n" or main[0].proper or not 1 <= len(behind) <= 3 or behind[0] not in "adq":
        return None
    reply = view.last_reply
    if reply is None or "推荐" not in reply.text or any(main[0].text in said.text for said in view.utterances[-2:]):
        return None
    mention = antecedent(view, "offer", near=text)
    if mention is None or mention.said.text != reply.text or main[0].text in DEFINITE | TIMES:
        return None
    return Filled((put(main[0].start, main[0].start, of(mention), "omission"),), 0.55, "subject-part")


def _opening(main: Sequence[Token]) -> str | None:
    """What kind of subject is missing at the start of `main`; None: none is."""
    i = 0
    if main[0].tag == "t" and not any(word.text in WEATHER or WEATHER & set(word.text) for word in main):
        return None
    while i < len(main) and (main[i].tag in "dop" or main[i].tag == "t") and main[i].tag != "x":
        if main[i].tag == "p":
            asked = main[i].text == "用" and main[i + 1 : i + 2] and main[i + 1].tag == "q"
            opens = main[i].text in ("离", "比", "在", "对", "跟", "和", "被") or asked
            return "predicate" if opens and i + 1 < len(main) else None
        i += 1
    if (
        i
        and main[i - 1].text in DEGREES
        and main[i : i + 1]
        and main[i].tag in "nav"
        and main[i].text not in OBJECT_VERBS
    ):
        return None if _has_its_own(main) else "predicate"
    if i >= len(main):
        return "predicate" if main[0].tag in "do" and len(main) > 1 else None
    word = main[i]
    timed = any(other.tag == "t" for other in main[:i])
    if timed:
        return "time" if any(other.text in WEATHER or WEATHER & set(other.text) for other in main[i:]) else None
    if word.text in COPULAS:
        return "copula"
    if word.text in RELATIONAL:
        return "owner"
    if word.tag == "a" or word.text in ADJECTIVES:
        attributive = i + 1 < len(main) and main[i + 1].tag == "n"
        own = word.text not in ADJECTIVES and _has_its_own(main)
        return None if (attributive and not i) or own else "predicate"
    if word.tag == "q":
        return _question_opening(main[i:])
    if i and main[i - 1].text in POSSIBLE and word.tag == "n" and not word.proper and main[-1].text in ("吗", "么"):
        return "predicate"
    if word.tag == "v" and i and main[i - 1].text in POSSIBLE and i + 1 < len(main) and main[i + 1].tag == "n":
        return "predicate" if main[-1].text in ("吗", "么") and not _has_its_own(main) else None
    if word.text in OPEN_VERBS or _after_trying(main[i:]):
        return "predicate"
    if word.tag == "v":
        return "predicate" if _stative(main[i:], bool(i)) and not _has_its_own(main) else None
    return None


def _after_trying(rest: Sequence[Token]) -> bool:
    """Whether it says what comes of eating, using or reading what is not named ("吃了会胖", "看完感觉咋样")."""
    if len(rest) < 3 or rest[0].text not in TRIED or rest[1].text not in ("了", "完", "起来", "着", "多", "多了"):
        return False
    return any(word.tag in "aoq" for word in rest[2:]) and not any(word.tag in "nr" for word in rest[2:])


TRIED = frozenset(["吃", "喝", "用", "看", "读", "听", "玩", "穿", "戴", "闻", "摸", "骑", "开", "住"])


def _has_its_own(main: Sequence[Token]) -> bool:
    """Whether the clause names what it is about, or speaks of the people in the room."""
    named = [word for word in main if word.proper and len(word.text) > 1]
    return bool(named) or any(word.text in ("你", "您", "我", "我们", "咱们") for word in main[:-1])


def _question_opening(rest: Sequence[Token]) -> str | None:
    if (
        rest[0].text in ("谁", "哪里", "哪儿", "多少", "什么", "啥", "为什么", "怎么", "为啥", "什么时候", "几点")
        and len(rest) > 1
    ):
        orders = any(word.text in IMPERATIVES and word.text not in OPEN_VERBS for word in rest[1:2])
        persons = any(word.tag == "r" for word in rest[:3])
        others = [
            word
            for word in rest[1:]
            if word.tag == "n" and word.text not in RELATIONAL and (word.proper or len(word.text) >= 4)
        ]
        return None if persons or others or (orders and rest[0].text == "谁") else "question"
    return "question"


def _stative(rest: Sequence[Token], after_adverb: bool) -> bool:
    """Whether the verb that opens the clause says what something is or does, and is no order."""
    verb = rest[0]
    if verb.text in IMPERATIVES or verb.text in OBJECT_VERBS or verb.text in FELT_VERBS:
        return False
    return after_adverb or len(rest) <= 3 or any(word.tag in "yqu" for word in rest[1:])


def _owner_wants_de(main: Sequence[Token]) -> bool:
    return len(main) > 1 and main[1].text in COPULAS and main[0].text not in ("里面", "里", "里边")


def _place_talked_of(view: View) -> Mention | None:
    talk = " ".join(utterance.text for utterance in (view.in_topic or view.utterances)[-4:])
    if not TALKS_OF_WEATHER.search(talk):
        return None
    places = [mention for mention in mentions(view) if mention.place or mention.text[-1] in "省市县区州"]
    return places[0] if places else None
