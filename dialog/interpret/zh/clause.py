"""One clause of a message: what stands before and behind what it says, taken off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import FELT_VERBS, FILLERS, FINALS, IMPERATIVES, RELATIONAL
from dialog.rewrite import Edit


@dataclass(frozen=True)
class Filled:
    """Edits that put back what was left out, how sure they are (0..1), and which rule found them."""

    edits: tuple[Edit, ...]
    confidence: float
    rule: str


ACKNOWLEDGING = re.compile(
    r"(?:好|行|可以|嗯+|恩+|哦+|噢|啊|呃|哎|唉|哈+|是|对|没错|不错|真不错|是不错|挺好|非常好|太好|太棒|太毙|厉害|谢谢.{0,3}|多谢|感谢|太感谢.{0,3}|抱歉|不好意思|比如|没关系|知道|明白|清楚|收到|当然|当然有|还行|"
    r"学习|真遗憾|原来如此|原来是这样|这样|了解|你好|您好|请问|那|也行|也好|也可以|听你的|没事|没问题|ok|OK|真的|是吗|真好|辛苦|巧|不对|不是|错|其实|但是|可是|不过|所以|有|没有)"
    r"(?:[的了啦呀啊呢吧嘛嘞滴哦吗哈呦]|真的?)*"
)


def only_clause(text: str) -> tuple[int, int] | None:
    """The one clause that says something, after words of assent; None when there are more (then it is told in full)."""
    clauses = [(m.start(), m.end()) for m in re.finditer(r"[^，。！？；：,!?;:\n～~…]+", text)]
    while len(clauses) > 1 and ACKNOWLEDGING.fullmatch(text[slice(*clauses[0])].strip()):
        clauses.pop(0)
    while len(clauses) > 1 and ACKNOWLEDGING.fullmatch(text[slice(*clauses[-1])].strip()):
        clauses.pop()
    return clauses[0] if len(clauses) == 1 else None


def main_of(words: Sequence[Token]) -> list[Token]:
    """The clause proper: without fillers and frames before it, and without closing punctuation."""
    rest = list(words)
    while rest and rest[-1].tag == "x":
        rest.pop()
    while len(rest) > 1:
        if (
            rest[0].tag == "x"
            or (rest[0].tag == "y" and rest[1].tag not in "yx")
            or (rest[0].text in FILLERS and _may_drop(rest))
        ):
            rest.pop(0)
        elif framed := _frame(rest):
            del rest[:framed]
        else:
            break
    return rest


def _frame(rest: Sequence[Token]) -> int:
    """How many words at the start say who thinks so ("我也觉得", "感觉"); 0 where what they think is not told."""
    at = int(rest[0].tag == "r")
    while at and at < len(rest) - 1 and rest[at].text in ("也", "还", "还是", "都", "就", "真"):
        at += 1
    if rest[at].text not in FELT_VERBS or len(rest) < at + 2:
        return 0
    if len(rest) == 2:
        return int(rest[1].tag == "q" and rest[0].text in ("觉得", "感觉"))
    return at + 1 if _clause_follows(rest[at + 1 :]) else 0


def _may_drop(rest: Sequence[Token]) -> bool:
    """是 and 不是 open a predicate ("是什么") as well as they affirm ("是 我去过")."""
    if rest[0].text in ("没有", "不", "知道", "当然", "可能", "应该", "真的", "好", "大概", "好像", "也许"):
        return rest[1].tag == "x" or rest[1].tag == "r"
    if rest[0].text in ("是", "不是", "就是", "听说", "不知道"):
        orders = rest[1].text in IMPERATIVES and rest[0].text == "就是"
        return rest[1].tag in "xr" or orders
    return True


def _clause_follows(rest: Sequence[Token]) -> bool:
    return (
        (rest[0].tag in "dvaoqtp" or rest[0].text in RELATIONAL)
        and (any(word.tag in "vaq" for word in rest) or rest[0].text == "在")
        and rest[0].tag != "y"
    )


def content_end(main: Sequence[Token]) -> int:
    """Index after the last word that is no sentence-final particle."""
    end = len(main)
    asks_whether = main[-1].text == "没有" and end > 2 and main[-2].text[-1] in "过了完"
    end -= asks_whether
    if end > 2 and main[end - 1].text in FINALS and main[end - 2].text == "对":
        end -= 2  # "泰戈尔对吧"
    while end > 1 and (main[end - 1].text in FINALS or main[end - 1].tag in "yx"):
        end -= 1
    return end
