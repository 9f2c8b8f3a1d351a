"""The wordings that give away what a message does: one pattern per act, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialog.interpretation import Command


def any_of(words: str, *, more: str = "") -> str:
    """A pattern for one of `words`, the longest first, that is never given back once matched: a row of them then has
    one reading only, and no message makes the matching slow. `more` is a pattern tried last."""
    longest = sorted(words.split(), key=len, reverse=True)
    return f"(?>{'|'.join([*longest, *([more] if more else [])])})"


FILLER = any_of("额 唉 诶 欸 啊 哦 喔 噢 那个 就是 就是说 然后 好 好吧", more="嗯++|恩++|呃++|哎++|哈++")
SPOKEN = rf"(?>{FILLER}[，,、\s]*+)*"
"""Fillers that may stand before anything, with or without punctuation."""


def spoken_off(text: str) -> str:
    """`text` without fillers before it."""
    lead = re.match(SPOKEN, text)
    return text[lead.end() :] if lead else text


END = r"[了吧啊呀哦啦嘛呢哈的吗\s，。！？!?~～.…]*$"


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{SPOKEN}(?:{words}){END}")


COMMANDS: tuple[tuple[re.Pattern[str], Command], ...] = (
    (
        _whole(
            r"(?:我们|咱们|请)?(?:从头(?:再)?(?:开始|来)|清空重来|全部重来|推倒重来|重来一遍|重新(?:开始|来过|聊)|(?:清空|清除|删除|重置)(?:一下)?(?:所有|全部)?(?:的)?(?:对话|聊天|会话|记录|上下文|历史|记忆)"
            r"(?:记录)?|重置|忘掉(?:一切|所有|全部|前面的一切|刚才的一切)|(?:全部|都)忘(?:掉|了)|新对话|开始新的?对话)"
        ),
        "start_over",
    ),
    (
        _whole(
            r"(?:请|把)?(?:忘掉|忘记|忘了|取消|去掉|删掉|不用管|别管|不考虑|清除|不用考虑)(?:这个|那个|刚才的|前面的|之前的|我说的|关于)?(?:预算|价格|价钱|时间|日期|人数|地点|地址|城市|位置"
            r"|菜系|口味|评分|条件|要求|限制|所有条件|所有要求)(?:的?(?:条件|要求|限制))?(?:忘掉|去掉|取消)?"
        ),
        "forget_slots",
    ),
    (_whole(r"(?:忘掉|忘记|忘了|删掉|清除)(?:这个|那个|当前|刚才)(?:的)?(?:话题|事|任务)"), "forget_topic"),
    (_whole(r"撤销|撤回|(?:撤销|撤回|取消)(?:上一条|上一句|刚才那(?:条|句)|上一步)|回到上一步"), "undo"),
)

ASSENT = any_of(
    "好 好好 行 可以 ok OK Ok okay 谢谢 谢谢你 谢谢您 多谢 非常感谢 感谢 太感谢 谢啦 知道 我知道 明白 我明白 "
    "了解 懂 收到 原来如此 原来是这样 这样 是这样 没事 没关系 没问题 不客气 麻烦你 麻烦您 辛苦 再见 拜拜 晚安 "
    "早安 早 你好 您好 哈喽 嗨 好吧 那好 那行 那好吧 这下好 对 对对 "
    "是 确认 确定 我试试 我去试试 在吗 在么 没错 好嘞 好滴 太好 很好 挺好 非常好 太棒 不错 真棒 没有问题 "
    "没有 不用 就这样 先这样 哇 哇塞 厉害 666 赞 棒",
    more="嗯++|恩++|哈++|呵++|嘿++|哦++|噢++",
)
CONCLUDES = re.compile("[嗯哦好行的是，,]*那(?!么?[^，]{0,6}(?:吗|[？?]))")
"""Opens what follows from what was told ("那还行"): it says of it all, and of no one thing."""
_REACTS = re.compile(
    r"学到了|涨知识|记住了|服了|完美|绝了|走起|没事了|定了$|放心|心疼|抱抱|笑死|倒霉|难怪|怪不得|原来如此|果然|谢|一定一定|^([^\W\d]{2,})\1"
)
_ASKS = re.compile("[吗？?]")


def reacts(text: str) -> bool:
    """Whether it is said to what was told, and whole as it stands ("涨知识了", "学到了学到了")."""
    return _REACTS.search(text) is not None and _ASKS.search(text) is None


ACKNOWLEDGED = re.compile(rf"^(?>[那啊哦噢哎唉]?{ASSENT}[了吧啊呀哦啦嘛呢哈的\s，。！!~～]*+)+{END}")
SWITCHED = re.compile(
    rf"^{SPOKEN}(?:对了|对啦|顺便(?:问一?下|说一?下|问一?句|问|说)?|换个话题|换一个话题|说点别的|聊点别的|问点别的|问个别的|另外问一?下|话说回来|话说|"
    r"不(?:聊|说|谈)(?:这个|那个|这些|他|她|它)了?|先不(?:聊|说|谈)(?:这个|那个|这些)?了?|别(?:聊|说|谈)(?:这个|那个)了?|我想问(?:个|一个)别的(?:问题)?)[，,\s、：:]*"
)
RETURNED = re.compile(
    rf"^{SPOKEN}(?:好[的了吧啦]?|行|嗯|OK|ok)?[，,\s]*{any_of('那 我们 咱们 还是 让我们 那我们 那还是 还 再')}*"
    r"(?:(?:回到|说回|聊回|回头说|再说说?回|言归正传[，,\s]*(?:说)?|话说回)(?:来)?(?:刚才|前面|之前|最初|开始)?(?:说)?的?(?P<a>[^，,。：:；\s]{0,12})"
    r"|(?:继续|接着)(?:说|聊|谈|讨论)(?:回)?(?:刚才|前面|之前)?的?(?P<b>[^，,。：:；\s]{0,12}))[，,。：:；\s]*"
)

DENIAL = any_of("不是 不对 不 错了 错 说错了 我说错了 搞错了 你搞错了 你弄错了 no No 抱歉 不好意思")
MEANT = re.compile(
    rf"^{SPOKEN}(?P<no>(?>{DENIAL}[的吧啊呀啦了]?[，,。!！\s]*+)*)"
    r"(?P<is>(?:我(?:刚才|要|想)?(?:说|问|指|要|想要|想问|想说|找|想找)的?(?:其实)?是|我是(?:说|问|指|要|想说|想问)|我(?:指|说|问)的|应该是|而是|是|改成|改为|要)?)[，,：:\s]*"
)
NOT_BUT = re.compile(
    rf"^{SPOKEN}(?:我(?:说|问|要|指)的)?不(?:是|要|去)(?P<old>[^，,。\s是]{{1,12}})[，,。\s]*(?:而?是|要|去)(?P<new>[^，,。！？!?]{{1,20}})"
)

BLAMES = any_of(
    "这 那 你 您 你的 你这个 你的回答 你的答案 你这个回答 你说的 你说 还是 根本 都 完全 一点 一点儿 "
    "一点都 一点也 也 并 真"
)
DISSATISFIED = re.compile(
    rf"^{SPOKEN}{BLAMES}*"
    r"(?:[^，。]{0,10}(?:还是|仍然|依然)(?:不行|没用|不好使|一样|不能用|没解决|有问题|打不开|连不上)|没(?:有)?(?:什么|啥|任何)?(?:用处?|帮助|意义)|不管用|帮不上忙|不(?:太)?有用|毫无帮助|答非所问|没(?:有)?(?:回答|理解|明白|听懂|看懂|弄懂|搞懂|解决)(?:到)?我?(?:的)?(?:问题|意思)?"
    r"|不是我(?:想)?(?:要|问|说|找)的(?:答案)?|不满意|我不满意|(?:胡说|瞎说|乱说)(?:八道)?|不对|不正确|错了|说错了|弄错了|搞错了|回答错了|不靠谱|没回答到点子上|"
    r"再(?:想想|试一?次|试试|找找|查查|回答一?[次下遍])|重新(?:写|说|回答|推荐|找|查|来|想|生成|做)(?:一)?[个家部本首次遍下篇份]?|换(?:一)?[个家部本首款种间所座篇]吧?|"
    r"再(?:推荐|换|来|找)(?:一|几)?[个家部本首款种间些]?(?:别的|其他的?)?|还有(?:没有)?(?:别的|其他的?)(?:推荐|选择)?|有没有(?:别的|其他的?)(?:推荐|选择)?|别的(?:呢)?|其他的呢)"
    rf"(?:好吗|行吗|可以吗|好不好)?{END}"
)
FAULT = re.compile(
    r"(?:关门|倒闭|停业|歇业|没开|不开|搬走|满|没位子?|没有位子?|订不到|太贵|太远|太吵|太小|太辣|太偏|太难|太长|太老|太旧|去过|吃过|看过|吃腻|不好吃|不好|不喜欢|不想去|不想要|不行|"
    r"难吃|一般|差评|听过|读过)"
)
"""What may be wrong with a thing that was offered."""

EXCLUDED = re.compile(
    rf"^{SPOKEN}(?:除了|除去|排除|不(?:要|想要|想去|想吃|去|吃|喝|看|考虑|需要|喜欢|能吃|住)|别(?:要|选|推荐)?|我(?:家)?(?:孩子|妈|爸|妈妈|爸爸|老公|老婆|女儿|儿子|朋友|们|对象|宝宝)?(?:不(?!知道|明白|懂|太?清楚|是|会|行|信|确定)|对))"
)
LEFT_OPEN = re.compile(
    rf"^{SPOKEN}.{{0,14}}(?:无所谓|都行|都可以|都好|都成|都没问题|随便|不限|不重要|不要紧|没要求|没有要求|不在乎|不在意|不介意|没关系|也可以|也行|也没事|不用考虑){END}"
)
CHOOSES = any_of("就 就看 就买 就吃 就用 就听 要 选 选择 定 订 去 想要 我要 还是 就要 就去 就选 就定 就订")
SELECTED = re.compile(rf"^{SPOKEN}(?:那|我)?{CHOOSES}*(?P<what>[^，,。]*?)(?:好了|就行|就好)?{END}")

CODE = re.compile(
    r"```.*?```|`[^`\n]+`|https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|[A-Za-z_]\w*\([^)\n]*\)|(?:[A-Za-z]:)?[\\/][\w./\\-]+",
    re.S,
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|「[^」]*」|『[^』]*』|《[^》]*》|‘[^’]*’|'[^'\n]{2,}'")
GIVEN_TEXT = re.compile(r"(?:翻译|改写|润色|总结|纠正|造句|朗读|读一?下|校对)[^：:\n]{0,12}[：:].*", re.S)


@dataclass(frozen=True)
class Masked:
    """Where a message holds words that are not the user's own speech: code, addresses, quotations, given text."""

    spans: tuple[tuple[int, int], ...]

    def hides(self, start: int, end: int) -> bool:
        return any(start < stop and begin < end for begin, stop in self.spans)


def masked(text: str) -> Masked:
    return Masked(tuple(m.span() for pattern in (CODE, QUOTED, GIVEN_TEXT) for m in pattern.finditer(text)))
