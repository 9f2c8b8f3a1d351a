"""The conversation that `antecedent demo` plays: what the person types, and replies written in advance.

Nothing here says how a message is to be resolved; that is computed. The restaurants are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from dialog.cli.words import Lang


@dataclass(frozen=True, slots=True)
class Scene:
    """One message and the scripted reply to it; `shows` names the kind of follow-up, in the words of `dialog.state.Act`
    where there is one."""

    shows: str
    user: str
    reply: str


ENGLISH = (
    Scene(
        "opening",
        "I'm going to New York tomorrow. What is the best Chinese restaurant in New York?",
        "There are many good Chinese restaurants in New York.",
    ),
    Scene(
        "reject",
        "that's not helpful",
        "Sorry about that. People speak well of Golden Lantern on Mott Street; dinner there is about $90 a person.",
    ),
    Scene(
        "refine",
        "something cheaper",
        "Try Little Dumpling House on Eldridge Street; dinner there is about $25 a person.",
    ),
    Scene(
        "replace",
        "what about Thai?",
        "Three Thai restaurants in New York:\n1. Siam Garden in Queens\n2. Lotus Kitchen in Manhattan\n"
        "3. Bangkok House in Brooklyn",
    ),
    Scene("select", "is the second one open on Sunday?", "On Sunday Lotus Kitchen is open from noon to 10 pm."),
    Scene("correct", "no, I meant Saturday", "On Saturday Lotus Kitchen is open from noon to midnight."),
    Scene("switch", "by the way, who wrote Hamlet?", "William Shakespeare wrote Hamlet around 1600."),
    Scene("return", "ok, back to dinner: for four people", "Lotus Kitchen has a table for four on Saturday at 7 pm."),
    Scene("pronoun", "is it far from Times Square?", "No, Lotus Kitchen is a ten-minute walk from Times Square."),
)

CHINESE = (
    Scene("opening", "我明天去纽约。纽约最好的中餐馆是哪家？", "纽约有很多不错的中餐馆。"),
    Scene("reject", "你没回答我的问题", "抱歉。勿街的金灯笼口碑很好，晚餐人均大约九十美元。"),
    Scene("refine", "便宜一点的", "可以试试爱烈治街的小饺子馆，晚餐人均大约二十五美元。"),
    Scene(
        "replace", "泰国菜呢？", "纽约有三家泰国餐厅：\n1. 皇后区的暹罗花园\n2. 曼哈顿的莲花小厨\n3. 布鲁克林的曼谷之家"
    ),
    Scene("select", "第二家周日开门吗？", "莲花小厨周日中午十二点到晚上十点营业。"),
    Scene("correct", "不对，我是说周六", "莲花小厨周六中午十二点到半夜十二点营业。"),
    Scene("switch", "对了，《哈姆雷特》是谁写的？", "《哈姆雷特》是威廉·莎士比亚在1600年前后写的。"),
    Scene("return", "好，说回晚餐：四个人", "莲花小厨周六晚上七点有一张四人桌。"),
    Scene("pronoun", "它离时代广场远吗？", "不远，从莲花小厨走到时代广场只要十分钟。"),
)


def script(lang: Lang) -> tuple[Scene, ...]:
    return CHINESE if lang == "zh" else ENGLISH
