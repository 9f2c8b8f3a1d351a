"""English dates, times, numbers and amounts of money, in writing and in speech."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dialog.interpret.slots.mentions import Mention, without_overlaps
from dialog.interpret.slots.words import series

NUMBERS = {
    word: n
    for n, word in enumerate(
        series(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen twenty"
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "single": 1, "double": 2, "couple": 2}
ORDINALS = {
    word: n
    for n, word in enumerate(
        series("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"),
        start=1,
    )
} | {"thirtieth": 30, "thirty first": 31} | {
    f"twenty {word}": 20 + n
    for n, word in enumerate(series("first second third fourth fifth sixth seventh eighth ninth"), start=1)
}  # fmt: skip
MONTHS = series("january february march april may june july august september october november december")
WEEKDAYS = series("monday tuesday wednesday thursday friday saturday sunday")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_ORD = r"(?:\d{1,2}\s?(?:st|nd|rd|th)|" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
_DATES = (
    r"\d{4}-\d{2}-\d{2}",
    r"\d{1,2}/\d{1,2}(?:/\d{2,4})?",
    rf"(?:the\s+)?{_ORD}\s+(?:of\s+)?(?:{_MONTH}|(?:this|next)\s+month)(?:,?\s+\d{{4}})?",
    rf"{_MONTH}\s+(?:the\s+)?(?:{_ORD}|\d{{1,2}})\b(?:,?\s+\d{{4}})?",
    rf"\d{{1,2}}\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?",
    rf"the\s+{_ORD}\b(?!\s+(?:one|option|choice|time|place|restaurant|movie|song|hotel|floor|is|was|has))",
    r"(?:the\s+)?day after tomorrow|today|tonight|tomorrow",
    rf"(?:next|this|this coming|coming|on)\s+{_WEEKDAY}\b(?:\s+(?:this|next)\s+week)?",
    rf"{_WEEKDAY}\b\s+(?:this|next)\s+week|{_WEEKDAY}\s+next",
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    r"(?:later\s+)?(?:this|next)\s+(?:week(?:end)?|month)|in\s+(?:\d+|two|three|a|a few)\s+(?:days?|weeks?)",
)
DATE = re.compile("|".join(rf"\b(?:{form})\b" for form in _DATES), re.I)

_PART = r"(?:morning|afternoon|evening|night|noon)"
_CLOCK = (
    r"(?:\d{1,2}(?::\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:[\s-](?:thirty|fifteen|forty[\s-]five))?"
)
_AM = r"(?:[ap]\.?\s?m\b\.?)"
_OCLOCK = r"o\s?['\"’]?\s?clock"
_TIMES = (
    rf"(?:(?:half|quarter|\d{{1,2}}(?:\s+minutes)?|ten|five|twenty)\s+(?:past|to|after)\s+{_CLOCK})"
    rf"(?:\s?{_AM}|\s+(?:in|at)\s+(?:the\s+)?{_PART})?",
    rf"{_CLOCK}\s?{_AM}",
    rf"{_CLOCK}\s*{_OCLOCK}(?:\s+(?:in|at)\s+(?:the\s+)?{_PART})?",
    rf"{_CLOCK}\s+(?:in the (?:morning|afternoon|evening)|at night)",
    rf"{_PART}\s+(?:at\s+)?(?:half past\s+|quarter (?:past|to)\s+)?{_CLOCK}(?:\s*{_OCLOCK})?(?![-\w])",
    r"\d{1,2}:\d{2}",
    r"(?:noon|midnight|midday)",
)
TIME = re.compile("|".join(rf"(?<![\w:$]){form}(?![\w:])" for form in _TIMES), re.I)
LOOSE_TIME = re.compile(
    rf"\b(?:in the (?:morning|afternoon|evening)|{_PART}s?|lunchtime|dinnertime)\b|(?<=\bat )\d{{1,2}}\b(?!\s*\w)", re.I
)
MONEY = re.compile(
    r"[$€£¥]\s?\d[\d,]*(?:\.\d+)?k?|\b\d[\d,]*(?:\.\d+)?\s?(?:dollars?|bucks|usd|euros?|eur|pounds?|gbp|yuan|rmb)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty)?\s?(?:hundred|thousand)?\s?"
    r"(?<=\w\s)(?:dollars|bucks)\b",
    re.I,
)
DURATION = re.compile(
    r"\b(\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten)[\s-](days?|nights?|weeks?"
    r"|hours?|minutes?|months?)\b",
    re.I,
)
PHONE = re.compile(r"(?<!\d)\+?\d[\d ()-]{6,}\d(?!\d)")
ADDRESS = re.compile(
    r"(?<![\w:/])\d+[\w-]*(?:\s+(?:[A-Z]|\d)[\w.'-]*){0,5}?\s+(?i:street|st|avenue|ave|road|rd"
    r"|boulevard|blvd|drive|dr|lane"
    r"|ln|way|place|pl|court|ct|square|parkway|pkwy|highway|hwy|terrace|plaza|broadway|route"
    r"|circle|expressway|real)\b\.?"
    r"(?:\s+(?i:north|south|east|west|[ns][ew]?\b))?(?:\s?#\s?\w+|,?\s+(?i:suite|unit|apt|ste)\.?\s*#?\w+)*"
)
NUMBER = re.compile(r"(?<![\w$.:/-])(\d+(?:\.\d+)?|" + "|".join(NUMBERS) + r")(?![\w:/])(?!\.\d)", re.I)


def amounts(text: str) -> tuple[Mention, ...]:
    """Dates, times, money, durations, phone numbers and street addresses in `text`, in order, none inside another."""
    return without_overlaps(_amounts(text))


def _amounts(text: str) -> Iterator[Mention]:
    for found in ADDRESS.finditer(text):
        yield Mention("address", *found.span(), found.group())
    for found in TIME.finditer(text):
        yield Mention("time", *found.span(), found.group())
    for found in DATE.finditer(text):
        said = found.group().lower()
        start = found.start() + (
            3 if said.startswith("on ") else 4 if re.match(rf"the {_ORD} (?:of|{_MONTH})", said) else 0
        )
        if not _is_may(text, found):
            yield Mention("date", start, found.end(), text[start : found.end()])
    for found in MONEY.finditer(text):
        yield Mention("money", *found.span(), found.group())
    for found in DURATION.finditer(text):
        yield Mention("duration", *found.span(), found.group(1))
    for found in PHONE.finditer(text):
        yield Mention("phone", *found.span(), found.group())


def _is_may(text: str, found: re.Match[str]) -> bool:
    """Whether a month name is the verb in "may 1 ask"."""
    return bool(re.match(r"(?:may|mar)\s+i\b", found.group(), re.I))


def number_of(word: str) -> int | float | None:
    """The number that a numeral or number word means."""
    word = word.lower().replace(",", "")
    if word in ("a", "an"):
        return 1
    if re.fullmatch(r"\d+", word):
        return int(word)
    if re.fullmatch(r"\d*\.\d+", word):
        return float(word)
    return NUMBERS.get(word)


def amount_of(text: str) -> int | float | None:
    """The number in an amount of money ("$1,700", "two hundred dollars")."""
    if digits := re.search(r"\d[\d,]*(?:\.\d+)?", text):
        return number_of(digits.group())
    total = 0
    for word in text.lower().split():
        if word == "hundred":
            total = (total or 1) * 100
        elif word == "thousand":
            total = (total or 1) * 1000
        else:
            total += NUMBERS.get(word, 0)
    return total or None


def iso_date(text: str, now: datetime | None) -> str | None:
    """The ISO 8601 date of a wording, or None when it names none; a relative or yearless one needs `now`.

    A yearless date is the next one on or after `now`; "next Friday" is the Friday of next week, a bare weekday the next
    one to come (today included).
    """
    words = re.sub(r"\s+", " ", text.lower()).strip(" .,")
    if exact := re.search(r"(\d{4})-(\d{2})-(\d{2})", words):
        return _iso(*(int(part) for part in exact.groups()))
    if now is None:
        return _absolute(words, None)
    return _relative(words, now.date()) or _absolute(words, now.date())


def _relative(words: str, today: date) -> str | None:
    days = {"today": 0, "tonight": 0, "tomorrow": 1}
    if "day after tomorrow" in words:
        return (today + timedelta(days=2)).isoformat()
    for word, ahead in days.items():
        if re.search(rf"\b{word}\b", words):
            return (today + timedelta(days=ahead)).isoformat()
    if after := re.search(r"\bin (\w+) (day|week)s?", words):
        n = 3 if after[1] == "few" else number_of(after[1])
        return (today + timedelta(days=int(n) * (7 if after[2] == "week" else 1))).isoformat() if n else None
    if day := re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)\w*", words):
        wanted = [name[:3] for name in WEEKDAYS].index(day[1])
        if "next" in words:
            return (today + timedelta(days=7 - today.weekday() + wanted)).isoformat()
        return (today + timedelta(days=(wanted - today.weekday()) % 7)).isoformat()
    if "weekend" in words:
        ahead = (5 - today.weekday()) % 7 + (7 if "next" in words else 0)
        return (today + timedelta(days=ahead)).isoformat()
    return None


def _absolute(words: str, today: date | None) -> str | None:
    year = next((int(found) for found in re.findall(r"\b(\d{4})\b", words)), None)
    if slashed := re.search(r"(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?", words):
        month, day = int(slashed[1]), int(slashed[2])
        if slashed[3]:
            year = int(slashed[3]) + (2000 if len(slashed[3]) == 2 else 0)
        return _next(year, month, day, today)
    month_found = re.search(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", words)
    day_of = _day_in(words)
    if day_of is None:
        return None
    if month_found:
        months = [name[:3] for name in MONTHS]
        return _next(year, months.index(month_found[1]) + 1, day_of, today)
    if today is None:
        return None
    ahead = 1 if "next month" in words or ("this month" not in words and day_of < today.day) else 0
    month = today.month + ahead
    return _iso(today.year + (month - 1) // 12, (month - 1) % 12 + 1, day_of)


def _day_in(words: str) -> int | None:
    if digits := re.search(r"\b(\d{1,2})(?:\s?(?:st|nd|rd|th))?\b(?!/)", words):
        return int(digits[1])
    spoken = (name for name in sorted(ORDINALS, key=len, reverse=True) if re.search(rf"\b{name}\b", words))
    name = next(spoken, None)
    return ORDINALS[name] if name else None


def _next(year: int | None, month: int, day: int, today: date | None) -> str | None:
    if year is not None:
        return _iso(year, month, day)
    if today is None:
        return None
    this_year = _iso(today.year, month, day)
    if this_year is not None and this_year < today.isoformat():
        return _iso(today.year + 1, month, day)
    return this_year


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def iso_time(text: str) -> str | None:
    """The time as HH:MM, or None; an hour without am or pm is taken as written, and after noon for an evening."""
    words = text.lower().replace(".", "")
    if ("noon" in words and "afternoon" not in words) or "midday" in words:
        return "12:00"
    if "midnight" in words:
        return "00:00"
    late = bool(re.search(r"p\s?m\b|afternoon|evening|night", words))
    early = bool(re.search(r"a\s?m\b|morning", words))
    past = re.search(r"(half|quarter|\w+)(?: minutes)? (past|to|after) (\w+)", words)
    if past and (hour := number_of(past[3])) is not None:
        minutes = {"half": 30, "quarter": 15}.get(past[1]) or int(number_of(past[1]) or 0)
        total = int(hour) * 60 + (minutes if past[2] != "to" else -minutes)
        return _clock(total // 60, total % 60, late=late, early=early)
    if digits := re.search(r"(\d{1,2})(?::(\d{2}))?", words):
        return _clock(int(digits[1]), int(digits[2] or 0), late=late, early=early)
    spoken = [NUMBERS[word] for word in re.findall(r"[a-z]+", words) if word in NUMBERS]
    return _clock(spoken[0], sum(spoken[1:]), late=late, early=early) if spoken else None


def _clock(hour: int, minute: int, *, late: bool, early: bool) -> str | None:
    if late and hour < 12:
        hour += 12
    if early and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None
