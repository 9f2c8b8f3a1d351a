"""Whether a text, by its words alone, seems to lean on what came before it."""

from __future__ import annotations

import re

_ENGLISH = re.compile(
    r"\b(?:it|its|they|them|their|there|that|this|those|these|one|ones|he|she|his|her|him|same|other|another|else|more)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[他她它这那]|还有|其他|其它|另外|上面|刚才")


def refers(text: str, lang: str) -> bool:
    """Whether `text` has a word that refers back, or may."""
    return (_CHINESE if lang == "zh" else _ENGLISH).search(text) is not None
