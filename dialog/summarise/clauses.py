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
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|approx|a\.m|p\.m)\.$")

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
_VALUE_ZH = re.compile(
    "[一二三四五六七八九十百千万两几半][个位人块元点间晚天家张号月日星座分岁]|[一二三四五六七八九]|今天|明天|后天|今晚|周[一二三四五六日末]|星期"
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
    "^(?:好的?|嗯+|哦+|啊+|行|可以|谢谢|多谢|感谢|非常|你|您|你们|了|啦|吧|呀|呢|哈+|是的?|对的?|没有?|不用|再见|拜拜|知道|明白|收到|麻烦|太|真|不错|那|就|这样|这|还|我|的|没问题|问题|您好|你好|请问|祝|生活愉快|愉快|帮忙|帮助|,|，|。|！|!|~|～|\\s|、|\\.|？|\\?)+$"
)
_OPENING = re.compile(
    r"^(?:(?:(?:hi|hello|hey|yes|yeah|no|ok|okay|sure|great|well|also|and|so|thanks|thank you|please|perfect|awesome"
    r"|nice|that(?: i|')s (?:great|fine|good|perfect)|sounds (?:good|great)|alright|actually)\b[,.!]*\s+)"
    r"|(?:(?:can|could|would|will) you (?:please )?(?:help me |tell me )?)"
    r"|(?:i(?: woul|')d like (?:to |you to )?(?=\w))|(?:i (?:want|need) (?:you )?to )|please )+",
    re.IGNORECASE,
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
    if _says_nothing(sentence):
        return None
    told = _OPENING.sub("", sentence) or sentence
    return Clause(told, _weight(sentence, told))


def _says_nothing(sentence: str) -> bool:
    if _HAN.search(sentence):
        return _EMPTY_ZH.match(sentence) is not None
    words = re.findall(r"[\w'’]+", sentence.casefold().replace("’", "'"))
    return all(word in _EMPTY for word in words)


def _weight(sentence: str, told: str) -> Weight:
    if _CONSTRAINT.search(sentence) or _CONSTRAINT_ZH.search(sentence):
        return Weight.CONSTRAINT
    if _VALUE.search(told) or _NUMBER_WORD.search(told) or _VALUE_ZH.search(told):
        return Weight.VALUE
    return Weight.ASKED
