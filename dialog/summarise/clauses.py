"""Which of the user's sentences must outlive the turn: constraints, then values, then the rest of what was asked.

Sentences are kept verbatim but for a polite opening; what says nothing (greetings, thanks, plain consent) is left
out. English and Chinese cues are data here; text in another language keeps every sentence, ranked by its digits and
capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """How much is lost when a sentence is left out; higher weighs more."""

    ASKED = 0
    VALUE = 1
    CONSTRAINT = 2


@dataclass(frozen=True)
class Clause:
    text: str
    weight: Weight


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？；])|\n+")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|approx|a\.m|p\.m)\.$|^\d{1,2}\.$")

_CONSTRAINT = re.compile(
    r"\ballerg|\bintoleran|\bvegan\b|\bvegetarian\b|\bhalal\b|\bkosher\b|\bgluten|\bdiabet|\bwheelchair\b|\bpregnan"
    r"|\bmy (?:name|age|budget|address|birthday|wife|husband|partner|son|daughter|kids?|child|children|mother|father"
    r"|mom|dad|doctor|boss|team|company|dog|cat|car|phone|email|e-mail|flight|order|account)\b"
    r"|\bcall me\b|\bI(?: a|')m (?:an? |not |from |based |living |under |over |only |in charge |\d)|\bI live\b"
    r"|\bI (?:never|always|hate|love|dislike|prefer|can(?:no|')t|can not|do(?:n't| not)|won't|must|have to) "
    r"|\b(?:remember|keep in mind|note that|make sure|no matter what|at (?:most|least)|no (?:more|less) than|must not"
    r"|must be|has to|have to|needs to be|don't|do not|never|avoid|except|without|instead of|not \w+|only)\b",
    re.IGNORECASE,
)
_CONSTRAINT_ZH = re.compile(
    "过敏|忌口|吃素|素食|清真|糖尿|孕|轮椅|不能|不要|不吃|不喝|不想|不喜欢|别|必须|一定要|千万|务必|最多|最少|至少|不超过|不低于|以内|以下|以上|预算"
    "|只要|只能|除了|记住|我叫|我是|我住|我有|我在|我的|我家|我们是|我们有"
)
_VALUE = re.compile(r"\d|(?<=[^\W])\s+[A-Z][\w'’-]+|[\"“「『《][^\"”」』》]+|[A-Z]{2,}|\S+@\S+|https?://")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|hundred|thousand|first|second|third"
    r"|today|tomorrow|tonight|morning|afternoon|evening|noon|midnight|week(?:end|day)?|next|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november"
    r"|december)\b",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    re.findall(
        r"\S+",
        """
        yes yeah yep yup no nope ok okay sure thanks thank you so much very great good perfect awesome nice
        cool fine right alright hi hello hey bye goodbye please that's thats that is it it's its this sounds
        sound works work will would be do does did for me my i i'm im i'd i'll all a an the and well lovely
        wonderful excellent amazing fantastic got see have day one too really just am not need anything else
        nothing help helpful your of to correct true exactly absolutely definitely welcome appreciate lot oh
        ah um uh hmm go ahead what how about there now then can could you're like want let's lets let us know
        """,
    )
)
_EMPTY_ZH = re.compile(
    "^(?:十分|只能|这样|也|好的?|嗯+|哦+|啊+|行|可以|谢谢|多谢|感谢|非常|你|您|你们|了|啦|吧|呀|呢|哈+|是的?|对的?|没有?|不用|再见|拜拜|知道|明白|收到|麻烦|太|真|不错|那|就|这样|这|还|我|的|没问题|问题|您好|你好|请问|祝|生活愉快|愉快|帮忙|帮助|,|，|。|！|!|~|～|\\s|、|\\.|？|\\?)+$"
)
_OPENING = re.compile(
    r"^(?:(?:(?:hi|hello|hey|yes|yeah|no|ok|okay|sure|great|well|also|and|so|thanks|thank you|please|perfect|awesome"
    r"|nice|that(?: i|')s (?:great|fine|good|perfect)|sounds (?:good|great)|alright|actually)\b[,.!]*\s+)"
    r"|(?:(?:can|could|would|will) you (?:please )?(?:help me |tell me )?)"
    r"|(?:i(?: woul|')d like (?:to |you to )?(?=\w))|(?:i (?:want|need) (?:you )?to )|please )+",
    re.IGNORECASE,
)
_PLAIN_QUESTION = re.compile(
    r"(?:what|when|where|who|which|why|how)\b(?!(?:'s)? about)(?:\W+\w+){0,6}\W*\?$"
    r"|(?:do|does|is|are) (?:they|it|he|she)\b(?:\W+\w+){0,3}\W*\?$",
    re.IGNORECASE,
)
"""A short question that states nothing; what it asks about is in the topic's standing request."""
_COMMA_ZH = re.compile("[\uff0c,](?!\\d)")
_SERVE_ME_ZH = re.compile(
    "^(?:你|您|请|能|能不能|可以|可不可以|麻烦|那|那么|就|再|还|又|都|也|帮|帮我|给|给我|为我|我|想|要|查|查查|查一下|找|推荐|告诉|说|说说|看|看看|知道|问"
    "|介绍|选|一个|一家|一下|一些|几个|几家|个|家|有|有没有|什么|哪些|哪个|哪家|合适|好|好的|呢|吗|吧|呀|啊|呗|嘛|么|了|的|谢谢|这个|那个|地方|它|它的"
    "|吃完饭|之后|然后|接着|最后|另外|对了|话说|电话|地址|是|多少|在哪|在哪里|哪里|\\s|[。！？?!.~])+$"
)
_HAN = re.compile("[\u4e00-\u9fff]")


def clauses(text: str) -> list[Clause]:
    """The telling sentences of `text` in order, each on one line."""
    return [clause for sentence in sentences(text) if (clause := _clause(sentence)) is not None]


def sentences(text: str) -> list[str]:
    """The sentences of `text`, white space collapsed; an abbreviation's full stop does not end one."""
    found: list[str] = []
    for part in _SENTENCE_END.split(text):
        piece = " ".join(part.split())
        if not piece:
            continue
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _clause(sentence: str) -> Clause | None:
    if says_nothing(sentence):
        return None
    told = _told_zh(sentence) if _HAN.search(sentence) else _OPENING.sub("", sentence) or sentence
    weight = _weight(sentence, told)
    if not told or (weight is Weight.ASKED and _PLAIN_QUESTION.match(told)):
        return None
    return Clause(told, weight)


def _told_zh(sentence: str) -> str:
    """The sentence without those of its comma-separated parts that only ask to be served."""
    parts = [part for part in _COMMA_ZH.split(sentence) if part.strip()]
    return "\uff0c".join(part.strip() for part in parts if not _EMPTY_ZH.match(part) and not _SERVE_ME_ZH.match(part))


def says_nothing(sentence: str) -> bool:
    """Whether the sentence only greets, thanks or consents; True for a blank one."""
    if _HAN.search(sentence):
        return _EMPTY_ZH.match(sentence) is not None
    words = re.findall(r"[\w'’]+", sentence.casefold().replace("’", "'"))
    return all(word in _EMPTY for word in words)


def _weight(sentence: str, told: str) -> Weight:
    if _CONSTRAINT.search(sentence) or _CONSTRAINT_ZH.search(sentence):
        return Weight.CONSTRAINT
    # Chinese writes names like other words: what is left after the parts that ask to be served may hold one.
    if _VALUE.search(told) or _NUMBER_WORD.search(told) or _HAN.search(told):
        return Weight.VALUE
    return Weight.ASKED
