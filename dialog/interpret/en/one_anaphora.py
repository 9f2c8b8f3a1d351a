"""The rules for "one" in the place of a noun: "a cheap one", "the most important ones", "how do I open one?"."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.mentions import THEME_WEIGHT, Mention
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import same_noun
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import Token, singular
from dialog.interpret.pack import Resolution, View

INNER = word_set("this that these those each every")


def one_of_them(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "a cheap one", "the most important ones": of what was asked for."""
    lone = _lone_one(message)
    if lone is not None:
        theme = next((m for m in mentions if m.by_user and _can_be_one(m, message) and not m.plural), None)
        if theme is None or theme.weight < THEME_WEIGHT or theme.det in INNER or theme.core[:1].isupper():
            return None
        article = "an " if theme.core[0].lower() in "aeiou" else "a "
        parts: list[Part] = [
            Kept(0, lone.start), Glue(article), theme.copy(theme.core_start), Kept(lone.end, len(message.text)),
        ]  # fmt: skip
        return Resolution(
            act="follow_up", edits=edits_of(message.text, parts, "reference"), rule="one", confidence=of_rule("one")
        )
    for i, token in enumerate(message.tokens if not message.is_fragment else ()):
        if (
            token.low not in ("one", "ones")
            or message.is_protected(i)
            or message.tag(i - 1) not in ("A", "N")
            or message.tag(i + 1) == "N"
        ):
            continue
        many = token.low == "ones"
        theme = next((m for m in mentions if m.by_user and _can_be_one(m, message)), None)
        if theme is None or theme.ago > 0 or theme.head in lexicon.VERBS - lexicon.NOUN_OR_VERB:
            return None
        base = singular(theme.head)
        start = theme.core_end - len(theme.head)
        if theme.said[start : theme.core_end].casefold() != theme.head or not theme.head.startswith(base):
            return None
        noun: list[Part] = [theme.copy(start, start + len(base)), *([Glue("s")] if many else [])]
        if many and theme.plural:
            noun = [theme.copy(start, theme.core_end)]
        parts = [Kept(0, token.start), *noun, Kept(token.end, len(message.text))]
        return Resolution(
            act="follow_up", edits=edits_of(message.text, parts, "reference"), rule="one", confidence=of_rule("one")
        )
    return None


def _lone_one(message: Message) -> Token | None:
    """The "one" at the end of "how do I open one?": the object of a verb."""
    first, last = message.body
    if last - first < 4 or message.low(last - 1) != "one" or message.tag(first) not in ("W", "X"):
        return None
    return message.tokens[last - 1] if message.tag(last - 2) == "V" and not message.is_protected(last - 1) else None


def _can_be_one(mention: Mention, message: Message) -> bool:
    """Whether it is a common noun that can be counted and the message has not named already."""
    common = not mention.proper and mention.kind in ("thing", "place", "person") and mention.core_end == mention.end
    said = any(same_noun(phrase.head, mention.head) for phrase in message.phrases)
    countable = (
        mention.head not in lexicon.MASS
        and not mention.head.endswith("ing")
        and singular(mention.head) not in lexicon.RELATIONAL
    )
    return (
        common
        and countable
        and not said
        and not (mention.head in lexicon.ADJECTIVES or mention.head in words.FUNCTION_WORDS)
    )
