"""Ollama `/api/generate`: one prompt; the conversation, if any, is an opaque `context` handed back and forth.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from __future__ import annotations

import hashlib

from dialog.prompt import Block
from dialog.wire.hearing import Hearing
from dialog.wire.json_splice import Replacement
from dialog.wire.looking import Json, NotUnderstood, json_text, string
from dialog.wire.reading import Reading, Said, reading

NAME = "ollama.generate"


def matches(path: str) -> bool:
    return path.endswith("/api/generate")


def read(body: Json) -> Reading:
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        raise NotUnderstood("no prompt")
    if body.get("raw") is True or body.get("suffix") or body.get("template"):
        raise NotUnderstood("the caller lays out the prompt itself")
    said = [Said("user", prompt, ("prompt",))]
    return reading(said, instructions=string(body.get("system")), previous=_named(body.get("context")))


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    """The earlier turns are in the provider's `context`, so only the prompt is replaced."""
    return (Replacement(("prompt",), text),)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    if "error" in data:
        hearing.failure = "error"
    hearing.say(data.get("response"))
    if data.get("done") is True:
        hearing.ended = True
        hearing.reply_id = _named(data.get("context"))


def hear_whole(hearing: Hearing, body: Json) -> None:
    hear(hearing, "", body)


def _named(context: object) -> str | None:
    """A short name for the list of token ids that stands for everything said before."""
    if not isinstance(context, list) or not context:
        return None
    return hashlib.blake2b(json_text(context).encode(), digest_size=16).hexdigest()
