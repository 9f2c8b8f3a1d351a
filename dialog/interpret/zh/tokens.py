"""Words and their classes: by the optional rjieba where it is installed, else by the longest known function word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dialog.interpret.tagger import NAME_TAGS, Tagger, tagger
from dialog.interpret.zh.words import ADJECTIVES, CLASSIFIERS, RELATIONAL, TAGS

CJK = "\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(rf"[{CJK}]+|[A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ'’&+#._-]*[A-Za-z0-9À-ɏ+#])?|\s+|.", re.S)
ORDINAL = re.compile(rf"(?:第[一二三四五六七八九十两\d]+|最后一?|前[一二两三四五\d])[{CLASSIFIERS}]")
NUMBER = re.compile(
    rf"[一二三四五六七八九十百千万两零〇\d]+(?:点[半一二三四五六七八九十\d]*|[{CLASSIFIERS}月日年天岁块元人度])?"
)
LONGEST = max(map(len, TAGS))
PROPER = NAME_TAGS | {"eng"}


Name = Literal["", "person", "place"]
Read = tuple[str, str, bool, Name]
NAMES: dict[str, Name] = {"nr": "person", "nrt": "person", "nrfg": "person", "ns": "place"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `start`..`end` (character offsets, end exclusive).

    `tag`: n noun or unknown, v verb, a adjective, d adverb, o modal verb, p preposition, c conjunction, u particle,
    y sentence-final, q question word, r person, z third person or demonstrative, t time, m number, x punctuation or
    space. `proper`: known to be a name; `name`: of what, when the library knows.
    """

    text: str
    start: int
    end: int
    tag: str
    proper: bool = False
    name: Name = ""


@lru_cache(maxsize=128)
def cut(text: str) -> tuple[Token, ...]:
    """The words of `text`, without gaps, in order."""
    found: list[Token] = []
    tag = tagger()
    for run in RUN.finditer(text):
        part, at = run[0], run.start()
        if not re.match(rf"[{CJK}]", part):
            latin = part[0].isalnum()
            kind = ("m" if part.isdigit() else "n") if latin else "x"
            found.append(Token(part, at, run.end(), kind, latin and not part.isdigit()))
            continue
        for word, kind, proper, name in _joined(_library(part, tag)) if tag else _own(part):
            found.append(Token(word, at, at + len(word), kind, proper, name))
            at += len(word)
    return tuple(found)


def _joined(words: Sequence[Read]) -> Iterator[Read]:
    """Two words that are one of ours together ("商务|座") as one, and a verb said twice ("说|说", "推荐|推荐")."""
    at = 0
    while at < len(words):
        both = words[at][0] + words[at + 1][0] if at + 1 < len(words) else ""
        if both in RELATIONAL and len(both) > 2:
            yield both, "n", False, ""
            at += 2
        elif both and words[at][1] == "v" and words[at][0] == words[at + 1][0]:
            yield both, "v", False, ""
            at += 2
        elif asked := _whether(words[at : at + 3]):
            yield "".join(word for word, *_ in words[at : at + asked]), "v", False, ""
            at += asked
        else:
            yield words[at]
            at += 1


def _whether(words: Sequence[Read]) -> int:
    """How many of `words` are one verb asked about ("玩|不|玩", "吃|不吃"); 0 when they are not."""
    if not words or words[0][1] != "v" or len(words[0][0]) > 1:
        return 0
    for n in (2, 3):
        if "".join(word for word, *_ in words[1:n]) in (f"不{words[0][0]}", f"没{words[0][0]}"):
            return n
    return 0


def _library(run: str, tag: Tagger) -> list[Read]:
    out: list[Read] = []
    for word, fine in _resplit(tag(run)):
        kind = TAGS.get(word) or _coarse(fine, word)
        proper = fine in PROPER and word not in TAGS and not _graded(word)
        out.append((word, kind, proper, NAMES.get(fine, "") if proper else ""))
    return out


def _resplit(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The library guesses words it does not know; where such a guess is known words in a row, it was none."""
    for word, fine in words:
        if len(word) == 2 and word[0] in "那这" and TAGS.get(word[1]) in ("v", "d", "o", "r"):
            yield word[0], ""
            yield word[1], ""
            continue
        if len(word) == 2 and word[0] in "我你您" and word not in TAGS and TAGS.get(word[1]) == "v":
            yield word[0], ""
            yield word[1], ""
            continue
        if len(word) == 2 and word[0] in "他她它" and word not in TAGS and not _in_dictionary(word):
            yield word[0], ""  # no family name, though the library takes it for one
            yield word[1], ""
            continue
        if len(word) == 2 and word[1] == "吗" and word != "干吗":
            yield word[0], ""
            yield word[1], ""
            continue
        parts = _known_parts(word) if len(word) > 2 and word not in TAGS else ()
        if parts and not _in_dictionary(word):
            yield from ((part, "") for part in parts)
        else:
            yield word, fine


@lru_cache(maxsize=2048)
def _known_parts(word: str) -> tuple[str, ...]:
    parts: list[str] = []
    at = 0
    while at < len(word):
        part = _known(word, at)
        if not part:
            return ()
        parts.append(part)
        at += len(part)
    return tuple(parts)


def _in_dictionary(word: str) -> bool:
    import rjieba

    return bool(rjieba.has_word(word))


COARSE = {**{tag: tag for tag in "vadpcuytmf"}, "z": "a", "e": "y", "o": "y", "q": "m"}
"""First letters of the tags of jieba's dictionary to ours."""


def _coarse(fine: str, word: str) -> str:
    if _graded(word):
        return "a"
    if fine in PROPER or (len(word) == 1 and fine in ("x", "zg", "g")):
        return "n"
    if word[0] in "很挺太真超" and len(word) > 1 and fine[0] in "lizan":
        return "a"
    if word.startswith(("多少", "几")):
        return "q"
    first = fine[:1]
    if first == "r":
        return "z" if word[0] in "这那" else "q" if word[0] in "哪谁什怎几多何啥咋" else "r"
    return COARSE.get(first, "n")


def _graded(word: str) -> bool:
    """Whether it is a quality and its degree, which the library takes for a noun or a name ("最帅", "真香")."""
    return len(word) == 2 and word[0] in "最真好太超挺很" and word not in TAGS and word[1] in ADJECTIVES


def _own(run: str) -> list[Read]:
    """Longest function word first; what lies between two of them is one noun-like word."""
    out: list[Read] = []
    unknown = ""
    at = 0
    while at < len(run):
        counted = ORDINAL.match(run, at) or NUMBER.match(run, at)
        word = counted[0] if counted else _known(run, at)
        if not word:
            unknown += run[at]
            at += 1
            continue
        if unknown:
            out.append((unknown, "n", False, ""))
            unknown = ""
        out.append((word, "m" if counted else TAGS[word], False, ""))
        at += len(word)
    return [*out, (unknown, "n", False, "")] if unknown else out


def _known(run: str, at: int) -> str:
    return next((run[at : at + n] for n in range(min(LONGEST, len(run) - at), 0, -1) if run[at : at + n] in TAGS), "")
