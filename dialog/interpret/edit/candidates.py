"""The rules' rewrite of a message beside the network's, and the numbers by which one is weighed against the other."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from dialog.interpret.edit.soundness import is_sound
from dialog.interpret.edit.words import keys_of
from dialog.interpret.word_forms import CHINESE_PRONOUNS, ENGLISH_PRONOUNS, FUNCTION_CHARS, FUNCTION_WORDS
from dialog.state import Act

ACTS: tuple[Act, ...] = ("new", "refine", "correct", "reject", "select", "return")
"""Acts, as the rules tell them, that weigh in the choice."""

ELLIPSIS = "omission/"
"""Rules that know an elliptic message by its form ("what about Thai?"): it is not complete, whatever stands in it."""

MOST_ODDS = 12.0
"""Log odds between two rewrites beyond which more say no more."""

FEW_WORDS = 3

_PRONOUNS = ENGLISH_PRONOUNS | CHINESE_PRONOUNS
_NO_CONTENT = FUNCTION_WORDS | FUNCTION_CHARS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


WHAT, HOW, WHAT_ABOUT = _listed("what which who"), _listed("how why when where"), _listed("and what how")
ORDERS = _listed("recommend suggest find show give tell explain describe list name book order get play write make")
WHETHER = _listed("is are was were do does did can could will would has have")
_WHAT_ZH, _HOW_ZH = re.compile("什么|谁|哪|几|多少"), re.compile("怎|为什么|为啥|咋|如何")
_WHETHER_ZH, _WHAT_ABOUT_ZH = re.compile("吗|(.)[不没]\\1|有没有"), re.compile("呢[?？]?$")
_ASKING = re.compile("[?？吗呢]$")

FEATURES = (
    "bias",
    "rules_confidence",
    "rules_change",
    "rules_unsure",
    "network_changes",
    "differ",
    "adds",
    "undoes",
    "log_probability",
    "weakest",
    "change",
    "over_rules",
    "over_message",
    "rules_over_message",
    "words",
    "few_words",
    "added",
    "longer",
    "shared",
    "rules_pronoun",
    "network_pronoun",
    "asks_what",
    "asks_how",
    "asks_whether",
    "what_about",
    "question",
    "reference",
    "omission",
    "answered",
    "told",
    *(f"act_{act}" for act in ACTS),
    "chosen_network",
)


@dataclass(frozen=True)
class Candidates:
    """What the rules make of a message, and what the network does.

    `confidence` and `unsure` are the rules'; `log_probability`, `weakest` and `change` those of `decode.Decision`, for
    which the rules' rewrite and the message as it came have the log probabilities `rules_log` and `message_log`;
    `reference` and `omission` say of which kinds the network's edits are; `act` is the rules' word for what the message
    does and `rule` the one that decided ("anaphor/it"); `answered`: the dialog has replies; `told`: the caller vouches
    for some text.
    """

    message: str
    rules: str
    network: str
    confidence: float
    unsure: bool
    log_probability: float
    weakest: float
    change: float
    rules_log: float
    message_log: float
    reference: bool
    omission: bool
    act: Act
    rule: str
    answered: bool
    told: bool


def features_of(these: Candidates, *, network: bool) -> tuple[float, ...]:
    """The numbers that the regressions weigh, in the order of FEATURES; `network`: its rewrite is the chosen one."""
    message, rules, edited = keys_of(these.message), keys_of(these.rules), keys_of(these.network)
    first = message[0] if message else ""
    return (
        1.0,
        these.confidence,
        float(rules != message),
        float(these.unsure),
        float(edited != message),
        float(edited != rules),
        float(rules == message != edited),
        float(edited == message != rules),
        max(these.log_probability, -10.0),
        max(these.weakest, -3.0),
        math.tanh(these.change / 4),
        _odds(these.log_probability, these.rules_log),
        _odds(these.log_probability, these.message_log),
        _odds(these.rules_log, these.message_log),
        min(len(message), 20) / 10,
        float(len(message) <= FEW_WORDS),
        min(max(len(edited) - len(message), 0), 15) / 10,
        max(-15, min(15, len(edited) - len(rules))) / 10,
        _shared(set(edited) - set(message), set(rules) - set(message)),
        float(not _PRONOUNS.isdisjoint(rules)),
        float(not _PRONOUNS.isdisjoint(edited)),
        float(first in WHAT or _WHAT_ZH.search(these.message) is not None),
        float(first in HOW or _HOW_ZH.search(these.message) is not None),
        float(first in WHETHER or _WHETHER_ZH.search(these.message) is not None),
        float(("about" in message and first in WHAT_ABOUT) or _WHAT_ABOUT_ZH.search(these.message) is not None),
        float(_ASKING.search(these.message.rstrip()) is not None),
        float(these.reference),
        float(these.omission),
        float(these.answered),
        float(these.told),
        *(float(these.act == act) for act in ACTS),
        float(network),
    )


def asks(text: str) -> bool:
    """Whether an English text begins as a question does."""
    return bool(keys := keys_of(text)) and keys[0] in WHAT | HOW | WHETHER


def orders(text: str) -> bool:
    """Whether an English text begins as a plain order for something does ("recommend a novel")."""
    return bool(keys := keys_of(text)) and keys[0] in ORDERS


def _shared(some: set[str], others: set[str]) -> float:
    """What two sets of added words have in common, of all that either has; function words do not count."""
    some, others = some - _NO_CONTENT, others - _NO_CONTENT
    return len(some & others) / max(1, len(some | others))


def _odds(log: float, other: float) -> float:
    """The log odds of one over the other, -2..2 for -MOST_ODDS..MOST_ODDS and beyond."""
    if math.isinf(log) or math.isinf(other):
        return 0.0 if log == other else math.copysign(2.0, log - other)
    return max(-MOST_ODDS, min(MOST_ODDS, log - other)) * 2 / MOST_ODDS


Case = Literal["add", "undo", "replace", "same", "elliptic", "unsound"]
"""The network changes what the rules leave alone, leaves alone what they change, changes it otherwise, agrees; or it
leaves alone what they know to be elliptic, or makes of it what can be no sentence, and the rules' rewrite stands."""


def case_of(these: Candidates) -> Case:
    message, rules, edited = keys_of(these.message), keys_of(these.rules), keys_of(these.network)
    if rules == edited:
        return "same"
    if edited == message:
        return "elliptic" if these.rule.startswith(ELLIPSIS) else "undo"
    if not is_sound(these.network, these.message):
        return "unsound"
    return "add" if rules == message else "replace"
