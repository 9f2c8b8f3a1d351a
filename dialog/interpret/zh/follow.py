"""Follow-ups that stand on the request: correction, replacement, refinement, exclusion, rejection, return."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.lists import items_offered
from dialog.interpret.pack import Resolution, Utterance, View
from dialog.interpret.zh import cues, kinds, questions, requests
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.edits import of, put, said
from dialog.interpret.zh.mentions import Mention
from dialog.interpret.zh.tokens import cut
from dialog.interpret.zh.words import ADJECTIVES, COPULAS, FINALS, RELATIONAL, TIMES
from dialog.rewrite import Edit, Piece

RECOMMENDS = re.compile(r"推荐|建议您|可以(?:去|试试|看看|考虑|选择)(?!网|上网)|您去|入住|前往|符合|试试|欢迎|首选")
ASKS = re.compile("几点|什么|哪|怎么|多少|多久|谁|吗|是不是|[？?]")
TAIL = re.compile(r"(?:的话|的)?(?:呢|怎么样|如何|行吗|可以吗|吧|啊|呀|好了)*[\s，。！？!?～~]*$")
SWAPS = cues.any_of("那 那么 还是 或者 要不 要么 不如 如果 如果是 如果换成 换 换成 改成 改为 换到 改到")
NEW_VALUE = re.compile(
    rf"^{cues.SPOKEN}(?P<swap>{SWAPS}*)(?P<value>[^，,。！？!?\s][^，,。！？!?]*?)"
    r"(?P<ask>呢|怎么样|如何|行吗|可以吗|吧)?[啊呀\s。！？!?～~]*$"
)
WANTS = cues.any_of("那 我想 我要 我 想要 就 给我 来 找 有没有 要不要", more="要(?![有带])")
DESCRIBES = re.compile(
    rf"^(?P<lead>{WANTS}*)"
    r"(?P<what>(?:再|更|最|稍微|稍|比较|要|带|有|没有|不|能|可以|离|适合|靠)?.{1,12}?(?:一?点儿?|一些|些)?的?)"
    r"(?P<tail>(?:有吗|有没有|吗|呢|吧|就行|就好|最好|可以吗|行吗|啊|呀)*)[\s，。！？!?～~]*$"
)
DEGREE = re.compile(
    r"^(?:再|更|稍微|稍)?[\u4e00-\u9fff]{1,3}(?:一?点儿?|一些|些)的?$|^(?:再|更)[\u4e00-\u9fff]{1,3}的?$"
)
CONSTRAINT = re.compile(r"^(?:嗯|要|大概|大约|差不多|人均|每人|一共|总共|就|最好|在|不超过|至少|最多)*(?:的)?$")


def offered(view: View) -> Mention | None:
    """What the last reply recommended, if it named one thing; the first where it named several."""
    reply = view.last_reply
    if reply is None or not RECOMMENDS.search(reply.text):
        return None
    mention = antecedent(view, "offer")
    if mention is None or mention.said.role != "assistant" or mention.said.turn_id != reply.turn_id:
        return None
    return mention


def correct(view: View, text: str) -> Resolution | None:
    """ "不是，我说的是布鲁克林": the request with the value that was meant."""
    found = (_corrected(view, request, text) for request in requests.correctable(view))
    return max((made for made in found if made), key=lambda made: made.confidence, default=None)


def _corrected(view: View, request: Utterance, text: str) -> Resolution | None:
    swap = cues.NOT_BUT.match(text)
    if swap and swap["old"] in request.text and swap["new"]:
        at = request.text.index(swap["old"])
        place = requests.Place(at, at + len(swap["old"]), at + len(swap["old"]), 0.9)
        start, end = _value_span(text, swap.start("new"), swap.end("new"))
        edits = requests.replaced(request, place, text, start, end)
        return Resolution("correct", edits, 0.85, "not-but")
    meant = cues.MEANT.match(text)
    if meant is None or not (meant["no"] or len(meant["is"]) > 1):
        return None
    start, end = _value_span(text, meant.end(), len(text))
    value = text[start:end]
    if not value or len(value) > 14 or _is_clause(value):
        return None
    strong = len(meant["is"]) > 1
    same = requests.place_for(view, request, value)
    if same is None or (same.sure < 0.7 and not strong) or not requests.asks(request):
        return None
    edits = requests.replaced(request, same, text, start, end)
    return Resolution("correct", edits, same.sure - (0.0 if strong else 0.1), "meant")


def _value_span(text: str, start: int, end: int) -> tuple[int, int]:
    value = text[start:end]
    stop = TAIL.search(value)
    end = start + (stop.start() if stop else len(value))
    while start < end and text[start] in "，,：: 　":
        start += 1
    return start, end


def _is_clause(value: str) -> bool:
    """Whether there is a verb in it, so that it is no mere value."""
    words = cut(value)
    if kinds.found(value) and sum(b - a for _, a, b in kinds.found(value)) >= len(value) - 1:
        return False
    return any(word.tag in "vqroyz" or word.text in COPULAS for word in words)


def replace(view: View, text: str) -> Resolution | None:
    """ "那泰国菜呢？", "换成川菜", "周六呢": the last request with one value changed."""
    match = NEW_VALUE.match(text)
    if match is None:
        return None
    latest, request = requests.latest_question(view), requests.standing(view)
    made = questions.other_centre(view, latest, text, match) if latest is not None else None
    return made or (_replaced(view, request, text, match) if request is not None else None)


ALLOTS = re.compile(
    rf"^{cues.SPOKEN}(?:算了|那|不如|要不)?[，,\s]*(?:我的?)?(?:预算|价位|月租|租金|价格)(?:可以|能|就|还能|也可以)*(?:加|提高|提|放宽|涨|降|减|降低|改|改为|改成|调|调整|增加)?(?:到|成|为|是|在)?[^，。]{{0,3}}?(?P<value>[\d一二三四五六七八九十两百千万.]+(?:块钱?|元)?(?:以内|以下|左右|以上)?)[吧了啊的]*[\s。！]*$"
)


def allot(view: View, text: str) -> Resolution | None:
    """ "预算可以加到五千": the request with another limit on the price."""
    request = requests.sought(view)
    if request is None or not requests.asks(request) or ALLOTS.match(text) is None:
        return None
    return Resolution("refine", requests.constrained(request, text, without=kinds.BUDGET), 0.75, "allot")


def _replaced(view: View, request: Utterance, text: str, match: re.Match[str]) -> Resolution | None:
    if not requests.asks(request):
        return None
    swap, ask = bool(re.search("换|改|还是|不如|要不", match["swap"])), match["ask"] == "呢"
    if not (swap or ask):
        return None
    start, end = match.span("value")
    value = text[start:end]
    if value.endswith("的") and not swap:
        end -= 1
        value = value[:-1]
    if not value or _is_clause(value) or len(value) > 12:
        return None
    if value in RELATIONAL and value not in request.text and not kinds.found(value):
        return None
    if goal := _goal(request, text, start, end):
        return goal
    value = _without_known(request, value)
    end = start + len(value)
    if value.endswith("的"):
        return Resolution("refine", requests.narrowed(request, text, start, end), 0.65, "swap-in")
    place = requests.place_for(view, request, value)
    if place is None:
        if kinds.found(value):
            return Resolution("refine", requests.constrained(request, text, end), 0.6, "also")
        return None
    edits = requests.replaced(request, place, text, start, end)
    return Resolution("refine", edits, place.sure, "replace")


def _goal(request: Utterance, text: str, start: int, end: int) -> Resolution | None:
    """ "到贵阳呢": another end of the same way."""
    way = re.match("(?:到|去|飞|从)", text[start:end])
    if way is None or end - start < 3:
        return None
    old = next((span for span in kinds.found(request.text) if request.text[: span[1]].endswith(way[0])), None)
    if old is None or old[0] != "city":
        return None
    place = requests.Place(old[1], old[2], old[2], 0.8)
    return Resolution("refine", requests.replaced(request, place, text, start + 1, end), 0.8, "replace")


def weather(view: View, text: str) -> Resolution | None:
    """ "明天呢" where the weather of a place is talked of, though nobody asked in so many words."""
    match = re.match(rf"^{cues.SPOKEN}那?(?P<day>[^，。！？]{{1,6}}?)的?呢[？?\s]*$", text)
    values = kinds.found(match["day"]) if match else ()
    if match is None or not values or values[0][0] != "day" or values[0][2] < len(match["day"]):
        return None
    place = antecedent(view, "place")
    for utterance in reversed(view.utterances[-2:]):
        at = utterance.text.find("天气")
        if at >= 0 and place is not None and place.place:
            start, end = match.span("day")
            about = put(end, end, said(utterance, at, at + 2), "omission")
            return Resolution("follow_up", (put(start, start, of(place), "omission"), about), 0.75, "weather")
    return None


def more(view: View, text: str) -> Resolution | None:
    """ "还有吗", "还有呢": the same request for others."""
    match = re.match(
        rf"^{cues.SPOKEN}(?P<more>还有)(?:没有|别的|其他的?|其它的?|哪些|什么|更多的?)?(?:了)?[吗呢么嘛啊呀]?[\s？?]*$",
        text,
    )
    request = requests.sought(view)
    if match is None or request is None or not requests.asks(request):
        return None
    has = re.search(r"(?<![没还])有(?=什么|哪|啥|没有|[^，。]{2,})", request.text)
    if has is None:
        return Resolution("refine", requests.constrained(request, text), 0.6, "more")
    first, last = requests.body(request)
    start, end = match.span("more")
    before = said(request, first, has.start())
    edits = (
        *((put(0, start, before, "topic"),) if before or start else ()),
        put(end, len(text), said(request, has.end(), last), "topic"),
    )
    return Resolution("refine", edits, 0.7, "more")


def _without_known(request: Utterance, value: str) -> str:
    """ "明天天气" after "今天天气怎么样" brings only 明天."""
    values = kinds.found(value)
    if values and values[0][1] == 0 and value[values[0][2] :].strip("的") and value[values[0][2] :] in request.text:
        return value[: values[0][2]]
    return value


def refine(view: View, text: str) -> Resolution | None:
    """ "便宜一点的", "四个人", "周六晚上七点": one more condition on the request."""
    request = requests.sought(view)
    if request is None or not requests.asks(request) or len(text) > 20:
        return None
    skip = len(text) - len(cues.spoken_off(text))
    if fault := re.match(r"太[\u4e00-\u9fff]了[，,\s]+", text[skip:]):
        skip += fault.end()
    match = DESCRIBES.match(text[skip:])
    asked_back = view.last_reply is not None and re.search(r"[？?]\s*$", view.last_reply.text) is not None
    if match is None or not (requests.seeks(request) or (asked_back and _all_values(match["what"]))):
        return None
    what = match["what"]
    start, end = skip + match.start("what"), skip + match.end("what")
    if DEGREE.match(what) and (what[-1] in "点些的儿") and _quality(what):
        act_edits = (
            requests.narrowed(request, text, start, end) if not match["tail"] else requests.constrained(request, text)
        )
        return Resolution("refine", act_edits, 0.75, "degree")
    priced = any(kind == "price" for kind, *_ in kinds.found(what)) and kinds.BUDGET.search(request.text)
    if priced and (_describes(what) or _all_values(what)):
        return Resolution("refine", requests.constrained(request, text, end, without=kinds.BUDGET), 0.7, "price")
    if what.endswith("的") and (_describes(what) or re.search("有", match["lead"])):
        return Resolution("refine", requests.narrowed(request, text, start, end), 0.7, "describe")
    if _all_values(what) or re.match(r"^(?:要|带|有)[^，。]{1,8}的$", what):
        return Resolution("refine", requests.constrained(request, text), 0.7, "condition")
    return None


def _quality(what: str) -> bool:
    core = re.sub(r"^(?:再|更|稍微|稍)|(?:一?点儿?|一些|些)?的?$", "", what)
    return core in ADJECTIVES or all(word.tag == "a" for word in cut(core))


def _describes(what: str) -> bool:
    words = cut(what)
    if any(word.tag in "qrzyo" for word in words) or words[0].text in ("是", "就是", "不是"):
        return False
    verbs = [
        word for word in words if word.tag == "v" and word.text not in ("要", "有", "带", "含", "没有", "适合", "靠")
    ]
    return not verbs and len(what) >= 3


def _all_values(what: str) -> bool:
    spans = kinds.found(what)
    if not spans:
        return False
    left = what
    for _, start, end in reversed(spans):
        left = left[:start] + left[end:]
    rest = re.sub("[，,\\s和的]|左右|以内|以下|以上", "", left)
    return CONSTRAINT.match(rest) is not None and all(kind != "animal" for kind, *_ in spans)


def leave_open(view: View, text: str) -> Resolution | None:
    """ "价格无所谓": a condition falls away."""
    request = requests.sought(view)
    if request is None or not requests.asks(request) or cues.LEFT_OPEN.match(text) is None:
        return None
    for kind, start, end in kinds.found(text):
        old = [span for span in kinds.found(request.text) if span[0] == kind]
        if len(old) == 1 and kind != "animal" and text[start:end] != request.text[old[0][1] : old[0][2]]:
            place = requests.Place(old[0][1], old[0][2], old[0][2], 0.75)
            return Resolution("refine", requests.replaced(request, place, text, start, end), 0.75, "also-fine")
    without = kinds.PRICE_LEVEL if kinds.ABOUT_PRICE.search(text) else _denied(text, request)
    return Resolution("refine", requests.constrained(request, text, without=without), 0.7, "leave-open")


def _denied(text: str, request: Utterance) -> re.Pattern[str] | None:
    match = re.search(r"不([\u4e00-\u9fff]{2,4})也", text)
    if match and match[1] in request.text:
        return re.compile(re.escape(match[1]) + "的?")
    return None


def exclude(view: View, text: str, edits: tuple[Edit, ...]) -> Resolution | None:
    """ "不要辣的", "除了这家": the request, with what it must not be. `edits` resolve what the message points at."""
    request = requests.sought(view)
    if request is None or not requests.asks(request) or not cues.EXCLUDED.match(text) or len(text) > 16:
        return None
    if re.search(r"[吗？?]\s*$", text) and not text.lstrip().startswith("除了"):
        return None
    words = [word for word in cut(text) if word.tag != "x"]
    objects = [word for word in words if word.tag in "namz" and word.text not in TIMES]
    if not objects:
        return None
    return Resolution("refine", (*edits, *requests.constrained(request, text)), 0.7, "exclude")


def reject(view: View, text: str, edits: tuple[Edit, ...]) -> Resolution | None:
    """ "没什么帮助", "那家关门了", "太贵了": the request again, with what is not wanted named."""
    request = requests.standing(view)
    if request is None or not requests.asks(request) or view.last_reply is None:
        return None
    suggestion = offered(view)
    blame = re.split("[，,。！!；;]", text.rstrip("，,。！!；; "))[-1]
    if cues.DISSATISFIED.match(text) or (len(text) <= 20 and cues.DISSATISFIED.match(blame)):
        edits = tuple(edit for edit in edits if text[edit.span.start : edit.span.end] not in ("这", "那"))
        named = of(suggestion) if suggestion is not None and not edits else ()
        if suggestion is not None and len(items_offered(suggestion.said.text)) > 1:
            named = ()
        return Resolution("reject", (*edits, *requests.repeated(text, request, not_this=named)), 0.7, "dissatisfied")
    fault = cues.FAULT.search(text)
    if (
        fault is None
        or ASKS.search(text)
        or not requests.seeks(request)
        or len(text) > 16
        or re.search(r"[吗么？?不没]\s*$", text)
    ):
        return None
    if edits and suggestion is not None:
        return Resolution("reject", (*edits, *requests.repeated(text, request)), 0.7, "fault")
    if suggestion is None or not _only_fault(text, fault):
        return None
    at = len(text) - len(cues.spoken_off(text))
    subject = put(at, at, of(suggestion), "omission")
    return Resolution("reject", (subject, *requests.repeated(text, request)), 0.65, "fault")


def _only_fault(text: str, fault: re.Match[str]) -> bool:
    left = cues.spoken_off(text)
    left = left.replace(fault[0], "").strip("了的啊呀吧，。！!. ")
    return all(word.tag in "dyuo" or word.text in FINALS for word in cut(left))


def go_back(view: View, text: str, match: re.Match[str], edits: tuple[Edit, ...]) -> Resolution:
    """ "回到晚饭：四个人": the topic it names, and its request, once the topic has been found.

    The interpreter asks twice: first which topic is meant, then, with that topic active, what is left out.
    """
    named = match["a"] or match["b"] or ""
    request = requests.sought(view)
    left = view.utterances[-1].topic_id if view.utterances else ""
    if request is None or view.state.active_topic == left or not requests.asks(request):
        return Resolution("return", edits, 0.6, "return", topic_cue="return", return_to=named)
    if edits and cut(text[match.end() :]):
        return Resolution("return", edits, 0.75, "return", topic_cue="return", return_to=named)
    whole: Sequence[Piece | Edit] = requests.constrained(request, text)
    return Resolution("return", (*edits, *whole), 0.75, "return", topic_cue="return", return_to=named)  # type: ignore[arg-type]
