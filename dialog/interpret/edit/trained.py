"""The cascade: rules where rules are right, the trained network for the rest."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

from dialog.interpret.edit.choice import Candidates, Chooser, choosers
from dialog.interpret.edit.network import EditNetwork, NetworkMissing
from dialog.interpret.edit.render import edits_of
from dialog.interpret.edit.window import Window, window_of
from dialog.interpret.local import LocalInterpreter
from dialog.interpret.pack import View
from dialog.interpretation import Interpretation
from dialog.rewrite import Edit, apply_edits, rewritten
from dialog.state import Act, DialogState

RULES_ONLY: frozenset[Act] = frozenset({"acknowledge", "command", "select", "return", "reject", "correct", "refine"})
"""Acts that the rules know by their form, and which the network was not made to rewrite."""

CALIBRATION = "calibration.json"

_log = logging.getLogger(__name__)


class TrainedInterpreter:
    """An `Interpreter`: what `rules` say, but for the rewrite where the trained network's is likelier right.

    Acts, topics and slots are the rules'. The rewrite's confidence is calibrated: of many rewrites with confidence c,
    a share c is word for word what a person would write. When the network cannot be loaded the rules serve, and the log
    says so once. Keeps nothing of any dialog; safe to share between tasks and threads.
    """

    def __init__(
        self,
        rules: LocalInterpreter,
        network: EditNetwork | None = None,
        *,
        choose: Mapping[str, Chooser] | None = None,
        rules_only: frozenset[Act] = RULES_ONLY,
    ) -> None:
        """`choose`: by language, None for what calibration found. `rules_only`: acts that the network is not asked
        about."""
        self._rules = rules
        self._network = network or EditNetwork()
        self._choose = choose
        self._rules_only = rules_only
        self._absent = threading.Event()

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> TrainedInterpreter:
        """The same interpreter, told text that the caller vouches for."""
        told = TrainedInterpreter(
            self._rules.with_caller(caller), self._network, choose=self._choose, rules_only=self._rules_only
        )
        told._absent = self._absent
        return told

    def require(self) -> None:
        """Load the network now; NetworkMissing, saying what to install, when that is impossible."""
        self._network.load()

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        """The interpretation of `text`. The network runs on a worker thread."""
        meant = self._rules.interpret(state, text, now=now)
        if meant.act in self._rules_only or not state.turns or not text.strip() or self._absent.is_set():
            return meant
        try:
            return await asyncio.to_thread(self._second_look, state, text, meant)
        except NetworkMissing as missing:
            if not self._absent.is_set():
                self._absent.set()
                _log.warning("%s; the rules serve without it", missing)
            return meant

    def _second_look(self, state: DialogState, text: str, meant: Interpretation) -> Interpretation:
        """`meant`, with the network's rewrite if that is likelier right, and with a calibrated confidence."""
        choose = self._choose if self._choose is not None else choosers(self._network.folder / CALIBRATION)
        chooser = choose.get(meant.lang)
        if chooser is None:
            return meant
        proposed = proposal(self._network, window_of(View(state, self._rules.caller), text), meant)
        if proposed is None:
            return meant
        these, edits = proposed
        if not chooser.prefers_network(these):
            confidence = chooser.confidence(these, network=False)
            return meant.model_copy(update={"rewrite": meant.rewrite.model_copy(update={"confidence": confidence})})
        rewrite = rewritten(text, edits, confidence=chooser.confidence(these, network=True))
        act: Act = "follow_up" if rewrite.changed and meant.act == "new" else meant.act
        return meant.model_copy(update={"rewrite": rewrite, "act": act, "by": f"edit:{meant.lang}", "unsure": False})


def proposal(network: EditNetwork, window: Window, meant: Interpretation) -> tuple[Candidates, tuple[Edit, ...]] | None:
    """The network's rewrite beside the rules', to choose between; None when the network says nothing."""
    decision = network.decide(window)
    if decision is None:
        return None
    text = window.message.text
    edits = edits_of(window, decision.labels)
    these = Candidates(
        message=text,
        rules=meant.rewrite.text,
        network=apply_edits(text, edits),
        confidence=meant.rewrite.confidence,
        unsure=meant.unsure,
        log_probability=decision.log_probability,
        weakest=decision.weakest,
        change=decision.change,
        reference=any(edit.reason == "reference" for edit in edits),
        omission=any(edit.reason == "omission" for edit in edits),
    )
    return these, edits
