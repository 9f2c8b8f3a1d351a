"""Slot tracking in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dialog.interpret.lists import items_offered
from dialog.interpret.pack import Resolution, View
from dialog.interpret.slots import zh_find, zh_general
from dialog.interpret.slots.general import GENERAL
from dialog.interpret.slots.mentions import Found, Kind
from dialog.interpret.slots.plan import Plan, SlotPlan
from dialog.interpret.slots.tracker import track
from dialog.interpret.slots.zh_plan import fields_in, plan_of
from dialog.interpret.slots.zh_values import iso_date, iso_time, number_of
from dialog.slots import SlotSchema
from dialog.state import SlotContent, SlotValue


def read_slots(
    view: View, text: str, resolution: Resolution, schema: SlotSchema | None, now: datetime | None
) -> Sequence[SlotValue]:
    """What the Chinese message `text` says about slots; see `LanguagePack.slots`."""
    if schema is None:
        return track(view, text, GENERAL, GeneralChinese(), now=now, scope="topic")
    return track(view, text, schema, Chinese(), now=now)


_ACCEPTS = re.compile(
    r"^\W*(?:好|可以|行|没问题|对|是的|嗯|就(?:这|它|他|去|要|定|选)|不错|挺好|同意|确认|要的"
    r"|听你的|成|ok|没错|当然|太好)",
    re.I,
)
_REFUSES = re.compile(r"^\W*(?:不[，,。要行好用是对]|不了|算了|别|没有)|换一?个|换一?家|别的|其他|其它|还有没有|另外")
_ASKS = re.compile(r"[？?]|吗|呢$|多少|什么|哪|怎么|几点|告诉|发给?我")
_ANY = re.compile(
    r"(?:都行|都可以|随便|无所谓|没(?:有)?要求|不限|不挑|均可|什么都|哪(?:里|儿|天|家|种)?都(?:行"
    r"|可以)|都没问题|怎么都行|没关系|无要求|你定|您定|你决定)"
)
_CLEAR = re.compile(
    r"(?:忘(?:了|掉)|取消|去掉|不(?:用|要)?(?:管|考虑|在乎)|不限制|删掉|别管|忽略)(?P<what>[^"
    r"，。！？]{0,10})|(?P<what2>[^，。！？]{1,8}?)(?:就?不(?:用|要)(?:管|考虑)了|就算了|不重要了)"
)
_REVERT = re.compile(
    r"(?:还是)?(?:回到|换回|改回|恢复)(?:到)?(?:最?(?P<first>初|开始|早|原来|第一)|(?P<prev>之前"
    r"|刚才|上一|前面|先前))|还是(?:按)?(?P<same>原来|之前|刚才|最初)的?"
)
_DONE = re.compile(
    r"(?:吃|用|玩|逛|游玩|溜达|住|安顿|安排|休息|爬|参观|游览|饱餐|就餐|用餐|蒸|喝)[^"
    r"，。！？的]{0,5}?(?:完|过|好|结束|以后|之后|后|下|饱)[^，。！？的找推]{0,4}?(?:饭|餐|后|了"
    r"|以后|之后|，|(?=我|想|要|还|再|去|晚|找))"
)
_WAY = re.compile(
    r"(?:从|由)[^，。！？]{2,40}?((?:乘坐?|坐|打|叫|搭)?(?:地铁|出租车?|的士?|车)?)(?:前往|去往|去"
    r"|到)[^，。！？]{2,40}?(的|，|。|$)"
)
_MEANT = re.compile(
    r"^\W*(?:不对|不是|不|错了|说错了|搞错了|抱歉|等等|不好意思)[，,。\s]*(?:我(?:说的|指的"
    r"|的意思)?是|是|应该是|改成|换成)?(?P<new>[\u4e00-\u9fffA-Za-z·]{2,10}?)(?:[，。！]|$)"
    r"|^\W*(?:我(?:说的|指的|的意思)是|应该是)(?P<other>[\u4e00-\u9fffA-Za-z·]{2,10}?)(?:[，。！]|$)"
)
_SEARCHES = re.compile(r"推荐|帮我找|帮我们找|请找|想找|找一?[个家间]|要找|查找|搜一?下")
_AMONG = re.compile(r"这[些几两]|其中|里面|中有|那几|哪[个家]")
_SORRY = re.compile(r"抱歉|对不起|不好意思|遗憾|真是对不住|没有(?:找到|查到|符合|完全|这[么样])|只有|报歉|可惜")
_FAILS = re.compile(
    r"[^，。！？]*(?:没有|不符|不满足|高于|低于|只有|偏|超出|但是?|不过|就是)[^，。！？]*|评分[^"
    r"，。]{0,4}\d\.?\d?分|(?:价格|票价|门票|人均消费)[^，。]{0,4}\d+元"
)
_NEXT_TO = re.compile(r"(?:景点|餐馆|酒店|餐厅|饭店)(?=的?(?:周边|附近|旁边|周围))")
_ELSEWHERE = re.compile(r"(?:有(?:什么|哪些|啥|没有|没)|还有)[^，。！？]{0,6}(?:景点|餐馆|酒店|餐厅)")
_CHOICE = re.compile(r"第([一二三四五六七八九十\d]+)[个家部首本间条种款]|最后一?[个家]|(?:前者)|(?:后者)")


class Chinese:
    """`SlotLanguage` for Chinese."""

    def plan(self, schema: SlotSchema) -> Plan:
        return plan_of(schema)

    def read(self, text: str, plans: Sequence[SlotPlan], *, asked: Sequence[str]) -> list[Found]:
        return zh_find.find(zh_find.Reading(text, asked=asked), plans)

    def repeated(self, text: str, names: Sequence[str]) -> tuple[str, int, int] | None:
        return None

    def address(self, reply: str) -> tuple[int, int] | None:
        return None

    def names(self, reply: str) -> Sequence[str]:
        return [reply[start:end] for start, end in zh_find.recommended(reply)]

    def offers(self, reply: str, plans: Sequence[SlotPlan]) -> list[Found]:
        found = []
        if self.confirms(reply):
            found = zh_find.find(zh_find.Reading(reply, is_reply=True), plans)
        main = next((plan for plan in plans if plan.main), None)
        span = next(zh_find.recommended(reply), None)
        if main is not None and span is not None:
            found = [one for one in found if one.slot != main.name]
            found.append(Found(main.name, reply[slice(*span)], *span, 0.6))
        return found

    def asked(self, reply: str, plans: Sequence[SlotPlan]) -> tuple[str, ...]:
        sentences = [part for part in re.findall(r"[^。！？!?]*[。！？!?]?", reply) if _ASKS.search(part)]
        scored = [
            (max((len(key) for key in plan.keys if any(key in part for part in sentences)), default=0), plan.name)
            for plan in plans
        ]
        return tuple(name for score, name in sorted(scored, key=lambda pair: -pair[0]) if score)

    def stance(self, text: str) -> Literal["accept", "refuse"] | None:
        if _REFUSES.search(text):
            return "refuse"
        return "accept" if _ACCEPTS.search(text) else None

    def confirms(self, reply: str) -> bool:
        return bool(re.search(r"确认|对吗|对吧|是吗|是吧|为您(?:预订|预定|下单)", reply))

    def corrects(self, text: str) -> bool:
        return bool(re.search(r"^\W*(?:不[，,是对]|改成|换成|我说的?是|我是说)|改成|换成", text))

    def correction(self, text: str) -> tuple[int, int] | None:
        match = _MEANT.match(text)
        if match and re.match(r"用|要|了|是|行|好|去|想|需|太|谢", match["new"] or ""):
            return None  # A refusal ("不用了"), which puts nothing right.
        return match.span("new" if match["new"] else "other") if match and not _ASKS.search(text) else None

    def restarts(self, text: str) -> bool:
        return bool(_SEARCHES.search(text)) and not _AMONG.search(text)

    def unmet(self, reply: str, plans: Sequence[SlotPlan]) -> Sequence[str]:
        if not _SORRY.search(reply):
            return ()
        told = " ".join(_FAILS.findall(reply))
        fitting = (plan for plan in plans if plan.kind not in ("place", "name", "address"))
        return [plan.name for plan in fitting if any(len(key) > 1 and key in told for key in plan.keys)]

    def adds(self, text: str) -> bool:
        return bool(re.search(r"再加|还要|还得有|也要|加上|另外还|外加", text))

    def asks(self, text: str) -> bool:
        return bool(_ASKS.search(text))

    def stances(self, text: str, plans: Sequence[SlotPlan], asked: Sequence[str]) -> list[Found]:
        found: list[Found] = []
        for match in _ANY.finditer(text):
            named = _named(text[max(0, match.start() - 8) : match.end() + 4], plans)
            targets = named or [plan for plan in plans if plan.name in asked[:1]]
            found += (Found(plan.name, None, *match.span(), 0.8, "any") for plan in targets)
        for match in _CLEAR.finditer(text):
            targets = _named(match["what"] or match["what2"] or "", plans)
            found += (Found(plan.name, None, *match.span(), 0.9, "cleared") for plan in targets)
        return found

    def reverts(self, text: str) -> Literal["first", "previous"] | None:
        match = _REVERT.search(text)
        if match is None:
            return None
        return "first" if match["first"] or match["same"] in ("原来", "最初") else "previous"

    def chosen(self, reply: str, text: str) -> tuple[int, int] | None:
        match = _CHOICE.search(text)
        if match is None or _ASKS.search(text):
            return None
        items = items_offered(reply)
        n = number_of(match[1]) if match[1] else {"前": 1, "后": 2}.get(match.group()[0], len(items))
        if not n or not 1 <= n <= len(items):
            return None
        return items[int(n) - 1].start, items[int(n) - 1].end

    def free_answer(self, text: str) -> tuple[int, int] | None:
        match = re.fullmatch(
            r"(?:我?想?(?:要|去|在|选|吃)|那就|就|嗯+|好的?|是|，|\s)*(?P<a>[^"
            r"，。！？,!?吗呢]{1,12}?)(?:吧|的|了|就行|就好|就可以|啊|呀)*[。！.!]*",
            text,
        )
        return match.span("a") if match and not _ASKS.search(text) and not _CHOICE.search(text) else None

    def points_back(self, text: str) -> frozenset[Kind]:
        return frozenset({"place"} if re.search(r"那里|那儿|那边|当地|这里|这儿", text) else ())

    def words(self, text: str) -> Sequence[str]:
        told = _ELSEWHERE.sub("", _NEXT_TO.sub("", _DONE.sub("", _WAY.sub(r"\1\2", text))))
        return [*(f"#{name}" for name in fields_in(told)), *re.findall(r"[\u4e00-\u9fff]{2}", told), *_grams(told)]

    def convert(self, plan: SlotPlan, value: SlotContent, now: datetime | None) -> SlotContent:
        kind = plan.slot.type
        if not isinstance(value, str):
            return value
        if kind == "date":
            return iso_date(value, now) or value
        if kind == "time":
            return iso_time(value) or value
        if kind in ("int", "float"):
            digits = re.search(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万两]+", value)
            n = number_of(digits.group()) if digits else None
            return value if n is None else int(n) if kind == "int" else n
        return value


def _named(words: str, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    scored = [(max((len(key) for key in plan.keys if key in words), default=0), plan) for plan in plans]
    best = max((score for score, _ in scored), default=0)
    return [plan for score, plan in scored if score == best and score]


def _grams(text: str) -> list[str]:
    """All runs of two to four characters, in which the words of a schema are looked up."""
    return [text[i : i + n] for n in (2, 3, 4) for i in range(len(text) - n + 1)]


class GeneralChinese(Chinese):
    """`SlotLanguage` for Chinese without a schema."""

    def read(self, text: str, plans: Sequence[SlotPlan], *, asked: Sequence[str]) -> list[Found]:
        return zh_general.find(zh_find.Reading(text, asked=asked), plans)

    def offers(self, reply: str, plans: Sequence[SlotPlan]) -> list[Found]:
        return []
