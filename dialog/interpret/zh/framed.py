"""What a short question is about, told by the frame of the question alone ("你知道 ... 吗", "... 看过吗").

Titles are whole sentences as often as not ("钢铁是怎样炼成的"), so that word classes do not find them. A question
whether one knows something names that thing, whatever it is made of.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dialog.interpret.zh.words import KIN, RELATIONAL

LONGEST = 32
"""Characters of an utterance that is read as one question; a longer one says more."""

_PAST = "听说过|听过|看过|读过|玩过|去过|吃过|喝过|用过|见过|知道|知不知道|认识|认不认识|了解|听说"
_KNOWS = rf"{_PAST}|(?:喜欢|喜不喜欢|爱)(?:吃|看|听|玩|喝|打|学)?|看|读|玩|听|关注"
_START = (
    r"^[\s，]*(?:那么?|哦+|嗯+|对了|话说|诶|哎|嘿|请问|所以说?)?[，\s]*"
    r"(?:小微)?\s*(?:你们?|您)?(?:有没有|也|都|还|之前|以前|最近|很|不)*"
)
_SORT = "(?:(?:电影|科幻小说|小说|歌曲|歌手|游戏)(?=..))?"
_SHORT = r"(?P<name>[^，。！？!?\s了的好几个遍次]{1,8}?)"
_NAME = r"(?P<name>[^，。！？!?\s](?:[^，。！？!?]{0,13}?[^，。！？!?\s])??)"
_WORK = (
    r"(?:的?[这那][个本部首款篇种位](?:书|歌|电影|小说|剧|电视剧|游戏|人|组合|节目|动漫|漫画|歌手|演员|明星|作家)?"
    r"|的(?:书|歌|故事|小说))?"
)
_YES_NO = r"了?(?:吗|么|嘛|没有|没|不|吧|那)[啊呀呢\s？?]*$"
FRAMES = (
    re.compile(rf"{_START}(?P<verb>{_KNOWS})(?:过|一下)?\s*{_SORT}{_NAME}{_WORK}\s*{_YES_NO}"),
    re.compile(
        rf"{_START}{_SORT}{_NAME}{_WORK}\s*"
        rf"(?P<verb>(?:你们?|您|小微)(?:有没有|也|都|还|总)*(?:{_KNOWS}|懂|会)|(?<!好)(?:{_PAST}))(?:过|一下)?{_YES_NO}"
    ),
    re.compile(
        rf"{_START}(?:知道|说说|介绍一?下|我说)?{_SORT}{_NAME}{_WORK}\s*(?:到底|究竟)?"
        r"(?P<verb>的?(?:作者|原唱|主角|主演|导演)?"
        r"(?:是谁|是啥|是什么|怎么样|咋样|[讲写]的是?[什啥]么?|在哪[里儿]?|是谁[写唱演拍画]的|好不?好?[看听玩吃帅][吗么嘛不没]|帅不帅)吗?)[啊呀呢\s？?]*$"
    ),
    re.compile(
        r"^(?:我们?)?(?:也|最近|刚刚?|正|又|还|以前|曾经|就|很|最|超)*"
        rf"(?P<verb>看过|看完|看了|读过|读完|听过|在看|在读|在听|在玩|喜欢的(?:书|歌|电影|小说|游戏|剧)是)(?:的是)?{_SORT}{_SHORT}(?:了|啊|呀|呢|哦)*$"
    ),
    re.compile(rf"^{_SHORT}我(?:也|还|都|以前|最近|没有?)*(?P<verb>{_PAST})[啊呀呢了哦]*$"),
)
NO_NAME = re.compile(
    "什|谁|哪|怎么|怎样(?!炼)|多少|几[个岁点]|为啥|[这那][个些么本部首]|它|[他她我你您]|吗|^[这那的是在]|^有[人没一个]|^(?:都|也|一下|最|很|过)"
    "|是不是|有没有|能不能|会不会|天气|气温|觉得|不$|没$|好$"
)
"""What keeps the words in the frame from being the name of a thing."""
WHOLE_SENTENCES = frozenset(["看过", "读过", "听过", "看", "读", "听"])
"""Verbs whose object is a work, and may begin like a sentence ("我不是药神")."""
ASKS_MAKER = re.compile("作者|原唱|主演|导演|谁[写唱演拍画]")
"""Asks who made a work; whoever is spoken of next is the maker."""
PART = re.compile(rf"(?<=..)的?(?:{'|'.join(sorted((word for word in RELATIONAL - KIN if len(word) > 1), key=len))})$")
"""What is asked of the thing ("故宫|的历史"); talk goes on about the thing."""
QUESTION = re.compile("什么|谁|哪|怎么|多少|几[个岁点]|为啥|是不是|有没有")


@lru_cache(maxsize=64)
def framed(text: str) -> tuple[int, int] | None:
    """Where `text`, a short question, names what it asks about; None when it is none or asks something else."""
    if len(text) > LONGEST:
        return None
    for frame in FRAMES:
        match = frame.search(text)
        if match is None:
            continue
        name = match["name"]
        work = match["verb"] in WHOLE_SENTENCES and len(name) > 2 and name[0] not in "你您这那它"
        if (QUESTION if work else NO_NAME).search(name):
            continue
        start, end = match.span("name")
        part = None if match["verb"] in WHOLE_SENTENCES else PART.search(name)
        return start, start + part.start() if part else end
    return None
