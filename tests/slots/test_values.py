"""Dates, times and amounts in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.interpret.slots import en_values, zh_values

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""A Monday."""

ENGLISH_DATES = [
    ("tomorrow", "2026-11-24"),
    ("the day after tomorrow", "2026-11-25"),
    ("friday", "2026-11-27"),
    ("next friday", "2026-12-04"),
    ("saturday this week", "2026-11-28"),
    ("this weekend", "2026-11-28"),
    ("in three days", "2026-11-26"),
    ("in a week", "2026-11-30"),
    ("March 8th", "2027-03-08"),
    ("the 2nd of december", "2026-12-02"),
    ("december 24", "2026-12-24"),
    ("the 12th", "2026-12-12"),
    ("the 30th", "2026-11-30"),
    ("12/24", "2026-12-24"),
    ("1/2/2027", "2027-01-02"),
    ("2026-12-31", "2026-12-31"),
    ("february 30th", None),
]
CHINESE_DATES = [
    ("明天", "2026-11-24"),
    ("后天", "2026-11-25"),
    ("大后天", "2026-11-26"),
    ("周五", "2026-11-27"),
    ("下周五", "2026-12-04"),
    ("下下周一", "2026-12-07"),
    ("星期天", "2026-11-29"),
    ("这个周末", "2026-11-28"),
    ("12月24号", "2026-12-24"),
    ("三月八日", "2027-03-08"),
    ("2027年1月2日", "2027-01-02"),
    ("25号", "2026-11-25"),
    ("2号", "2026-12-02"),
]
ENGLISH_TIMES = [
    ("7 pm", "19:00"),
    ("12:30 pm", "12:30"),
    ("12 am", "00:00"),
    ("15:30", "15:30"),
    ("half past 7 in the evening", "19:30"),
    ("quarter to 9 in the morning", "08:45"),
    ("3 o'clock in the afternoon", "15:00"),
    ("noon", "12:00"),
    ("midnight", "00:00"),
    ("six thirty pm", "18:30"),
]
CHINESE_TIMES = [
    ("晚上七点", "19:00"),
    ("下午3点半", "15:30"),
    ("中午十二点半", "12:30"),
    ("上午9:15", "09:15"),
    ("八点一刻", "08:15"),
]


@pytest.mark.parametrize(("wording", "day"), ENGLISH_DATES)
def test_an_english_date_is_the_day_it_means(wording: str, day: str | None) -> None:
    assert en_values.iso_date(wording, NOW) == day


@pytest.mark.parametrize(("wording", "day"), CHINESE_DATES)
def test_a_chinese_date_is_the_day_it_means(wording: str, day: str) -> None:
    assert zh_values.iso_date(wording, NOW) == day


@pytest.mark.parametrize(("wording", "clock"), ENGLISH_TIMES)
def test_an_english_time_is_the_hour_it_means(wording: str, clock: str) -> None:
    assert en_values.iso_time(wording) == clock


@pytest.mark.parametrize(("wording", "clock"), CHINESE_TIMES)
def test_a_chinese_time_is_the_hour_it_means(wording: str, clock: str) -> None:
    assert zh_values.iso_time(wording) == clock


@pytest.mark.parametrize("wording", ["tomorrow", "march 8th", "the 12th"])
def test_without_a_clock_a_relative_date_is_no_day(wording: str) -> None:
    assert en_values.iso_date(wording, None) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("from March 3rd at 7 pm for $30", [("date", "March 3rd"), ("time", "7 pm"), ("money", "$30")]),
        ("add it at 15:30 to 400 East Remington Drive", [("time", "15:30"), ("address", "400 East Remington Drive")]),
        ("may i have two nights", [("duration", "two")]),
        ("nothing here", []),
    ],
)
def test_english_amounts_are_found_once_each(text: str, kinds: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.value) for found in en_values.amounts(text)] == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("评分4.5分以上，人均50到100元", [("rating", "4.5分以上"), ("money", "50-100元")]),
        ("门票免费，玩2小时到3小时", [("money", "免费"), ("duration", "2小时 - 3小时")]),
        ("便宜一点的", []),
        ("能玩半个小时", [("duration", "0.5小时")]),
    ],
)
def test_chinese_amounts_are_written_one_way(text: str, kinds: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.value) for found in zh_values.amounts(text)] == kinds


@pytest.mark.parametrize(
    ("text", "n"), [("十二", 12), ("两百五十", 250), ("一万二千", 12000), ("30", 30), ("三十五", 35)]
)
def test_chinese_numerals_are_numbers(text: str, n: int) -> None:
    assert zh_values.number_of(text) == n


@given(st.text(max_size=80))
def test_no_text_breaks_the_finders(text: str) -> None:
    for found in (*en_values.amounts(text), *zh_values.amounts(text)):
        assert 0 <= found.start < found.end <= len(text)
        if found.kind == "date":
            en_values.iso_date(str(found.value), NOW)
            zh_values.iso_date(str(found.value), NOW)
        if found.kind == "time":
            en_values.iso_time(str(found.value))
            zh_values.iso_time(str(found.value))
