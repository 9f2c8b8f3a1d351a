"""Decisions as edits over the user's words, every inserted piece with its source."""

from __future__ import annotations

from collections.abc import Iterator

from dialog.interpret.edit.labels import GLUE_WORDS, Copy, Item, Labels
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.words import space_between
from dialog.rewrite import GLUE, Edit, Piece, Reason, Span, apply_edits


def edits_of(window: Window, labels: Labels) -> tuple[Edit, ...]:
    """The edits of the message of `window` that `labels` ask for; ValueError when they are of another length."""
    words = window.message.words
    if len(labels.deleted) != len(words):
        raise ValueError(f"labels for {len(labels.deleted)} words, and the message has {len(words)}")
    return tuple(edit for left, right in _regions(labels) if (edit := _edit(window, labels, left, right)))


def rendered(window: Window, labels: Labels) -> str:
    """The message of `window` after the edits that `labels` ask for."""
    return apply_edits(window.message.text, edits_of(window, labels))


def _regions(labels: Labels) -> Iterator[tuple[int, int]]:
    """The places that change: from gap `left` to gap `right`, with every word between them deleted."""
    n, gap = len(labels.deleted), 0
    while gap <= n:
        end = gap
        while end < n and labels.deleted[end]:
            end += 1
        if end > gap or labels.inserted[gap]:
            yield gap, end
        gap = end + 1


def _edit(window: Window, labels: Labels, left: int, right: int) -> Edit | None:
    """What stands between the kept words around gaps `left`..`right`, where that is not what stood there before."""
    text, words = window.message.text, window.message.words
    before = words[left - 1].text if left else ""
    after = words[right].text if right < len(words) else ""
    start = words[left - 1].end if left else 0
    end = words[right].start if right < len(words) else len(text)
    if not left and words and not words[0].text.isspace():
        start = min(words[0].start, end)
    if right == len(words) and words:
        end = max(words[-1].end, start)
    items = [item for gap in range(left, right + 1) for item in labels.inserted[gap]]
    pieces = list(_pieces(window, items, before, after))
    if pieces and start < end and text[start].isspace() and pieces[0].text == " ":
        start, pieces = start + 1, pieces[1:]
    if pieces and start < end and text[end - 1].isspace() and pieces[-1].text == " ":
        end, pieces = end - 1, pieces[:-1]
    if "".join(piece.text for piece in pieces) == text[start:end]:
        return None
    reason: Reason = "reference" if right > left and items else "omission"
    return Edit(span=Span(start=start, end=end), pieces=tuple(pieces), reason=reason)


def _pieces(window: Window, items: list[Item], before: str, after: str) -> Iterator[Piece]:
    """The items with the spaces that they need between them and their neighbours."""
    last = before
    for item in items:
        piece, first_word, last_word = _piece(window, item)
        if space := space_between(last, first_word):
            yield Piece(text=space, source=GLUE)
        yield piece
        last = last_word
    if space := space_between(last, after):
        yield Piece(text=space, source=GLUE)


def _piece(window: Window, item: Item) -> tuple[Piece, str, str]:
    """The item as a piece, with its first and last word."""
    if isinstance(item, Copy):
        passage = window.passages[window.passage_of[item.start]]
        first, last = window.words[item.start], window.words[item.end - 1]
        text = passage.text[first.start : last.end]
        return Piece(text=text, source=passage.source(first.start, last.end)), first.text, last.text
    word = GLUE_WORDS[item.n]
    return Piece(text=word, source=GLUE), word, word
