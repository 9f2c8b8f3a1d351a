"""Zero anaphora: the place in a clause where a subject or object is missing, and what belongs there.

Chinese drops whatever the talk is about (Li & Thompson 1981, ch. 24; topic chains, Tsao 1979). The rules look at one
clause: fillers and frames such as 你觉得 come off the front, particles off the end; the class of the first word tells
whether a subject is missing, that of the last whether an object is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.anaphors import antecedent
from dialog.interpret.zh.edits import glue, of, put, said
from dialog.interpret.zh.mentions import Mention, inside_frame, mentions
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import (
    ADJECTIVES,
    ASPECTS,
    COPULAS,
    DEFINITE,
    DEGREES,
    FELT_VERBS,
    FILLERS,
    FINALS,
    IMPERATIVES,
    LIGHT,
    OBJECT_VERBS,
    OPEN_VERBS,
    RELATIONAL,
    TELLS,
    TIMES,
    WEATHER,
)
from dialog.rewrite import Edit, Piece

WHY = re.compile(r"^(?:那|可是|但|哦|啊)?(?P<why>为什么|为啥|为何|为嘛)(?:呢|啊|呀|吗|\s)*[？?]?$")
OF_PLACES = re.compile("好玩|好吃的|特产|景点|美食|小吃|天气|下雨|下雪|冷|热|气温|多少度|雾霾|带伞")
TALKS_OF_WEATHER = re.compile("天气|下雨|气温|温度|多云|度到|下雪|空气")
ASKS = re.compile(r"谁|什么|啥|哪[个里儿些家部本首国年天]?|多少|几[点个岁号]?|怎么样?|如何|多[高大长重远]")
FIRST_PERSON = re.compile(r"^(?:因为|所以|我们?|俺|咱们?|但是?|可是|嗯+|是的?|对[啊呀]?|当然|哈+|其实)+")
POSSIBLE = re.compile(r"^[\u4e00-\u9fff][不得](?:起|了|到|动|完|懂|下|来|去|住|着|上|清|见|惯)$")


@dataclass(frozen=True)
class Filled:
    """Edits that put back what was left out, how sure they are (0..1), and which rule found them."""

    edits: tuple[Edit, ...]
    confidence: float
    rule: str


def fill(view: View, text: str) -> Filled | None:
    """What is missing in `text`, put back; None when nothing is missing or nothing fits."""
    clause = _only_clause(text)
    if clause is None:
        return None
    words = [
        word for word in cut(text) if clause[0] <= word.start and word.end <= clause[1] and not word.text.isspace()
    ]
    main = _main(words)
    if not main:
        return None
    return (
        _why(view, text)
        or _echo(view, text, main)
        or _same_predicate(view, text, main)
        or _part_of(view, text, main)
        or _one_of_them(view, text, main)
        or _definite(view, text, main)
        or _missing_object(view, text, main)
        or _missing_subject(view, text, main)
        or _answer(view, text, main)
        or _part_of_offer(view, text, main)
    )


ACKNOWLEDGING = re.compile(
    r"(?:好|行|可以|嗯+|恩+|哦+|噢|啊|呃|哎|唉|哈+|是|对|没错|不错|真不错|是不错|挺好|非常好|太好|太棒|太毙|厉害|谢谢.{0,3}|多谢|感谢|太感谢.{0,3}|抱歉|不好意思|比如|没关系|知道|明白|清楚|收到|当然|当然有|还行|"
    r"学习|真遗憾|原来如此|原来是这样|这样|了解|你好|您好|请问|那|也行|也好|也可以|听你的|没事|没问题|ok|OK|真的|是吗|真好|辛苦|巧|不对|不是|错|其实|但是|可是|不过|所以|有|没有)"
    r"(?:[的了啦呀啊呢吧嘛嘞滴哦吗哈呦]|真的?)*"
)


def _only_clause(text: str) -> tuple[int, int] | None:
    """The one clause that says something, after words of assent; None when there are more (then it is told in full)."""
    clauses = [(m.start(), m.end()) for m in re.finditer(r"[^，。！？；：,!?;:\n～~…]+", text)]
    while len(clauses) > 1 and ACKNOWLEDGING.fullmatch(text[slice(*clauses[0])].strip()):
        clauses.pop(0)
    while len(clauses) > 1 and ACKNOWLEDGING.fullmatch(text[slice(*clauses[-1])].strip()):
        clauses.pop()
    return clauses[0] if len(clauses) == 1 else None


def _main(words: Sequence[Token]) -> list[Token]:
    """The clause proper: without fillers and frames before it, and without closing punctuation."""
    rest = list(words)
    while rest and rest[-1].tag == "x":
        rest.pop()
    while len(rest) > 1:
        if rest[0].tag == "x" or (rest[0].text in FILLERS and _may_drop(rest)):
            rest.pop(0)
        elif rest[0].tag == "r" and len(rest) > 2 and rest[1].text in FELT_VERBS and _clause_follows(rest[2:]):
            del rest[:2]
        elif rest[0].text in FELT_VERBS and len(rest) > 2 and _clause_follows(rest[1:]):
            rest.pop(0)
        else:
            break
    return rest


def _may_drop(rest: Sequence[Token]) -> bool:
    """是 and 不是 open a predicate ("是什么") as well as they affirm ("是 我去过")."""
    if rest[0].text in ("没有", "不", "知道", "当然", "可能", "应该", "真的", "好", "大概", "好像", "也许"):
        return rest[1].tag == "x" or rest[1].tag == "r"
    if rest[0].text in ("是", "不是", "就是", "听说", "不知道"):
        orders = rest[1].text in IMPERATIVES and rest[0].text == "就是"
        return rest[1].tag in "xr" or orders
    return True


def _clause_follows(rest: Sequence[Token]) -> bool:
    return (
        (rest[0].tag in "dvaoqtp" or rest[0].text in RELATIONAL)
        and any(word.tag in "vaq" for word in rest)
        and rest[0].tag != "y"
    )


def _content_end(main: Sequence[Token]) -> int:
    """Index after the last word that is no sentence-final particle."""
    end = len(main)
    while end > 1 and (main[end - 1].text in FINALS or main[end - 1].tag in "yx"):
        end -= 1
    return end


# --- why -------------------------------------------------------------------------------------------------------------


def _why(view: View, text: str) -> Filled | None:
    """ "为什么" asks for the reason of what was just said."""
    match = WHY.match(text)
    claim = view.last_reply or view.last_user
    if match is None or claim is None:
        return None
    start = 0
    lead = FIRST_PERSON.match(claim.text)
    if lead and lead.end() < len(claim.text):
        start = lead.end()
    end = re.search(r"[。！？!?，,\n]|[啊呀吧呢哦啦吗嘛]?$", claim.text[start:])
    stop = start + (end.start() if end else 0)
    if not 2 <= stop - start <= 20:
        return None
    at = match.end("why")
    return Filled((put(at, at, said(claim, start, stop), "omission"),), 0.6, "why")


# --- objects ---------------------------------------------------------------------------------------------------------


def _missing_object(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A verb that wants an object, at the end, with only pronouns and adverbs before it."""
    end = _content_end(main)
    at = end - 1
    while at > 0 and (main[at].text in ASPECTS or (main[at].tag == "r" and main[at - 1].text in TELLS)):
        at -= 1
    verb = main[at]
    if not (_wants_object(verb.text) or verb.tag in "vo") or main[0].text in COPULAS:
        return None
    before = main[:at]
    if any(
        word.tag not in "rdotycqpvx" or (word.tag == "q" and word.text in ("谁", "哪个", "什么")) for word in before
    ):
        return None
    if any(word.tag == "v" and word.text not in FELT_VERBS and word.text not in LIGHT for word in before):
        return None
    if not before and verb.text in IMPERATIVES and len(verb.text) == 1 and at == end - 1:
        return None
    place = main[end - 1].end
    copied = _object_elsewhere(view, verb.text)
    if copied is not None:
        return Filled((put(place, place, copied, "omission"),), 0.75, "object")
    mention = antecedent(view, near=text)
    if mention is None or not _wants_object(verb.text):
        return None
    return Filled((put(place, place, of(mention), "omission"),), min(0.8, 0.4 + 0.1 * mention.score), "object")


def _wants_object(verb: str) -> bool:
    return (
        verb in OBJECT_VERBS
        or verb in TELLS
        or re.fullmatch(r"(.)[不没]\1过?", verb) is not None
        or POSSIBLE.match(verb) is not None
        or (len(verb) == 2 and verb[1] in "过到了" and verb[0] in OBJECT_VERBS)
        or (len(verb) == 3 and verb[0] == "没" and verb[2] == "过" and verb[1] in OBJECT_VERBS)
        or (len(verb) == 2 and verb[0] in "想要爱会" and verb[1] in OBJECT_VERBS)
    )


def _object_elsewhere(view: View, verb: str) -> tuple[Piece, ...] | None:
    """What the same verb had as its object a moment ago: "我也想吃" after "我在吃肯德基" is about 肯德基."""
    core = re.sub(r"^没|[过到了]$|^[想要爱会](?=.)", "", verb) or verb
    if core in ("有", "要", "去", "发", "没有", "给"):
        core = verb
    for utterance in reversed((view.in_topic or view.utterances)[-2:]):
        for match in re.finditer(re.escape(core), utterance.text):
            phrase = _object_at(utterance, match.end())
            if phrase:
                return phrase
    return None


def _object_at(utterance: Utterance, start: int) -> tuple[Piece, ...] | None:
    text = utterance.text
    skip = re.match(
        r"(?:过|了|着|到|的是|一下|点|什么|哪些|哪个|啥|一[个家部本首款种只]|个|[不没]\w(?=\w)|那|这)*", text[start:]
    )
    start += skip.end() if skip else 0
    stop = re.search(r"[，。！？!?；;,\s]", text[start:])
    end = start + stop.start() if stop else len(text)
    start, end = inside_frame(text, start, end)
    words = cut(text[start:end])
    if not 0 < end - start <= 10 or not words:
        return None
    if words[0].tag not in "na" or any(word.tag not in "namu" for word in words) or words[-1].tag != "n":
        return None
    return said(utterance, start, end)


def _part_of(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "你最喜欢哪个人", "你喜欢里面的谁": which one, but of what."""
    for i, word in enumerate(main[:-1]):
        if word.text not in ("喜欢", "爱", "讨厌", "看好", "爱看", "爱听", "爱玩"):
            continue
        behind = main[i + 1]
        which = behind.text.startswith("哪") or behind.text in ("里面", "里边", "里") or behind.text == "谁"
        if not which or any(other.tag == "n" and other.proper for other in main[:i]) or main[0].tag not in "rdv":
            return None
        mention = antecedent(view, near=text)
        if mention is None or mention.score < 1.2:
            return None
        pieces = (*of(mention), *(glue("里的") if behind.text == "谁" else ()))
        return Filled((put(behind.start, behind.start, pieces, "omission"),), 0.6, "part-of")
    return None


def _one_of_them(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "再讲几个", "你也找一个": a number without what is counted."""
    end = _content_end(main)
    last = main[end - 1]
    if not COUNTED.search(last.text) or last.tag not in "mnq" or not any(word.tag == "v" for word in main[: end - 1]):
        return None
    if any(word.tag in "nz" for word in main[: end - 1]) or main[0].text in COPULAS:
        return None
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.0:
        return None
    return Filled((put(last.end, last.end, of(mention), "omission"),), 0.55, "one-of")


COUNTED = re.compile(r"^(?:[一两三几]|[一两三]?)(?:个|部|本|首|款|种|张|段|篇|集|句|只|条|家)$")


def _echo(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "我也是", "我也觉得", "你猜", "你说呢": what was just said or asked is the rest of it."""
    last = view.utterances[-1] if view.utterances else None
    end = _content_end(main)
    words = "".join(word.text for word in main[:end])
    if last is None or last.role != "assistant":
        return None
    agrees = re.fullmatch(r"我(?:也|还|都)*(?:是|这么觉得|觉得|这么认为|这么想|同意)", words)
    asks_back = re.fullmatch(r"你(?:说|猜|觉得|认为)(?:说|看|猜|一下)?", words) and ASKS.search(last.text)
    if not (agrees or asks_back):
        return None
    start, stop = _claim(last.text)
    if not 2 <= stop - start <= 16 or re.search("[我你您]", last.text[start:stop]):
        return None
    at = main[end - 1].end
    return Filled((put(at, at, said(last, start, stop), "omission"),), 0.55, "echo")


def _same_predicate(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "你会吗", "我不想", "我不是": a modal verb or copula whose complement was said a moment ago."""
    end = _content_end(main)
    last = main[end - 1]
    verb = last.text.lstrip("不没也")
    if verb not in COMPLEMENT_OF or any(word.tag not in "rdo" for word in main[: end - 1]):
        return None
    at = last.end
    for utterance in reversed((view.in_topic or view.utterances)[-2:]):
        for match in re.finditer(COMPLEMENT_OF[verb], utterance.text):
            start, stop = match.end(), len(utterance.text)
            pause = re.search(r"[，。！？!?,\s]", utterance.text[start:])
            stop = start + pause.start() if pause else stop
            stop -= len(utterance.text[start:stop]) - len(
                re.sub(r"(?:[吗呢吧啊呀哦啦嘛么了的]|没有|没|不)+$", "", utterance.text[start:stop])
            )
            if 1 <= stop - start <= 10 and not re.search("[我你您谁哪]|什么|怎么", utterance.text[start:stop]):
                return Filled((put(at, at, said(utterance, start, stop), "omission"),), 0.6, "predicate")
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.5 or main[0].tag != "r":
        return None
    return Filled((put(at, at, of(mention), "omission"),), 0.5, "predicate")


COMPLEMENT_OF = {
    "会": r"会不会|不会|会(?!不)",
    "想": r"想不想|不想|想要?(?!不)",
    "要": r"要不要|不要|想要?|要(?!不)",
    "能": r"能不能|不能|能(?!不)",
    "敢": r"敢不敢|不敢|敢(?!不)",
    "可以": r"可不可以|可以",
    "是": r"是不是|不是|是(?!不)",
    "就是": r"是不是|不是|是(?!不)",
}


def _claim(text: str) -> tuple[int, int]:
    """The first clause of `text` without the speaker and without closing particles."""
    lead = re.match(
        r"(?:因为|所以|那么?|但是?|可是|嗯+|是的?|对[啊呀]?|当然|哈+|其实|我们?|个人|俺|也|觉得|认为|[，,\s])+", text
    )
    start = lead.end() if lead and lead.end() < len(text) else 0
    stop = re.search(r"[。！？!?，,\n]|[啊呀吧呢哦啦吗嘛阿]?$", text[start:])
    return start, start + (stop.start() if stop else 0)


def _definite(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "酒店的电话是多少": a kind of thing as the owner of something, where one of that kind is talked of."""
    if len(main) < 3 or main[0].text not in DEFINITE or main[1].text not in RELATIONAL | {"的"}:
        return None
    mention = antecedent(view, "offer", near=text, pointing=main[0].text)
    if mention is None or mention.score < 1.5:
        return None
    pieces = of(mention)
    return Filled((put(main[0].start, main[0].end, pieces, "reference"),), 0.65, "definite")


# --- subjects --------------------------------------------------------------------------------------------------------


FOR_ME = re.compile("[给帮替陪教]我|从.+[到去]")


def _missing_subject(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A clause that starts with its predicate, or with something that belongs to the thing talked about."""
    first = main[0]
    opening = None if FOR_ME.search(text) else _opening(main)
    if opening is None or (opening == "question" and _has_its_own(main)):
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
    sure = {"predicate": 0.5, "copula": 0.5, "owner": 0.55, "question": 0.5, "time": 0.55, "noun": 0.3}[opening]
    at = first.start
    return Filled((put(at, at, pieces, "omission"),), min(0.85, sure + 0.08 * mention.score), f"subject-{opening}")


def _part_of_offer(view: View, text: str, main: Sequence[Token]) -> Filled | None:
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
            return "predicate" if main[i].text in ("离", "比", "在", "对", "跟", "和") and i + 1 < len(main) else None
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
    if word.text in OPEN_VERBS:
        return "predicate"
    if word.tag == "v":
        return "predicate" if _stative(main[i:], bool(i)) and not _has_its_own(main) else None
    return None


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


# --- answers ---------------------------------------------------------------------------------------------------------


def _answer(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A bare noun phrase that answers "X是谁", or says what X is."""
    last = view.utterances[-1] if view.utterances else None
    end = _content_end(main)
    if last is None or last.role != "assistant" or not _nominal(main[:end]):
        return None
    at = main[0].start
    whole = WH_CLAUSE.search(last.text)
    if whole and whole["before"] + whole["after"] and not re.search("[我你您]", whole["before"] + whole["after"]):
        stop = main[end - 1].end
        rest = said(last, whole.start("after"), whole.end("after"))
        edits = (
            [put(at, at, said(last, whole.start("before"), whole.end("before")), "omission")] if whole["before"] else []
        )
        return Filled((*edits, *([put(stop, stop, rest, "omission")] if rest else [])), 0.6, "answer")
    asked = ASKED.search(last.text)
    if asked and not re.search("[我你您]", asked["about"]):
        about = said(last, asked.start("about"), asked.end("about"))
        return Filled((put(at, at, about, "omission"),), 0.6, "answer")
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.5:
        return None
    described = main[0].tag == "r" or COUNTED.match(main[0].text) is not None or main[0].text.startswith("一")
    brief = len(last.text) <= 8 and mention.score >= 2.5 and re.search("什么|啥|谁", last.text)
    if described or brief or re.search("是谁|是什么|是啥", last.text):
        return Filled((put(at, at, (*of(mention), *glue("是")), "omission"),), 0.5, "answer")
    return None


WH_CLAUSE = re.compile(
    r"(?:^|[，,。！!？?\s])(?:那么?|请问|哦|嗯|啊)?(?P<before>[^，,。！!？?\s]{0,10}?)(?:什么时候|啥时候|什么时间|谁|几[点号个天年岁只部]|多少钱?|多久|哪[里儿]|什么(?:地方|颜色|类型)?|啥)"
    r"(?P<after>[^，,。！!？?\s]{0,8}?)[啊呀呢阿吗嘛的]*[\s？?]*$"
)
ASKED = re.compile(
    r"(?P<about>[^，。！？!?,\s]{1,12}?(?:是|在|叫|等于))(?:谁|什么|啥|哪里|哪儿|哪个?|神马|几|多少|那里|(?:[^，。！？]{1,6}还是[^，。！？]{1,6}))?"
    r"(?:地方|东东|东西|地儿)?[啊呀呢阿吗嘛]?[\s？?]*$"
)


def _nominal(words: Sequence[Token]) -> bool:
    """A bare noun phrase of up to six words: "唐高祖", "我的偶像", "一个男歌手"."""
    if not words or len(words) > 6 or words[0].tag not in "nmrt" or words[-1].tag not in "nmr":
        return False
    if words[0].tag == "r" and len(words) > 1 and words[-1].tag == "r":
        return False
    return all(word.tag in "nmtua" or (word.tag == "r" and i == 0) for i, word in enumerate(words))


__all__ = ["Filled", "fill"]
