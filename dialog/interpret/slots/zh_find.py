"""Finds in a Chinese text the values of the slots of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from dialog.interpret.slots.mentions import Found, Mention, free
from dialog.interpret.slots.plan import SlotPlan
from dialog.interpret.slots.zh_values import COUNT, amounts, number_of
from dialog.interpret.slots.zh_words import CITY, CUISINE, FACILITY

_END = r"，。！？；,!?;～~…\n"
CLAUSE = re.compile(rf"[^{_END}]+[{_END}]?")
SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")
NEGATED = re.compile(
    r"(?<!有)(?:不要|不想要?|不吃|不喜欢|(?<!特)(?<!区)(?<!级)别(?![的处])|除了|不是|不含|不爱"
    r"|不去|忌|过敏|讨厌|不用|没有|拒绝)[^，。！？,]{0,4}$"
)
ASKED_IF = re.compile(
    r"是否|是不是|(?:它|他|她|这|那|该)(?:家|个|里|边|儿|些|几)?[^，。]{0,8}(?:吗|么|没|没有"
    r"|不)[？?]?$|多少|几点|什么|哪[里儿]|咋样|怎么样"
)
COUPLE = re.compile(
    r"我(?:和|跟|带|同)(?:我?的?)?(?:老婆|老公|妻子|丈夫|女朋友|男朋友|女友|男友|朋友|妈妈|爸爸|同事|孩子|儿子|女儿|闺蜜)"
)
CHECKED = re.compile(r"^(?!.*(?:有|找|推荐|哪|想|要|能|可以)).*(?:吗|么|不)[？?]?$|是否|是不是")
"""A clause that asks whether something known is so, and looks for nothing."""

_LEAD = re.compile(
    r"^(?:(?:好的?|嗯+|恩+|哦+|ok|行|可以|那么|那就|那|就|请问|请|麻烦您?|帮我|帮忙|给我|我们?|您"
        r"|你|想要?|要|打算|准备|计划|可以|能|再|还|也|先|正|直接|接下来|最后|现在|然后|晚上|顺便"
        r"|一会儿?|查一?下|找一?下|看一?下|去|到|在|从|住|选|订|逛|吃|名叫|名为|叫做?|一个|一家|这个"
        r"|这家|那个|那家|那还好|知道|告诉|说说|我觉得|还是|之后|以后|后|呼叫|乘坐?|坐|打|车|一辆|自己"
        r"|喜欢|听说|介绍|推荐|不远|离|距离|非常好|太好了|是的)[，,]?\s*)+"
)  # fmt: skip
_GENERIC = re.compile(r"^(?:它|他|她|这|那|该|此|其|哪|什么|啥|别的|其他|其它|您|你|我|酒店|餐馆|景点|餐厅|饭店|宾馆"
    r"|地方|地点|这里|那里|这儿|那儿|刚才|上面|以上|有|是|周边|附近|没有|一下|下|好|，)*(?:的)?(?:家"
    r"|个|里|儿|些|几个|几家|酒店|餐馆|景点|餐厅|地方|店)*$")  # fmt: skip
_NEAR = re.compile(
    rf"(?P<anchor>[^{_END}]{{1,32}}?)(?:的|这个景点的?|这家餐馆的?|这家酒店的?)?(?:周边|附近|旁边"
    rf"|周围|边上)(?!是|都?有(?:什么|哪些|啥|没有|没))"
)


@dataclass
class Reading:
    """A text being read. `anchors`: the place talked of last, by the kind of place it is ("景点" -> "故宫")."""

    text: str
    asked: Sequence[str] = ()
    is_reply: bool = False
    anchors: Mapping[str, str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    @cached_property
    def amounts(self) -> tuple[Mention, ...]:
        return amounts(self.text)

    def clause(self, at: int) -> str:
        return next((m.group() for m in CLAUSE.finditer(self.text) if m.start() <= at < m.end()), self.text)

    def sentence(self, at: int) -> str:
        return next((m.group() for m in SENTENCE.finditer(self.text) if m.start() <= at < m.end()), self.text)

    def before(self, at: int, width: int = 12) -> str:
        start = max((m.start() for m in CLAUSE.finditer(self.text) if m.start() <= at), default=0)
        return self.text[max(start, at - width) : at]

    def add(self, plan: SlotPlan, value: object, start: int, end: int, score: float) -> None:
        negated = bool(NEGATED.search(self.before(start)))
        self.found.append(
            Found(plan.name, value, start, end, score, "negated" if negated else "stated")  # type: ignore[arg-type]  # value is SlotContent by kind
        )


def find(reading: Reading, plans: Sequence[SlotPlan]) -> list[Found]:
    """Everything `reading` says about the slots of `plans`."""
    for finder in (_listed, _flags, _measured, _counted, _way, _facilities, _dishes, _nearby, _kinds, _cities, _named):
        finder(reading, plans)
    return reading.found


@lru_cache(maxsize=256)
def _values(
    values: tuple[str, ...], synonyms: tuple[tuple[str, str], ...]
) -> tuple[re.Pattern[str], Mapping[str, str]]:
    table = {value: value for value in values}
    for value in values:
        if len(value) > 2 and value[-1] in "型类式区级店":
            table.setdefault(value[:-1], value)
    table |= dict(synonyms)
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)) or "(?!)", re.I), table


def _listed(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in plans:
        if plan.kind == "bool" or plan.counted or not (plan.slot.values or plan.slot.synonyms):
            continue
        pattern, table = _values(plan.slot.values, plan.slot.synonyms)
        folded = {wording.casefold(): value for wording, value in table.items()}
        for match in pattern.finditer(reading.text):
            reading.add(plan, folded[match.group().casefold()], *match.span(), 0.9)


def _flags(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in (plan for plan in plans if plan.kind == "bool"):
        key = next((key for key in plan.keys if key in reading.text), None)
        if key is not None and (reading.is_reply or not ASKED_IF.search(reading.clause(reading.text.index(key)))):
            at = reading.text.index(key)
            no = re.search(r"(?:不要?|没有?|无需|不用|别)[^，。]{0,3}$", reading.before(at))
            reading.found.append(Found(plan.name, not no, at, at + len(key), 0.7))


def _measured(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """Ratings, money, durations, dates and times go to the slot of their kind that is named nearest before."""
    for mention in reading.amounts:
        if mention.kind not in ("date", "time") and CHECKED.search(reading.sentence(mention.start)):
            continue
        slots = [
            plan for plan in plans if plan.kind == mention.kind and not (plan.slot.values and plan.kind != "rating")
        ]
        if (
            mention.kind == "money"
            and mention.value == "免费"
            and re.search(r"wifi|早餐|停车|电话", reading.clause(mention.start), re.I)
        ):
            continue
        if slots:
            plan = max(
                slots, key=lambda plan: (_named_before(reading, plan, mention.start), plan.name in reading.asked)
            )
            if (
                mention.kind == "date"
                and len(slots) > 1
                and re.search(r"到$|至$|离店$|退房$", reading.text[: mention.start])
            ):
                plan = next((one for one in slots if one.role == "end"), plan)
            reading.add(plan, mention.value, mention.start, mention.end, 0.9)
    _bare_money(reading, plans)


def _named_before(reading: Reading, plan: SlotPlan, at: int) -> int:
    return max((reading.text.rfind(key, 0, at + 1) for key in plan.keys), default=-1)


def _bare_money(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """An amount without its unit beside the slot's name ("人均50-100", "票价150到200")."""
    for plan in (plan for plan in plans if plan.kind == "money"):
        if any(found.slot == plan.name for found in reading.found):
            continue
        keys = "|".join(map(re.escape, sorted(plan.keys, key=len, reverse=True))) or "(?!)"
        pattern = (
            rf"(?:{keys})[^，。！？,\d]{{0,8}}?(\d{{2,5}})(?:\s*(?:-|到|至|~)\s*(\d{{2,5}}))?(?:元"
            rf"|块)?(以上|以下|以内)?"
        )
        if (match := re.search(pattern, reading.text)) and free(*match.span(1), [*reading.found, *reading.amounts]):
            value = f"{match[1]}-{match[2]}元" if match[2] else f"{match[1]}元{match[3] or ''}"
            reading.add(plan, value, match.start(1), match.end(), 0.7)


def _counted(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.counted]
    if not slots:
        return
    for match in COUNT.finditer(reading.text):
        counts_people = match["unit"] in ("个人", "人", "位", "个大人", "口")
        fitting = [
            plan
            for plan in slots
            if match["unit"] in plan.keys or (counts_people and plan.keys.keys() & {"人", "人数"})
        ]
        fitting = fitting or [
            plan
            for plan in slots
            if plan.name in reading.asked or _named_before(reading, plan, match.start()) >= max(0, match.start() - 8)
        ]
        n = number_of(match["n"])
        if (
            fitting
            and n is not None
            and free(*match.span(), [found for found in reading.amounts if found.kind != "money"])
        ):
            reading.add(fitting[0], _number(fitting[0], n), *match.span(), 0.85)
    people = next((plan for plan in slots if plan.keys.keys() & {"人", "人数"}), None)
    couple = COUPLE.search(reading.text)
    if people is not None and couple and not any(found.slot == people.name for found in reading.found):
        reading.add(people, _number(people, 2), *couple.span(), 0.7)
    asked = [plan for plan in slots if plan.name in reading.asked]
    answered = any(found.slot == plan.name for found in reading.found for plan in asked[:1])
    if asked and not answered:
        bare = re.match(r"^\W*(?:就)?([一二三四五六七八九十两俩]|\d+)\W*$", reading.text)
        n = number_of(bare[1]) if bare else None
        if bare is not None and n is not None:
            reading.add(asked[0], _number(asked[0], n), *bare.span(1), 0.8)


def _number(plan: SlotPlan, n: float) -> object:
    if plan.slot.type == "float":
        return n
    return int(n) if plan.slot.type == "int" else str(int(n))


def _way(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """From one place to another."""
    start = next((plan for plan in plans if plan.kind == "place" and plan.role == "start"), None)
    end = next((plan for plan in plans if plan.kind == "place" and plan.role == "end"), None)
    if start is None and end is None:
        return
    by = (
        r"(?:乘坐?|坐|打|叫|搭)?(?:个|辆|上)?(?:地铁|出租车?|的士?|车|滴滴|飞机|火车"
        r"|高铁)?(?:出发)?(?:前往|去往|去|到|至|回)"
    )
    pattern = (
        rf"(?:从|在|由)(?P<a>[^{_END}]{{2,40}}?){by}(?P<b>[^{_END}]{{2,40}}?)(?=的?(?:出租|地铁|路线"
        rf"|车型|车|飞机|机票|航班|火车|高铁)|去?(?:游玩|用餐|住宿|吃饭)|乘坐?|坐|打车|应该|怎么|，|。"
        rf"|,|！|？|；|$|的话|，?请|吗)"
    )
    if match := re.search(pattern, reading.text):
        for plan, group in ((start, "a"), (end, "b")):
            if plan is not None and not _GENERIC.match(match[group]):
                reading.add(plan, match[group].strip(), *match.span(group), 0.85)


def _nearby(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    """The place that something is to be near, when something is looked for there."""
    slots = [plan for plan in plans if re.search("周边|附近", plan.slot.label)]
    if not slots or reading.is_reply:
        return
    for match in _NEAR.finditer(reading.text):
        raw = match["anchor"]
        lead = _LEAD.match(raw)
        name = raw[lead.end() :] if lead else raw
        name = re.sub(r"^.*(?:在|去|到|想吃[^，]*，)", "", name) if not re.search(r"[(（]", name) else name
        name = re.sub(r"(?:这个|这家|那个|那家)?(?:景点|餐馆|酒店)?的?$", "", name) if len(name) > 6 else name
        if len(reading.found) == 0:
            return  # Asking what there is nearby looks for nothing in particular.
        plan, name = _anchor(reading, slots, name.strip(" 的"))
        if plan is not None and name:
            end = match.end("anchor")
            reading.add(plan, name, max(0, end - len(name)), end, 0.7)
            return


def _anchor(reading: Reading, slots: Sequence[SlotPlan], name: str) -> tuple[SlotPlan | None, str]:
    """Which kind of place the anchor is, and its name: itself, or the one talked of last."""
    if _GENERIC.match(name):
        kinds = [kind for kind in reading.anchors if kind in name] or [kind for kind in reading.anchors][-1:]
        for kind in kinds:
            plan = next((plan for plan in slots if kind in plan.slot.label), None)
            if plan is not None:
                return plan, reading.anchors[kind]
        return None, ""
    kinds = [kind for kind, known in reading.anchors.items() if name in known or known in name]
    guess = (
        "酒店"
        if re.search(r"酒店|宾馆|饭店|客栈|旅馆|公寓|旅店", name)
        else "餐馆"
        if re.search(r"餐|饭|店|烤|菜|面|食|火锅|小吃|厨|鸭", name)
        else "景点"
    )
    return next((plan for kind in [*kinds, guess] for plan in slots if kind in plan.slot.label), None), name


def _facilities(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    plan = next((plan for plan in plans if re.search("设施|服务", plan.slot.label) and plan.kind == "text"), None)
    if plan is None:
        return
    matches = [m for m in FACILITY.finditer(reading.text) if not ASKED_IF.search(reading.clause(m.start()))]
    named = list(dict.fromkeys(m.group() for m in matches))
    if named:
        reading.add(plan, " ".join(named), matches[0].start(), matches[-1].end(), 0.8)


_DISH = r"[^，。！？；,!?;吗呢吧啊]{1,24}?"
_DISHES = (
    rf"(?:想吃|爱吃|要吃|吃到|能吃|品尝|尝尝|喜欢吃|吃个|吃点|来点|尝一下"
    rf"|馋)(?:到)?(?P<d>{_DISH})(?=(?:这[一两几俩三]?[道个种]?|那[道个])菜|就行|就可以|的(?:餐|饭"
    rf"|店|地)|了|，|。|！|？|,|；|吗|$|还|呢|吧|，?评分|给我|并且)",
    rf"(?:有|做|卖|提供|供应|包含|含有|吃)(?P<d>{_DISH})(?=这[一两几俩三]?[道个种]?菜|这些菜|这个菜"
    rf"|那道菜|菜肴|的餐[馆厅]|的饭[馆店]|的店)",
    rf"推荐菜(?:是|有|要有|里有|包含|最好要?有|为)(?P<d>{_DISH})(?=的|，|。|！|？|,|；|$|评分|人均)",
)


_NO_DISH = r"^[这那我](?:些|个|道|种|俩)?|什么|哪些|饭$|东西|餐馆|酒店|评分|消费|推荐"


def _dishes(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    plan = next((plan for plan in plans if re.search("菜", plan.slot.label) and plan.kind not in ("category",)), None)
    if plan is None:
        return
    for pattern in _DISHES:
        match = re.search(pattern, reading.text)
        if match is None or ASKED_IF.search(match["d"]):
            continue
        dishes = [
            re.sub(r"^(?:一?[个份道]|这道|美味的?|特色|好吃的?|能)", "", d.strip())
            for d in re.split(r"、|和|，|与|以及|还有|\s", match["d"])
        ]
        dishes = [dish for dish in dishes if 1 < len(dish) <= 14 and not re.search(_NO_DISH, dish)]
        if dishes and free(*match.span("d"), [*reading.found, *(m for m in reading.amounts if m.kind != "duration")]):
            value: object = tuple(dishes) if plan.slot.type == "list" else " ".join(dishes)
            reading.add(plan, value, *match.span("d"), 0.75)
            return


def _kinds(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    for plan in (plan for plan in plans if plan.kind == "category" and plan.slot.type not in ("enum", "bool")):
        if not plan.keys.keys() & {"菜", "口味", "菜系"}:
            continue
        for match in CUISINE.finditer(reading.text):
            if free(*match.span(), reading.found):
                reading.add(plan, match.group(), *match.span(), 0.8)


def _cities(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    slots = [plan for plan in plans if plan.kind == "place" and "周边" not in plan.slot.label and not plan.slot.values]
    for match in CITY.finditer(reading.text):
        if slots and free(*match.span(), reading.found):
            before = reading.before(match.start(), 3)
            role = (
                "start" if re.search(r"从$|由$", before) else "end" if re.search(r"到$|去$|飞$|往$", before) else None
            )
            plan = max(slots, key=lambda plan: (plan.role == role, plan.name in reading.asked))
            reading.add(plan, match.group(), *match.span(), 0.8)


_NAMED = (
    rf"(?:名叫|名为|叫做|叫)(?P<n>[^{_END}]{{2,30}}?)(?=的(?:景点|餐馆|酒店|餐厅|地方|饭店)|，|。|$|这)",
    rf"(?:知道|了解|听说过?|查一?下|问一?下|看一?下|介绍一?下|觉得"
    rf"|打听一?下)(?P<n>[^{_END}]{{2,24}}?)(?=这[家个](?:景点|餐馆|酒店|餐厅|饭店|地方))",
    rf"(?:我想去|我要去|想去|要去|准备去|打算去|就去|去|想到|想住|入住"
    rf"|住)(?P<n>[^{_END}]{{2,24}}?)(?=(?:这[家个])?(?:玩|看看|游玩|逛|用餐|吃饭|住|转转|参观|吧|，"
    rf"|。|！|？|$|就餐|尝))",
)


def _named(reading: Reading, plans: Sequence[SlotPlan]) -> None:
    plan = next((plan for plan in plans if plan.main), None)
    if plan is None or any(found.slot != plan.name for found in reading.found):
        return
    for pattern in _NAMED:
        if match := re.search(pattern, reading.text):
            name = match["n"]
            if not _GENERIC.match(name) and not re.search(
                r"找|推荐|周边|附近|景点$|餐馆$|地方$|吃饭|酒店住|个|家|哪|什么|里$|儿$", name
            ):
                reading.add(plan, name, *match.span("n"), 0.6)
                return


_RECOMMENDED = re.compile(
    r"(?:推荐(?:您|你|给您)?(?:去|到|入住|住|品尝)?|去|建议(?:您|你)?(?:去|到)?|可以(?:去|到)"
    r"|首选)(?P<n>[^，。！？,;；、]{2,32}?)(?=游玩|用餐|住宿|入住|就餐|吃饭|吧|，|。|！|,|和|、|哦"
    r"|呢|看看|玩|或|$|，|评分|的)"
)


def recommended(reply: str) -> Iterator[tuple[int, int]]:
    """Spans of the names that a reply recommends, in order."""
    for match in _RECOMMENDED.finditer(reply):
        if not _GENERIC.match(match["n"]):
            yield match.span("n")
