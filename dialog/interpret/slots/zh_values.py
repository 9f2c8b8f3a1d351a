"""Chinese dates, times, numbers, amounts and ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dialog.interpret.slots.mentions import Mention, without_overlaps

DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2, "仨": 3}
_N = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百千万两]+)"
_TO = r"\s*(?:-|－|—|–|~|～|到|至)\s*"

_MONEY_UNIT = r"(?:元钱?|块钱?|人民币|￥|美元|刀)"
MONEY = re.compile(
    rf"(?P<low>{_N})\s*{_MONEY_UNIT}?{_TO}(?P<high>{_N})\s*{_MONEY_UNIT}(?:之间)?"
    rf"|(?P<one>{_N})\s*{_MONEY_UNIT}\s*(?P<bound>以上|以下|以内|左右|之内|上下)?"
    rf"|(?P<free>(?<!不)免费|不要钱|不收费|不花钱)"
)
_UNIT = r"(?:个?小时|个?钟头|天|分钟|个?月|周|星期|晚)"
DURATION = re.compile(
    rf"(?P<low>{_N})\s*(?P<unit1>{_UNIT})?{_TO}(?P<high>{_N})\s*(?P<unit2>{_UNIT})"
    rf"|(?P<half>半)\s*(?P<unit3>个小时|小时|个钟头|天)"
    rf"|(?P<one>{_N})\s*(?P<unit4>{_UNIT})(?P<bound>以上|以内|以下|左右)?"
)
RATING = re.compile(
    r"(?:评分|分数|评价|打分|得分)[^，。,；;？?\d]{0,8}?(?P<a>\d(?:\.\d)?)\s*分*(?P<up1>\s*(?:以上"
    r"|及以上|或以上|上(?!面)|往上|之上))?"
    r"|(?P<b>\d(?:\.\d)?)\s*分+(?!钟)(?P<up2>\s*(?:以上|及以上|或以上|上(?!面)|往上|之上))?"
)
_DAY = r"(?:[一二三四五六日天]|[1-6])"
DATE = re.compile(
    rf"(?:\d{{4}}年)?(?:\d{{1,2}}|[一二三四五六七八九十]+)月(?:\d{{1,2}}"
    rf"|[一二三四五六七八九十]+)[号日]|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|大后天|今天|今晚|今早|明天|明晚|明早|后天|(?:下下|下个?|这个?|本|上个?)?(?:周|星期"
    rf"|礼拜){_DAY}|(?:下个?|这个?|本)?周末|(?:下个?月|这个?月)?\d{{1,2}}[号]"
)
TIME = re.compile(
    r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)?\s*(?:\d{1,2}[:：]\d{2}|(?:\d{1,2}"
    r"|[一二三四五六七八九十两]+)点(?!评)(?:半|[一三]刻|(?:\d{1,2}"
    r"|[一二三四五六七八九十]+)(?![\d一二三四五六七八九十]|\s*[个位人名桌])分?)?(?:钟)?)"  # 三点四个人: at three
)
COUNT = re.compile(rf"(?P<n>{_N})\s*(?P<unit>个人|人|位|个大人|间|张|晚|份|辆|件|个|口|桌)")
PHONE = re.compile(r"(?<!\d)(?:\d{3,4}-)?\d{7,11}(?!\d)")


def amounts(text: str) -> tuple[Mention, ...]:
    """Ratings, money, durations, dates, times and counts in `text`, written one way; in order, none inside another."""
    return without_overlaps(_amounts(text))


def _amounts(text: str) -> Iterator[Mention]:
    for found in RATING.finditer(text):
        score = found["a"] or found["b"]
        yield Mention("rating", *found.span(), f"{score}分" + ("以上" if found["up1"] or found["up2"] else ""))
    for found in DATE.finditer(text):
        yield Mention("date", *found.span(), found.group())
    for found in TIME.finditer(text):
        if (
            found.group() in ("一点", "两点", "三点")
            and re.match(r"[的儿些点也都]|$", text[found.end() :])
            and found.start() > 0
        ):
            continue  # "a bit", or "two points", after what it qualifies.
        yield Mention("time", *found.span(), found.group())
    for found in MONEY.finditer(text):
        yield Mention("money", *found.span(), _money(found))
    for found in DURATION.finditer(text):
        yield Mention("duration", *found.span(), _duration(found))
    for found in PHONE.finditer(text):
        yield Mention("phone", *found.span(), found.group())


def _money(found: re.Match[str]) -> str:
    if found["free"]:
        return "免费"
    if found["low"]:
        return f"{_plain(found['low'])}-{_plain(found['high'])}元"
    bound = {"以内": "以下", "之内": "以下", "左右": "", "上下": ""}.get(found["bound"] or "", found["bound"] or "")
    return f"{_plain(found['one'])}元{bound}"


def _duration(found: re.Match[str]) -> str:
    def unit(name: str) -> str:
        return (found[name] or "").removeprefix("个").replace("钟头", "小时")

    if found["half"]:
        return f"0.5{unit('unit3')}"
    if found["low"]:
        last = unit("unit2")
        return f"{_plain(found['low'])}{unit('unit1') or last} - {_plain(found['high'])}{last}"
    return f"{_plain(found['one'])}{unit('unit4')}{(found['bound'] or '').replace('左右', '')}"


def _plain(number: str) -> str:
    n = number_of(number)
    return number if n is None else f"{n:g}"


def number_of(text: str) -> float | None:
    """The number that digits or Chinese numerals mean, up to ten thousands."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    total, section, digit = 0, 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        elif char == "万":
            total, section, digit = (section + digit) * 10000, 0, 0
        else:
            return None
    return float(total + section + digit) if text else None


def iso_date(text: str, now: datetime | None) -> str | None:
    """The ISO 8601 date of a wording, or None; a yearless or relative one needs `now`.

    下周五 is the Friday of next week, a bare weekday the next one to come.
    """
    if exact := re.search(r"\d{4}-\d{2}-\d{2}", text):
        return exact.group()
    full = re.search(r"(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十]+)月(\d{1,2}|[一二三四五六七八九十]+)[号日]", text)
    if full:
        month, day = (int(number_of(part) or 0) for part in full.groups()[1:])
        return _on(int(full[1]) if full[1] else None, month, day, now)
    if now is None:
        return None
    today = now.date()
    for word, ahead in (("大后天", 3), ("后天", 2), ("明", 1), ("今", 0)):
        if word in text:
            return (today + timedelta(days=ahead)).isoformat()
    if weekday := re.search(rf"(下下|下)?个?(?:这|本|上)?个?(?:周|星期|礼拜)({_DAY})", text):
        wanted = int(weekday[2]) - 1 if weekday[2].isdigit() else "一二三四五六日".index(weekday[2].replace("天", "日"))
        if weekday[1]:
            weeks = len(weekday[1])
            return (today + timedelta(days=7 * weeks - today.weekday() + wanted)).isoformat()
        return (today + timedelta(days=(wanted - today.weekday()) % 7)).isoformat()
    if "周末" in text:
        return (today + timedelta(days=(5 - today.weekday()) % 7 + (7 if "下" in text else 0))).isoformat()
    if day_only := re.search(r"(\d{1,2})号", text):
        month = today.month + ("下" in text or int(day_only[1]) < today.day)
        return _on(today.year + (month - 1) // 12, (month - 1) % 12 + 1, int(day_only[1]), now)
    return None


def _on(year: int | None, month: int, day: int, now: datetime | None) -> str | None:
    if year is None and now is None:
        return None
    try:
        found = date(year or (now.year if now else 1), month, day)
    except ValueError:
        return None
    if year is None and now is not None and found < now.date():
        found = found.replace(year=found.year + 1)
    return found.isoformat()


def iso_time(text: str) -> str | None:
    """The time as HH:MM, after noon where the wording says so; None when it names none."""
    found = re.search(
        r"(\d{1,2})[:：](\d{2})|(\d{1,2}|[一二三四五六七八九十两]+)点(半|一刻|三刻|\d{1,2}|[一二三四五六七八九十]+)?",
        text,
    )
    if found is None:
        return None
    hour = int(number_of(found[1] or found[3]) or 0)
    rest = found[2] or found[4] or "0"
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(rest) or int(number_of(rest) or 0)
    if (re.search(r"下午|晚上|傍晚|今晚|明晚|夜里", text) and hour < 12) or ("中午" in text and hour < 3):
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None
