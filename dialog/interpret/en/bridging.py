"""Rules for nouns that belong to something said before: "the address", "the main themes"."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Copied, Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import answer_named
from dialog.interpret.en.mentions import THEME_WEIGHT, Mention
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, same_noun
from dialog.interpret.en.reference import phrase_parts
from dialog.interpret.en.text import singular
from dialog.interpret.pack import Resolution, View


def of_an_entry(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "What is the address?" after the assistant put one thing forward."""
    bare = _bare_relational(message, lexicon.ATTRIBUTES)
    if bare is None or not view.utterances or view.utterances[-1].role != "assistant":
        return None
    named = _entry(view, mentions)
    if named is None:
        return None
    return _attached(message, bare, [named], "attribute")


def _entry(view: View, mentions: Sequence[Mention]) -> Copied | None:
    """What the talk of the last turns is about, where it has a name."""
    named = answer_named(view)
    last = view.utterances[-1].turn_id
    subject = next(
        (
            m
            for m in mentions
            if m.proper and not m.plural and m.ago <= 1 and m.kind != "place" and not m.head[0].isdigit()
        ),
        None,
    )
    fresh = named is not None and named.source.turn_id == last
    if subject is not None and (not fresh or (subject.where is not None and subject.weight > 2.2)):
        return subject.copy()
    return named


def of_the_theme(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "What are the main themes?": of what the dialog is about."""
    bare = _bare_relational(message, lexicon.RELATIONAL)
    if bare is None:
        return None
    theme = next((m for m in mentions if _can_hold(m, bare)), None)
    if theme is None or theme.weight < THEME_WEIGHT:
        return None
    parts = phrase_parts(theme)
    return _attached(message, bare, parts, "bridging")


def _can_hold(mention: Mention, bare: Phrase) -> bool:
    if singular(mention.head) in lexicon.RELATIONAL and not mention.proper:
        return False
    return not same_noun(mention.head, bare.head)


def _bare_relational(message: Message, nouns: frozenset[str]) -> Phrase | None:
    """The relational noun of a message that says nothing else of weight: not whose it is, and no other name."""
    if len(message.lows) > 12 or any(phrase.proper for phrase in message.phrases):
        return None
    if any(
        low in ("my", "your", "our", "his", "her", "its", "their", "you", "i", "we", "me", "'s")
        for low in message.lows[1:]
        if low not in ("'s",)
    ) and not _asks_for(message):
        return None
    full = [p for p in message.phrases if p.head not in ("some", "many", "kind", "kinds", "please")]
    if not full or any(p.of is not None and p.head not in ("some", "many", "one", "kind", "kinds") for p in full):
        return None
    heads = [p for p in _innermost(full) if singular(p.head) in nouns]
    others = [
        p for p in _innermost(full) if singular(p.head) not in nouns and singular(p.head) not in lexicon.ATTRIBUTES
    ]
    if not heads or others:
        return None
    bare = heads[-1]
    if not _light(message, bare) or _is_complemented(message, bare):
        return None
    return bare


def _asks_for(message: Message) -> bool:
    """ "Can I have the address?", "I need the phone number": asking words do not count."""
    lows = set(message.lows)
    return bool(lows & {"have", "need", "like", "want", "give", "tell", "get", "know", "send"}) and not lows & {
        "my",
        "our",
        "his",
        "her",
        "its",
        "their",
    }


def _innermost(phrases: Sequence[Phrase]) -> list[Phrase]:
    """ "some of the possible causes" counts as its causes."""
    out = []
    for phrase in phrases:
        while phrase.of is not None:
            phrase = phrase.of
        out.append(phrase)
    return out


def _light(message: Message, phrase: Phrase) -> bool:
    """Whether the noun has no modifier that makes it a thing of its own."""
    if phrase.det not in ("the", "", "some", "any", "what", "which", "other", "many", "more", "a", "an"):
        return False
    inner = message.tokens[phrase.first : phrase.last - 1]
    named = phrase.det in ("the", "some", "any", "what", "which", "other", "a", "an", "many") or any(
        t.low in lexicon.LIGHT_MODIFIERS for t in inner
    )
    allowed = all(
        t.low in lexicon.LIGHT_MODIFIERS | lexicon.ADJECTIVES | words.DETERMINERS | lexicon.ATTRIBUTES | {"and", "or"}
        or t.low in words.NUMBER_WORDS
        for t in inner
    )
    joined = phrase.after in ("and", "or", ",") or phrase.head in lexicon.ATTRIBUTES
    return allowed and (named or joined or phrase.after in ("are", "is", "were", "was", "about", "the"))


def _is_complemented(message: Message, phrase: Phrase) -> bool:
    """Whether something after the noun says whose or of what."""
    if message.low(phrase.last) in (
        "of",
        "for",
        "to",
        "in",
        "on",
        "between",
        "with",
        "from",
        "that",
        "which",
        "who",
        "'s",
        "about",
        "at",
        "by",
    ):
        return True
    return any(tag == "V" for tag in message.tags[phrase.last :]) and message.tag(phrase.last) not in ("X", ".")


def _attached(message: Message, phrase: Phrase, holder: Sequence[Copied | Glue], rule: str) -> Resolution:
    parts: list[Part] = [Kept(0, phrase.core_end), Glue(" of "), *holder, Kept(phrase.core_end, len(message.text))]
    edits = edits_of(message.text, parts, "omission")
    return Resolution(act="follow_up", edits=edits, rule=rule, confidence=of_rule(rule))
