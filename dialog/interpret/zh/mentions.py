"""What the talk is about: names and noun phrases of the last utterances, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from dialog.interpret.pack import Utterance, View
from dialog.interpret.zh.framed import ASKS_MAKER, framed
from dialog.interpret.zh.tokens import Token, cut
from dialog.interpret.zh.words import CLASSIFIERS, GENERIC, KIN, PARTICLES, RELATIONAL, TAGS, WEAK_NOUNS

NEAR = 6
"""Utterances back that are searched; a pronoun means nothing further away (Givón's referential distance)."""
FAR = 8
"""Messages back that are searched for what is named again by its kind ("那场决赛")."""
LONGEST_READ = 1200
"""Characters of an utterance that are searched for names; long replies name their topic early."""
LONGEST_COMPARED = 240
"""Characters of two utterances that are compared for repetitions, which takes quadratic time."""
SHORT = 24
"""Characters of an utterance whose quotation marks are round what it is about; a longer one also quotes phrases."""
FRAMED = 2.6
"""Weight of what a short question asks about; more than of any name that a reply to it brings up."""
LONGEST_TITLE = 14
"""Characters of the longest thing that the frame "你知道 ... 吗" is taken to name."""

CLAUSE = re.compile(r"[^，。！？；：,!?;:\n～~…*|#`]+")
TITLED = re.compile(r"《\**([^》\n]+?)\**》|“([^”\n]{1,20})”|「([^」\n]+)」|\"([^\"\n]{1,20})\"")
BUTTON = re.compile("(?:选择|点击|点|按|输入|搜索|进入)$")
"""Before the quoted name of a control, which is nothing that one talks about."""
BOLD = re.compile(r"\*\*(?P<name>[^*\n]{2,20}?)[:：]?\*\*")

LEAD = re.compile(
    r"(?:嗯+|恩+|哦|呃|额|那么?|对了|话说|你好|您好|请问|其实|不是|但是|所以|对[啊呀的]?|是[啊的]|好[的吧]?|然后|就是|这个|哎|唉|只有|希望|听朋友说|朋友说)[，\s]*"
    r"|(?:你们?|您|小微|我们?|咱们?|大家|谁)(?=.)"
    r"|(?:都|还|也|最近|昨天|今天|明天|刚刚?|刚才|又|一直|平时|以前|曾经|真的|正在|一起|现在|已经|很|最|特别|超级?|好|挺|比较|就|只)(?=.)"
    r"|(?:有没有|是不是|知不知道|认不认识|喜不喜欢|会不会|要不要|想不想|可不可以|能不能|不|没有?)(?=.)"
    r"|(?:想|要|会|能|可以|应该|打算|准备|愿意|敢|需要)(?=.)"
    r"|(?:听说过?了?|知道|认识|喜欢|了解|觉得|感觉|讨厌|推荐(?:一下)?|介绍(?:一下)?|说说|讲讲|聊聊|谈谈|聊|谈|说|讲|看过?|听过?|玩过?|吃过?|去过?|读过?|用过?|见过|"
    r"爱|学|买|养|查(?:一下)?|找(?:一下)?|帮我|给我|请|告诉我|搜(?:一下)?|唱|做|教我?|打|问|想起|梦见|梦到|关于|怎么评价|评价(?:一下)?|有|在|是|喝|"
    r"入住|游玩|试试|参观|品尝|前往|为您|向您|给您|建议|唯一的|(?:推荐|建议)[你您]?(?:去|到)|[你您](?:可以)?(?:去|到))(?:了|的是|一下|下)?(?=.)"
    r"|[去到](?=..)"
    r"|个(?!人|性|体)(?=..)"
    r"|(?:一[个家部本首款种间所座位名条只件篇些]|几[个家部本首款种间条]|这[个家部本首款种]?|那[个家部本首款种]?)(?=.)"
)
TAIL = re.compile(
    r"(?<=.)(?:今天|明天|后天|昨天|今晚|现在|最近|今年|的?时候)$|(?:[吗嘛呢吧啊呀哦啦呗哈耶哇哟不没了的麽哒\s]|(?<![什怎这那多要])么)+$"
    r"|(?:是谁|是什么|是啥|是哪.{0,3}|怎么样|怎样|咋样|如何|好不好|好看|好玩|好吃|好听|好用|在哪[里儿]?|多少钱|有多.|多[高大少重长远]|帅|漂亮|可爱|厉害|很|真|太|"
    r"挺|超|最|非常|特别|都|也|是|很好|不错|更|还|不|没有?|没听[说过]+|看过|听过|玩过|去过|吃过|用过|知道|认识|喜欢|会|可以|值得一?[去看]?|怎么(?:走|做|办|弄|用|选|治疗?|安装|设置|申请|办理|收费)|有|有什么.*|有哪些.*|"
    r"怎么办|是?谁(?:导演|写|唱|演|主演|画|发明|创作|拍|创办|创立|作曲|作词|翻译|配音)的|讲的是?|说的是?|写的|演的|唱的|(?<=[认知喜听看去会])[你我]|什么意思|这(?:本书|首歌|部电影|部剧|个人|款游戏|个游戏|本小说|部小说|个组合|个电影)|用餐|游玩|住宿|入住|这个|这家|还不错)$"
)


NAMES_TOPIC = re.compile(
    r"^[，\s]*(?:那|嗯+|对了|话说|哎|还|最近)*(?:你们?|您|小微|我)?(?:有没有|有|也|都|还|最近|不|没|想)*(?:知道|知不知道|听说过?|看过?|认识|读过?|听过?|了解|喜欢|爱看|玩过?|去过?|说说|讲讲|"
    r"介绍|聊聊|评价|推荐|看完|觉得|我要聊|想聊)|(?:看过|听过|知道|认识|读过|玩过|去过|是谁|是什么|怎么样|好看|好玩|好听|喜欢)(?:没有?|不|吗|么|嘛|了|过|[啊呀呢])*[？?\s]*$"
)
UNLIKELY = re.compile(
    "^[的是在有家到从往]|周边|附近|符合|推荐|人均|评分|营业时间|价格|条件|[这那]个?(?:酒店|餐馆|景点|电影|专辑|影片)|^(?:一部|一家|首|这类|这张|收录|分人)|消费在|没有"
)
"""What no name holds; a run of words with it was cut wrongly."""
OWNED = re.compile(f"(?<=[^的])(?:{'|'.join(sorted(word for word in RELATIONAL - KIN if len(word) > 1))})$")
NUMERIC = re.compile(
    r"(?:评分|人均|价格|票价|门票|消费|票房).*\d|\d+(?:分|元|小时|块|米|美元)$|^[\d\W年月日号点分元块人位小时以上下内左右届第到至-]+$|^\d[\d.,:-]*[\u4e00-\u9fff]{1,3}$|^[^\w]|[你我您]$|^[一二三四五六七八九十百千万两几\d]+(?:块钱?|元|钱)?$"
)
SOUNDS = frozenset(
    {"yeah", "haha", "smirk", "ok", "hi", "hello", "bye", "linebreak", "emmm", "wow", "no", "yes", "call"}
)
YEAR = re.compile(r"\d{4}年|\d{2}年")
DOTTED = re.compile(
    "[\u4e00-\u9fff]{1,6}(?:[·・][\u4e00-\u9fff-]{1,6}?)+(?=[^\u4e00-\u9fff]|$|这|是|执导|主演|的|和|与|跟|吗|也|了)"
)
"""A foreign name in Chinese letters, its parts joined by a dot."""
OFFICE = re.compile(
    "(?:作者|导演|主演|演员|作家|编剧|歌手|教练|总统|画家|作曲家|[\u4e00-\u9fff]{1,2}学家|球星|前锋|后卫|门将|主帅|是|由|叫)+"
)
"""What someone is, said before the name."""
TITLE_MARKS = frozenset("《“「")
VENUE = re.compile(
    r"[\w·・.&'-]{1,18}?(?:酒店|宾馆|饭店|公寓|餐厅|餐馆|酒楼|饭庄|菜馆|酒家|烤鸭店|火锅店|咖啡馆|公园|博物馆|纪念馆|寺|宫|长城|广场|故居|度假村|旅游区|风景区|景区|乐园|体验中心|美术馆|"
    r"图书馆|大剧院|庄园|胜地|遗址|水上世界|[^\W\d_]{2}(?:店|园|馆|城|山|湖|谷|陵|街|庙|楼))(?:[(（][^)）\n]{1,16}[)）])?"
    r"(?=$|\W|游玩|用餐|住宿|入住|的|吧|呢|就|和|也|还|很|非常|周边|附近|在|是|有|吗|啊|可以|适合|不错|玩|去|看|这|那|怎么|电话|地址)"
    r"|[\w·・.&'-]{2,18}[(（][^)）\n]{1,14}店[)）]"
)
"""A name of a place to go to, told by its last word, with the branch in brackets."""
ASKS_WHICH = re.compile("谁|什么|啥|哪|推荐|介绍|几|多少|猜")


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that was said: `said.text[start:end]`, with how likely it is the topic (higher is likelier)."""

    said: Utterance
    start: int
    end: int
    score: float
    proper: bool
    place: bool = False
    person: bool = False
    titled: bool = False

    @property
    def text(self) -> str:
        return self.said.text[self.start : self.end]


def named_earlier(view: View) -> tuple[Mention, ...]:
    """The mentions of the user's own messages of the active topic, as far back as they are kept, likeliest first."""
    return _ranked(tuple(said for said in view.in_topic if said.role == "user")[-FAR:])


def mentions(view: View) -> tuple[Mention, ...]:
    """The mentions of the last utterances of the active topic (of any, when it has none), likeliest first."""
    return _ranked(tuple((view.in_topic or view.utterances)[-NEAR:]))


@lru_cache(maxsize=8)
def _ranked(near: tuple[Utterance, ...]) -> tuple[Mention, ...]:
    best: dict[str, Mention] = {}
    for back, said in enumerate(reversed(near)):
        said_text = said.text[:LONGEST_READ]
        before = near[-2 - back] if back + 1 < len(near) else None
        asked = before.text if before is not None and before.role != said.role else ""
        again = _repeated(said_text[:LONGEST_COMPARED], before.text[:LONGEST_COMPARED]) if before is not None else ()
        for start, end, weight, proper in (*_candidates(said_text), *again):
            text = said.text[start:end]
            others = [other for other in near if other is not said and _in(text, other.text)]
            score = weight + 2.0 * bool(others) - 0.9 * max(0, back - 1)
            score -= 0.0 if (start, end) == framed(said_text) and text not in WEAK_NOUNS | GENERIC else _demerit(text)
            score += 0.3 if said.role == "user" else 0.0
            score += 0.5 * (back == 0 and proper and weight >= 2.0)
            score += _answering(said.text, start, asked, proper) if not others else 0.0
            score -= DESCRIBING if not others and framed(asked) and _describes(text) else 0.0
            if text not in best or best[text].score < score:
                names = {word.name for word in cut(text)} | ({"person"} if "·" in text else set())
                work = (start, end) == framed(said_text) and ASKS_MAKER.search(said_text) is not None
                titled = said.text[start - 1 : start] in TITLE_MARKS or work
                best[text] = Mention(said, start, end, score, proper, "place" in names, "person" in names, titled)
    return tuple(sorted(_full_names(list(best.values())), key=lambda mention: -mention.score))


DESCRIBING = 1.0
"""What a common noun loses as the reply to a question after a name: it says what the named thing is."""


def _describes(text: str) -> bool:
    """Whether the phrase ends in a common noun, and so is no name."""
    words = cut(text)
    return bool(words) and not words[-1].proper and len(words) > 1


def _in(text: str, other: str) -> bool:
    """Whether `other` says it too: in one piece, or both words of a compound ("日本签证" in "日本旅游签证")."""
    words = cut(text) if len(text) > 3 else ()
    return text.lower() in other.lower() or (2 <= len(words) <= 3 and all(word.text in other for word in words))


def _full_names(found: list[Mention]) -> list[Mention]:
    """A short form ("东野") gives way to the full name it is the start or the end of ("东野圭吾")."""
    out: list[Mention] = []
    for mention in found:
        text = mention.text
        asked_of = framed(mention.said.text) == (mention.start, mention.end)
        short = [
            other.score
            for other in found
            if other is not mention
            and (asked_of or len(text) - len(other.text) <= 3)
            and other.text not in GENERIC
            and (other.text in text if asked_of else _short_form(other.text, text))
        ]
        whole = (
            mention.score > 1.2 and (asked_of or "的" not in text) and (mention.proper or mention.said.role == "user")
        )
        lift = max(short, default=0.0) + 0.05 if whole and short else 0.0
        out.append(replace(mention, score=max(mention.score, lift)))
    return out


def _short_form(short: str, name: str) -> bool:
    """Whether `name` is `short` and more of a name ("东野" of "东野圭吾")."""
    return name.startswith(short) and all(word.proper for word in cut(name[len(short) :].strip()))


def _answering(text: str, start: int, asked: str, proper: bool) -> float:
    """What a phrase gains as the answer to a question; a description of what was asked gains nothing."""
    if not ASKS_WHICH.search(asked):
        return 0.0
    if described := re.search(r"^(?:你知道|请问)?(.{1,12}?)(?:是谁|是什么|是啥)[啊呀呢阿]?[？?]?$", asked):
        if "的" in described[1] and text[:start].endswith("是"):
            return 3.0
        if not proper or cut(described[1])[-1].proper:
            return -1.5
    if start <= 2 or text[:start].endswith(("是", "推荐", "看", "去", "叫")):
        return 1.0 + 0.5 * proper
    return 0.0


def _demerit(text: str) -> float:
    short = 1.5 if len(text) == 1 else 0.0
    if UNLIKELY.search(text):
        return 4.0
    if text in WEAK_NOUNS or text.lower() in SOUNDS or NUMERIC.search(text) or text in PARTICLES:
        return 4.0 + short
    if text in GENERIC:
        return short + 2.0
    if OWNED.search(text):
        return short + 1.0
    owned = text.rpartition("的")
    if owned[1] and owned[2] in RELATIONAL and owned[2] not in KIN:
        return short + 1.0
    return short + (2.5 if text in RELATIONAL and text not in KIN else 0.0)


@lru_cache(maxsize=64)
def _repeated(text: str, before: str) -> tuple[tuple[int, int, float, bool], ...]:
    """Runs of characters that `text` shares with `before`: what two people both say, they talk about."""
    found: list[tuple[int, int, float, bool]] = []
    for match in SequenceMatcher(None, text.lower(), before.lower(), autojunk=False).get_matching_blocks():
        start, end = _without_predicate(text, *inside_frame(text, match.a, match.a + match.size))
        if not 2 <= end - start <= LONGEST_TITLE or CLAUSE.fullmatch(text, start, end) is None:
            continue
        words = cut(text[start:end])
        activity = len(words) == 1 and words[0].tag == "v" and words[0].text not in TAGS
        if activity or (
            any(word.tag in "nvam" for word in words) and not all(word.tag in "voduyrqzx" for word in words)
        ):
            found.append((start, end, 1.2 + 0.25 * min(end - start, 6), any(word.proper for word in words)))
    return tuple(found)


def _without_predicate(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without the verb that follows it in both texts ("居里夫人|得过")."""
    words = list(cut(text[start:end]))
    while (
        len(words) > 1
        and words[0].proper
        and words[-1].tag in "vu"
        and words[-1].text.endswith(("过", "了", "着", "得"))
    ):
        words.pop()
    return start, start + (words[-1].end if words else 0)


@lru_cache(maxsize=64)
def _candidates(text: str) -> tuple[tuple[int, int, float, bool], ...]:
    """Spans of `text` that may name something, with weight and whether they are names."""
    found: list[tuple[int, int, float, bool]] = []
    if asked := framed(text):
        found.append((*asked, FRAMED + 1.5 * (asked[1] - asked[0] == 1), True))
    for quoted in TITLED.finditer(text):
        if BUTTON.search(text, max(0, quoted.start() - 3), quoted.start()):
            continue
        group = next(n for n in range(1, 5) if quoted[n] is not None)
        found.append((quoted.start(group), quoted.end(group), 3.5 if group == 1 or len(text) <= SHORT else 1.4, True))
    for dotted in DOTTED.finditer(text):
        office = OFFICE.match(text, *dotted.span())
        found.append((office.end() if office else dotted.start(), dotted.end(), 2.5, True))
    for venue in VENUE.finditer(text):
        start, end = inside_frame(text, *venue.span())
        start += text[start] in "去到" and text[start - 1 : start] in tuple("您你荐议")
        if end == venue.end() and end - start >= 3 and not re.search("[的了是一]", text[start:end]):
            found.append((start, end, 2.2, True))
    for bold in BOLD.finditer(text):
        named = [word for word in cut(bold["name"]) if word.tag != "x"]
        if named and all(word.tag in "nmuav" for word in named) and not NUMERIC.search(bold["name"]):
            found.append((*bold.span("name"), 2.6 if any(word.proper for word in named) else 2.0, True))
    words = cut(text)
    found += _models(text, words)
    for clause in CLAUSE.finditer(text):
        found += _peeled(text, clause.start(), clause.end())
        inside = [word for word in words if clause.start() <= word.start and word.end <= clause.end()]
        found += _phrases(inside)
    return tuple(found)


def _models(text: str, words: Sequence[Token]) -> Iterator[tuple[int, int, float, bool]]:
    """Makes with their numbers, with the brand before them ("华为Pura 70", "小米14", "雅马哈F310")."""
    for i, word in enumerate(words):
        number = word.text.isascii() and word.text.isalnum() and any(map(str.isdigit, word.text))
        brand = words[i - 1] if i else None
        if not number or brand is None or brand.tag != "n" or not brand.proper or (len(brand.text) < 2):
            continue
        unit = words[i + 1] if i + 1 < len(words) else None
        if (
            word.text.isdigit()
            and unit is not None
            and (unit.text[0] in CLASSIFIERS or unit.text[0] in "年月日号点分元块万亿岁%.：:次人")
        ):
            continue
        yield brand.start, word.end, 2.2, True


def _peeled(text: str, start: int, end: int) -> Iterator[tuple[int, int, float, bool]]:
    """The clause without what frames its topic ("你知道 ... 吗", "... 是谁")."""
    first, last = start, end
    start, end = inside_frame(text, start, end)
    if not 0 < end - start <= LONGEST_TITLE or text[start] == "的":
        return
    whole = cut(text[start:end])
    nominal = all(word.tag in "nmuat" or word.text == " " for word in whole) and whole[-1].tag in "n"
    framed = (start, end) != (first, last)
    named = framed and NAMES_TOPIC.search(text[first:last]) is not None
    if text[start:end] in WEAK_NOUNS or not (nominal or named or (not framed and end - start <= 8)):
        return
    if not nominal and not named and (any(w.tag in "rqz" for w in whole) or all(w.tag in "voduyrqzxt" for w in whole)):
        return
    weight = 0.5 + 0.5 * framed + (1.5 if nominal else 0.6 if named and end - start <= 8 else -0.4)
    yield start, end, weight, any(word.proper for word in whole)
    if (
        len(whole) > 1
        and whole[-1].text in RELATIONAL
        and whole[-1].text not in KIN
        and whole[-2].text != "的"
        and whole[-2].tag != "z"
    ):
        yield start, start + whole[-1].start, weight - 0.2, any(word.proper for word in whole[:-1])


def inside_frame(text: str, start: int, end: int) -> tuple[int, int]:
    """`start`..`end` without what frames a topic at both ends ("你知道 ... 吗")."""
    edges = {word.start for word in cut(text)}
    while start < end:
        if (lead := LEAD.match(text, start, end)) and (lead.end() in edges or lead.end() - lead.start() > 1):
            start = lead.end()
        elif (tail := TAIL.search(text[start:end])) and (tail[0] not in ("都", "哈") or start + tail.start() in edges):
            end = start + tail.start()
        elif text[start].isspace():
            start += 1
        else:
            break
    return start, end


def _phrases(words: Sequence[Token]) -> Iterator[tuple[int, int, float, bool]]:
    """Runs of nouns, and what stands on both sides of 的 in them."""
    run: list[Token] = []
    for word in [*words, None]:
        if word is not None and (word.tag == "n" or (word.text == "的" and run and run[-1].tag == "n")):
            run.append(word)
            continue
        if word is not None and word.text == " " and run and run[-1].text.isascii():
            run.append(word)
            continue
        while run and (run[-1].text == "的" or run[-1].tag == "x"):
            run.pop()
        if run:
            yield from _spans(run, at_start=run[0] is words[0])
            i = words.index(run[0])
            if i and YEAR.fullmatch("".join(before.text for before in words[max(0, i - 2) : i])):
                yield words[max(0, i - 2)].start, run[-1].end, 1.7, True
        run = []


def _spans(run: Sequence[Token], *, at_start: bool) -> Iterator[tuple[int, int, float, bool]]:
    proper = any(word.proper for word in run)
    weight = 0.6 + 0.7 * proper + 0.4 * at_start
    yield run[0].start, run[-1].end, weight, proper
    cuts = [i for i, word in enumerate(run) if word.text == "的"]
    for i in cuts:
        owner = run[:i]
        yield owner[0].start, owner[-1].end, weight - 0.3, any(word.proper for word in owner)
        if i + 1 < len(run):
            yield run[i + 1].start, run[-1].end, weight - 0.8, any(word.proper for word in run[i + 1 :])
    if not cuts and len(run) > 1 and run[0].proper:
        yield run[0].start, run[0].end, weight - 0.4, True
