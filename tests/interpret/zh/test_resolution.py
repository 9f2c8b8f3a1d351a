"""Chinese follow-ups, by hand-made cases: what share is right, printed by kind; and the story the product is for."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from dialog.interpret.tagger import tagger
from dialog.interpret.zh import tokens
from tests.interpret.zh.cases import RULES, Case, bare, cases, dialog

FOLLOW_UPS = cases("followups.txt")
ALONE = cases("alone.txt")
LATER = [case for file in ("fresh.txt", "unseen.txt") for case in cases(file)]
WIDE = [case for file in ("wide.txt", "later.txt", "last.txt") for case in cases(file)]
FRESH = [case for case in LATER if case.kind != "alone"]
FRESH_ALONE = [case for case in LATER if case.kind == "alone"]

needs_words = pytest.mark.skipif(tagger() is None, reason="rjieba (extra zh) is not installed")


def wrong(case: Case) -> str | None:
    meant = RULES.interpret(dialog(case.history), case.text)
    fault = case.wrong(meant.rewrite.text, meant.act)
    return f"{fault}  [{meant.by}]" if fault else None


def share_right(some: list[Case]) -> float:
    """Percent right; prints the count by kind and every miss."""
    faults = [(case.kind, fault) for case in some if (fault := wrong(case))]
    missed = Counter(kind for kind, _ in faults)
    for kind, n in Counter(case.kind for case in some).items():
        print(f"{kind:12} {n - missed[kind]:3} of {n}")
    print(*(fault for _, fault in faults), sep="\n")
    return 100 * (len(some) - len(faults)) / len(some)


def test_there_are_enough_cases_of_both_sorts() -> None:
    assert len(FOLLOW_UPS) >= 120
    assert len(ALONE) >= 30


@needs_words
def test_nine_in_ten_follow_ups_are_made_complete() -> None:
    assert share_right(FOLLOW_UPS) >= 90.0


@needs_words
def test_complete_messages_are_left_alone() -> None:
    assert share_right(ALONE) >= 97.0


@needs_words
def test_the_later_sets_of_follow_ups_hold_too() -> None:
    assert share_right(FRESH) >= 90.0


def test_the_later_sets_of_complete_messages_are_left_alone() -> None:
    assert share_right(FRESH_ALONE) >= 97.0


@needs_words
def test_four_in_five_follow_ups_of_talk_on_any_subject_are_made_complete() -> None:
    assert share_right([case for case in WIDE if case.kind != "alone"]) >= 80.0


@needs_words
def test_complete_messages_amid_talk_on_any_subject_are_left_alone() -> None:
    assert share_right([case for case in WIDE if case.kind == "alone"]) >= 97.0


def test_without_the_word_library_most_follow_ups_are_still_made_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "tagger", lambda: None)
    forget_readings()
    try:
        assert share_right(FOLLOW_UPS + FRESH) >= 80.0
        assert share_right(ALONE + FRESH_ALONE) >= 92.0
    finally:
        monkeypatch.undo()
        forget_readings()


def forget_readings() -> None:
    """Readings are kept by text; they are not the same with another tagger."""
    from dialog.interpret.zh import mentions

    for kept in (tokens.cut, mentions._ranked, mentions._candidates, mentions._repeated):
        kept.cache_clear()


@pytest.mark.parametrize(
    ("text", "act", "topic", "holds"),
    [
        ("没什么帮助", "reject", "stay", ["纽约最好的中餐馆是哪家"]),
        ("便宜一点的", "refine", "stay", ["纽约", "便宜一点的中餐馆"]),
        ("泰国菜呢？", "refine", "stay", ["纽约", "便宜一点的", "泰国菜餐馆"]),
        ("第二家周日开门吗", "select", "stay", ["Ugly Baby周日开门吗"]),
        ("对了，哈姆雷特是谁写的？", "new", "new", ["对了，哈姆雷特是谁写的？"]),
        ("好，回到晚饭：四个人", "return", "return", ["四个人", "纽约", "泰国菜餐馆"]),
    ],
)
def test_the_dinner_in_new_york(text: str, act: str, topic: str, holds: list[str]) -> None:
    replies = {
        "我明天要去纽约。纽约最好的中餐馆是哪家？": "纽约有很多中餐馆，您可以上网查一查。",
        "没什么帮助": "您可以试试法拉盛的餐馆。",
        "便宜一点的": "在法拉盛可以找到便宜的中餐馆。",
        "泰国菜呢？": "有几家不错：\n1. Wondee Siam\n2. Ugly Baby\n3. Thai Diner",
        "第二家周日开门吗": "Ugly Baby周日下午五点开门。",
        "对了，哈姆雷特是谁写的？": "莎士比亚。",
        "好，回到晚饭：四个人": "",
    }
    turns = list(replies)
    history = [said for turn in turns[: turns.index(text)] for said in (("u", turn), ("a", replies[turn]))]
    meant = RULES.interpret(dialog(history), text)
    assert (meant.act, meant.topic.kind) == (act, topic)
    assert all(bare(part) in bare(meant.rewrite.text) for part in holds), meant.rewrite.text


def test_an_anaphor_without_an_antecedent_is_left_alone_and_unsure() -> None:
    meant = RULES.interpret(dialog([("u", "你好"), ("a", "你好")]), "它是谁写的")
    assert not meant.rewrite.changed
    assert meant.unsure


def test_an_ordinal_beyond_the_list_is_left_alone_and_unsure() -> None:
    meant = RULES.interpret(dialog([("u", "推荐几家中餐馆"), ("a", "1. 大四川 2. 鼎泰丰")]), "第五家贵吗")
    assert not meant.rewrite.changed
    assert meant.unsure


@pytest.mark.parametrize(
    ("text", "command"),
    [("重新开始", "start_over"), ("忘掉预算", "forget_slots"), ("忘掉这个话题", "forget_topic"), ("撤销", "undo")],
)
def test_commands_are_known(text: str, command: str) -> None:
    meant = RULES.interpret(dialog([("u", "推荐一家便宜的餐厅"), ("a", "推荐沙县小吃。")]), text)
    assert (meant.act, meant.command, meant.rewrite.changed) == ("command", command, False)


@pytest.mark.parametrize("bit", ["那个", "嗯", "不是", "好的", "错了", "我要", "，", "没用", "对"])
def test_a_message_of_one_thing_said_over_and_over_is_read_at_once(bit: str) -> None:
    """A pattern that can read such a row in many ways would not come back from this."""
    text = (bit * 200)[:199] + "x"
    RULES.interpret(dialog([("u", "推荐一家餐厅"), ("a", "推荐全聚德。")]), text)


def test_a_message_as_long_as_a_page_is_left_alone() -> None:
    meant = RULES.interpret(dialog([("u", "推荐一家餐厅"), ("a", "推荐全聚德。")]), "它贵吗。" * 100)
    assert not meant.rewrite.changed


def test_the_word_library_is_not_loaded_with_the_pack() -> None:
    code = "import sys, dialog.interpret.zh; raise SystemExit('rjieba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
