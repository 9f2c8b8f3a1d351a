"""What the English tests share: the hand-made cases, a state from messages, and what makes two wordings the same."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dialog.interpret.en import EnglishPack
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation
from dialog.replay import replayed
from dialog.state import DialogState

CASES = Path(__file__).with_name("cases.jsonl")
LOCAL = RuleInterpreter([EnglishPack()])


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """The hand-made follow-ups: history, text, accepted rewrites ("unchanged": the text itself), accepted acts."""
    return tuple(json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines())


def after(history: Sequence[dict[str, str]]) -> DialogState:
    """The state after the messages of `history`, each read in its place."""
    return asyncio.run(replayed(history, LOCAL))


def said(*messages: str) -> list[dict[str, str]]:
    """Messages by turns, the user's first; one that begins with "a:" is a reply."""
    return [
        {"role": "assistant", "text": text.removeprefix("a:").strip()}
        if text.startswith("a:")
        else {"role": "user", "text": text.removeprefix("u:").strip()}
        for text in messages
    ]


def read(*messages: str) -> Interpretation:
    """How the last message is read after the others."""
    *history, text = messages
    return LOCAL.interpret(after(said(*history)), text)


def words(text: str) -> list[str]:
    """A wording without case and marks."""
    return re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'")).split()


def right(case: dict[str, Any]) -> bool:
    """Whether the message of `case` is read as it should be: an accepted wording, act and command."""
    meant = LOCAL.interpret(after(case["history"]), case["text"])
    accepted = [case["text"] if text == "unchanged" else text for text in case["accepted"]]
    acts = case["act"] if isinstance(case["act"], list) else [case["act"]]
    command = case.get("command") in (None, meant.command)
    return any(words(text) == words(meant.rewrite.text) for text in accepted) and meant.act in acts and command
