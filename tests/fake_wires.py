"""Which wire format a path of the fake provider has."""

from __future__ import annotations

from tests.fake_wire import AnthropicMessages, OllamaChat, OllamaInfo, OpenAIChat, Wire
from tests.fake_wire_more import Gemini, OllamaGenerate, OpenAIResponses

WIRES: dict[str, Wire] = {
    "/chat/completions": OpenAIChat(),
    "/responses": OpenAIResponses(),
    "/v1/messages": AnthropicMessages(),
    "/api/chat": OllamaChat(),
    "/api/generate": OllamaGenerate(),
    "/api/tags": OllamaInfo(),
    "/api/version": OllamaInfo(),
    ":generateContent": Gemini(),
    ":streamGenerateContent": Gemini(),
}
"""By the end of the path."""


def wire_of(path: str) -> Wire | None:
    """The format of that path; None: no provider has such a path (add it to WIRES if one does)."""
    return next((wire for end, wire in WIRES.items() if path.endswith(end)), None)
