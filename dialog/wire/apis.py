"""Which API shape a request has."""

from __future__ import annotations

from dialog.wire import anthropic_messages, gemini, ollama_chat, ollama_generate, openai_chat, openai_responses
from dialog.wire.reading import Api

APIS: tuple[Api, ...] = (openai_chat, openai_responses, anthropic_messages, ollama_chat, ollama_generate, gemini)


def api_of(method: str, path: str) -> Api | None:
    """The shape of a request to that path (without its query); None when this package does not know it."""
    if method.upper() != "POST":
        return None
    path = path.rstrip("/")
    return next((api for api in APIS if api.matches(path)), None)
