"""What an API shape is, and which one a request has."""

from __future__ import annotations

from typing import Protocol

from dialog.prompt import Block
from dialog.wire import anthropic_messages, gemini, ollama_chat, ollama_generate, openai_chat, openai_responses
from dialog.wire.hearing import Hearing
from dialog.wire.json_splice import Replacement
from dialog.wire.looking import Json
from dialog.wire.reading import Reading


class Api(Protocol):
    """One API shape: a module of pure functions over parsed bodies."""

    NAME: str

    def matches(self, path: str) -> bool:
        """Whether a POST to `path` has this shape."""
        ...

    def read(self, body: Json) -> Reading:
        """What the request says; raises NotUnderstood."""
        ...

    def laid_out(self, body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
        """The changes that put the blocks `earlier` (snapshot and turns) in place of the older messages.

        The caller's instructions stay, and so do the last user message, with `text` for its words, and all after it.
        """
        ...

    def hear(self, hearing: Hearing, event: str, data: Json) -> None:
        """Takes in one event of a streamed reply."""
        ...

    def hear_whole(self, hearing: Hearing, body: Json) -> None:
        """Takes in a reply that came in one piece."""
        ...


APIS: tuple[Api, ...] = (openai_chat, openai_responses, anthropic_messages, ollama_chat, ollama_generate, gemini)


def api_of(method: str, path: str) -> Api | None:
    """The shape of a request to that path (without its query); None when this package does not know it."""
    if method.upper() != "POST":
        return None
    path = path.rstrip("/")
    return next((api for api in APIS if api.matches(path)), None)
