"""The last question again: about another thing, with one value changed, in another way, or which of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import Resolution, Utterance, View
from dialog.interpret.zh import cues, kinds, offers, requests
from dialog.interpret.zh.edits import put, said
from dialog.interpret.zh.pointing import Pointing
from dialog.interpret.zh.tokens import cut
from dialog.interpret.zh.words import CLASSIFIERS, RELATIONAL
from dialog.rewrite import Edit


def other_centre(view: View, request: Utterance, text: str, match: re.Match[str]) -> Resolution | None:
    """ "小米14呢" after "vivo X100续航怎么样": the same question about another thing than the one that was put in."""
    place = requests.centre_of(view, request)
    start, end = match.span("value")
    end -= text[start:end].endswith("的")
    value = text[start:end]
    if place is None or match["ask"] != "呢" or match["swap"].strip("那么") or kinds.found(value):
        return None
    words = cut(value)
    known = any(value in utterance.text for utterance in view.utterances[-offers.NEAR :])
    if (
        not all(word.tag in "nm" for word in words)
        or not (words[0].proper or known)
        or value in RELATIONAL
        or len(value) > 12
    ):
        return None
    edits = requests.replaced(request, requests.Place(*place, place[1], 0.75), text, start, end)
    return Resolution("follow_up", edits, 0.75, "other-centre")


def others(view: View, text: str, found: Sequence[Pointing], edits: tuple[Edit, ...]) -> Resolution | None:
    """ "那另外两款呢": the last question about the things that the message points at."""
    request = requests.latest_question(view)
    if request is None or len(found) != 1 or len(edits) != 1 or edits[0].span.start != found[0].start:
        return None
    if not re.fullmatch(rf"{cues.SPOKEN}那?", text[: found[0].start]) or not re.fullmatch(
        r"呢[？?\s]*", text[found[0].end :]
    ):
        return None
    place = requests.centre_of(view, request)
    if place is None:
        return None
    first, last = requests.body(request)
    before, after = said(request, first, place[0]), said(request, place[1], last)
    whole = put(0, len(text), (*before, *edits[0].pieces, *after), "reference")
    return Resolution("follow_up", (whole,), 0.75, "others")


VARIES = re.compile(
    rf"^{cues.SPOKEN}(?:那么?|如果|要是|假如|换成|改成|是|用)*(?P<rest>[^，。！？!?]{{1,16}}?)(?:呢|吗|啊|呀)?[\s。！？!?]*$"
)


def vary(view: View, text: str) -> Resolution | None:
    """ "五天的话怎么安排", "日语怎么说", "如果存三年呢": an earlier question with one value changed."""
    match = VARIES.match(text)
    values = kinds.found(text) if match else ()
    if match is None or len(values) != 1 or values[0][0] == "animal":
        return None
    kind, start, end = values[0]
    rest = match["rest"].replace(text[start:end], "", 1)
    rest = re.sub("的话|的", "", rest)
    asked = [said for said in view.in_topic if said.role == "user" and requests.asks(said)]
    for request in reversed(asked[-5:]):
        old = [span for span in kinds.found(request.text) if span[0] == kind]
        place = requests.same_kind(request, text[start:end])
        if len(old) != 1 or place is None or request.text[old[0][1] : old[0][2]] == text[start:end]:
            continue
        if not _said_in(rest, request.text) or old[0][1] < requests.body(request)[0]:
            continue
        edits = requests.replaced(request, place, text, start, end)
        return Resolution("refine", edits, 0.75, "vary")
    return None


def _said_in(rest: str, text: str) -> bool:
    """Whether nothing is left of the message but words of the earlier question."""
    return not rest or rest in text or all(word.text in text for word in cut(rest))


MANNER = re.compile(
    rf"^{cues.SPOKEN}(?:请|麻烦|你|能不能|可以|可不可以|能)*(?:再|更)?(?P<how>"
    r"(?:说|讲|解释|回答|介绍|写)?(?:得|的)?(?:再|更)?(?:简单|详细|具体|通俗|简短|简洁|清楚|明白|深入|专业|口语化?)(?:易懂)?(?:一?点儿?|一些|些)(?:说说?|讲讲?|解释)?"
    r"|(?:再|更)?(?:详细|具体|简单)(?:地|的)?(?:说说|讲讲|介绍|解释|展开|谈谈)(?:一下|下)?|展开(?:说说|讲讲|说|讲)(?:一下)?|(?:举|给)(?:我)?(?:一?个|几个)?(?:具体的|简单的)?例子"
    r"|(?:换个|换一个|换种)(?:说法|方式)(?:说|讲|解释)?(?:一?遍|一下)?|用[^，。]{1,8}(?:再)?(?:说|讲|解释)(?:一?遍|一下)|总结一下|概括一下|(?:写|给)(?:一)?个(?:完整|具体|简单)的例子"
    r")(?:好吗|行吗|可以吗|好不好)?[吧吗啊呀呗嘛]?[\s。！？!?～~]*$"
)


WRITES = re.compile("写|翻译|润色|改写|总结|起草|拟|编|画|生成|起个")
SHAPED = re.compile(
    rf"^{cues.SPOKEN}(?:太[\u4e00-\u9fff]{{1,2}}了[，,\s]*)?(?:语气|语言|内容|标题|开头|结尾|篇幅|风格|用词|字数|整体)?(?:要|可以|能)?"
    r"(?:再|更|稍微|尽量)?[\u4e00-\u9fff]{1,4}(?:一?点儿?|一些|些)[吧吗]?[\s。！!]*$"
)
"""How a text that was written should be different ("语气再委婉一点")."""


def manner(view: View, text: str) -> Resolution | None:
    """ "说简单点", "再详细讲讲", "举个例子": the last question, answered in another way."""
    request = requests.latest_question(view) or requests.standing(view)
    if request is None or not requests.asks(request) or view.last_reply is None:
        return None
    shaped = WRITES.search(request.text) and SHAPED.match(text)
    if not shaped and MANNER.match(text) is None:
        return None
    return Resolution("follow_up", requests.constrained(request, text), 0.7, "manner")


WHICH = re.compile(
    rf"^{cues.SPOKEN}(?:那么?)?哪(?:一)?[{CLASSIFIERS}](?:更|最|比较)?[^，。是]{{1,6}}?[呢啊呀]?[\s。！？!?]*$"
)


def weigh(view: View, text: str) -> Resolution | None:
    """ "哪种更抗风" right after two to four things were set side by side: which of them."""
    if WHICH.match(text) is None or len(text) > 12:
        return None
    row = offers.all_of(view)
    at = len(text) - len(cues.spoken_off(text))
    return Resolution("follow_up", (put(at, at, row, "omission"),), 0.6, "weigh") if row else None
