"""Rules for definite noun phrases that name anew what was named: "the experiment", "that film", "Dempsey"."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Copied, Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.mentions import Mention
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of, same_noun
from dialog.interpret.en.places import is_place
from dialog.interpret.en.reference import phrase_parts
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import singular, tokens_of
from dialog.interpret.pack import Resolution, View

GROUPS = word_set("""band group team duo orchestra crew cast family company organization organisation""")
SETTLEMENTS = word_set("city town country village region area state island place")
SITUATIONAL = word_set("""call message text email reminder alarm meeting appointment timer phone one number""")
"""Nouns whose "the" needs no words before: there is one such thing at a time."""
BESIDE = 8
"""Characters between a name and the noun that says what it is."""


def said_before(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "the experiment" for "the Stanford experiment", "that film" for the film that was named."""
    for phrase in _all(message.phrases):
        if not _is_bare_definite(message, phrase):
            continue
        mention = (
            _pointed_at(phrase, mentions) or _longer(phrase, mentions, asks=_asks(message)) or _called(phrase, mentions)
        )
        if mention is None:
            continue
        parts: list[Part] = [
            Kept(0, phrase.start),
            *_said_again(phrase, mention),
            Kept(phrase.core_end, len(message.text)),
        ]
        edits = edits_of(message.text, parts, "reference")
        if edits:
            return Resolution(act="follow_up", edits=edits, rule="definite", confidence=of_rule("definite"))
    return None


def _asks(message: Message) -> bool:
    first, last = message.body
    return (
        (first < last and message.tag(first) in ("W", "X"))
        or message.text.rstrip().endswith("?")
        or message.low(first) in ("tell", "describe", "explain")
    )


def _all(phrases: Sequence[Phrase]) -> list[Phrase]:
    out: list[Phrase] = []
    for phrase in phrases:
        inner: Phrase | None = phrase
        while inner is not None:
            out.append(inner)
            inner = inner.of
    return out


def _is_bare_definite(message: Message, phrase: Phrase) -> bool:
    """A determiner that points back and a lone noun, with nothing after it that would say which one."""
    if (
        phrase.det not in ("the", "this", "that", "these", "those")
        or phrase.last - phrase.first < 2
        or phrase.of is not None
    ):
        return False
    if any(message.is_protected(k) for k in range(phrase.first, phrase.last)):
        return False
    lone = phrase.last - phrase.first == 2 or phrase.det != "the"
    follows = message.low(phrase.last)
    return (
        lone
        and follows not in ("that", "which", "who", "of", "'s")
        and not (message.tag(phrase.last) == "I" and follows in ("in", "for", "from", "with", "about", "by"))
    )


def _pointed_at(phrase: Phrase, mentions: Sequence[Mention]) -> Mention | None:
    """ "that part of town", "this price range": the same words with one more that says which."""
    if phrase.det not in ("this", "that") or (phrase.last - phrase.first == 2 and phrase.of is None):
        return None
    mine = set(phrase.words) - {phrase.det}
    for mention in mentions:
        theirs = {token.low for token in tokens_of(mention.text) if token.is_word}
        if (
            same_noun(mention.head, phrase.head)
            and mine < theirs
            and mention.det not in ("any", "what", "which", "that", "this")
        ):
            return mention
    return None


def _longer(phrase: Phrase, mentions: Sequence[Mention], *, asks: bool) -> Mention | None:
    """The heaviest mention with the same head that says which one: by a name, or by a noun of its own in a question."""
    for mention in mentions:
        if (
            singular(phrase.head) in SITUATIONAL
            or not same_noun(mention.head, phrase.head)
            or mention.plural != phrase.plural
            or mention.weight < -2.5
        ):
            continue
        core = mention.core.split()
        inner = core[1:-1] if mention.start == 0 and not mention.det else core[:-1]
        named = any(word[:1].isupper() for word in inner) or (mention.proper and len(core) > 1)
        compound = (
            asks
            and len(core) > 1
            and core[0].lower() not in lexicon.ADJECTIVES | words.ADVERBS | lexicon.LIGHT_MODIFIERS
        )
        known = (
            mention.det in ("the", "my", "our", "your")
            or mention.proper
            or (mention.by_user and mention.det in ("a", "an", ""))
        )
        if known and ((named and (mention.by_user or mention.det != "")) or (compound and mention.by_user)):
            return mention
    return None


def _called(phrase: Phrase, mentions: Sequence[Mention]) -> Mention | None:
    """The heaviest name that can be called so: "the band", "this city", "that film"."""
    head = singular(phrase.head)
    if phrase.plural or head not in lexicon.COMMON_HOLDERS:
        return None
    points = phrase.det in ("this", "that")
    for mention in mentions:
        if not mention.proper or mention.plural or mention.weight < 0.5:
            continue
        if head in SETTLEMENTS:
            fits = mention.kind == "place" and (is_place(mention.core) or head == "place")
        elif head in GROUPS:
            fits = mention.kind == "group" or (mention.kind == "name" and mention.where is None)
        elif head in lexicon.PERSON_HEADS | lexicon.MALE | lexicon.FEMALE:
            fits = mention.kind in ("he", "she", "person", "name") and points
        else:
            fits = points and mention.kind in ("name", "thing", "place") and _said_to_be(head, mention)
        if fits:
            return mention
    return None


def _said_to_be(head: str, mention: Mention) -> bool:
    """Whether the noun is part of the name or stands right beside it: "the film Casablanca", "Casablanca is a film"."""
    if head in SITUATIONAL:
        return False
    if any(singular(token.low) == head for token in tokens_of(mention.core)):
        return True
    return any(
        same_noun(phrase.head, head)
        and (0 <= mention.start - phrase.end <= BESIDE or 0 <= phrase.start - mention.end <= BESIDE)
        for phrase in phrases_of(mention.said)
    )


def _said_again(phrase: Phrase, mention: Mention) -> list[Copied | Glue]:
    parts = phrase_parts(mention)
    first = parts[0]
    if isinstance(first, Copied) and phrase.text[0].isupper():
        parts[0] = first.recased(first.text[0].upper() + first.text[1:])
    return parts


def full_name(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "What did Dempsey study?" where the caller's title says who that is."""
    for title in mentions:
        if title.where is not None or title.kind not in ("name", "he", "she", "person") or len(title.core.split()) < 2:
            continue
        names = [token.low for token in tokens_of(title.text)]
        for i, token in enumerate(message.tokens):
            alone = message.tag(i - 1) != "N" and message.tag(i + 1) != "N" and message.low(i - 1) not in names
            if token.low == names[-1] and alone and not message.is_protected(i):
                parts: list[Part] = [Kept(0, token.start), title.copy(), Kept(token.end, len(message.text))]
                return Resolution(
                    act="follow_up",
                    edits=edits_of(message.text, parts, "reference"),
                    rule="name",
                    confidence=of_rule("name"),
                )
    return None
