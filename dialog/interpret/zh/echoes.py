"""Short answers and echoes: "为什么", "我也是", "你会吗", "唐高祖": the words just said are the rest of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh.antecedents import antecedent
from dialog.interpret.zh.clause import Filled, content_end
from dialog.interpret.zh.edits import glue, of, put, said
from dialog.interpret.zh.objects import COUNTED
from dialog.interpret.zh.tokens import Token

WHY = re.compile(r"^(?:那|可是|但|哦|啊)?(?P<why>为什么|为啥|为何|为嘛)(?:呢|啊|呀|吗|\s)*[？?]?$")


SETTING = re.compile(r"[^，,。！？\n]{1,12}(?:下|时|后|来说|来看|而言|的话|上|中)[，,]\s*")
"""A clause that only sets the scene of the claim after it."""
ASKS = re.compile(r"谁|什么|啥|哪[个里儿些家部本首国年天]?|多少|几[点个岁号]?|怎么样?|如何|多[高大长重远]")


YES_NO = re.compile(r"(?:吗|么|嘛|好不好|是不是.+)[\s？?]*$")
LIKES = re.compile("(?:也|都|还|很|不|是|太|没有?)*(?:喜欢|爱|看过?|听过?|玩过?|吃过?|知道|认识|了解|同意|相信|讨厌)")
"""A claim that lacks its object itself ("不喜欢")."""


FIRST_PERSON = re.compile(r"^(?:因为|所以|我们?|俺|咱们?|但是?|可是|嗯+|是的?|对[啊呀]?|当然|哈+|其实)+")


COMPLEMENT_OF = {
    "会": r"会不会|不会|会(?!不)",
    "想": r"想不想|不想|想要?(?!不)",
    "要": r"要不要|不要|想要?|要(?!不)",
    "能": r"能不能|不能|能(?!不)",
    "敢": r"敢不敢|不敢|敢(?!不)",
    "可以": r"可不可以|可以",
    "是": r"是不是|不是|是(?!不)",
    "就是": r"是不是|不是|是(?!不)",
}


def why(view: View, text: str) -> Filled | None:
    """ "为什么" asks for the reason of what was just said."""
    match = WHY.match(text)
    claim = view.last_reply or view.last_user
    if match is None or claim is None:
        return None
    start = 0
    lead = FIRST_PERSON.match(claim.text)
    if lead and lead.end() < len(claim.text):
        start = lead.end()
    if aside := SETTING.match(claim.text, start):
        start = aside.end()
    end = re.search(r"[。！？!?，,\n]|[啊呀吧呢哦啦吗嘛]?$", claim.text[start:])
    stop = start + (end.start() if end else 0)
    if not 2 <= stop - start <= 20:
        return None
    at = match.end("why")
    pieces = said(claim, start, stop)
    if LIKES.fullmatch(claim.text, start, stop) and (meant := antecedent(view)):
        pieces = (*pieces, *of(meant))
    return Filled((put(at, at, pieces, "omission"),), 0.6, "why")


def echo(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "我也是", "我也觉得", "你猜", "你说呢": what was just said or asked is the rest of it."""
    last = view.utterances[-1] if view.utterances else None
    end = content_end(main)
    words = "".join(word.text for word in main[:end])
    if last is None or last.role != "assistant":
        return None
    agrees = re.fullmatch(r"我(?:也|还|都)*(?:是|这么觉得|觉得|这么认为|这么想|同意)", words)
    asks_back = re.fullmatch(r"你(?:说|猜|觉得|认为)(?:说|看|猜|一下)?", words) and (
        ASKS.search(last.text) or (words in ("你觉得", "你说") and YES_NO.search(last.text))
    )
    if not (agrees or asks_back):
        return None
    start, stop = _claim(last.text)
    if not 2 <= stop - start <= 16 or re.search("[我你您]", last.text[start:stop]):
        return None
    at = main[end - 1].end
    return Filled((put(at, at, said(last, start, stop), "omission"),), 0.55, "echo")


IGNORANT = re.compile(
    r"(?:我|俺|也|都|还|真|就|可|怎么|哪|已经|[，\s])*(?P<own>不知道|不晓得|不清楚|不造|不记得|忘记?了?|猜不[到出]来?)了?"
    r"|(?:你|您|居然|竟然|怎么|都|也|还|连|能|可以|[，\s])*(?P<other>不知道|不晓得|不记得|忘了|猜[到出]来?|告诉我|猜)"
)
OPEN_CLAUSE = re.compile(
    r"(?:那么?|话说|请问|哦|嗯|对了|(?:有人|[你您])?(?:知不知道|知道|说|觉得|猜))*"
    r"(?P<asked>[^，,。！!？?\s我你您]*?(?:谁|什么|啥|哪[里儿家个年些种]|多少|几[点个岁号]|怎么|为什么|多[高大长重远])[^，,。！!？?\s我你您]*?)"
    r"[吗么嘛呢啊呀\s？?]*$"
)
"""A question with a question word that says nothing of the speakers, so that it can be taken over as it is."""
LONGEST_ASKED = 60
"""Characters at the end of an utterance that a question is looked for in, which takes quadratic time."""


def unknown(view: View, main: Sequence[Token]) -> Filled | None:
    """ "不知道" after "成都哪家火锅最好吃", "你居然不知道": the question that was asked is missing."""
    words = "".join(word.text for word in main[: content_end(main)])
    match = IGNORANT.fullmatch(words)
    if match is None or (match["other"] == "猜" and words != "你猜猜"):
        return None
    latest = view.utterances[-2:] if match["other"] else view.utterances[-2:][::-1]
    for asked in latest:
        end_of_it = max(0, len(asked.text) - LONGEST_ASKED)
        question = OPEN_CLAUSE.search(asked.text, end_of_it) if match["own"] or asked.role == "user" else None
        # "什么软件" alone is no question whose answer one may not know.
        if question and 3 <= len(question["asked"]) <= 18 and not question["asked"].startswith(("什么", "啥")):
            at = main[content_end(main) - 1].end
            return Filled((put(at, at, said(asked, *question.span("asked")), "omission"),), 0.6, "unknown")
    return None


def same_predicate(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """ "你会吗", "我不想", "我不是": a modal verb or copula whose complement was said a moment ago."""
    end = content_end(main)
    last = main[end - 1]
    verb = last.text.lstrip("不没也都就") or last.text
    alone = all(word.tag in "rdot" for word in main[: end - 1])
    if verb not in COMPLEMENT_OF or not (alone or (verb == "是" and end > 2 and main[end - 2].tag in "rdu")):
        return None
    at = last.end
    for utterance in reversed((view.in_topic or view.utterances)[-2:]):
        for match in re.finditer(COMPLEMENT_OF[verb], utterance.text):
            start, stop = match.end(), len(utterance.text)
            pause = re.search(r"[，。！？!?,\s]", utterance.text[start:])
            stop = start + pause.start() if pause else stop
            stop -= len(utterance.text[start:stop]) - len(
                re.sub(r"(?:[吗呢吧啊呀哦啦嘛么了的]|没有|没|不)+$", "", utterance.text[start:stop])
            )
            if 1 <= stop - start <= 10 and not re.search("[我你您谁哪]|什么|怎么", utterance.text[start:stop]):
                return Filled((put(at, at, said(utterance, start, stop), "omission"),), 0.6, "predicate")
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.5 or main[0].tag != "r":
        return None
    return Filled((put(at, at, of(mention), "omission"),), 0.5, "predicate")


def _claim(text: str) -> tuple[int, int]:
    """The first clause of `text` without the speaker and without closing particles."""
    lead = re.match(
        r"(?:因为|所以|那么?|但是?|可是|嗯+|是的?|对[啊呀]?|当然|哈+|其实|我们?|个人|俺|也|觉得|认为|[，,\s])+", text
    )
    start = lead.end() if lead and lead.end() < len(text) else 0
    stop = re.search(r"[。！？!?，,\n]|[啊呀吧呢哦啦吗嘛阿]?$", text[start:])
    return start, start + (stop.start() if stop else 0)


WH_CLAUSE = re.compile(
    r"(?:^|[，,。！!？?\s])(?:那么?|请问|哦|嗯|啊)?(?P<before>[^，,。！!？?\s]{0,10}?)(?:什么时候|啥时候|什么时间|谁|几[点号个天年岁只部]|多少钱?|多久|哪[里儿]|哪(?=[看买吃玩学])|什么(?:地方|颜色|类型)?|啥)"
    r"(?P<after>[^，,。！!？?\s]{0,8}?)[啊呀呢阿吗嘛的]*[\s？?]*$"
)


ASKED = re.compile(
    r"(?P<about>[^，。！？!?,\s]{1,12}?(?:是|在|叫|等于))(?:谁|什么|啥|哪里|哪儿|哪个?|神马|几|多少|那里|(?:[^，。！？]{1,6}还是[^，。！？]{1,6}))?"
    r"(?:地方|东东|东西|地儿|时代的?|年代?的?|国家?的?|朝代?的?)?[啊呀呢阿吗嘛]?[\s？?]*$"
)


def answer(view: View, text: str, main: Sequence[Token]) -> Filled | None:
    """A bare noun phrase that answers "X是谁", or says what X is."""
    last = view.utterances[-1] if view.utterances else None
    end = content_end(main)
    if last is None or last.role != "assistant" or not _nominal(main[:end]):
        return None
    at = main[0].start
    whole = WH_CLAUSE.search(last.text)
    if (
        whole
        and whole["before"] + whole["after"] not in ("", "是", "叫")
        and not re.search("[我你您]", whole["before"] + whole["after"])
    ):
        stop = main[end - 1].end
        rest = said(last, whole.start("after"), whole.end("after"))
        edits = (
            [put(at, at, said(last, whole.start("before"), whole.end("before")), "omission")] if whole["before"] else []
        )
        return Filled((*edits, *([put(stop, stop, rest, "omission")] if rest else [])), 0.6, "answer")
    asked = ASKED.search(last.text)
    if asked and len(asked["about"]) > 1 and not re.search("[我你您]", asked["about"]):
        about = said(last, asked.start("about"), asked.end("about"))
        return Filled((put(at, at, about, "omission"),), 0.6, "answer")
    mention = antecedent(view, near=text)
    if mention is None or mention.score < 1.5:
        return None
    described = main[0].tag == "r" or COUNTED.match(main[0].text) is not None or main[0].text.startswith("一")
    brief = len(last.text) <= 8 and mention.score >= 2.5 and re.search("什么|啥|谁", last.text)
    if described or brief or re.search("是谁|是什么|是啥", last.text):
        return Filled((put(at, at, (*of(mention), *glue("是")), "omission"),), 0.5, "answer")
    return None


def _nominal(words: Sequence[Token]) -> bool:
    """A bare noun phrase of up to six words: "唐高祖", "我的偶像", "一个男歌手"."""
    if not words or len(words) > 6 or words[0].tag not in "nmrt" or words[-1].tag not in "nmr":
        return False
    if words[0].tag == "r" and len(words) > 1 and words[-1].tag == "r":
        return False
    return all(word.tag in "nmtua" or (word.tag == "r" and i == 0) for i, word in enumerate(words))
