"""What a Chinese follow-up leaves out and no pronoun stands for: objects, owners, topics, and the question."""

from __future__ import annotations

import pytest

from tests.interpret.zh.cases import RULES, bare, dialog
from tests.interpret.zh.test_resolution import needs_words

pytestmark = needs_words


def sent(user: str, assistant: str, text: str) -> str:
    """What is sent for `text` after one exchange, without spaces and punctuation."""
    return bare(RULES.interpret(dialog([("u", user), ("a", assistant)]), text).rewrite.text)


@pytest.mark.parametrize(
    ("user", "assistant", "text", "want"),
    [
        ("你了解敦煌壁画吗", "了解一些", "说说", "说说敦煌壁画"),
        ("你知道量子力学吗", "当然知道", "你说一下", "你说一下量子力学"),
        ("我喜欢熊猫表情包", "熊猫表情包很可爱", "发一个给我看看", "发一个熊猫表情包给我看看"),
        ("你去过哈尔滨吗", "哈尔滨很冷吧", "我去过两次", "我去过两次哈尔滨"),
        ("滑雪怎么样", "不太会", "我也不是特别喜欢了", "我也不是特别喜欢滑雪了"),
        ("你喜欢香菜吗", "香菜很香呀", "那你吃不吃", "那你吃不吃香菜"),
    ],
)
def test_a_verb_gets_its_object_before_its_closing_words(user: str, assistant: str, text: str, want: str) -> None:
    assert sent(user, assistant, text) == want


@pytest.mark.parametrize(
    ("user", "assistant", "text", "want"),
    [
        ("我发烧了", "吃药了吗", "没有", "没有吃药"),
        ("在吗", "你知道敦煌吗", "知道", "知道敦煌"),
        ("我想换手机", "华为怎么样", "一般", "华为一般"),
        ("我在学法语", "你什么时候开始学的", "去年", "去年开始学的"),
    ],
)
def test_a_bare_answer_gets_what_was_asked(user: str, assistant: str, text: str, want: str) -> None:
    assert sent(user, assistant, text) == want


@pytest.mark.parametrize(
    ("assistant", "text"),
    [("需要我帮您订位吗", "可以"), ("还有其他问题吗", "没有"), ("请问您要哪一种", "不错"), ("八点半开门。", "知道了")],
)
def test_assent_to_an_offer_or_to_a_statement_is_complete(assistant: str, text: str) -> None:
    assert sent("故宫几点开门", assistant, text) == bare(text)


@pytest.mark.parametrize(
    ("user", "assistant", "text", "want"),
    [
        ("你知道梵高吗", "梵高很有名", "你有照片吗", "你有梵高照片吗"),
        ("你知道白鹿原吗", "看过很多遍", "能给我讲讲主要内容吗", "能给我讲讲白鹿原的主要内容吗"),
    ],
)
def test_a_property_gets_its_owner_inside_the_clause(user: str, assistant: str, text: str, want: str) -> None:
    assert sent(user, assistant, text) == want


@pytest.mark.parametrize(
    ("user", "assistant", "text", "want"),
    [
        ("你知道郎朗吗", "不知道", "一个弹钢琴的艺术家", "郎朗是一个弹钢琴的艺术家"),
        ("你听说过莫言吗", "介绍一下莫言", "中国作家", "莫言是中国作家"),
    ],
)
def test_a_description_of_what_was_named_gets_its_name(user: str, assistant: str, text: str, want: str) -> None:
    assert sent(user, assistant, text) == want


@pytest.mark.parametrize(
    ("user", "assistant", "text", "want"),
    [
        ("你知道张家界吗", "张家界很美", "本来就很美", "张家界本来就很美"),
        ("你知道郎朗吗", "郎朗弹得好", "他厉不厉害", "郎朗厉不厉害"),
        ("你知道冰岛吗", "不太清楚", "这你都不知道吗", "冰岛你都不知道吗"),
        ("你知道边城吗", "沈从文", "这本书好看吗", "边城好看吗"),
    ],
)
def test_a_clause_with_nothing_of_its_own_gets_its_topic(user: str, assistant: str, text: str, want: str) -> None:
    assert sent(user, assistant, text) == want


@pytest.mark.parametrize(
    "text",
    ["你真厉害", "你几岁了", "我有点难过", "下次再聊", "端午节是几号", "人为什么要睡觉", "我最近梦到前任了", "想吃饭"],
)
def test_a_clause_about_the_people_in_the_room_is_complete(text: str) -> None:
    assert sent("你知道张家界吗", "张家界很美", text) == bare(text)


@pytest.mark.parametrize(
    "text", ["涨知识了", "学到了学到了", "那还行", "那就这么定了", "我服了", "你猜对了", "是啊，我说了不算"]
)
def test_what_is_said_to_what_was_told_is_complete(text: str) -> None:
    assert sent("青岛地铁怎么坐", "青岛地铁三号线从青岛站出发", text) == bare(text)


def test_what_the_user_adds_before_anybody_answers_is_complete() -> None:
    said = dialog([("u", "你用过华为Mate60吗"), ("a", "华为Mate60我用了半年"), ("u", "我也想买华为Mate60")])
    assert not RULES.interpret(said, "真好").rewrite.changed
