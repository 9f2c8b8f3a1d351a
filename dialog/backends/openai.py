"""Chat Completions, of OpenAI and of every server that speaks it (vLLM, llama.cpp, LM Studio, DeepSeek, Azure ...).

https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import httpx
from pydantic import SecretStr

from dialog.backends.base import Finish, Schema, Usage
from dialog.backends.calls import Calls, Waiting
from dialog.backends.decode import ServerSentEvents
from dialog.backends.http import Failed, HttpBackend, Malformed, Reading, checked_key, count_of, message_of, text_of
from dialog.backends.render import chat_messages
from dialog.backends.retry import CallPolicy
from dialog.prompt import GroundedPrompt
from dialog.state import ToolExchange

Structured = Literal["json_schema", "json_object"]

_FINISH: Mapping[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "filter",
    "tool_calls": "tool",
    "function_call": "tool",
}


class OpenAIBackend(HttpBackend):
    """A model behind an OpenAI-compatible endpoint.

    `api_key` None: no key is sent (local servers). `extra` goes into every request body as it is (temperature,
    max_completion_tokens, reasoning_effort, prompt_cache_key ...). `structured` is what the server understands of
    `response_format`: "json_schema" is enforced, "json_object" only promises JSON, so the prompt has to say which.
    `client` is borrowed, not closed.
    """

    def __init__(
        self,
        model: str,
        api_key: str | SecretStr | None = None,
        base_url: str = "https://api.openai.com/v1",
        *,
        extra: Mapping[str, object] | None = None,
        structured: Structured = "json_schema",
        policy: CallPolicy | None = None,
        client: httpx.AsyncClient | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        key = None if api_key is None else checked_key(api_key, provider="OpenAI")
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        super().__init__(
            OpenAIChat(model, extra or {}, structured),
            Calls(f"openai:{model}", base_url, headers=headers, policy=policy, client=client, waiting=waiting),
        )


class OpenAIChat:
    """The Chat Completions dialect."""

    path = "/chat/completions"

    def __init__(self, model: str, extra: Mapping[str, object], structured: Structured) -> None:
        self._model = model
        self._extra = extra
        self._structured = structured

    def body(self, prompt: GroundedPrompt, *, stream: bool, schema: Schema | None) -> dict[str, object]:
        body: dict[str, object] = {"model": self._model, "messages": chat_messages(prompt, _exchange)}
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        if schema is not None:
            body["response_format"] = self._format(schema)
        return body | dict(self._extra)

    def decoder(self) -> ServerSentEvents:
        return ServerSentEvents()

    def reading(self) -> OpenAIReading:
        return OpenAIReading()

    def _format(self, schema: Schema) -> dict[str, object]:
        if self._structured == "json_object":
            return {"type": "json_object"}
        return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}


def _exchange(exchange: ToolExchange) -> list[dict[str, object]]:
    function = {"name": exchange.name, "arguments": exchange.arguments}
    call = {"id": exchange.call_id, "type": "function", "function": function}
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": exchange.call_id, "content": exchange.result},
    ]


class OpenAIReading(Reading):
    """`chat.completion.chunk` objects up to `[DONE]`, or one `chat.completion`."""

    def take(self, message: str) -> str:
        if message == "[DONE]":
            self.whole = self.over = True
            return ""
        chunk = message_of(message)
        if chunk.get("error"):
            raise Failed(chunk["error"])
        self._count(chunk)
        choice = _first_choice(chunk)
        if choice is None:
            return ""
        self._finish(choice)
        return _words(choice.get("delta"), "delta.content")

    def take_all(self, body: dict[str, Any]) -> str:
        if body.get("error"):
            raise Failed(body["error"])
        choice = _first_choice(body)
        if choice is None:
            raise Malformed("no 'choices'")
        self._count(body)
        self._finish(choice)
        return _words(choice.get("message"), "message.content")

    def _finish(self, choice: dict[str, Any]) -> None:
        reason = choice.get("finish_reason")
        if reason is not None:
            # Some servers send no [DONE]; a reply whose reason to end was given is whole all the same.
            self.whole = True
            self.usage = self.usage.model_copy(update={"finish": _FINISH.get(str(reason), "other")})

    def _count(self, body: dict[str, Any]) -> None:
        usage = body.get("usage")
        if not isinstance(usage, dict):
            return
        self.usage = Usage(
            input_tokens=count_of(usage, "prompt_tokens"),
            cache_read_tokens=count_of(usage, "prompt_tokens_details", "cached_tokens"),
            cache_write_tokens=count_of(usage, "prompt_tokens_details", "cache_write_tokens"),
            output_tokens=count_of(usage, "completion_tokens"),
            finish=self.usage.finish,
        )


def _first_choice(body: dict[str, Any]) -> dict[str, Any] | None:
    choices = body.get("choices")
    if choices is not None and not isinstance(choices, list):
        raise Malformed("no list in 'choices'")
    choice = choices[0] if choices else None
    if choice is not None and not isinstance(choice, dict):
        raise Malformed("no object in 'choices'")
    return choice


def _words(said: object, field: str) -> str:
    """The text of a message or delta; a refusal is what the model has to say, too."""
    if said is None:
        return ""
    if not isinstance(said, dict):
        raise Malformed(f"no object for {field!r}")
    return text_of(said.get("content"), field) or text_of(said.get("refusal"), "refusal")
