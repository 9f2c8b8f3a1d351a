"""How Chinese slot names and descriptions say what a slot takes."""

from __future__ import annotations

import re
from functools import lru_cache

from dialog.interpret.fields.en import FIELDS as ENGLISH_FIELDS
from dialog.interpret.fields.zh import FIELDS
from dialog.interpret.slots import en_plan
from dialog.interpret.slots.mentions import Kind, Role
from dialog.interpret.slots.plan import Plan, SlotPlan, fillable, weighted
from dialog.slots import SlotDefinition, SlotSchema

HAN = re.compile(r"[\u4e00-\u9fff]")

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("phone", "电话|手机号"),
    ("rating", "评分|评价|星级|分数"),
    ("duration", "时长|多久|天数|晚数|游玩时间|停留|逗留|几天"),
    ("count", "人数|数量|几个人|张数|间数|份数|多少人|位数"),
    ("money", "价格|消费|门票|费用|预算|票价|租金|房价|价位|金额|车费|多少钱"),
    ("date", "日期|哪天|日子|几号"),
    ("time", "时间|几点|时刻"),
    ("address", "地址"),
    ("category", "类型|菜系|种类|类别|风格|档次|口味|题材|车型|舱位"),
    ("person", "导演|主演|演员|歌手|作者|医生姓名|人名|联系人|收款人|姓名"),
    ("name", "名称|名字|店名|片名|歌名|书名|品牌"),
    ("place", "城市|地点|位置|区域|地区|出发地|目的地|出发|到达|起点|终点|周边|附近|哪里|商圈|车站"),
)

SERVICE_WORDS = {
    "吃": "food", "饭": "food", "菜": "food", "餐": "food", "住": "lodging", "玩": "sight", "逛": "sight",
}  # fmt: skip


@lru_cache(maxsize=64)
def plan_of(schema: SlotSchema) -> Plan:
    """What to look for in Chinese for the slots of `schema`; slots named in another script keep their English plan."""
    english = {plan.name: plan for plan in en_plan.plan_of(schema).slots}
    slots: list[SlotPlan] = []
    for service in dict.fromkeys(slot.service for slot in schema.slots):
        mine = [slot for slot in fillable(schema) if slot.service == service]
        keys = weighted(_keys(slot) for slot in mine)
        names = [slot.name for slot in mine if _kind(slot, english[slot.name].kind) == "name"]
        for slot, its in zip(mine, keys, strict=True):
            told = english[slot.name]
            slots.append(
                SlotPlan(
                    slot=slot,
                    kind=_kind(slot, told.kind),
                    role=_role(slot) or told.role,
                    keys=its,
                    main=slot.name in names[:1],
                )
            )
    return Plan(schema=schema, slots=tuple(slots), services=_services(schema))


def _kind(slot: SlotDefinition, english: Kind) -> Kind:
    by_type: dict[str, Kind] = {"date": "date", "time": "time", "bool": "bool"}
    if slot.type in by_type:
        return by_type[slot.type]
    if slot.values and not all(value.isdigit() for value in slot.values):
        return "category"
    for text in (slot.label, slot.description):
        if HAN.search(text):
            found = next((kind for kind, pattern in _KINDS if re.search(pattern, text)), None)
            if found is not None:
                return (
                    "count" if slot.type in ("int", "float") and found not in ("money", "duration", "rating") else found
                )
    return english if not HAN.search(slot.label) else ("count" if slot.type in ("int", "float") else "text")


def _role(slot: SlotDefinition) -> Role | None:
    text = slot.label + slot.description
    if re.search("出发|起点|始发|入住日|开始|从哪", text):
        return "start"
    if re.search("目的|终点|到达|离店|退房|结束|返程|到哪", text):
        return "end"
    return None


_ALSO: tuple[tuple[str, str], ...] = (
    (r"门票", "票价 门票"),
    (r"消费", "人均 消费"),
    (r"价格|房价", "价格 价位 房价"),
    (r"游玩时间|时长", "游玩 时长 玩"),
    (r"菜", "菜 吃 菜品"),
    (r"设施|服务", "设施 服务 提供"),
    (r"类型", "类型 档次"),
    (r"人数", "人 位"),
    (r"\bcity\b|城市", "城市 哪里 地方"),
    (r"cuisine|food|菜系|口味", "菜 吃 口味 菜系 餐"),
    (r"price|budget|预算", "价格 预算 价位 钱 人均"),
    (r"party|people|guests|人数", "人 位 几个人"),
    (r"date|日期", "日期 哪天 什么时候"),
    (r"\btime\b|时间", "时间 几点"),
)  # fmt: skip


def _keys(slot: SlotDefinition) -> set[str]:
    """The words that name a slot in a question or a constraint."""
    told = f"{slot.label} {slot.description}".replace("_", " ")
    keys = set(re.findall(r"[\u4e00-\u9fff]{2,}", slot.label))
    if slot.type == "bool":
        keys |= set(
            re.findall(
                r"[\u4e00-\u9fff]{1,4}", re.sub(r"是否|要不要|需要|希望|必须|可以|要|有|能|的", " ", slot.description)
            )
        )
    for pattern, words in _ALSO:
        if re.search(pattern, told, re.I):
            keys |= set(words.split())
    return keys


def _services(schema: SlotSchema) -> dict[str, dict[str, float]]:
    bags: list[list[str]] = []
    for service in schema.services:
        head = f"{service.name} {re.split('[：:，,按]', service.description)[0]}"
        marks = [f"#{name}" for name in dict.fromkeys(fields_in(head))][:1]
        mine = [slot for slot in fillable(schema) if slot.service == service.name]
        keys = [key for slot in mine if "周边" not in slot.label for key in _keys(slot) if len(key) > 1]
        bags.append([service.name, *marks, *keys])
    return dict(zip((service.name for service in schema.services), weighted(bags), strict=True))


def fields_in(text: str) -> list[str]:
    """The subject fields that words of `text` belong to, in order of their place."""
    hits = [(match.start(), FIELDS[match.group()]) for match in _FIELD_WORDS.finditer(text)]
    hits += [
        (match.start(), ENGLISH_FIELDS[match.group()])
        for match in re.finditer(r"[a-z]+", text.lower())
        if match.group() in ENGLISH_FIELDS
    ]
    return [name for _, name in sorted(hits)]


_FIELD_WORDS = re.compile("|".join(sorted(map(re.escape, FIELDS), key=len, reverse=True)))
