"""Finding what a reply offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.interpret.lists import MAX_ITEMS, items_offered


def names(reply: str) -> list[str]:
    return [item.text for item in items_offered(reply)]


@pytest.mark.parametrize(
    ("reply", "offered"),
    [
        ("1. Joe's - dumplings\n2. Nom Wah (dim sum)\n3. **Wo Hop**: cheap", ["Joe's", "Nom Wah", "Wo Hop"]),
        ("Sure:\n\n1) TU Delft, founded 1842\n2) [ETH](https://ethz.ch)\n\nAnything else?", ["TU Delft", "ETH"]),
        ("- The Prado\n- The Thyssen\n", ["The Prado", "The Thyssen"]),
        ("• 故宫\n• 长城", ["故宫", "长城"]),
        ("1. 鼎泰丰：小笼包\n2. 小南国（本帮菜）", ["鼎泰丰", "小南国"]),
        ("一、鼎泰丰\n二、小南国", ["鼎泰丰", "小南国"]),
        ("你可以去：①故宫 ②长城", ["故宫", "长城"]),
        ("推荐鼎泰丰、小南国和外婆家。", ["鼎泰丰", "小南国", "外婆家"]),
    ],
)  # fmt: skip
def test_numbered_and_bulleted_lists_are_read_in_order(reply: str, offered: list[str]) -> None:
    assert names(reply) == offered


@pytest.mark.parametrize(
    ("reply", "offered"),
    [
        ("I can recommend Joe's, Nom Wah Tea Parlor and Wo Hop.", ["Joe's", "Nom Wah Tea Parlor", "Wo Hop"]),
        ("There are two places, Golden Wok and Lan Hong House.", ["Golden Wok", "Lan Hong House"]),
        ("There are some models such as BMW 1 series, X1, and X2.", ["BMW 1 series", "X1", "X2"]),
        ("Which one? Jake Larson or Jake Ellsworth?", ["Jake Larson", "Jake Ellsworth"]),
        ("You could eat apples, oranges or pears.", ["apples", "oranges", "pears"]),
    ],
)  # fmt: skip
def test_a_series_in_a_sentence_is_a_list_too(reply: str, offered: list[str]) -> None:
    assert names(reply) == offered


@pytest.mark.parametrize(
    "reply",
    ["", "The Eiffel Tower opened in 1889. It is tall.", "1. Only one thing", "It costs 1.50 or so.", "Yes and no."],
)
def test_what_offers_fewer_than_two_things_offers_none(reply: str) -> None:
    assert items_offered(reply) == ()


def test_a_list_that_does_not_count_from_one_is_no_list() -> None:
    assert names("In 2. Bundesliga\n5. Team five\n7. Team seven") == []


@given(st.text(st.sampled_from("AaBb, and or 12. - \n*_()[]、和：é中"), max_size=200))
def test_items_stand_where_they_say(reply: str) -> None:
    items = items_offered(reply)
    assert len(items) != 1
    assert len(items) <= MAX_ITEMS
    at = 0
    for item in items:
        assert at <= item.start < item.end <= len(reply)
        assert reply[item.start : item.end] == item.text
        at = item.end


def test_numbers_in_headings_and_chinese_numbers_in_bold_count_off() -> None:
    headings = "### 1. 荣泰 S60\n- 价格：6999元\n\n### 2. 奥克斯 AX-6\n- 价格：4599元"
    bold = "**一、政治腐败**：晚年怠政。\n\n**二、节度使坐大**：兵权过重。"
    assert [item.text for item in items_offered(headings)] == ["荣泰 S60", "奥克斯 AX-6"]
    assert [item.text for item in items_offered(bold)] == ["政治腐败", "节度使坐大"]


def test_a_chinese_name_with_latin_in_it_stays_whole_at_the_start_of_a_series() -> None:
    assert items_offered("可以看看小米14 Pro、vivo X100和iPhone 15。")[0].text == "小米14 Pro"
    assert items_offered("你可以试试华为Mate 60或者苹果iPhone 15")[0].text == "华为Mate 60"
