"""What the dialog has mentioned so far, and how much each mention is on people's minds."""

from __future__ import annotations

from dataclasses import dataclass

from dialog.interpret.en.compose import Copied, copied, copied_from_caller
from dialog.interpret.en.kinds import Kind
from dialog.interpret.en.phrase_readings import Reading
from dialog.interpret.en.readings import readings_of, title_of
from dialog.interpret.pack import Utterance, View

MAX_TURNS_BACK = 8
"""User turns that are looked back at, besides the first of the topic."""
MAX_REPLY_CHARS = 700
MAX_OLD_REPLY_CHARS = 250
"""Of a reply its beginning counts; what it says later is elaboration."""
OTHER_TOPIC = 1.0
"""How much less a mention of an earlier topic weighs."""
PER_TURN = 1.2
LATER_TURNS = 0.5
"""How much a mention fades with the next user turn, and with those after it."""
FIRST_TURN = 0.8
"""How much more the first turn weighs: what a dialog opens with it is mostly about."""
AGAIN = 0.4
"""How much more a mention weighs for every time (up to three) that its head came up before."""
THEME_WEIGHT = 0.8
"""The least weight of a mention that a bare relational noun or a bare "one" is taken to belong to."""


@dataclass(frozen=True)
class Mention:
    """One noun phrase of the dialog (or a text of the caller), with `weight`, higher is more on people's minds."""

    where: Utterance | None
    caller: tuple[str, str] | None
    start: int
    end: int
    core_start: int
    core_end: int
    det: str
    head: str
    kind: Kind
    plural: bool
    proper: bool
    weight: float
    ago: int
    """User turns ago; 0 is the latest."""
    order: int
    """Place among all mentions, for ties and for "the two before"."""

    @property
    def said(self) -> str:
        return self.where.text if self.where is not None else (self.caller or ("", ""))[1]

    @property
    def text(self) -> str:
        return self.said[self.start : self.end]

    @property
    def core(self) -> str:
        return self.said[self.core_start : self.end]

    @property
    def by_user(self) -> bool:
        return self.where is not None and self.where.role == "user"

    def copy(self, start: int | None = None, end: int | None = None) -> Copied:
        """The mention, or characters `start`..`end` of what it was said in, as a sourced part."""
        a, b = self.start if start is None else start, self.end if end is None else end
        if self.where is not None:
            return copied(self.where, a, b)
        name, text = self.caller or ("", "")
        return copied_from_caller(name, text, a, b)


def mentions_of(view: View) -> tuple[Mention, ...]:
    """The mentions of the dialog, heaviest first; those of other topics than the active one are lighter, and one weighs
    more the more often its head came up before."""
    found: list[Mention] = []
    seen: dict[str, int] = {}
    total = sum(said.role == "user" for said in view.utterances)
    users = 0
    for i, said in enumerate(view.utterances):
        users += said.role == "user"
        ago = total - max(users, 1)
        if ago > MAX_TURNS_BACK and i > 1:
            continue
        less = faded(ago) + (OTHER_TOPIC if said.topic_id and said.topic_id != view.state.active_topic else 0.0)
        less -= FIRST_TURN if i == 0 else 0.0
        question = view.utterances[i - 1].text if i and said.role == "assistant" else None
        chars = MAX_REPLY_CHARS if ago < 2 else MAX_OLD_REPLY_CHARS
        for light in readings_of(said.text, said.role == "user", question, chars):
            again = seen.get(light.head, 0)
            seen[light.head] = again + 1
            weight = light.weight - less + AGAIN * min(again, 3)
            found.append(_mention(light, said, None, weight, ago, len(found)))
    for name, text in view.caller:
        if name in TITLE_NAMES and (title := title_of(text)) is not None:
            weight = title.weight + AGAIN * min(seen.get(title.head, 0), 3)
            found.append(_mention(title, None, (name, text), weight, 0, len(found)))
    return tuple(sorted(found, key=lambda mention: -mention.weight))


def faded(ago: int) -> float:
    """How much a mention has faded after `ago` user turns: fast at first, then slowly."""
    return PER_TURN * ago if ago < 2 else PER_TURN + LATER_TURNS * (ago - 1) ** 0.7


TITLE_NAMES = frozenset({"title", "topic", "subject", "entity"})


def _mention(
    light: Reading, said: Utterance | None, caller: tuple[str, str] | None, weight: float, ago: int, order: int
) -> Mention:
    return Mention(
        said, caller, light.start, light.end, light.core_start, light.core_end, light.det, light.head, light.kind,
        light.plural, light.proper, weight, ago, order,
    )  # fmt: skip
