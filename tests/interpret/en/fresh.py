"""Reads `fresh.txt`: dialogues written by hand before any output was seen, with what each message means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpreter
from dialog.replay import answered, opened
from dialog.state import DialogState
from tests.interpret.en.dialogs import words

FILE = Path(__file__).with_name("fresh.txt")


@dataclass
class Message:
    """A message and what it may be taken to mean: one of `accept` word for word (none: the message as it is), or any
    wording that has every part of one of `holds`; never one that has a part of `lacks`."""

    kind: str
    text: str
    reply: str = ""
    accept: list[str] = field(default_factory=list)
    holds: list[list[str]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)

    @property
    def alone(self) -> bool:
        """Whether nothing is to be changed."""
        return not self.accept and not self.holds

    def is_right(self, text: str) -> bool:
        found = words(text)
        if self.alone:
            return found == words(self.text)
        if any(_has(found, part) for part in self.lacks):
            return False
        exact = any(found == words(each) for each in self.accept)
        return exact or any(all(_has(found, part) for part in parts) for parts in self.holds)


def _has(text: Sequence[str], part: str) -> bool:
    wanted = words(part)
    return any(list(text[n : n + len(wanted)]) == wanted for n in range(len(text) - len(wanted) + 1))


@cache
def dialogues() -> tuple[tuple[Message, ...], ...]:
    """The dialogues of the file; the first message of each is complete and not judged."""
    return tuple(tuple(_messages(block)) for block in re.split(r"\n\s*\n", FILE.read_text(encoding="utf-8")) if block)


def _messages(block: str) -> list[Message]:
    found: list[Message] = []
    kind = "first"
    for line in block.splitlines():
        mark, rest = line[:2].strip(), line[2:].strip()
        match mark:
            case "##":
                kind = rest
            case "u:":
                found.append(Message(kind, rest))
            case "a:":
                found[-1].reply = rest
            case "|":
                found[-1].reply += f"\n{rest}"
            case "=":
                found[-1].accept.append(rest)
            case "&":
                found[-1].holds.append([part.strip() for part in rest.split("|")])
            case "!":
                found[-1].lacks += [part.strip() for part in rest.split("|")]
            case _ if not line.startswith("#") and line.strip():
                raise ValueError(f"{FILE.name}: not of the form: {line[:60]!r}")
    return found


async def judged(interpret: Interpreter | None = None) -> list[tuple[Message, str, bool]]:
    """Each message after the first of its dialogue, the rewrite that `interpret` (None: the rules) makes of it, and
    whether that is right; the dialogue goes on from what was said, as it was read."""
    reader = interpret or RuleInterpreter()
    found = []
    for dialogue in dialogues():
        state = DialogState(dialog_id="fresh")
        for number, message in enumerate(dialogue):
            meant = await reader(state, message.text)
            if number:
                found.append((message, meant.rewrite.text, message.is_right(meant.rewrite.text)))
            state = opened(state, message.text, meant)
            if message.reply:
                state = answered(state, message.reply)
    return found
