"""Interpretation without a model: detects the language and composes what its pack, topics and slots say."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from importlib import import_module

from dialog.interpret.freshen import freshened
from dialog.interpret.guard import allowed
from dialog.interpret.pack import LanguagePack, Resolution, View
from dialog.interpret.topics import decide_topic
from dialog.interpretation import Interpretation, TopicDecision, identity
from dialog.rewrite import rewritten
from dialog.slots import SlotSchema
from dialog.state import Act, DialogState, SlotValue

PACKS = ("dialog.interpret.en:EnglishPack", "dialog.interpret.zh:ChinesePack")
"""Where the packs of this library are; imported at the first interpretation, not with the package."""

SURE_OF_LANGUAGE = 0.5
"""Below this claim a message ("ok", "12:30", a name) is read in the language of what was said before it."""

MIXED = 0.25
"""And so it is when another language claims more than this of it: "那JavaScript呢" in a Chinese talk, "what does 你好
mean" in an English one."""

LONGEST_CHARS = 2_000
"""A longer message is a pasted document, which says itself what it is about. The rules' time grows with the square of
the length (11 s on 48,600 characters, 2 cores shared), and they run on the event loop."""


class RuleInterpreter:
    """An `Interpreter` of rules. Keeps nothing between calls, so one serves any number of dialogs at once.

    `packs`: the languages, the first one wins ties; None for those of this library. `schema`: the slots to track;
    None for the general ones. `caller`: text the caller vouches for, name -> text (see `View.caller`).
    """

    def __init__(
        self,
        packs: Iterable[LanguagePack] | None = None,
        *,
        schema: SlotSchema | None = None,
        caller: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._given = None if packs is None else tuple(packs)
        if self._given == ():
            raise ValueError("a rule interpreter needs at least one language pack, got none; pass None for the default")
        self.schema = schema
        self.caller = tuple(caller)

    @cached_property
    def packs(self) -> tuple[LanguagePack, ...]:
        """The language packs, loaded now when they were not given."""
        return self._given if self._given is not None else tuple(_load(path) for path in PACKS)

    def with_caller(self, caller: Sequence[tuple[str, str]]) -> RuleInterpreter:
        """The same interpreter, told text that the caller vouches for."""
        return RuleInterpreter(self._given, schema=self.schema, caller=caller)

    async def __call__(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        """See `interpret`, which takes a few milliseconds and so does not leave the event loop, but for the first time:
        rules and trackers are then imported and compiled (0.2 s)."""
        if "packs" in vars(self):
            return self.interpret(state, text, now=now)
        return await asyncio.to_thread(self.interpret, state, text, now=now)

    def interpret(self, state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
        """The interpretation of `text` as the next user message of `state`; a blank or long one changes nothing."""
        if not text.strip():
            return identity(state, text, by="rules:any/blank")
        if len(text) > LONGEST_CHARS:
            return identity(state, text, by="rules:any/long")
        view = View(state, self.caller)
        pack = self.pack_for(view, text)
        resolution = _held_back(text, pack.resolve(view, text))
        slots = self._slots(pack, view, text, resolution, now)
        topic = decide_topic(view, text, resolution, pack, slots)
        if topic.kind == "return" and topic.topic_id != state.active_topic:
            # What is left out is to be found in the topic gone back to, not in the one being left.
            view = View(state.model_copy(update={"active_topic": topic.topic_id}), self.caller)
            resolution = _held_back(text, pack.resolve(view, text))
            slots = self._slots(pack, view, text, resolution, now)
        return Interpretation(
            act=_act(resolution.act, topic, changed=bool(resolution.edits)),
            topic=topic,
            slots=tuple(slots),
            rewrite=rewritten(text, freshened(view.state, resolution.edits), confidence=resolution.confidence),
            command=resolution.command if resolution.act == "command" else None,
            lang=pack.code,
            by=f"rules:{pack.code}/{resolution.rule or 'none'}",
            unsure=resolution.unsure,
        )

    def pack_for(self, view: View, text: str) -> LanguagePack:
        """The pack that claims `text`; when none is sure, the one that claims the latest words said before."""
        recent = view.utterances[-4:]
        # The user's own words first: a reply may be in another language than they write in.
        before = (said.text for role in ("user", "assistant") for said in reversed(recent) if said.role == role)
        for words in (text, *before):
            claims = [pack.claims(words) for pack in self.packs]
            *others, best = sorted(claims)
            if best >= SURE_OF_LANGUAGE and all(other <= MIXED for other in others):
                return self.packs[claims.index(best)]
        return max(self.packs, key=lambda pack: pack.claims(text))

    def _slots(
        self, pack: LanguagePack, view: View, text: str, resolution: Resolution, now: datetime | None
    ) -> Sequence[SlotValue]:
        return pack.slots(view, text, resolution, self.schema, now)


def _held_back(text: str, resolution: Resolution) -> Resolution:
    """The resolution without edits that may not be made; a message that was only guessed at is left alone, unsure."""
    if not resolution.edits or allowed(text, resolution.edits, confidence=resolution.confidence):
        return resolution
    return replace(resolution, edits=(), rule=f"{resolution.rule}/held-back", unsure=True)


def _act(act: Act, topic: TopicDecision, *, changed: bool) -> Act:
    """The act, in keeping with the topic decision: what opens a topic on its own is new, what goes back returns."""
    if topic.kind == "return" and act in ("new", "follow_up"):
        return "return"
    if topic.kind == "new" and act == "follow_up" and not changed:
        return "new"
    return act


def _load(path: str) -> LanguagePack:
    module, _, name = path.partition(":")
    pack: LanguagePack = getattr(import_module(module), name)()
    return pack
