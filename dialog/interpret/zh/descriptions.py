"""Descriptions that do not name what they describe: "毛姆的小说" after a thing that was asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled, content_end
from dialog.interpret.zh.edits import glue, of, put, said
from dialog.interpret.zh.framed import framed
from dialog.interpret.zh.mentions import Mention, inside_frame
from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import COPULAS, GENERIC, HEADS, IMPERATIVES, OBJECT_VERBS, RELATIONAL, TIMES

AT_A_LOSS = re.compile(
    "(?:介绍|说说|讲讲|科普|了解)一?下|^(?:介绍|说说|讲讲)|不知道|不认识|不了解|不清楚|没(?:有)?(?:听|看|读|玩)|^没有?[啊呀]?$|谁|什么|啥|哪|还是|[吗么嘛不？?][？?\\s]*$"
)
"""A reply that asks what the thing is, or does not know it: whoever brought it up then says so."""
ASKS_WHAT = re.compile("谁|什么|啥|哪|还是|[吗么嘛？?][？?\\s]*$")
"""A reply that asks what the thing is; a name may then say it, where after "没看过" it opens a topic ("北京烤鸭")."""
LIKENED = re.compile("附近|周边|[吗呢么？?]|[我你您他她它这那]|什么|怎么|为什么")
"""What a mere description does not hold."""


def description(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "一个弹竖琴的仙子", "毛姆的小说" about a thing that was named and not recognised: "X是" is missing."""
    reply, end = view.last_reply, content_end(main)
    if filled := _as_asked(view, text, main):
        return filled
    if reply is None or LIKENED.search(text.removeprefix("我")) or re.search("[你您]", reply.text):
        return None
    if not AT_A_LOSS.search(reply.text) and not _names_only(view, text):
        return None
    if not _describes(main[:end], closed_by_de=main[-1].text == "的"):
        return None
    kind = main[end - 1].text in GENERIC or (end > 1 and not main[end - 1].proper and _is_one(main[end - 1].text))
    kind = kind or (end > 1 and not any(word.proper for word in main[:end]))
    shaped = kind or "的" in text or "一" in text
    named = _named_lately(view, text) if shaped or ASKS_WHAT.search(reply.text) else None
    if named is None:
        return None
    at = main[0].start
    return Filled((put(at, at, (*of(named), *glue("是")), "omission"),), 0.55, "description")


OF_WHOM = re.compile(
    r"(?P<about>[^，。！？!?,\s我你您]{2,12}?)(?:到底|究竟)?"
    r"(?:是|叫)(?:谁|什么|啥|哪[里儿个年国])[\w]{0,2}[啊呀呢\s？?]*$"
)


def _as_asked(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "没记错的话是钱钟书" after "围城的作者是谁": what was asked for is missing before 是."""
    reply = view.utterances[-1]
    asked = OF_WHOM.search(reply.text) if reply.role == "assistant" else None
    copula = next((word for word in main if word.text in ("是", "就是", "应该是", "叫")), None)
    if asked is None or copula is None or any(word.tag in "rzq" for word in main) or asked["about"] in text:
        return None
    start = inside_frame(reply.text, *asked.span("about"))[0]
    pieces = said(reply, start, asked.end("about"))
    return Filled((put(copula.start, copula.start, pieces, "omission"),), 0.6, "as-asked") if pieces else None


def _is_one(noun: str) -> bool:
    """Whether `noun` says what someone or something is ("作家", "皇帝", "游戏")."""
    return noun in HEADS or re.search("(?:家|手|员|师|帝|王|者|星|生|人|友|神)$", noun) is not None


def _describes(words: Sequence[Token], *, closed_by_de: bool) -> bool:
    """Whether `words` are a noun phrase that says what something is, and are no name and no order."""
    last = words[-1]
    nominal = last.tag == "n" or closed_by_de or (last.text == "的" and len(words) > 1)
    one_of_a_kind = len(words) > 1 and words[0].text.startswith("一") and last.text not in TIMES
    name = all(word.proper for word in words) or (last.text in RELATIONAL | TIMES and not one_of_a_kind)
    closed = any(word.tag in "qrz" or word.text in COPULAS for word in words[_ours(words) :])
    orders = words[0].text in IMPERATIVES and last.text != "的" and not closed_by_de
    if len(words) > LONGEST_NOUN or _tells(words):
        return False
    return nominal and not name and not closed and not orders and (words[0].tag not in "rzqcoyp" or _ours(words))


LONGEST_NOUN = 10
"""Words of a noun phrase; a longer row of words is a sentence."""
FEELS = frozenset(["爱", "喜欢", "讨厌", "崇拜", "欣赏", "羡慕", "最爱", "深爱"])


def _tells(words: Sequence[Token]) -> bool:
    """Whether a verb in it tells what happens ("出轨的男人满口谎言") or what someone had ("吃的铜锅涮羊肉")."""
    of = max((i for i, word in enumerate(words) if word.text == "的"), default=-1)
    doing = OBJECT_VERBS | IMPERATIVES
    had = any(
        word.text in doing - FEELS and words[i + 1].text == "的" and i <= 1 and words[-1].text != "的"
        for i, word in enumerate(words[:-1])
    )
    return had or any(word.text in doing and len(words) > 2 for word in words[of + 1 :])


def _ours(words: Sequence[Token]) -> bool:
    """Whether it says what something is to the speaker ("我永远的偶像")."""
    return words[0].text == "我" and any(word.text == "的" for word in words[2:-1]) and words[-1].tag == "n"


def _names_only(view: View, text: str) -> bool:
    """Whether the last reply says hardly more than the name of what is talked of."""
    mention, reply = antecedent(view, near=text), view.utterances[-1].text
    return mention is not None and mention.text in reply and len(reply) - len(mention.text) <= SAYS_NO_MORE


SAYS_NO_MORE = 3
"""Characters of a reply beside a name that say nothing of it ("是龙族的说")."""


def _named_lately(view: View, text: str) -> Mention | None:
    """What one of the last two utterances asked about, when it is still the likeliest thing to be meant."""
    mention = antecedent(view, near=text)
    if mention is None or mention.said not in view.utterances[-2:]:
        return None
    if framed(mention.said.text) == (mention.start, mention.end):
        return mention
    asked = [each.text[slice(*span)] for each in view.utterances[-2:] if (span := framed(each.text))]
    raised = mention.score >= (RAISED if mention.proper else RAISED + 1.5) and mention.text not in GENERIC
    return mention if mention.text in asked or raised else None


RAISED = 2.0
"""Score of a name that is what the last two utterances are about, whatever their form; of other words, 1.5 more."""
