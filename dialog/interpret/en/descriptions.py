"""Rules for noun phrases that lean on the dialog: "the experiment", "that film", "the biggest", "the main themes"."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.compose import Copied, Glue, Kept, Part, edits_of
from dialog.interpret.en.confidence import of_rule
from dialog.interpret.en.entities import answer_named
from dialog.interpret.en.mentions import Mention, mentions_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.phrases import Phrase, phrases_of, same_noun
from dialog.interpret.en.places import is_place
from dialog.interpret.en.reference import phrase_parts
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import Token, singular, tokens_of
from dialog.interpret.pack import Resolution, View

THEME_WEIGHT = 0.8
"""The least weight of a mention that a bare relational noun is taken to belong to."""
GROUPS = word_set("""band group team duo orchestra crew cast family company organization organisation""")
WORKS = word_set("""film movie book novel song album show series game play poem story track""")
SETTLEMENTS = word_set("city town country village region area state island place")
LIGHT_MODIFIERS = word_set(
    """main key major important basic common typical possible different other various first best biggest popular famous
    most big long-term short-term short long term side health positive negative good bad great current modern early
    own specific some many notable primary secondary general special top real real-life official total final overall
    environmental economic political social physical"""
)


def describe(view: View, message: Message) -> Resolution | None:
    """The first way in which a noun phrase of the message leans on the dialog."""
    if not view.utterances and not view.caller:
        return None
    mentions = mentions_of(view)
    for way in (_full_name, _repeated, _one, _superlative, _of_an_entry, _of_the_theme):
        found = way(view, message, mentions)
        if found is not None:
            return found
    return None


# --------------------------------------------------------------------- "the experiment"


def _repeated(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
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


def _end(phrase: Phrase, mention: Mention) -> int:
    """Where what the mention stands for ends; what it holds after "of" goes with it when the mention has its own."""
    return phrase.end if phrase.of is not None and mention.end > mention.core_end else phrase.core_end


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
            asks and len(core) > 1 and core[0].lower() not in lexicon.ADJECTIVES | words.ADVERBS | LIGHT_MODIFIERS
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


BESIDE = 8
"""Characters between a name and the noun that says what it is."""
SITUATIONAL = word_set("""call message text email reminder alarm meeting appointment timer phone one number""")
"""Nouns whose "the" needs no words before: there is one such thing at a time."""


def _said_again(phrase: Phrase, mention: Mention) -> list[Copied | Glue]:
    parts = phrase_parts(mention)
    first = parts[0]
    if isinstance(first, Copied) and phrase.text[0].isupper():
        parts[0] = first.recased(first.text[0].upper() + first.text[1:])
    return parts


def _full_name(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
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


def _one(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
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


INNER = word_set("this that these those each every")


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


# --------------------------------------------------------------------- "the biggest"


def _superlative(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
    """ "What is the biggest ever caught?": of what the dialog is about."""
    for i, token in enumerate(message.tokens):
        if message.low(i - 1) != "the" or message.is_protected(i):
            continue
        end = i + 2 if token.low in ("most", "least") and message.tag(i + 1) == "A" else i + 1
        if not _is_superlative(token.low) or (token.low in ("most", "least") and end == i + 1):
            continue
        if message.tag(end) not in (".", "", "I", "V", "T", "R", "X") or message.low(end) in ("of", "to", "time"):
            continue
        if (
            message.tag(i - 2) not in ("X", "V", "I")
            or message.low(i - 2) in ("at", "for", "like")
            or any(p.last <= i - 1 for p in message.phrases)
        ):
            continue
        theme = next(
            (m for m in mentions if m.by_user and m.kind in ("thing", "place", "person") and not m.proper), None
        )
        if theme is None or theme.weight < 0:
            return None
        noun = theme.copy(theme.core_end - len(theme.head), theme.core_end)
        text = noun.text
        if text.casefold() != theme.head or singular(theme.head) in lexicon.RELATIONAL:
            return None
        cut = len(text) - len(singular(text)) if message.low(i - 2) in ("is", "was", "'s") and text.endswith("s") else 0
        if cut and not text.startswith(singular(text)):
            return None
        noun = theme.copy(theme.core_end - len(theme.head), theme.core_end - cut)
        at = message.tokens[end - 1].end
        parts: list[Part] = [Kept(0, at), Glue(" "), noun, Kept(at, len(message.text))]
        return Resolution(
            act="follow_up",
            edits=edits_of(message.text, parts, "omission"),
            rule="superlative",
            confidence=of_rule("superlative"),
        )
    return None


def _is_superlative(low: str) -> bool:
    return low in SUPERLATIVES or (low.endswith("est") and low in lexicon.ADJECTIVES)


SUPERLATIVES = word_set(
    """best worst most least first last latest youngest tallest shortest fastest strongest longest deepest smallest
    highest lowest"""
)


# --------------------------------------------------------------------- "the address", "the main themes"


def _of_an_entry(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
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


def _of_the_theme(view: View, message: Message, mentions: Sequence[Mention]) -> Resolution | None:
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
        t.low in LIGHT_MODIFIERS for t in inner
    )
    allowed = all(
        t.low in LIGHT_MODIFIERS | lexicon.ADJECTIVES | words.DETERMINERS | lexicon.ATTRIBUTES | {"and", "or"}
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
