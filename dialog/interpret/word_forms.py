"""When two words are the same but for form (case, inflection, number words), and which words carry no content.

Shared by what judges a rewrite: a word that is only another form of one that was said is not an invention.
"""

from __future__ import annotations

import re
from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


REFERRING = _set("it its this these those they them their he him his she her that there then")
FUNCTION_WORDS = REFERRING | _set(
    "a an the of in on at to for from by with about into between during over under near and or but so than as is are "
    "am was were be been being do does did have has had can could will would should may might shall must what which "
    "who whom whose where when why how i me my we us our you your also any some one ones other another besides "
    "instead please if aside addition after before around along within like such either"
)
"""English words without content of their own. Negations are not among them: one that is added turns the meaning."""

ADDED_ENGLISH = (FUNCTION_WORDS - REFERRING) | {"that"}
"""What a rewrite may add unsourced: a word that refers would bring back what the rewrite is to resolve."""

ADDED_CHINESE = _set(
    "的 是 在 和 与 或 里 里的 上 上的 中 中的 对 给 有 吗 呢 了 要 想 想要 请 我 我想 请问 帮我 那么 还 还有 以及 "
    "除了 以外 之外 什么 怎么 怎么样 怎样 哪 哪里 哪个 哪些 哪家 谁 多少 几 为什么 吧"
)
FUNCTION_CHARS = frozenset("的是在和与或里上中对给有吗呢了要想请我你他她它们这那还也就都吧啊么什怎哪谁几个家位")
MARKS = frozenset(",.?!:;-()'\"’“”‘，。？！：；、（）《》「」…")

_NUMBER_WORDS = """\
zero 零
one first 1st 一
two second 2nd 二 两
three third 3rd 三
four fourth 4th 四
five fifth 5th 五
six sixth 6th 六
seven seventh 7th 七
eight eighth 8th 八
nine ninth 9th 九
ten tenth 10th 十
eleven eleventh 11th 十一
twelve twelfth 12th 十二"""
_NUMBERS = {word: value for value, line in enumerate(_NUMBER_WORDS.splitlines()) for word in line.split()}
_VAGUE = frozenset({"one", "一", "first", "second"})
"""Number words that as often mean no number: they are no source for a figure."""

_POSSESSIVE = re.compile(r"['’]s?$")
_SHORTEST = 3
_FORMS_OF = {
    "go": "goes going went gone",
    "buy": "buys buying bought",
    "eat": "eats eating ate eaten",
    "make": "makes making made",
    "take": "takes taking took taken",
    "write": "writes writing wrote written",
    "find": "finds finding found",
    "get": "gets getting got gotten",
    "come": "comes coming came",
    "begin": "begins beginning began begun",
    "win": "wins winning won",
    "die": "dies dying died dead",
    "child": "children",
    "person": "people",
    "man": "men",
    "woman": "women",
    "good": "better best",
    "bad": "worse worst",
}
_IRREGULAR = {form: base for base, forms in _FORMS_OF.items() for form in forms.split()}
_NOT_PLURAL = _set("news series species this his its was has is as us bus gas")
_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")


def is_same_word(a: str, b: str) -> bool:
    """Whether the English words (or figures) differ at most in case, possessive, regular or common inflection."""
    a, b = a.casefold(), b.casefold()
    return a == b or not bases_of(a).isdisjoint(bases_of(b))


@lru_cache(maxsize=8192)
def bases_of(word: str) -> frozenset[str]:
    """What `word` (case-folded) may be an inflection of, itself included; figures have only themselves."""
    if _has_digit(word):
        return frozenset({word})
    word = _POSSESSIVE.sub("", word.replace("’", "'"))
    if word in _IRREGULAR:
        return frozenset({word, _IRREGULAR[word]})
    found = {word}
    if word not in _NOT_PLURAL and not word.endswith("ss"):
        found |= _without(word, "s") | _without(word, "es") | {base + "y" for base in _without(word, "ies")}
    for ending in ("ed", "ing", "er", "est"):
        for base in _without(word, ending):
            found |= {base, base + "e", _DOUBLED.sub(r"\1", base)}
            found |= {base[:-1] + "y"} if base.endswith("i") else set()
    return frozenset(base for base in found if len(base) >= _SHORTEST) | {word}


def number_in(word: str) -> int | None:
    """The number that `word` stands for: a figure, an English or a Chinese number word up to twelve."""
    word = word.casefold()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else _NUMBERS.get(word)


def is_same_number(word: str, said: str) -> bool:
    """Whether `said` is a source for the number `word`: both stand for the same one, and `said` means it."""
    number = number_in(word)
    return number is not None and number == number_in(said) and said.casefold() not in _VAGUE


def is_han(token: str) -> bool:
    return len(token) == 1 and ("\u4e00" <= token <= "\u9fff" or "\u3400" <= token <= "\u4dbf")


def _without(word: str, ending: str) -> set[str]:
    return {word.removesuffix(ending)} if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST else set()


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


ENGLISH_PRONOUNS = frozenset(
    [
        *("it", "its", "they", "them", "their", "he", "him", "his", "she", "her", "hers"),
        *("this", "that", "these", "those", "there", "one", "ones"),
    ]
)
"""Words that stand for something said before, "there" and "one" with them."""

CHINESE_PRONOUNS = frozenset("它他她这那")
"""Characters of words that stand for something said before."""
