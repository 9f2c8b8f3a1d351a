"""Anthropic's Messages API.

https://docs.anthropic.com/en/api/messages, /en/api/messages-streaming, /en/docs/build-with-claude/prompt-caching and
https://platform.claude.com/docs/en/build-with-claude/structured-outputs
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dialog.backends.base import Finish, Schema
from dialog.backends.calls import Calls, Waiting
from dialog.backends.decode import ServerSentEvents
from dialog.backends.http import Failed, HttpBackend, Malformed, Reading, checked_key, count_of, message_of, text_of
from dialog.backends.render import answered, arguments_of, leading_system
from dialog.backends.retry import CallPolicy
from dialog.prompt import Block, GroundedPrompt

VERSION = "2023-06-01"
MAX_CACHE_MARKS = 4
"""A request may hold this many cache breakpoints; the last ones cover the most."""

_FINISH: Mapping[str, Finish] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "filter",
    "tool_use": "tool",
}


class AnthropicBackend(HttpBackend):
    """A Claude model. `max_tokens` bounds the reply, which the API demands; `extra` goes into every request body.

    Cache breakpoints are set where the prompt has its cache marks. `client` is borrowed, not closed.
    """

    def __init__(
        self,
        model: str,
        api_key: str | SecretStr,
        base_url: str = "https://api.anthropic.com",
        *,
        max_tokens: int = 4096,
        extra: Mapping[str, object] | None = None,
        policy: CallPolicy | None = None,
        client: httpx.AsyncClient | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        if max_tokens < 1:
            raise ValueError(f"max_tokens must be at least 1, got {max_tokens}")
        headers = {"x-api-key": checked_key(api_key, provider="Anthropic"), "anthropic-version": VERSION}
        super().__init__(
            AnthropicMessages(model, max_tokens, extra or {}),
            Calls(f"anthropic:{model}", base_url, headers=headers, policy=policy, client=client, waiting=waiting),
        )


class AnthropicMessages:
    """The Messages dialect."""

    path = "/v1/messages"

    def __init__(self, model: str, max_tokens: int, extra: Mapping[str, object]) -> None:
        self._model = model
        self._max_tokens = max_tokens
        self._extra = extra

    def body(self, prompt: GroundedPrompt, *, stream: bool, schema: Schema | None) -> dict[str, object]:
        blocks = _marked(prompt)
        head = leading_system(blocks)
        body: dict[str, object] = {"model": self._model, "max_tokens": self._max_tokens}
        if system := [part for block in head for part in _texts(block)]:
            body["system"] = system
        body["messages"] = _messages(blocks[len(head) :])
        if stream:
            body["stream"] = True
        if schema is not None:
            body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
        return body | dict(self._extra)

    def decoder(self) -> ServerSentEvents:
        return ServerSentEvents()

    def reading(self) -> AnthropicReading:
        return AnthropicReading()


def _marked(prompt: GroundedPrompt) -> list[Block]:
    """The blocks, with no more than the last MAX_CACHE_MARKS cache marks left."""
    marked = [n for n, block in enumerate(prompt.blocks) if block.cache_mark]
    over = set(marked[:-MAX_CACHE_MARKS])
    return [
        block.model_copy(update={"cache_mark": False}) if n in over else block for n, block in enumerate(prompt.blocks)
    ]


def _messages(blocks: Sequence[Block]) -> list[dict[str, object]]:
    """Messages of alternating roles; what follows in the same role joins the message before as a content part."""
    messages: list[dict[str, object]] = []
    for block in blocks:
        for role, parts in _turns(block):
            if messages and messages[-1]["role"] == role:
                last = messages[-1]["content"]
                assert isinstance(last, list)
                last += parts
            else:
                messages.append({"role": role, "content": parts})
    return messages


def _turns(block: Block) -> list[tuple[str, list[dict[str, object]]]]:
    """The block as (role, content parts): each tool use, its result in the user's role, then the text."""
    turns: list[tuple[str, list[dict[str, object]]]] = []
    for exchange in answered(block):
        use: dict[str, object] = {
            "type": "tool_use",
            "id": exchange.call_id,
            "name": exchange.name,
            "input": arguments_of(exchange),
        }
        result: dict[str, object] = {
            "type": "tool_result",
            "tool_use_id": exchange.call_id,
            "content": exchange.result,
        }
        turns += [("assistant", [use]), ("user", [result])]
    # The API has no system role among messages; a late system block is fenced data and goes in the user's.
    if texts := _texts(block):
        turns.append(("assistant" if block.role == "assistant" else "user", texts))
    return turns


def _texts(block: Block) -> list[dict[str, object]]:
    """The block's text as a content part; none for blank text, which the API refuses."""
    if not block.text.strip():
        return []
    part: dict[str, object] = {"type": "text", "text": block.text}
    if block.cache_mark:
        part["cache_control"] = {"type": "ephemeral"}
    return [part]


class AnthropicReading(Reading):
    """Events from `message_start` to `message_stop`, or one message."""

    def take(self, message: str) -> str:
        event = message_of(message)
        match event.get("type"):
            case "content_block_delta":
                return _delta(event.get("delta"))
            case "message_start":
                self._count(_object(event.get("message"), "message"))
            case "message_delta":
                self._count(event)
                self._finish(_object(event.get("delta"), "delta"))
            case "message_stop":
                self.whole = self.over = True
            case "error":
                raise Failed(event.get("error"))
        return ""  # pings, block borders, and kinds added later, which clients must pass over

    def take_all(self, body: dict[str, Any]) -> str:
        if body.get("type") == "error":
            raise Failed(body.get("error"))
        content = body.get("content")
        if not isinstance(content, list):
            raise Malformed("no list in 'content'")
        self._count(body)
        self._finish(body)
        parts = [_object(part, "content") for part in content]
        return "".join(text_of(part.get("text"), "text") for part in parts if part.get("type") == "text")

    def _finish(self, said: dict[str, Any]) -> None:
        reason = said.get("stop_reason")
        if reason is not None:
            self.whole = True
            self.usage = self.usage.model_copy(update={"finish": _FINISH.get(str(reason), "other")})

    def _count(self, said: dict[str, Any]) -> None:
        """Counts are cumulative, and a later event leaves out what it does not change."""
        usage = said.get("usage")
        if not isinstance(usage, dict):
            return
        read = max(self.usage.cache_read_tokens, count_of(usage, "cache_read_input_tokens"))
        written = max(self.usage.cache_write_tokens, count_of(usage, "cache_creation_input_tokens"))
        # `input_tokens` leaves out what was read from or written to the cache.
        total = count_of(usage, "input_tokens") + read + written
        self.usage = self.usage.model_copy(
            update={
                "input_tokens": max(self.usage.input_tokens, total),
                "cache_read_tokens": read,
                "cache_write_tokens": written,
                "output_tokens": max(self.usage.output_tokens, count_of(usage, "output_tokens")),
            }
        )


def _delta(delta: object) -> str:
    said = _object(delta, "delta")
    return text_of(said.get("text"), "delta.text") if said.get("type") == "text_delta" else ""


def _object(value: object, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"no object in {field!r}")
    return value
