"""Descriptions that do not name what they describe: "毛姆的小说" after a thing that was asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh.anaphors import antecedent
from dialog.interpret.zh.clause import Filled, content_end
from dialog.interpret.zh.edits import glue, of, put, said
from dialog.interpret.zh.framed import framed
from dialog.interpret.zh.mentions import Mention, inside_frame
from dialog.interpret.zh.tokens import Token
from dialog.interpret.zh.words import COPULAS, GENERIC, IMPERATIVES, RELATIONAL, TIMES

AT_A_LOSS = re.compile(
    "不知道|不认识|不了解|不清楚|没(?:有)?(?:听|看|读|玩)|^没有?[啊呀]?$|谁|什么|啥|哪|还是|[吗么嘛不？?][？?\\s]*$"
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
    if reply is None or LIKENED.search(text) or re.search("[你您]", reply.text) or not AT_A_LOSS.search(reply.text):
        return None
    if not _describes(main[:end], closed_by_de=main[-1].text == "的"):
        return None
    kind = main[end - 1].text in GENERIC or (end > 1 and not any(word.proper for word in main[:end]))
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


def _describes(words: Sequence[Token], *, closed_by_de: bool) -> bool:
    """Whether `words` are a noun phrase that says what something is, and are no name and no order."""
    last = words[-1]
    nominal = last.tag == "n" or closed_by_de or (last.text == "的" and len(words) > 1)
    name = all(word.proper for word in words) or last.text in RELATIONAL | TIMES
    closed = any(word.tag in "qrz" or word.text in COPULAS for word in words)
    orders = words[0].text in IMPERATIVES and last.text != "的" and not closed_by_de
    return nominal and not name and not closed and not orders and words[0].tag not in "rzqcoyp"


def _named_lately(view: View, text: str) -> Mention | None:
    """What one of the last two utterances asked about, when it is still the likeliest thing to be meant."""
    mention = antecedent(view, near=text)
    if mention is None or mention.said not in view.utterances[-2:]:
        return None
    return mention if framed(mention.said.text) == (mention.start, mention.end) else None
