"""Fences mark text in a prompt as data; text that looks like a fence is made harmless, all other text is left alone.

The tags are our own (`<dialog-state>` and its sisters), rare enough that ordinary text, code and markup do not hold
them. A tag counts as a look-alike when it reads as one of ours after Unicode compatibility folding (NFKC, UAX #15),
without invisible characters, and with the Latin look-alikes of Unicode's confusables (UTS #39) taken for Latin.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Tag = Literal["dialog-state", "dialog-summary", "dialog-note"]

_OPENING = re.compile(r"[<＜﹤‹⟨〈〈❮❬❰˂ᐸᐳ《«≪⟪⋖ᚲ]|&lt;?|&#0*60;?|&#x0*3c;?", re.IGNORECASE)
_TAG = re.compile(r"[\W_]*dialog\W*[-‐‑‒–—―⁃−~]\W*(?:state|summary|note)")
_LOOK_ALIKES = {
    "a": "аɑα@ᴀ4",
    "d": "ԁᴅ",
    "e": "еєε3ᴇ",
    "g": "ɡɢ9",
    "i": "іιı1!|ǀɪ",
    "l": "ӏłʟ",
    "m": "мᴍ",
    "n": "ոпηɴ",
    "o": "оοօ0ᴏ",
    "r": "гʀ",
    "s": "ѕꜱ$5",
    "t": "тτᴛ7",
    "u": "υսᴜ",
    "y": "уγʏ",
}
_TO_LATIN = str.maketrans({other: latin for latin, others in _LOOK_ALIKES.items() for other in others})
_SOFT_HYPHEN = "\u00ad"
_WINDOW = 96
"""Characters after an opening bracket in which a tag name may hide; with more padding it does not read as a tag."""

_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


def fenced(tag: Tag, text: str) -> str:
    """`text` as data between `tag`'s fences, on lines of their own; fences inside it are made harmless."""
    return f"<{tag}>\n{harmless(text)}\n</{tag}>"


@lru_cache(maxsize=1024)
def harmless(text: str) -> str:
    """`text` with the opening bracket of every fence look-alike turned into "(", and not a character else changed."""
    return _OPENING.sub(lambda found: "(" if _names_a_tag(text[found.end() :][:_WINDOW]) else found.group(), text)


def one_line(text: str) -> str:
    """`text` with every run of white space that holds a line break turned into one space."""
    return _BREAKS.sub(" ", text).strip()


def _names_a_tag(text: str) -> bool:
    """Whether a hasty reader would see one of our tag names at the start of `text`."""
    hyphened = text.replace(_SOFT_HYPHEN, "-")
    shown = "".join(char for char in hyphened if unicodedata.category(char) not in ("Cf", "Cc", "Mn", "Me"))
    folded = unicodedata.normalize("NFKD", shown).casefold().translate(_TO_LATIN)
    return _TAG.match("".join(char for char in folded if not unicodedata.combining(char))) is not None
