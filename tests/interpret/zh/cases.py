"""Reads the hand-made cases, and builds the dialog state that their histories lead to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from dialog.change import TurnClosed, TurnOpened, fold
from dialog.interpret.rules import RuleInterpreter
from dialog.interpret.zh import ChinesePack
from dialog.state import DialogState

HERE = Path(__file__).parent
RULES = RuleInterpreter(packs=[ChinesePack()])


@dataclass
class Case:
    """`accept`: rewrites that are right, "." for unchanged; a rewrite that has all of `holds` and none of `lacks` is
    right too, where there are any. `acts`: acts that are right, none: any."""

    kind: str
    history: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    accept: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.kind}: {' / '.join(words for _, words in self.history)} > {self.text}"

    def wrong(self, text: str, act: str) -> str | None:
        """What is wrong about this outcome, None when it is right."""
        wanted = [self.text if one == "." else one for one in self.accept]
        if bare(text) not in {bare(one) for one in wanted} and not self._has_what_it_must(text):
            wish = [*wanted, *self.holds, *(f"not {part}" for part in self.lacks)]
            return f"{self.name}\n    got  {text}\n    want {' | '.join(wish)}"
        if self.acts and act not in self.acts:
            return f"{self.name}\n    act {act}, want {' '.join(self.acts)}"
        return None

    def _has_what_it_must(self, text: str) -> bool:
        words = bare(text)
        has, lacks = [bare(part) in words for part in self.holds], [bare(part) not in words for part in self.lacks]
        return bool(self.holds) and all(has) and all(lacks)


def bare(text: str) -> str:
    """`text` without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def cases(file: str) -> list[Case]:
    found: list[Case] = []
    kind = ""
    for block in re.split(r"\n\s*\n", (HERE / file).read_text(encoding="utf-8")):
        case = Case(kind)
        for line in block.splitlines():
            mark, _, rest = line.partition(" ")
            match mark:
                case "##":
                    kind = case.kind = rest
                case "u:" | "a:":
                    case.history.append((mark[0], rest))
                case ">":
                    case.text = rest.replace("\\n", "\n")
                case "=":
                    case.accept.append(rest)
                case "@":
                    case.acts = rest.split()
                case "&":
                    case.holds = rest.split()
                case "!":
                    case.lacks = rest.split()
                case "..." if found:  # goes on from the case before
                    case.history = [*found[-1].history, ("u", found[-1].text)]
                case "#":
                    pass
                case _:  # a reply of several lines
                    role, words = case.history[-1]
                    case.history[-1] = (
                        role,
                        f"{words}\n{line.removeprefix('|').removeprefix(' ') if line[:1] == '|' else line}",
                    )
        if case.text:
            found.append(case)
    return found


def dialog(history: list[tuple[str, str]]) -> DialogState:
    """The state after `history`, each user turn interpreted by the rules."""
    state = DialogState(dialog_id="d")
    for i, (role, words) in enumerate(history):
        if role == "u":
            meant = RULES.interpret(state, words)
            opened = TurnOpened(turn_id=f"u{i}", user=words, sent=words, interpretation=meant, at=i, lease_until=i + 1)
            state = fold(state, opened)
        else:
            state = fold(state, TurnClosed(turn_id=state.turns[-1].turn_id, reply=words, at=i))
    return state
