"""Reverse rewriting, Chinese: a message that repeats something said before, with the repetition taken out or a pronoun
in its place. The message as it was said is the reference."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dialog.interpret.tagger import NAME_TAGS
from training.data.leaning import refers
from training.rows import Example

Borders = Callable[[str], list[tuple[str, str]]]
"""Cuts a sentence into its words, each with its part of speech ("n..." for nouns and names, as jieba has it)."""

_COURTESY = re.compile(r"^(?:好的?|嗯+|谢谢|不客气|再见|你好|您好|不用|哈+|是的|没有|可以|知道了|明白|行|对)")
_REQUEST = re.compile(r"想|帮我|推荐|请|找")
_NEARBY = re.compile("附近|周边")
_NAMING = frozenset(["n", "x", "e", "m", "q", "a", "b", "j", "i", "l", "s", "t", "f"]) | {"vn", "uj"}
"""Parts of speech that names and noun phrases are made of."""
_PLACE = re.compile(r"(酒店|宾馆|饭店|餐馆|餐厅|店|景点|公园|寺|山|湖|城|市|区|路|馆|园|场|街|寨|庙|塔|楼|宫|站)$")
_FUNCTION = frozenset("的了吗呢吧啊呀在是有和就都还也不我你他她它这那什么哪")
_PLACES = ("这里", "那里", "那儿", "它", "这家", "这个地方", "这个")
_THINGS = ("它", "他", "她", "这个", "那个", "这部", "这首歌")
_MAX_CHARS = 14
_NAME_CHARS = 4
"""From this length on what ends in a noun is, most often, a name; shorter ones are mostly words of the domain
("电影", "景点"), which nobody leaves out or says "它" for."""


def from_dialogues(
    rows: Iterable[dict[str, Any]], kind: str, cut: Borders, rng: random.Random, *, both_sides: bool = False
) -> Iterator[Example]:
    """One example for each user turn from the second on, changed or left alone; `both_sides`: of the other speaker's
    turns as well, with the roles exchanged."""
    for row in rows:
        history: list[tuple[str, str]] = []
        for turn in row["turns"]:
            role, text = turn["role"], turn["text"]
            if history and (role == "user" or both_sides):
                seen = history if role == "user" else [(_other(r), t) for r, t in history]
                example = _example(f"{kind}:{row['id']}", tuple(seen), text, kind, cut, rng)
                if example.utterance != example.rewrite or not _leans(text):
                    yield example
            history.append((role, text))


def _other(role: str) -> str:
    return "assistant" if role == "user" else "user"


def _example(
    group: str, history: tuple[tuple[str, str], ...], text: str, kind: str, cut: Borders, rng: random.Random
) -> Example:
    plain = Example("zh", history, text, text, f"{kind}/as-is", group)
    spans = list(_repeated(text, history[-6:], cut))
    if not spans or rng.random() < 0.15:
        return plain if not spans else plain.with_(kind=f"{kind}/repeats")
    # What names something is longer than what merely comes up again.
    start, end = max(spans, key=lambda span: (span[1] - span[0] + rng.random(), span))
    shorter, how = _without(text, start, end, rng)
    if len(shorter) < 2 or shorter == text:
        return plain
    return plain.with_(utterance=shorter, kind=f"{kind}/{how}")


def _leans(text: str) -> bool:
    """Whether a message as it was said may well lean on what came before: it teaches nothing about leaving alone."""
    if refers(text, "zh") or _NEARBY.search(text):
        return True
    if _COURTESY.search(text):
        return len(text) > 8
    return not (_REQUEST.search(text) and len(text) > 12)


def _repeated(text: str, history: tuple[tuple[str, str], ...], cut: Borders) -> Iterator[tuple[int, int]]:
    """The longest runs of whole words, two characters or more, that were said before."""
    words = cut(text)
    starts = [0]
    for word, _ in words:
        starts.append(starts[-1] + len(word))
    said = "\n".join(line for _, line in history)
    k = 0
    while k < len(words):
        longest = 0
        for end in range(k + 1, len(words) + 1):
            run = text[starts[k] : starts[end]]
            flag = words[end - 1][1]
            if flag not in _NAMING and flag[:1] not in "nm":
                break
            if len(run) > _MAX_CHARS or run not in said or re.search(r"[\d，。？！,.?!、]", run):
                break
            names = flag in NAME_TAGS or (flag[:1] == "n" and len(run) >= _NAME_CHARS)
            if names and len(run) >= 2 and run[0] not in _FUNCTION and run[-1] not in _FUNCTION:
                longest = end
        if longest:
            yield starts[k], starts[longest]
        k = max(longest, k + 1)


def _without(text: str, start: int, end: int, rng: random.Random) -> tuple[str, str]:
    left, span, right = text[:start], text[start:end], text[end:]
    if left.endswith("《") and right.startswith("》"):
        left, right = left[:-1], right[1:]
    roll = rng.random()
    if roll < 0.5:
        if right.startswith("的") and rng.random() < 0.7:
            right = right[1:]
        if left.endswith("在") and (not right or right[0] in "的，。？！吗呢吧"):
            return left + rng.choice(("这里", "那里", "那儿")) + right, "pronoun"
        return left + right, "omitted"
    stand_ins = _PLACES if _PLACE.search(span) else _THINGS
    return left + rng.choice(stand_ins) + right, "pronoun"
