"""The name that a reply introduces: "la raza is a spanish restaurant", "there is a place called Jing Jing"."""

from __future__ import annotations

import re
from functools import lru_cache

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import sentences_of, singular, tokens_of

MAX_WORDS = 6
OPENING_CHARS = 700
"""Of a reply its opening introduces."""
NAME = r"(?P<name>[\w'’&.-]+(?:\s+[\w'’&.-]+){0,5}?)"
STOP = (
    r"(?=\s*(?:[,.;:?!]|$|\bis\b|\bare\b|\bin\b|\bon\b|\bat\b|\bwhich\b|\bthat\b|\blocated\b|\bserv\w+|\bwith\b"
    r"|\bfor\b|\bas\b|\band\b|\b\d+ miles?\b|\bnearby\b))"
)
SAYS_OF = re.compile(
    rf"(?:(?:sure|yes|yeah|ok|okay|great|well|certainly|the (?:nearest|closest) one"
    rf"|[\w ]{{0,30}}\bname)[\s,.!:]+)?{NAME}\s+(?:is (?:a|an|the|in|on|at|located|one|moderate|cheap"
    rf"|expensive|\d+)\b|is an?\b|serves?\b|offers?\b|has\b|located\b|matches\b)",
    re.I,
)
PUTS_FORWARD = re.compile(
    rf"(?:\b(?:called|named)|\b(?:i|we) (?:can |would |could )?(?:recommend|suggest|found|have found|have)"
    rf"|\bhow about|\bwhat about|\b(?:you )?(?:could|can|should|might) (?:try|watch|read|visit|go to"
    rf"|listen to|see)|\btry|^there(?:'s| is)|\b(?:there(?:'s| is) (?:a|an|the|one) [\w ]{{2,30}}? (?:called"
    rf"|named))|\b(?:nearest|closest|best)(?: [\w-]+){{0,3}} is)\s+{NAME}{STOP}",
    re.I,
)
SUGGESTING = word_set("try visit consider see watch read check choose pick book get order")
"""Commands that lead up to a name without being a part of it."""
LONE = re.compile(r"(?P<name>(?:the )?[A-Z][\w'’&-]*(?: [A-Z][\w'’&-]*){1,4})[.!]?")
"""A reply that is nothing but a name."""
NO_NAME = word_set(
    """a an the there that this these those it they he she i we you one no not any some each all your my our their its
    his her another more many several two three four both phone number address postcode price food what which sorry
    yes sure okay ok here unfortunately"""
)


@lru_cache(maxsize=256)
def introduced_in(reply: str) -> tuple[int, int] | None:
    """The characters of the name that the first two sentences of `reply` introduce, None when they introduce none."""
    for start, end in sentences_of(reply[:OPENING_CHARS])[:2]:
        sentence = reply[start:end]
        lone = LONE.fullmatch(sentence)
        if lone and tokens_of(sentence)[0].low not in SUGGESTING and _is_name(lone["name"], sentence):
            return start, start + len(lone["name"])
        if sentence.lower().startswith(
            ("i'm sorry", "sorry", "there are no", "there is no", "unfortunately", "i don't")
        ):
            return None
        for pattern in (SAYS_OF, PUTS_FORWARD):
            found = pattern.match(sentence) if pattern is SAYS_OF else pattern.search(sentence)
            if found and _is_name(found["name"], sentence):
                name = found["name"].rstrip(".")
                return start + found.start("name"), start + found.start("name") + len(name)
    return None


def _is_name(text: str, sentence: str) -> bool:
    """Whether `text` looks like a name: no function word at its ends, no relational noun, capitals if there are any."""
    low = [token.low for token in tokens_of(text) if token.is_word]
    if not low or len(low) > MAX_WORDS or (low[0][0].isdigit() and len(low) == 1):
        return False
    first = 1 if low[0] == "the" and len(low) > 1 and text[4:5].isupper() else 0
    if (
        low[first] in NO_NAME
        or low[-1] in NO_NAME | words.PREPOSITIONS | words.AUXILIARIES
        or low[first] in words.PREPOSITIONS
    ):
        return False
    if any(
        word in words.AUXILIARIES or word in words.PRONOUNS or word in ("'s", "no", "any", "of") for word in low[:-1]
    ):
        return text[0].isupper() and "'s" in low
    return not (
        singular(low[-1]) in lexicon.RELATIONAL | {"restaurant", "option", "forecast", "weather"}
        and not text[first * 4].isupper()
    )
