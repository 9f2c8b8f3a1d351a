"""Messages that are no sentence by themselves: they stand on the request before."""

from __future__ import annotations

from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.answering import answers
from dialog.interpret.en.bare_questions import asks_bare
from dialog.interpret.en.message import CLOSERS, Message
from dialog.interpret.en.restricting import adds_a_phrase, compares, excludes, leaves_open, limits
from dialog.interpret.en.substituting import accepts, names_a_sort, names_another, what_about
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.words import HESITATIONS
from dialog.interpret.pack import Resolution, View


def merge_fragment(view: View, message: Message) -> Resolution | None:
    """The first way in which the message joins a standing request; None when it stands alone."""
    if not view.utterances:
        return None
    first, last = _trimmed(message)
    if first >= last or _leans_itself(message):
        return None
    for way in WAYS:
        found = way(view, message, first, last)
        if found is not None:
            return found
    return None


def _leans_itself(message: Message) -> bool:
    """Whether the fragment has a pronoun that has to be understood first ("British food there")."""
    return any(anaphor.form not in ("that", "those", "then") for anaphor in anaphors_in(message))


def _trimmed(message: Message) -> tuple[int, int]:
    """Tokens of the message without hesitation, "ok" at its start and politeness at its end."""
    first, last = 0, len(message.tokens)
    while first < last and (
        message.low(first) in LEADS
        or not _is_word(message, first)
        or (message.low(first) == "now" and message.tag(first + 1) in ("I", "D", "A", "N", "M"))
    ):
        first += 1
    while last > first and (message.low(last - 1) in CLOSERS | {"thanks"} or not message.tokens[last - 1].is_word):
        last -= 1
    return first, last


LEADS = HESITATIONS | word_set("ok okay oh well so then yes yeah please hey sure great alright")


def _is_word(message: Message, i: int) -> bool:
    """Whether token `i` is a word or the sign of a currency before its amount."""
    return message.tokens[i].is_word or (message.low(i) in CURRENCY_SIGNS and message.low(i + 1)[:1].isdigit())


CURRENCY_SIGNS = frozenset("$£€¥")

WAYS = (
    leaves_open, asks_bare, accepts, excludes, compares, names_a_sort, what_about, limits, adds_a_phrase, answers,
    names_another,
)  # fmt: skip
"""The ways in which a fragment joins a request, in the order they are tried."""
