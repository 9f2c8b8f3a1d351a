"""Dialogs and the slots after them: (name, model, [(user, reply), ...], slots that hold something, excluded).

"any" stands for a slot left open.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tests.slots.models import RestaurantSearch, ZhSearch

Case = tuple[str, type[BaseModel], list[tuple[str, str]], dict[str, Any], dict[str, list[Any]]]

R, Z = RestaurantSearch, ZhSearch

CASES: list[Case] = [
    (
        "all_in_one",
        R,
        [("I need a cheap Italian restaurant in Boston for four people tomorrow at 7 pm", "")],
        {
            "city": "Boston",
            "cuisine": "Italian",
            "party_size": 4,
            "day": "2026-11-24",
            "hour": "19:00",
            "price": "cheap",
        },
        {},
    ),
    ("answer_city", R, [("find me a restaurant", "In what city?"), ("Boston", "")], {"city": "Boston"}, {}),
    ("answer_number", R, [("book a table", "For how many people?"), ("five", "")], {"party_size": 5}, {}),
    (
        "correction_bare",
        R,
        [("a Thai place in Queens", "Here are some in Queens."), ("no, Brooklyn", "")],
        {"city": "Brooklyn", "cuisine": "Thai"},
        {},
    ),
    (
        "correction_meant",
        R,
        [("a table for 4 in Queens", "Done."), ("sorry, i meant six people", "")],
        {"city": "Queens", "party_size": 6},
        {},
    ),
    (
        "replacement",
        R,
        [("chinese food in Boston", "ok"), ("what about thai?", "")],
        {"city": "Boston", "cuisine": "thai"},
        {},
    ),
    ("negated", R, [("dinner in Boston, but not Chinese", "")], {"city": "Boston"}, {"cuisine": ["Chinese"]}),
    (
        "excluded_food",
        R,
        [("somewhere in Boston, no seafood please", "")],
        {"city": "Boston"},
        {"cuisine": ["seafood"]},
    ),
    (
        "negated_after_stated",
        R,
        [("indian food in Boston", "ok"), ("actually not indian", "")],
        {"city": "Boston"},
        {"cuisine": ["indian"]},
    ),
    (
        "retraction",
        R,
        [("cheap food in Boston", "ok"), ("forget about the price", "")],
        {"city": "Boston"},
        {},
    ),
    (
        "any",
        R,
        [("food in Boston", "Which part of town?"), ("any area is fine", "")],
        {"city": "Boston", "area": "any"},
        {},
    ),
    (
        "dont_care",
        R,
        [("food in Boston", "What kind of food?"), ("I don't care", "")],
        {"city": "Boston", "cuisine": "any"},
        {},
    ),
    (
        "revert",
        R,
        [("chinese food in Boston", "ok"), ("make it thai", "ok"), ("let's go back to the first one", "")],
        {"city": "Boston", "cuisine": "chinese"},
        {},
    ),
    (
        "not_taken",
        R,
        [("food in Boston", "How about Joe's Diner in Salem at 8 pm?"), ("no, something else", "")],
        {"city": "Boston"},
        {},
    ),
    (
        "asked_about_but_not_taken",
        R,
        [("food in Boston", "How about Joe's Diner?"), ("is it expensive?", "")],
        {"city": "Boston"},
        {},
    ),
    (
        "accepted",
        R,
        [("food in Boston", "How about Joe's Diner?"), ("sounds good", "")],
        {"city": "Boston", "restaurant_name": "Joe's Diner"},
        {},
    ),
    (
        "accepted_later",
        R,
        [("food in Boston", "How about Joe's Diner?"), ("is it far?", "Two miles."), ("ok, that works", "")],
        {"city": "Boston", "restaurant_name": "Joe's Diner"},
        {},
    ),
    (
        "selected",
        R,
        [("food in Boston", "1. Joe's Diner\n2. Casa Mia\n3. Blue Door"), ("the second one please", "")],
        {"city": "Boston", "restaurant_name": "Casa Mia"},
        {},
    ),
    (
        "confirmed",
        R,
        [("a table in Boston", "Please confirm: a table for 3 in Boston at 6:30 pm."), ("yes, that's right", "")],
        {"city": "Boston", "party_size": 3, "hour": "18:30"},
        {},
    ),
    (
        "confirmed_but_one",
        R,
        [("a table in Boston", "Please confirm: a table for 3 in Boston at 6:30 pm."), ("no, make it 5 people", "")],
        {"city": "Boston", "party_size": 5, "hour": "18:30"},
        {},
    ),
    ("flag", R, [("food in Boston with outdoor seating", "")], {"city": "Boston", "outdoor_seating": True}, {}),
    (
        "question_is_no_wish",
        R,
        [("food in Boston", "Joe's Diner."), ("do they have outdoor seating?", "")],
        {"city": "Boston"},
        {},
    ),
    (
        "spoken",
        R,
        [("um i want uh thai food in boston for two people", "")],
        {"city": "boston", "cuisine": "thai", "party_size": 2},
        {},
    ),
    ("weekday", R, [("a table on friday at noon", "")], {"day": "2026-11-27", "hour": "12:00"}, {}),
    ("next_weekday", R, [("a table next friday", "")], {"day": "2026-12-04"}, {}),
    (
        "thanks_is_nothing",
        R,
        [("food in Boston", "Joe's Diner."), ("thanks, that is all for today", "")],
        {"city": "Boston"},
        {},
    ),
    (
        "zh_all_in_one",
        Z,
        [("明天晚上七点想在上海吃川菜，四个人", "")],
        {"城市": "上海", "菜系": "川菜", "人数": 4, "日期": "2026-11-24", "时间": "19:00"},
        {},
    ),
    ("zh_answer", Z, [("帮我订个餐馆", "请问几位？"), ("五个人", "")], {"人数": 5}, {}),
    ("zh_answer_city", Z, [("帮我订个餐馆", "您在哪个城市？"), ("杭州", "")], {"城市": "杭州"}, {}),
    ("zh_correction", Z, [("在上海吃川菜", "好的"), ("不对，是北京", "")], {"城市": "北京", "菜系": "川菜"}, {}),
    ("zh_replacement", Z, [("在上海吃川菜", "好的"), ("换成粤菜吧", "")], {"城市": "上海", "菜系": "粤菜"}, {}),
    ("zh_negated", Z, [("在上海吃饭，不要火锅", "")], {"城市": "上海"}, {"菜系": ["火锅"]}),
    (
        "zh_any",
        Z,
        [("在上海吃川菜", "人均预算多少？"), ("都可以", "")],
        {"城市": "上海", "菜系": "川菜", "预算": "any"},
        {},
    ),
    (
        "zh_retraction",
        Z,
        [("在上海吃川菜，人均100元", "好的"), ("预算就不用管了", "")],
        {"城市": "上海", "菜系": "川菜"},
        {},
    ),
    ("zh_budget", Z, [("人均100到150元的餐馆", "")], {"预算": "100-150元"}, {}),
    ("zh_category", Z, [("找个高档的餐馆", "")], {"档次": "高档型"}, {}),
    ("zh_weekday", Z, [("下周五中午十二点半", "")], {"日期": "2026-12-04", "时间": "12:30"}, {}),
    (
        "zh_revert",
        Z,
        [("在上海吃川菜", "好的"), ("换成粤菜吧", "好的"), ("还是换回原来的吧", "")],
        {"城市": "上海", "菜系": "川菜"},
        {},
    ),
]
