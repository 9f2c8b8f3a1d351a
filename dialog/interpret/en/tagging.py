"""A coarse part of speech for every token, from closed classes, a verb list and the words beside it.

Made for short questions and requests with or without capitals; an unknown word is a noun. It is a finite set of local
decisions in one pass, in the spirit of Brill's contextual rules (ANLP 1992), with rules written by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from dialog.interpret.en import lexicon, words
from dialog.interpret.en.tables import word_set
from dialog.interpret.en.text import Token, is_cased, tokens_of

Tag = Literal["D", "A", "N", "P", "W", "V", "X", "I", "C", "R", "M", "S", "T", "G", "."]
"""Determiner, adjective, noun, pronoun, wh-word, verb, auxiliary, preposition, conjunction, adverb, number,
possessive clitic, infinitive "to", negation, mark."""

NOT_ADVERBS = word_set("""family july italy reply supply fly apply rely ally only early friendly lovely lonely ugly""")
ADJECTIVE_ENDINGS = ("able", "ible", "ous", "ful", "less", "ish", "ical", "ual", "onal", "ental")
NOT_ADJECTIVES = word_set(
    """table cable vegetable vegetables able-bodied fish dish finish hundred naked sacred wicked breed annual ritual
    manual individual visual professional english british spanish turkish"""
)


@lru_cache(maxsize=512)
def tags_of(text: str) -> tuple[Tag, ...]:
    """The tags of `tokens_of(text)`."""
    tokens = tokens_of(text)
    cased = is_cased(text)
    tags: list[Tag] = []
    for i in range(len(tokens)):
        tags.append(_tag(tokens, tags, i, cased))
    return tuple(tags)


NEVER_NAMES = words.CONJUNCTIONS | words.HESITATIONS | words.INTERJECTIONS | {"car", "anything", "what", "which", "who"}


def is_name(tokens: Sequence[Token], i: int, *, cased: bool) -> bool:
    """Whether token `i` is capitalised as a name is: inside a sentence, or at its start with another name after it."""
    token = tokens[i]
    if not cased or not token.text[0].isupper() or token.low in ("i", "i'm"):
        return False
    if token.low in NEVER_NAMES:
        return False
    if not _starts_sentence(tokens, i):
        return True
    plain = token.low in words.FUNCTION_WORDS or lemma(token.low) is not None or token.low in lexicon.ADJECTIVES
    return not plain and len(token.text) > 1 and not token.low.endswith("ing")


def _starts_sentence(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 or tokens[i - 1].text in '.!?:"“-–—;' or (tokens[i - 1].low in words.FILLERS and i == 1)


@lru_cache(maxsize=4096)
def lemma(low: str) -> str | None:
    """The base form of a known verb, None for any other word."""
    if low in lexicon.VERBS:
        return low
    if low in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[low]
    for ending, longer in (
        ("ying", "ie"),
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("es", ""),
        ("s", ""),
    ):
        if low.endswith(ending) and len(low) - len(ending) >= 2:
            base = low[: -len(ending)] + longer
            if base in lexicon.VERBS:
                return base
            if ending in ("ing", "ed") and len(base) > 2 and base[-1] == base[-2] and base[:-1] in lexicon.VERBS:
                return base[:-1]
    return None


def _tag(tokens: Sequence[Token], before: Sequence[Tag], i: int, cased: bool) -> Tag:
    token, low = tokens[i], tokens[i].low
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if not token.is_word:
        return "."
    if low == "'s":
        return _clitic_s(tokens, before, i)
    if low in ("n't", "not"):
        return "G"
    if is_name(tokens, i, cased=cased):
        return "M" if low[0].isdigit() else "N"
    if low == "to":
        return "T" if _base_verb(following) and following not in ("work", "school") else "I"
    if low in words.HESITATIONS:
        return "R"
    if low in words.DEMONSTRATIVES and _stands_alone(tokens, i):
        return "P"
    if low == "that":
        return _that(tokens, before, i)
    if low == "her":
        return _her(tokens, before, i)
    if low in words.WH:
        return "W"
    if low in words.NUMBER_WORDS or low[0].isdigit() or low in words.ORDINALS:
        return "P" if low == "one" and before[-1:] and before[-1] in "DAM" else "M"
    if low in words.PRONOUNS:
        return "P"
    if low in words.INTERJECTIONS and not (low == "no" and _nounish(following)):
        return "A" if low in ("great", "sorry") and before and before[-1] in "DXM" else "R"
    if low in words.DETERMINERS:
        return "P" if low in words.DEMONSTRATIVES and not _nounish(following) else "D"
    if low in ("am", "pm") and before and before[-1] == "M":
        return "N"
    if low in words.HAVE and _owns(tokens, i):
        return "V"
    if low in words.AUXILIARIES:
        return "X"
    if low == "like" and before and before[-1] in "XPT" and not _be_before(tokens, before, i):
        return "V"
    if low in words.PREPOSITIONS:
        return "I"
    if low in words.CONJUNCTIONS:
        return "C"
    if low in lexicon.ADJECTIVES and not (
        lemma(low) and before and before[-1] in "XPT" and not _be_before(tokens, before, i)
    ):
        return _adjective(tokens, before, i)
    if low in words.ADVERBS or (low.endswith("ly") and len(low) > 4 and low not in NOT_ADVERBS):
        return "R"
    if lemma(low) is not None:
        return _verb_or_noun(tokens, before, i)
    if low.endswith("ed") and len(low) > 5 and low not in NOT_ADJECTIVES:
        return "A" if (before and before[-1] in "DA") else "V"
    if low.endswith(ADJECTIVE_ENDINGS) and low not in NOT_ADJECTIVES and len(low) > 5:
        return "A"
    return "N"


def _stands_alone(tokens: Sequence[Token], i: int) -> bool:
    """ "That sounds good", "how much do those cost": the word after it is the verb."""
    if i + 1 >= len(tokens):
        return True
    low, following = tokens[i].low, tokens[i + 1].low
    if (
        low in ("this", "that")
        and lemma(following) is not None
        and is_plural_form(following)
        and following != lemma(following)
    ):
        return True
    asked = i > 0 and tokens[i - 1].low in words.DO | words.MODALS
    return asked and _base_verb(following) and (i + 2 >= len(tokens) or not _nounish(tokens[i + 2].low))


def _owns(tokens: Sequence[Token], i: int) -> bool:
    """Whether "have" is a verb of its own: a noun phrase follows, no participle, "not" or subject of a question."""
    if i == 0 or i + 1 >= len(tokens):
        return False
    low = tokens[i + 1].low
    participle = lemma(low) is not None and (low.endswith(("ed", "en")) or low in lexicon.IRREGULAR)
    closed = low in words.PRONOUNS or low in ("n't", "not", "to", "been", "had") or low in words.ADVERBS
    return tokens[i + 1].is_word and not participle and not closed and not _asks_first(tokens, i)


def _asks_first(tokens: Sequence[Token], i: int) -> bool:
    """Whether "have" stands before its subject: "how has it", "where have the ..."."""
    return tokens[i - 1].low in words.WH - {"who", "what", "which"} or not tokens[i - 1].is_word


def _clitic_s(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> Tag:
    """Possessive after a noun and before a noun phrase without a determiner, else "is"."""
    if (
        before
        and before[-1] == "N"
        and i > 1
        and tokens[i - 2].low in ("at", "from", "to", "near")
        and i + 1 >= len(tokens)
    ):
        return "N"
    if not before or before[-1] in "PWXR" or i + 1 >= len(tokens):
        return "X" if before and before[-1] in "PWXR" else "S"
    low = tokens[i + 1].low
    if (
        before[-1] == "N"
        and i > 1
        and tokens[i - 2].low in ("at", "from", "to", "near", "in", "by")
        and (low in words.PREPOSITIONS or not tokens[i + 1].is_word)
    ):
        return "N"
    closed = low in words.DETERMINERS or low in words.PREPOSITIONS or low in words.PRONOUNS or low in words.NEGATIONS
    adverb = low in words.ADVERBS and low not in ("best", "first", "next", "only", "most", "second")
    going = low.endswith("ing") and lemma(low) is not None and lemma(low) not in lexicon.NOUN_OR_VERB
    return "X" if closed or adverb or going or low == "been" else "S"


GIVING = word_set("""show give send tell text message bring get buy ask call teach read make""")


def _her(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> Tag:
    """A determiner before a noun, else a pronoun; "show her pictures" shows them to her."""
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if not _nounish(following) or following in words.ADVERBS or following[0].isdigit():
        return "P"
    verb = lemma(following)
    if verb == following and verb not in lexicon.NOUN_OR_VERB:
        return "P"
    return "P" if before and before[-1] == "V" and tokens[i - 1].low in GIVING and is_plural_form(following) else "D"


def is_plural_form(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "us", "is"))


def _that(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> Tag:
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if before and before[-1] == "N" and not (following == "" or not tokens[i + 1].is_word):
        return "C"
    if before and before[-1] in "VA" and (following in words.SUBJECT_PRONOUNS or following in words.DETERMINERS):
        return "C"
    return "D" if _nounish(following) else "P"


def _nounish(low: str) -> bool:
    """Whether a word can go on a noun phrase after its determiner."""
    if not low or not (low[0].isalnum()):
        return False
    closed = (
        low in words.AUXILIARIES or low in words.PREPOSITIONS or low in words.CONJUNCTIONS or low in words.WH
        or low in words.ARTICLES or low in words.DEMONSTRATIVES or low in words.POSSESSIVES
        or (low in words.PRONOUNS and low not in ("one", "ones")) or low in words.FILLERS
    )  # fmt: skip
    if closed or low in (
        "please",
        "too",
        "again",
        "instead",
        "then",
        "also",
        "now",
        "yet",
        "right",
        "today",
        "tomorrow",
    ):
        return False
    verb = lemma(low)
    finite = verb is not None and low != verb and not low.endswith(("ing", "ed"))
    return not (finite and singular_noun_or_verb(low) is None)


def singular_noun_or_verb(low: str) -> str | None:
    """The base of a word that is noun as well as verb ("tests" -> "test"), None for others."""
    base = lemma(low)
    return base if base in lexicon.NOUN_OR_VERB else None


def _base_verb(low: str) -> bool:
    return low in lexicon.VERBS or low in ("be", "do", "have")


def _be_before(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> bool:
    return i > 0 and tokens[i - 1].low in words.BE | {"'s"}


def _adjective(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> Tag:
    low = tokens[i].low
    if _base_verb(low) and (not before or before[-1] in ".T"):
        return "V"
    return "A"


def _verb_or_noun(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> Tag:
    low = tokens[i].low
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    base, noun = low in lexicon.VERBS, singular_noun_or_verb(low) is not None
    at = len(before) - 1
    while at >= 0 and before[at] == "R":
        at -= 1
    left: Tag = before[at] if at >= 0 else "."
    if left in "DSMA":
        return _after_modifier(low, following, left)
    if left in "TXPG":
        # "do they", "can you" are followed by the verb; "tell me", "give it" by a noun.
        return "N" if left == "P" and noun and tokens[at].low in words.OBJECT_PRONOUNS else "V"
    if left == "N":
        return _after_noun(tokens, before, i, base=base, noun=noun)
    if left == "I":
        return "V" if low.endswith("ing") and not noun else ("N" if noun or base else "V")
    if left == "W" and low.endswith("s") and base is False and (following in words.PRONOUNS | words.DETERMINERS):
        return "V"
    if left == "W":
        asks_who = tokens[at].low in ("who", "why", "how", "when", "where")
        return "V" if asks_who or not base else ("N" if noun else "V")
    if left == "C":
        earlier = next((tag for tag in reversed(before[:at]) if tag in "VNX"), "V")
        return "N" if noun and earlier == "N" else "V"
    if left == "V":
        return "N" if noun and not low.endswith("ed") else "V"
    if low in ("video", "voice", "audio"):
        return "N"
    return "N" if noun and following in words.AUXILIARIES | {"and", "or"} else "V"


def _after_modifier(low: str, following: str, left: Tag) -> Tag:
    if low.endswith(("ed", "en")) or low in ("known", "made", "written", "built", "born"):
        return "A" if _nounish(following) else "V"
    if left == "A" and low.endswith("ing"):
        return "N"
    return "N"


def _after_noun(tokens: Sequence[Token], before: Sequence[Tag], i: int, *, base: bool, noun: bool) -> Tag:
    """After a noun: the verb of a question whose auxiliary waits, a finite verb, or the head of a compound."""
    low = tokens[i].low
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    clause = _clause_start(tokens, before)
    waits = any(tag == "X" for tag in before[clause:]) and "V" not in before[clause:]
    if waits:
        be = any(tag == "X" and tokens[k].low in words.BE | {"'s"} for k, tag in enumerate(before[clause:], clause))
        if be:
            if low.endswith("ing") and _names_activity(tokens, i):
                return "N"
            return "V" if low.endswith(("ing", "ed", "en")) or (low in lexicon.IRREGULAR and not base) else "N"
        if base:
            compound = noun and following in lexicon.VERBS
            return "N" if compound else "V"
        return "N" if noun and not low.endswith("ed") else "V"
    if not base:
        if low.endswith("s") and noun and not _takes_object(following):
            if _is_first_finite(tokens, before, i):
                return "V"
            named = tokens[i - 1].text[0].isupper() and i > 1 and before[i - 2] in "WC."
            return "V" if named else "N"
        if low.endswith("ing") and noun:
            return "V" if tokens[i - 1].text[0].isupper() else "N"
        return "V"
    plural_subject = tokens[i - 1].low.endswith("s") and before[-1] == "N"
    finite = not noun or _takes_object(following) or _asks_of_many(tokens, before, i)
    return "V" if plural_subject and finite else "N"


def _asks_of_many(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> bool:
    """ "How many tigers live in Nepal?": a question for a number or kind whose only verb this can be."""
    clause = _clause_start(tokens, before)
    asks = before[clause : clause + 1] == ["W"] and all(tag in "DAN" for tag in before[clause + 1 :])
    return asks and not any(token.low in words.AUXILIARIES or token.low in lexicon.VERBS for token in tokens[i + 1 :])


def _is_first_finite(tokens: Sequence[Token], before: Sequence[Tag], i: int) -> bool:
    """ "My washing machine shows error 18": the clause begins with whose it is and has no verb yet."""
    clause = _clause_start(tokens, before)
    opens = before[clause : clause + 1] == ["D"] and tokens[clause].low in words.POSSESSIVES | words.DEMONSTRATIVES
    goes_on = i + 1 < len(tokens) and tokens[i + 1].is_word and not is_plural_form(tokens[i - 1].low)
    return opens and goes_on and not any(tag in "VXW" for tag in before[clause:])


def _names_activity(tokens: Sequence[Token], i: int) -> bool:
    """ "What is seafloor spreading?": at the end of a question what-is, a noun and a word in -ing name an activity."""
    ends = i + 1 >= len(tokens) or not tokens[i + 1].is_word
    return ends and tokens[0].low in ("what", "what's") and not tokens[i - 1].text[0].isupper() and i <= 4


def _takes_object(low: str) -> bool:
    return low in words.PRONOUNS or low in words.DETERMINERS or low in words.PREPOSITIONS - {"of", "in", "for", "on"}


def _clause_start(tokens: Sequence[Token], before: Sequence[Tag]) -> int:
    """Where the clause begins that goes on after `before`; "and" between nouns does not begin one."""
    for k in range(len(before) - 1, -1, -1):
        joins = (
            before[k] == "C"
            and tokens[k].low in ("and", "or")
            and "V" not in before[:k]
            and before[k + 1 : k + 2] != ["W"]
        )
        if before[k] == "." or (before[k] == "C" and not joins):
            return k + 1
    return 0
