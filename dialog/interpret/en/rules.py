"""The rules of English in the order they are asked; the first that answers decides."""

from __future__ import annotations

from collections.abc import Callable

from dialog.interpret.en.message import Message
from dialog.interpret.en.pronouns import resolve_pronouns
from dialog.interpret.pack import Resolution, View

Rule = Callable[[View, Message], Resolution | None]

RULES: tuple[Rule, ...] = (resolve_pronouns,)
