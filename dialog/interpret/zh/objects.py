"""Missing objects: a verb that wants one and has none, a number of nothing, one out of nothing named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled, content_end
from dialog.interpret.zh.edits import glue, of, put, said
from dialog.interpret.zh.mentions import inside_frame
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import (
    ADJECTIVES,
    ASPECTS,
    COPULAS,
    DEGREES,
    FACES,
    FELT_VERBS,
    IMPERATIVES,
    LIGHT,
    OBJECT_VERBS,
    TAGS,
    TELLS,
)
from dialog.rewrite import Piece

POSSIBLE = re.compile(r"^[\u4e00-\u9fff][不得](?:起|了|到|动|完|懂|下|来|去|住|着|上|清|见|惯)$")


COUNTED = re.compile(r"^[一两三几]?(?:个|部|本|首|款|种|张|段|篇|集|句|只|条|家|口|粒|盘|杯|碗|瓶|块|片|支|根|份|些)$")
TIMES_OF = re.compile("[支根份双台本部张首瓶杯盘碗次遍天]$")
TO_SEE = frozenset(["看看", "听听", "试试", "瞧瞧", "看", "听"])
"""What one of them is asked for: "你说一个我看看"."""


def missing_object(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A verb that wants an object, at the end, with only pronouns and adverbs before it."""
    end = _before_purpose(main, content_end(main))
    if asked := _for_whom(view, text, main, end):
        return asked
    at = end - 1
    while at > 0 and (
        main[at].text in ASPECTS
        or (main[at].text in RESULTS and main[at - 1].tag == "v")
        or (main[at].tag == "r" and main[at - 1].text in TELLS)
    ):
        at -= 1
    verb = main[at]
    if not (_wants_object(verb.text) or verb.tag in "vo") or main[0].text in COPULAS:
        return None
    before = main[:at]
    if not _leads_to_verb(before, verb):
        return None
    if not before and verb.text in IMPERATIVES and len(verb.text) == 1 and at == end - 1:
        return None
    no_more = end - at > 1 and main[end - 1].text == "了" and any(word.text in NOT for word in before)
    place = main[end - 1].start if no_more else main[end - 1].end
    copied = _object_elsewhere(view, verb.text)
    if copied is not None:
        return Filled((put(place, place, copied, "omission"),), 0.65, "object")
    mention = antecedent(view, near=text)
    told = verb.text in TELLING and at + 1 < end
    if mention is None or not (told or _wants_object(verb.text) or _does_to_it(before, verb)):
        return None
    return Filled((put(place, place, of(mention), "omission"),), min(0.65, 0.4 + 0.05 * mention.score), "object")


TELLING = frozenset(["说", "讲", "谈", "聊", "念", "读", "唱", "弹"])
"""Verbs that want an object where more than the mere verb is said ("说一下", "念给我听")."""


def _does_to_it(before: Sequence[Token], verb: Token) -> bool:
    """Whether a verb of no known kind says what someone in the room does, may do or wants ("你得研究研究")."""
    if verb.text in FELT_VERBS or any(word.text in DEGREES for word in before):
        return False
    return verb.tag == "v" and len(before) > 1 and before[0].tag == "r" and all(word.tag in "rdop" for word in before)


def _leads_to_verb(before: Sequence[Token], verb: Token) -> bool:
    """Whether what stands before the verb is who does it and how, and no object brought forward."""
    for i, word in enumerate(before):
        manner = word.tag == "a" and i > 0 and before[0].tag == "r" and verb.text not in ADJECTIVES
        doer = (
            i == 0
            and not any(other.text in MAY for other in before)
            and word.tag == "n"
            and not word.proper
            and _wants_object(verb.text)
            and word.text in PEOPLE
        )
        if word.tag not in "rdotycqpvx" and not manner and not doer:
            return False
        if (word.tag == "q" and word.text in ("谁", "哪个", "什么")) or word.text == "被":
            return False
        if word.tag == "v" and word.text not in FELT_VERBS | LIGHT | SAYS_SO:
            return False
    return True


NOT = frozenset(["不", "别", "不是", "不想", "不会", "不能", "不要"])
"""With these, a closing 了 says that it is so no more, and what is spoken of comes before it."""
SAYS_SO = frozenset(["是", "不是", "就是", "不得", "算是", "问", "在问"])
"""Verbs before the verb that only stress or ask it ("我也不是特别喜欢", "我问你知道吗")."""
PEOPLE = frozenset(["小孩", "孩子", "女生", "男生", "老人", "大人", "女孩", "男孩", "女人", "男人", "孕妇", "朋友"])
"""Nouns that do something rather than have it done to them."""
RESULTS = frozenset(["懂", "见", "腻", "够", "明白", "出来", "清楚"])
"""What a verb may have come to, before its object ("没看|懂")."""
MAY = ("能", "可以", "会", "能不能", "可不可以", "适合")
FOR_WHOM = frozenset(["吃", "喝", "用", "看", "玩", "学", "买", "穿", "戴", "坐", "服用", "使用", "参加", "办理"])


def _for_whom(view: View, text: str, main: Sequence[Token], end: int) -> Filled | None:
    """ "孕妇能吃吗": who may do it is said, what is not."""
    words = main[:end]
    if len(words) < 3 or words[-3].tag != "n" or words[-2].text not in MAY or words[0].tag == "r":
        return None
    centre = antecedent(view, near=text)
    if words[-1].text not in FOR_WHOM or centre is None or not centre.proper or centre.score < 1.5:
        return None
    at = words[-1].end
    return Filled((put(at, at, of(centre), "omission"),), 0.55, "for-whom")


def _before_purpose(main: Sequence[Token], end: int) -> int:
    """`end` without who is to see or hear it ("给我听", "我看看")."""
    if end > 2 and main[end - 1].text in TO_SEE and main[end - 2].tag == "r":
        return end - 2 - (main[end - 3].text == "给") if end > 3 else end
    return end


def _wants_object(verb: str) -> bool:
    return (
        verb in OBJECT_VERBS
        or verb in TELLS
        or (len(verb) == 4 and verb[:2] == verb[2:])
        or re.fullmatch(r"(.)[不没]\1过?", verb) is not None
        or POSSIBLE.match(verb) is not None
        or (len(verb) == 2 and verb[1] in "过到了" and verb[0] in OBJECT_VERBS)
        or (len(verb) == 3 and verb[0] == "没" and verb[2] == "过" and verb[1] in OBJECT_VERBS)
        or (len(verb) == 2 and verb[0] in "想要爱会" and verb[1] in OBJECT_VERBS)
    )


def _object_elsewhere(view: View, verb: str) -> tuple[Piece, ...] | None:
    """What the same verb had as its object a moment ago: "我也想吃" after "我在吃肯德基" is about 肯德基."""
    core = re.sub(r"^没|[过到了]$|^[想要爱会](?=.)", "", verb) or verb
    if core in ("有", "要", "去", "发", "没有", "给"):
        core = verb
    for utterance in reversed((view.in_topic or view.utterances)[-2:]):
        for match in re.finditer(re.escape(core), utterance.text):
            phrase = _object_at(utterance, match.end())
            if phrase:
                return phrase
    return None


def _object_at(utterance: Utterance, start: int) -> tuple[Piece, ...] | None:
    text = utterance.text
    skip = re.match(
        r"(?:过|了|着|到|的是|一下|点|什么|哪些|哪个|啥|一[个家部本首款种只]|个|[不没]\w(?=\w)|那|这)*", text[start:]
    )
    start += skip.end() if skip else 0
    stop = re.search(r"[，。！？!?；;,\s]", text[start:])
    end = start + stop.start() if stop else len(text)
    start, end = inside_frame(text, start, end)
    words = cut(text[start:end])
    if not 0 < end - start <= 10 or not words:
        return None
    activity = (
        len(words) == 1 and words[0].tag == "v" and len(words[0].text) == 2 and words[0].text not in FACES | TAGS.keys()
    )
    if not activity and (
        words[0].tag not in "na" or any(word.tag not in "namu" for word in words) or words[-1].tag != "n"
    ):
        return None
    return said(utterance, start, end)


def part_of_them(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "你最喜欢哪个人", "你喜欢里面的谁": which one, but of what."""
    for i, word in enumerate(main[:-1]):
        if word.text not in ("喜欢", "爱", "讨厌", "看好", "爱看", "爱听", "爱玩"):
            continue
        behind = main[i + 1]
        which = behind.text.startswith("哪") or behind.text in ("里面", "里边", "里") or behind.text == "谁"
        if not which or any(other.tag == "n" and other.proper for other in main[:i]) or main[0].tag not in "rdv":
            return None
        mention = antecedent(view, near=text)
        if mention is None or mention.score < 1.2:
            return None
        pieces = (*of(mention), *(glue("里的") if behind.text == "谁" else ()))
        return Filled((put(behind.start, behind.start, pieces, "omission"),), 0.6, "part-of")
    return None


def one_of_them(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "再讲几个", "你也找一个": a number without what is counted."""
    end = _before_purpose(main, content_end(main))
    last = main[end - 1]
    counted = COUNTED.search(last.text) or (last.tag == "m" and TIMES_OF.search(last.text))
    if not counted or last.tag not in "mnq" or not any(word.tag == "v" for word in main[: end - 1]):
        return None
    if any(word.tag in "nz" for word in main[: end - 1]) or main[0].text in COPULAS:
        return None
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 0.8:
        return None
    return Filled((put(last.end, last.end, of(mention), "omission"),), 0.55, "one-of")


TRIED = re.compile(
    r"^(?:[哦嗯哈啊]|我|早就?|以前|都|也|还|确实)*(?P<verb>没?[看读听玩吃喝用]过|看完|读完|听完)了?"
    r"(?=[啊呀]|\s|但|不过|可是|挺|很|还|觉得|感觉)(?=.{2})"
)


def tried(view: View, text: str) -> Filled | None:
    """ "看过啊但是结局太仓促了": what was read or eaten is missing though more is said of it."""
    match = TRIED.match(text)
    if match is None or any(word.proper for word in cut(text)):
        return None
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.5:
        return None
    at = match.end("verb")
    return Filled((put(at, at, of(mention), "omission"),), 0.55, "tried")
