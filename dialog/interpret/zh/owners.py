"""A part or a property whose owner is left out inside the clause: "你知道作者是谁么", "你有照片吗"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled
from dialog.interpret.zh.edits import glue, of, put
from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import COPULAS, KIN, RELATIONAL

OWNED_BY_US = re.compile(
    "^(?:名字|爱好|职业|身高|体重|年龄|生日|专业|声音|价格|介绍|房间|早餐|天气|问题|角色|孩子|图片|特色|学历|电话|密码)$"
)
"""What the people in the room have too, or what names a request ("介绍")."""

ATTRIBUTES = frozenset(["主要", "具体", "大概", "真正", "完整", "基本"])
"""What may stand before a noun without 的."""


def missing_owner(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A noun of the relational kind after a verb, with no owner before it: what is talked of owns it."""
    at = next((i for i, word in enumerate(main) if word.text in RELATIONAL - KIN), 0)
    if not at or OWNED_BY_US.match(main[at].text) or not (_led_to(main[:at]) or _ranks(main[:at])):
        return None
    if any(word.proper or word.tag == "z" for word in main):
        return None
    owner = antecedent(view, near=text)
    if owner is None or not owner.proper or owner.score < 2.0 or owner.said not in view.utterances[-2:]:
        return None
    first = at
    while first and (_ranks(main[:first]) or main[first - 1].tag == "a" or main[first - 1].text in ATTRIBUTES):
        first -= 1
    start = main[first].start
    behind = main[at + 1] if at + 1 < len(main) else None
    de = (
        glue("的") if (first < at and main[first].tag != "q") or (behind is not None and behind.text in COPULAS) else ()
    )
    return Filled((put(start, start, (*of(owner), *de), "omission"),), 0.55, "owned")


def _ranks(before: Sequence[Token]) -> bool:
    """Whether it asks which one someone in the room has, without a verb ("你什么段位")."""
    return len(before) == 2 and before[0].text in ("你", "您") and before[1].text == "什么"


def _led_to(before: Sequence[Token]) -> bool:
    """Whether a verb of someone in the room leads to the noun, and nothing that may own it."""
    if before[0].text in ("有", "没有", "有没有"):
        return False  # what has it is the subject
    rest = [word for word in before if word.tag != "a" and word.text not in ATTRIBUTES]
    if rest[-1:] and (rest[-1].text == "的" or rest[-1].tag in "nmrq") and rest[-1].text not in ("我", "下", "一下"):
        return False
    return any(word.tag == "v" for word in rest) and all(word.tag in "rvdopqu" or word.text == "一下" for word in rest)
