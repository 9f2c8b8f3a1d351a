"""A follow-up repeats the request as it stands now, with what was corrected or taken back since."""

from __future__ import annotations

import pytest

from dialog.interpret.rules import RuleInterpreter
from dialog.replay import replayed

LOCAL = RuleInterpreter()


async def resolved(*texts: str) -> str:
    """The last of `texts`, user and assistant in turn, as it was resolved."""
    roles = ("user", "assistant")
    history = [{"role": roles[n % 2], "text": text} for n, text in enumerate(texts[:-1])]
    state = await replayed(history, LOCAL)
    return LOCAL.interpret(state, texts[-1]).rewrite.text


@pytest.mark.parametrize(
    ("talk", "stands", "gone"),
    [
        (
            (
                "Find me a hotel in Rome under $200",
                "Two.",
                "forget the budget",
                "Ok.",
                "something closer to the centre",
            ),
            "Find me a hotel in Rome, but closer to the centre",
            "$200",
        ),
        (
            ("Find me a Thai restaurant in Boston for Friday.", "Some.", "no, Saturday", "Ok", "something cheaper"),
            "Saturday",
            "Friday",
        ),
        (
            ("我想订一张周五从北京到上海的高铁票", "有很多。", "不对，我是说去杭州", "好的。", "有没有便宜一点的？"),
            "杭州",
            "上海",
        ),
    ],
)
async def test_what_was_corrected_or_taken_back_does_not_come_back(
    talk: tuple[str, ...], stands: str, gone: str
) -> None:
    text = await resolved(*talk)
    assert stands in text
    assert gone not in text


async def test_the_users_own_words_are_never_changed_by_it() -> None:
    text = await resolved(
        "Find me a Thai restaurant in Boston.", "Some.", "no, I meant Brooklyn", "Ok.", "how far is it from Boston?"
    )
    assert "from Boston" in text


async def test_a_place_asked_about_in_passing_changes_no_request() -> None:
    text = await resolved("我想订一张从杭州到成都的火车票", "有。", "这趟车停武汉吗", "停。", "有没有便宜一点的？")
    assert "武汉" not in text
