"""Ollama's own API, `/api/chat`.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from dialog.backends.base import Finish, Schema, Usage
from dialog.backends.calls import Calls, Waiting
from dialog.backends.decode import JsonLines
from dialog.backends.http import Failed, HttpBackend, Malformed, Reading, count_of, message_of, text_of
from dialog.backends.render import arguments_of, chat_messages
from dialog.backends.retry import CallPolicy
from dialog.prompt import GroundedPrompt
from dialog.state import ToolExchange

DEFAULT_URL = "http://127.0.0.1:11434"

_FINISH: Mapping[str, Finish] = {"stop": "stop", "length": "length"}


class OllamaBackend(HttpBackend):
    """A model of a running Ollama.

    `context_tokens` is the window (`num_ctx`) the server gives the model, prompt and reply together. It matters: a
    longer prompt is cut at its head without a word, so keep it above the pipeline's token budget by the length of a
    reply; the default suits the default budget. None leaves the server's default. `extra` goes into every request
    body. `client` is borrowed, not closed.
    """

    def __init__(
        self,
        model: str,
        base_url: str = DEFAULT_URL,
        *,
        context_tokens: int | None = 20_480,
        extra: Mapping[str, object] | None = None,
        policy: CallPolicy | None = None,
        client: httpx.AsyncClient | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        super().__init__(
            OllamaChat(model, context_tokens, extra or {}),
            Calls(f"ollama:{model}", base_url, headers={}, policy=policy, client=client, waiting=waiting),
        )


class OllamaChat:
    """The `/api/chat` dialect."""

    path = "/api/chat"

    def __init__(self, model: str, context_tokens: int | None, extra: Mapping[str, object]) -> None:
        self._model = model
        self._context_tokens = context_tokens
        self._extra = extra

    def body(self, prompt: GroundedPrompt, *, stream: bool, schema: Schema | None) -> dict[str, object]:
        body: dict[str, object] = {"model": self._model, "messages": chat_messages(prompt, _exchange), "stream": stream}
        if schema is not None:
            body["format"] = schema
        if self._context_tokens is not None:
            body["options"] = {"num_ctx": self._context_tokens}
        return body | dict(self._extra)

    def decoder(self) -> JsonLines:
        return JsonLines()

    def reading(self) -> OllamaReading:
        return OllamaReading()


def _exchange(exchange: ToolExchange) -> list[dict[str, object]]:
    call = {"function": {"name": exchange.name, "arguments": arguments_of(exchange)}}
    return [
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_name": exchange.name, "content": exchange.result},
    ]


class OllamaReading(Reading):
    """Lines up to the one with `done`, which is also the form of an answer that was not streamed."""

    def take(self, message: str) -> str:
        return self.take_all(message_of(message))

    def take_all(self, body: dict[str, Any]) -> str:
        if "error" in body:
            raise Failed(body["error"])
        message = body.get("message")
        if not isinstance(message, dict):
            raise Malformed("no object in 'message'")
        if body.get("done"):
            self.whole = self.over = True
            self.usage = Usage(
                input_tokens=count_of(body, "prompt_eval_count"),
                output_tokens=count_of(body, "eval_count"),
                finish=_FINISH.get(str(body.get("done_reason")), "other"),
            )
        return text_of(message.get("content"), "message.content")
