"""Topics: staying, opening and going back, in both languages, with nothing known of what comes later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.topics import LABEL_CHARS, SIGNALS, WEIGHTS, earlier_topic, shift_score, signals
from dialog.replay import answered, opened
from dialog.state import DialogState

LOCAL = RuleInterpreter()

Talk = list[tuple[str, str, str]]
"""(user message, reply, topic decision: "new", "stay", or "return tN")."""

DINNER: Talk = [
    ("I'm going to New York tomorrow. What is the best Chinese restaurant in New York?", "There are many.", "new"),
    ("that's not helpful", "1. Joe's Shanghai 2. Xi'an Famous Foods 3. Nom Wah", "stay"),
    ("something cheaper", "1. Vanessa's Dumpling House or 2. Shu Jiao", "stay"),
    ("what about Thai?", "1. Wayla 2. Ugly Baby 3. SriPraPhai", "stay"),
    ("is the second one open on Sunday?", "Yes, from noon.", "stay"),
    ("by the way, who wrote Hamlet?", "William Shakespeare.", "new"),
    ("ok, back to dinner: for four people", "Ugly Baby takes groups.", "return t1"),
]
DINNER_ZH: Talk = [
    ("我明天要去纽约。纽约最好的中餐馆是哪家？", "纽约有很多不错的选择。", "new"),
    ("你没回答我的问题", "1. 鹿鸣春 2. 西安名吃 3. 南华茶室", "stay"),
    ("便宜一点的", "1. 锅贴王 2. 蜀娇福州", "stay"),
    ("泰国菜呢？", "1. Wayla 2. Ugly Baby 3. SriPraPhai", "stay"),
    ("第二家周日开门吗？", "开门。", "stay"),
    ("对了，哈姆雷特是谁写的？", "威廉·莎士比亚。", "new"),
    ("好，说回晚饭：四个人", "可以。", "return t1"),
]
ERRANDS: Talk = [
    ("Find me a cheap hotel in Boston", "The Lodge is cheap. Shall I book it?", "new"),
    ("yes please", "Your room is booked. Anything else?", "stay"),
    ("Thanks. I also need a taxi to the airport", "Where from?", "new"),
    ("the hotel", "Your taxi is on its way.", "stay"),
    ("Now play some jazz music", "Playing jazz.", "new"),
    ("go back to the hotel please, does it have wifi?", "Yes.", "return t1"),
]
ERRANDS_ZH: Talk = [
    ("帮我找一家评分4.5分以上的酒店", "推荐您去北京饭店。", "new"),
    ("价格是多少？", "500元。", "stay"),
    ("好的，再帮我找一个门票免费的景点游玩", "推荐您去北海公园。", "new"),
    ("可以玩多久？", "2小时。", "stay"),
]


def walk(talk: Talk) -> tuple[DialogState, list[str]]:
    state, found = DialogState(dialog_id="d"), []
    for text, reply, _ in talk:
        meant = LOCAL.interpret(state, text)
        found.append(meant.topic.kind + (f" {meant.topic.topic_id}" if meant.topic.kind == "return" else ""))
        state = answered(opened(state, text, meant), reply)
    return state, found


@pytest.mark.parametrize("talk", [DINNER, DINNER_ZH, ERRANDS, ERRANDS_ZH], ids=["en", "zh", "errands", "errands-zh"])
def test_a_talk_stays_opens_and_returns_where_people_do(talk: Talk) -> None:
    assert walk(talk)[1] == [decision for _, _, decision in talk]


def test_topics_are_named_by_what_they_are_about() -> None:
    state, _ = walk(DINNER)
    assert [topic.label for topic in state.topics] == ["New York Chinese restaurant", "wrote Hamlet"]


def test_of_several_topics_the_one_that_is_named_is_gone_back_to() -> None:
    state, _ = walk(ERRANDS[:5])
    pack = LOCAL.packs[0]
    found = earlier_topic(View(state), pack, ["taxi"])
    assert found is not None
    assert found.topic_id == "t3"


def test_going_back_without_a_name_goes_to_the_topic_left_last() -> None:
    state, _ = walk(ERRANDS[:5])
    found = earlier_topic(View(state), LOCAL.packs[0], [])
    assert found is not None
    assert found.topic_id == "t3"


def test_starting_over_opens_a_topic() -> None:
    state, _ = walk(DINNER[:2])
    assert LOCAL.interpret(state, "start over").topic.kind == "new"


def test_every_signal_has_a_weight() -> None:
    assert set(WEIGHTS) == set(SIGNALS)


@given(st.text(max_size=120), st.booleans(), st.booleans())
def test_signals_and_scores_are_shares_whatever_is_said(text: str, reply: bool, edited: bool) -> None:
    before = View(walk(DINNER[:2])[0]).in_topic
    for pack in LOCAL.packs:
        found = signals(before, text, pack, reply=reply, edited=edited)
        assert len(found) == len(SIGNALS)
        assert all(0 <= value <= 1 for value in found)
        assert 0 <= shift_score(before, text, pack, reply=reply, edited=edited) <= 1


@given(st.text(min_size=1, max_size=300))
def test_a_label_is_short(text: str) -> None:
    label = LOCAL.interpret(DialogState(dialog_id="d"), text).topic.label
    assert label is None or len(label) <= LABEL_CHARS


@pytest.mark.parametrize(
    ("text", "label"),
    [("2022年世界杯决赛是谁赢了", "世界杯决赛"), ("日本签证怎么办", "日本签证"), ("安史之乱是怎么爆发的", "安史之乱")],
)
def test_a_chinese_label_is_a_name_without_spaces(text: str, label: str) -> None:
    assert (LOCAL.interpret(DialogState(dialog_id="d"), text).topic.label or "").startswith(label)
