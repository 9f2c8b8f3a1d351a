"""The general slots in Chinese text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.slots import zh_find
from dialog.interpret.slots.mentions import Found, free
from dialog.interpret.slots.plan import SlotPlan

_LEVEL = re.compile(r"便宜(?:一?点|些)?|实惠(?:一?点)?|平价|高档|贵一?点|经济实惠|性价比高|不(?:要)?太贵")
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{2,10}?(?:公司|集团|大学|学院|银行|医院|研究院|研究所|协会|基金会|出版社|航空|电视台)"
)
_PERSON = re.compile(
    r"(?P<a>[\u4e00-\u9fff]{1,3})(?:先生|女士|老师|医生|教授|总裁|经理)|(?:导演|主演|演员|歌手"
    r"|作者|作家)(?:是|叫)?(?P<b>[\u4e00-\u9fff·]{2,8}?)(?=的|演|写|拍|，|。|吗|$)"
    r"|(?P<c>[\u4e00-\u9fff]{2,3})(?=(?:写|导演|执导|主演|演唱|唱)的)"
)
_WANTED = re.compile(
    r"(?:买|购买|订购|下单|入手)(?:一?(?:个|件|台|部|双|本|张|些|款|辆))?(?P<n>[^"
    r"，。！？吗呢吧了]{2,10}?)(?=，|。|！|？|吗|呢|吧|了|送|$|的)"
)
_LEAD = re.compile(r"^.*(?:在|去|到|给|跟|和|是|想|我|你|的|联系)")


def find(reading: zh_find.Reading, plans: Sequence[SlotPlan]) -> list[Found]:
    """What `reading` says about the general slots."""
    by_name = {plan.name: plan for plan in plans}
    for name, pattern in (("organisation", _ORGANISATION), ("person", _PERSON), ("product", _WANTED)):
        _match(reading, by_name[name], pattern)
    zh_find.find(reading, [plan for plan in plans if plan.name not in ("organisation", "product", "person")])
    level = _LEVEL.search(reading.text)
    if level and not any(found.slot == "price" for found in reading.found) and "price" in by_name:
        reading.add(by_name["price"], level.group(), *level.span(), 0.7)
    return reading.found


def _match(reading: zh_find.Reading, plan: SlotPlan, pattern: re.Pattern[str]) -> None:
    match = pattern.search(reading.text)
    if match is None:
        return
    group = next((name for name, value in match.groupdict().items() if value), 0)
    start, end = match.span(group)
    lead = _LEAD.match(reading.text[start:end])
    start += lead.end() if lead else 0
    if end - start >= 2 and free(start, end, [*reading.found, *reading.amounts]):
        reading.add(plan, reading.text[start:end], start, end, 0.6)
