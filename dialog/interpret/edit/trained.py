"""The cascade: rules where rules are right, the trained network for the rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from dialog.interpret.edit.candidates import Candidates, asks, orders
from dialog.interpret.edit.choice import Chooser, choosers
from dialog.interpret.edit.network import EditNetwork, NetworkMissing, shared_network
from dialog.interpret.edit.render import edits_of
from dialog.interpret.edit.window import window_of
from dialog.interpret.freshen import freshened
from dialog.interpret.guard import allowed
from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.tagger import tagger
from dialog.interpretation import Interpretation
from dialog.rewrite import Edit, apply_edits, rewritten
from dialog.state import Act, DialogState

RULES_ONLY: frozenset[Act] = frozenset({"acknowledge", "command", "select", "return", "reject", "correct"})
"""Acts that the rules know by their form, and where their rewrite is the better one still."""

ANSWERS = "omission/answer"
"""The rule for answers to the assistant's own question, which join the request; what the network learnt from leaves
some of them alone."""

COMPARED = "omission/compare"
ASKED_ANEW = ("omission/replace", COMPARED)
"""The rules for a value in another's stead ("what about Thai?") and for more of a quality ("something cheaper"). Where
they know what kind it is, their confidence is KIND_KNOWN at least, and the question asked anew is what the user means;
some of what the network learnt from (CamRest) names only the kind ("what about Thai restaurant?")."""
KIND_KNOWN = 0.7
ASKED_IN_CHINESE = frozenset({"complete", "comment", "subject-predicate", "subject-owner"})
"""The Chinese rules after which the network is asked: those by which a message needs nothing, or gets its topic or
owner on a guess. Others know a form ("便宜一点的",
"除了这家", "为什么") and the request that it changes, which the network knows less well."""

CALIBRATION = "calibration.json"

RULES_SURE_FROM = 0.7
"""The confidence of rules alone below which a second opinion is worth asking for."""

_log = logging.getLogger(__name__)


class TrainedInterpreter:
    """An `Interpreter`: what `rules` say, but for the rewrite where the trained network's is likelier right.

    Acts, topics and slots are the rules'. The rewrite's confidence is calibrated: of many rewrites with confidence c,
    a share c is word for word what a person would write. Below what calibration found to be worth a second opinion, or
    RULES_SURE_FROM where the rules serve alone, the interpretation is `unsure`. When the network cannot be loaded the
    rules serve, and the log says so once. Keeps nothing of any dialog; safe to share between tasks and threads.
    """

    def __init__(
        self,
        rules: RuleInterpreter,
        network: EditNetwork | None = None,
        *,
        choose: Mapping[str, Chooser] | None = None,
        rules_only: frozenset[Act] = RULES_ONLY,
    ) -> None:
        """`network`: None for the one of the process. `choose`: by language, None for what calibration found.
        `rules_only`: acts that the network is not asked about."""
        self._rules = rules
        self._network = network or shared_network()
        self._choose = choose
        self._rules_only = rules_only

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> TrainedInterpreter:
        """The same interpreter, told text that the caller vouches for."""
        return TrainedInterpreter(
            self._rules.with_caller(caller), self._network, choose=self._choose, rules_only=self._rules_only
        )

    def require(self) -> None:
        """Load the network now; NetworkMissing, saying what to install, when that is impossible."""
        self._network.load()

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        """The interpretation of `text`. The network runs on a worker thread."""
        meant = await self._rules(state, text, now=now)
        if not state.turns or not text.strip():
            return meant
        if settled(meant, self._rules_only) or self._network.absent.is_set():
            return _by_rules(meant)
        try:
            return await asyncio.to_thread(self._second_look, state, text, meant)
        except NetworkMissing as missing:
            if not self._network.absent.is_set():
                self._network.absent.set()
                _log.warning("%s; the rules serve without it", missing)
            return _by_rules(meant)

    def _second_look(self, state: DialogState, text: str, meant: Interpretation) -> Interpretation:
        """`meant`, with the network's rewrite if that is likelier right, and with a calibrated confidence."""
        choose = self._choose if self._choose is not None else choosers(self._network.folder / CALIBRATION)
        chooser = choose.get(meant.lang)
        if chooser is None or (meant.lang == "zh" and tagger() is None):
            return _by_rules(meant)  # without words, characters say too little
        proposed = proposal(self._network, View(state, self._rules.caller), text, meant, nothing=chooser.nothing)
        if proposed is None:
            return _by_rules(meant)
        these, edits = proposed
        taken = chooser.takes_network(these)
        confidence = chooser.confidence(these, network=taken)
        unsure = confidence < chooser.sure_from
        if not taken:
            rewrite = meant.rewrite.model_copy(update={"confidence": confidence})
            return meant.model_copy(update={"rewrite": rewrite, "unsure": unsure})
        rewrite = rewritten(text, edits, confidence=confidence)
        act: Act = "follow_up" if rewrite.changed and meant.act == "new" else meant.act
        by = f"edit:{meant.lang}"
        return meant.model_copy(update={"rewrite": rewrite, "act": act, "by": by, "unsure": unsure})


def settled(meant: Interpretation, rules_only: frozenset[Act] = RULES_ONLY) -> bool:
    """Whether the rules' word is the last one, and the network is not asked: never where `rules_only` is empty."""
    if not rules_only:
        return False
    if meant.act in rules_only:
        return True
    return _settled_chinese(meant) if meant.lang == "zh" else _settled_english(meant)


def _settled_english(meant: Interpretation) -> bool:
    rule, rewrite = _rule_of(meant), meant.rewrite
    if rule == ANSWERS:
        return True
    anew = asks(rewrite.text) or (rule == COMPARED and orders(rewrite.text))
    return rule in ASKED_ANEW and rewrite.confidence >= KIND_KNOWN and anew


def _settled_chinese(meant: Interpretation) -> bool:
    return _rule_of(meant) not in ASKED_IN_CHINESE


def _rule_of(meant: Interpretation) -> str:
    """The rule that decided, without engine and language: "omission/answer" of "rules:en/omission/answer"."""
    return meant.by.partition("/")[2]


def _by_rules(meant: Interpretation) -> Interpretation:
    """`meant`, unsure where the rules' confidence in it is low."""
    low = meant.rewrite.confidence < RULES_SURE_FROM
    return meant.model_copy(update={"unsure": True}) if low and not meant.unsure else meant


def proposal(
    network: EditNetwork, view: View, text: str, meant: Interpretation, *, nothing: float = 0.5
) -> tuple[Candidates, tuple[Edit, ...]] | None:
    """The network's rewrite of `text` beside the rules'; None when the network says nothing, or would change what is
    literal (code, quotations). `nothing` as in `EditNetwork.decide`."""
    window = window_of(view, text)
    decision = network.decide(window, nothing=nothing, rivals=(meant.rewrite.text, text))
    if decision is None:
        return None
    edits = freshened(view.state, edits_of(window, decision.labels))
    if not allowed(text, edits, confidence=1.0):
        return None
    these = Candidates(
        message=text,
        rules=meant.rewrite.text,
        network=apply_edits(text, edits),
        confidence=meant.rewrite.confidence,
        unsure=meant.unsure,
        log_probability=decision.log_probability,
        weakest=decision.weakest,
        change=decision.change,
        rules_log=decision.rivals[0],
        message_log=decision.rivals[1],
        reference=any(edit.reason == "reference" for edit in edits),
        omission=any(edit.reason == "omission" for edit in edits),
        act=meant.act,
        rule=_rule_of(meant),
        answered=view.last_reply is not None,
        told=bool(view.caller),
    )
    return these, edits
