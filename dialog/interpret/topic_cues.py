"""Words that say something about topics, by language: data for `interpret/topics.py`.

To add a language, add a `Cues` to `CUES` under its code; without one only words and fields count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Cues:
    """Patterns: `asks_for` opens a request, `closes` ends one or offers more help, `turns` leads over to something,
    `points` leans on what was said, `answers` is a bare reaction, `question` asks anything, `thanks` takes leave of
    the last matter, `aside` is what a request says besides its subject (done already, near to something)."""

    asks_for: re.Pattern[str]
    closes: re.Pattern[str]
    turns: re.Pattern[str]
    points: re.Pattern[str]
    answers: re.Pattern[str]
    question: re.Pattern[str]
    thanks: re.Pattern[str]
    aside: re.Pattern[str]
    greets: re.Pattern[str]
    personal: re.Pattern[str]


ENGLISH = Cues(
    asks_for=re.compile(
        r"\b(?:i(?:['’]?d| would)? (?:also )?(?:need|want|like|wanna|am looking|['’]?m looking|wish)\b"
        r"|(?:can|could|would|will) you\b|find (?:me|a|an)\b|looking for"
        r"|(?:get|book|show|give|tell|recommend|play|search|check|reserve|call|navigate|set|schedule"
        r"|remind|help)\b(?: me| us)? (?:a|an|some|the|to|for|my|find|with)\b"
        r"|is there (?:a|an|any)|are there any|do you (?:have|know) (?:a|an|any)|where (?:is|can|are)"
        r"|what(?:['’]s| is| are) (?:the|my)|how (?:about|do|much))",
        re.I,
    ),
    closes=re.compile(
        r"\b(?:anything else|something else|any(?:thing)? (?:more|further)|further (?:assist|help)"
        r"|other (?:assistance|help)|you(?:['’]?re| are) welcome|my pleasure|no problem"
        r"|enjoy|have a (?:great|good|nice|wonderful|lovely)|good ?bye|bye|(?:is|are|been|was|were"
        r"|has been|have been) (?:\w+ )?(?:booked|confirmed|reserved|scheduled|successful|set"
        r"|purchased|transferred|added|completed|sent|made|rented|started)"
        r"|successful|reference number|glad (?:to|i)|take care|setting (?:gps|the|up|directions)"
        r"|i (?:have |['’]ve )?(?:booked|confirmed|reserved|scheduled|added|set))\b",
        re.I,
    ),
    turns=re.compile(
        r"^\W*(?:(?:ok(?:ay)?|great|thanks?(?: you)?|thank you(?: so much| very much)?|thanks a lot"
        r"|cool|good|perfect|alright|well|no|nice|awesome)\b[\s,.!]*)*(?:also|by the way|btw|anyway"
        r"|now|next|another|one more|on another|speaking of|additionally|moreover|besides|then|i also"
        r"|can you also|hello|hi)\b",
        re.I,
    ),
    points=re.compile(
        r"\b(?:it|they|them|their|its|that|those|these|there|he|she|him|her|his|one|ones|same|first"
        r"|second|other|others|instead|else|too|either)\b",
        re.I,
    ),
    answers=re.compile(
        r"^\W*(?:yes|yeah|yep|no|nope|sure|ok(?:ay)?|correct|right|exactly|fine|cool|great|nice"
        r"|awesome|wow|oh|haha|lol|true|thanks?|thank you|that(?:['’]s| is| sounds| would| works)"
        r"|sounds|i (?:do|am|did|have|see|agree)|me too|perfect|good)\b",
        re.I,
    ),
    question=re.compile(
        r"\?|^\W*(?:what|where|when|who|why|how|which|do|does|did|is|are|can|could|would|will|have|has)\b", re.I
    ),
    thanks=re.compile(r"\b(?:thanks?|thank you|thx|appreciate)\b", re.I),
    aside=re.compile(
        r"\b(?:after|before) (?:the |my |our |that|this)?\w+|\bnear (?:the |a |it|there)\w*|\bwhile i\b.*$", re.I
    ),
    greets=re.compile(r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon|day)|greetings|howdy)\b", re.I),
    personal=re.compile(r"\b(?:do|are|did|have|were|can|would) you\b|\byour?\b", re.I),
)

CHINESE = Cues(
    asks_for=re.compile(
        r"推荐|帮我|帮忙|帮我们|麻烦|请|我想|我要|想要|想找|打算|准备|有没有|给我|找一?[个家]|查一?下|能不能|介绍"
    ),
    closes=re.compile(
        r"不客气|不用谢|祝您|祝你|愉快|还有(?:什么|其他|别的)|还需要|应该做的|再见|拜拜|没问题了|抱歉.{0,8}没有"
    ),
    turns=re.compile(
        r"^\W*(?:好的?|嗯+|恩+|ok|行|谢谢|收到|知道了|明白了|可以|太好了|没关系|哦+|那好|好吧)?["
        r"，。！,\s]*(?:另外|还有|对了|顺便|接下来|最后|然后|再"
        r"|换|说到|话说|还请|还想|还要|我还|我也|完事)",
        re.I,
    ),
    points=re.compile(r"它|他|她|这|那|其中|该|此|前者|后者|同|周边|附近|其他|其它|别的|还"),
    answers=re.compile(r"^\W*(?:好|嗯|恩|对|是|行|可以|没错|哦|啊|哈|不错|谢|不|没|当然|收到|知道|有的?[，。])"),
    question=re.compile(r"[？?]|吗|呢|什么|谁|哪|几|多少|怎么|是不是|有没有|能不能"),
    thanks=re.compile(r"谢|多谢|感谢"),
    aside=re.compile(
        r"(?:吃|用|玩|逛|游玩|溜达|住|安顿|安排|休息|爬|参观|游览|就餐|用餐|蒸|喝)[^"
        r"，。！？的]{0,5}?(?:完|过|好|结束|以后|之后|后|下"
        r"|饱)[^，。！？的找推]{0,4}?(?:饭|餐|后|了|以后|之后|，|(?=我|想|要|还|再|去|晚|找))"
        r"|[^，。！？]{0,14}?(?:景点|餐馆|酒店|餐厅|饭店)?的?(?:周边|附近|旁边"
        r"|周围)(?:都?有(?:什么|哪些|啥|没有|没)?[^，。！？]*"
        r"|还有[^，。！？]*)|(?:从|由)[^，。！？]{2,30}?(?=坐|打|乘|到)|酒店的?[^，。]{0,4}(?:餐厅)"
    ),
    greets=re.compile(r"^\W*(?:你好|您好|嗨|哈喽|早上好|晚上好)"),
    personal=re.compile(r"你(?:喜欢|觉得|知道|有|是|平时|最)"),
)

CUES: dict[str, Cues] = {"en": ENGLISH, "zh": CHINESE}
