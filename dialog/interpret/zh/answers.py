"""Answers to the assistant's own question that say only the polarity or the value: "没有", "挺好的", "去年", "3遍"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled
from dialog.interpret.zh.edits import of, put, said
from dialog.interpret.zh.mentions import LONGEST_TITLE
from dialog.interpret.zh.tokens import Token, cut

LONGEST_ASKED = 24
"""Characters of a question that is answered by a mere word; a longer one asks for more."""
OFFERS = re.compile("我|帮|为[您你]|给[您你]|需要|要不要|推荐|还是|哪|什么|怎么|谁|几|多少|是否|可以[^吗]{3,}吗|其他")
"""In a question that offers to do something, or asks no yes or no; a word of assent to it is complete."""
LEAD = re.compile(
    r"(?>没事吧|哦++|嗯++|那么?|喔++|哎|诶|话说|请问|对了|[你您]们?|今天|昨天|最近|现在|平时|都|还|也|[，,\s]++)++"
)
CLOSE = re.compile(r"(?:了?(?:吗|么|嘛|没有?|不|吧)|[？?啊呀呢\s])+$")
PARTICLES = r"[了吧啊呀呢哦啦的哈呗诶\s]*+"

NEGATIVE = re.compile(rf"^(?P<no>没有?){PARTICLES}$")
ASSENTS = re.compile(rf"^(?P<word>知道|有|认识|不知道|不认识){PARTICLES}$")
RATES = re.compile(
    r"^(?>嗯++|恩++|哦++|额|感觉|我觉得|[，,\s]++)*+"
    r"(?P<what>[还也]?(?:挺|还|很|非常|特别|真|超|不)?(?:好[看听玩吃用]?|不错|可以|行|难|贵|便宜)|还?一般般?|凑合)"
    rf"{PARTICLES}$"
)
RATED = re.compile(
    rf"^(?P<about>[^，,。！!？?\s]{{2,{LONGEST_TITLE}}}?)(?:还|也|都|很|不|感觉)*"
    r"(?:好不好(?:[看听玩吃用])?|好[看听玩吃用学喝]?吗?|怎么样|怎样|咋样|如何|可以吗|行吗|贵吗|难吗|不错吧?|帅吗)[啊呀呢吗吧么嘛\s？?]*$"
)


def polar(view: View, text: str) -> Filled | None:
    """A bare "没有", "知道" or "挺好的" as the answer to a yes-no question: what was asked about is put in."""
    asked = view.utterances[-1] if view.utterances else None
    if asked is None or asked.role != "assistant" or len(asked.text) > LONGEST_ASKED:
        return None
    return _denied(asked, text) or _assented(asked, text) or _rated(asked, text)


def _asked_for(asked: Utterance) -> tuple[int, int] | None:
    """Where a yes-no question says what it asks for, without who is asked; None when it is no such question."""
    close = CLOSE.search(asked.text)
    if close is None or re.search("[吗么嘛没不]", close[0]) is None or OFFERS.search(asked.text[: close.start()]):
        return None
    lead = LEAD.match(asked.text)
    start = lead.end() if lead else 0
    if re.search("[，,。！!？?\\s你您]", asked.text[start : close.start()]) or close.start() - start < 1:
        return None
    return start, close.start()


def _denied(asked: Utterance, text: str) -> Filled | None:
    """ "没有" after "去医院了吗": "没有去医院"."""
    match, span = NEGATIVE.match(text), _asked_for(asked)
    if match is None or span is None:
        return None
    start, end = span
    words = [word for word in cut(asked.text) if start <= word.start and word.end <= end]
    if not words:
        return None
    subject = words[0].tag == "n" and len(words) > 1
    verb = words[1] if subject else words[0]
    if verb.tag not in "vap" and not verb.text.startswith("有"):
        return None
    start = verb.start + (1 if verb.text[0] == "有" else 0)
    edits = [put(0, 0, said(asked, words[0].start, words[0].end), "omission")] if subject else []
    if start >= end:
        return None
    at = match.end("no")
    return Filled((*edits, put(at, at, said(asked, start, end), "omission")), 0.6, "denied")


def _assented(asked: Utterance, text: str) -> Filled | None:
    """ "知道" after "你知道五月天吗": "知道五月天"."""
    match, span = ASSENTS.match(text), _asked_for(asked)
    if match is None or span is None:
        return None
    verb = match["word"].removeprefix("不")
    if not asked.text.startswith(verb, span[0]) or span[1] - span[0] - len(verb) < 2:
        return None
    at = match.end("word")
    return Filled((put(at, at, said(asked, span[0] + len(verb), span[1]), "omission"),), 0.6, "assented")


def _rated(asked: Utterance, text: str) -> Filled | None:
    """ "挺好的" after "养猫好吗": "养猫挺好的"."""
    match = RATES.match(text)
    lead = LEAD.match(asked.text)
    start = lead.end() if lead else 0
    about = RATED.match(asked.text[start:]) if match else None
    if match is None or about is None or re.search("[我你您他她它这那谁]|什么|怎么|推荐", about["about"]):
        return None
    at = match.start("what")
    pieces = said(asked, start, start + about.end("about"))
    return Filled((put(at, at, pieces, "omission"),), 0.65, "rated")


ASKS_VALUE = re.compile(
    r"(?P<before>[^，,。！!？?\s我他她它这那]{0,10}?)"
    r"(?:什么时候|啥时候|什么时间|几(?P<unit>[遍次个天年岁集部本首]|点)|多(?:久|长时间|少(?P<many>[遍次个天年岁钱块])?))"
    r"了?(?P<after>[^，,。！!？?\s我你您他她它这那]{0,6}?)[啊呀呢阿吗嘛了\s？?]*$"
)
VALUES = re.compile(
    r"^(?>大概|大约|也就|快|差不多|应该|好像|[，,\s]++)*+(?P<value>(?:好|很)?"
    r"(?:[\d一二三四五六七八九十百千万两几多半]++(?:个月|[遍次个天年岁月块元集部本首]|小时|分钟)[多半]?)"
    rf"|去年|今年|明年|前年|昨天|今天|明天|后天|前天|上周|下周|上个月|下个月){PARTICLES}$"
)


def value(view: View, main: Sequence[Token], text: str) -> Filled | None:
    """ "去年" after "你什么时候看的呀", "3遍" after "你看了几遍": the verb of the question is put in, and of what."""
    asked = view.utterances[-1]
    match = VALUES.match(text)
    question = ASKS_VALUE.search(asked.text) if match and asked.role == "assistant" else None
    if match is None or question is None or not main:
        return None
    start, end = question.span("before")
    lead = LEAD.match(asked.text, start, end)
    start = lead.end() if lead else start
    if re.search("[你您]|需要|推荐|订", asked.text[start:end]):
        return None
    rest = said(asked, *question.span("after"))
    before, stop = match.start("value"), match.end("value")
    if end == start and not rest:
        return None
    centre = antecedent(view, near=asked.text) if end > start else None
    about = of(centre) if centre is not None and centre.proper and centre.score >= 2.0 else ()
    edits = [put(before, before, (*about, *said(asked, start, end)), "omission")] if end > start else []
    if rest:
        edits.append(put(stop, stop, rest, "omission"))
    return Filled(tuple(edits), 0.6, "value")
