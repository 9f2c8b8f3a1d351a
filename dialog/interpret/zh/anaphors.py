"""Words that point back, with what they point at put in their place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.interpret.pack import View
from dialog.interpret.zh import offers
from dialog.interpret.zh.antecedents import antecedent, rivalled
from dialog.interpret.zh.edits import of, put, said
from dialog.interpret.zh.mentions import mentions, named_earlier
from dialog.interpret.zh.pointing import Pointing
from dialog.interpret.zh.words import HEADS, RELATIONAL
from dialog.rewrite import Edit, Piece

DATED = re.compile(r"\d{3,4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|公元前?\d+年")


def resolve_pointings(view: View, text: str, found: Sequence[Pointing]) -> tuple[tuple[Edit, ...], float]:
    """Edits for as many of `found` as can be resolved, and how sure they are (0: none, or one of them is open)."""
    edits: list[Edit] = []
    sure = 1.0
    for pointing in found:
        pieces, confidence = _antecedent(view, text, pointing)
        if not pieces and pointing.kind in ("list", "time", "ordinal") and len(found) > 1:
            continue  # "那些" is as often a slip for "哪些"; the other words can be put in all the same
        sure = min(sure, confidence)
        if pieces:
            edits.append(put(pointing.start, pointing.end, pieces, "reference"))
    return tuple(edits), sure if edits else 0.0


def _antecedent(view: View, text: str, pointing: Pointing) -> tuple[tuple[Piece, ...], float]:
    match pointing.kind:
        case "ordinal":
            return offers.nth(view, pointing.text)
        case "list":
            return offers.several(view, pointing.text)
        case "both":
            return offers.both(view)
        case "described":
            return offers.described(view, pointing.text)
        case "pair":
            return offers.one_of_two(view, former=pointing.text == "前者")
        case "time":
            return _time(view)
        case _:
            if pointing.head and pointing.head not in HEADS:
                return _named_by(view, pointing.head)
            mention = antecedent(view, pointing.kind, near=text, pointing=pointing.text)
            if mention is None:
                return (), 0.0
            most = OPEN if rivalled(view, mention, pointing.kind) else 0.9
            return of(mention), min(most, 0.45 + 0.1 * mention.score)


OPEN = 0.4
"""Confidence where two names are as likely to be meant; below what an edit is made with."""


def _named_by(view: View, head: str) -> tuple[tuple[Piece, ...], float]:
    """What "这场叛乱" or "这趟车" means: a name that ends like the noun, or that the noun is known to go with."""
    goes_with = NAMED_BY.get(head)
    near = [mention for mention in mentions(view) if mention.score >= 0.4]
    for mention in (*near, *named_earlier(view)):
        text = mention.text
        if text == head or text in RELATIONAL:
            continue
        if goes_with.fullmatch(text) if goes_with else text.endswith((head, head[-1])) and len(text) > len(head):
            return of(mention), 0.75
    return (), 0.0


NAMED_BY = {
    "车": re.compile(r"[GDCZTKY]\d{1,4}次?"),
    "航班": re.compile(r"[A-Z0-9]{2}\d{3,4}次?"),
    "火车": re.compile(r"[GDCZTKY]\d{1,4}次?"),
    "高铁": re.compile(r"[GDC]\d{1,4}次?"),
}
"""What a thing is called whose name does not end in its noun."""


def _time(view: View) -> tuple[tuple[Piece, ...], float]:
    for utterance in reversed(view.utterances[-4:]):
        dated = DATED.search(utterance.text)
        if dated:
            return said(utterance, dated.start(), dated.end()), 0.7
    return (), 0.0
