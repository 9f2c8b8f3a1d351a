"""How replies and errors look on the wire of each provider: pure functions, written from the public API references.

OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat (plain JSON; `data:` events, `[DONE]`).
Anthropic Messages: https://docs.anthropic.com/en/api/messages and /en/api/messages-streaming (named events).
Ollama: https://github.com/ollama/ollama/blob/main/docs/api.md (`/api/chat`, one JSON object a line).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True)
class ToolCall:
    """A call the assistant makes; `arguments` is JSON text."""

    call_id: str
    name: str
    arguments: str = "{}"


@dataclass(frozen=True)
class Tokens:
    """Usage as the provider would bill it; `cached` of the input was read from the prompt cache."""

    input: int = 11
    cached: int = 4
    output: int = 7


@dataclass(frozen=True)
class Reply:
    """An assistant's reply.

    `pieces` are the text deltas of a stream (default: one per word or character of `text`); `pause` holds the stream
    back before the piece of that number until the event is set; `wait_for` holds the whole answer back, headers
    included. `split` cuts the bytes of the stream into chunks of that size, wherever that falls. `end_mark` False
    leaves out what says that the reply is whole; `hang_up` breaks the connection instead of ending the body;
    `linger` holds the end of a stream's body back until the event is set.
    `inject` puts raw bytes into the stream before the piece of that number.
    """

    text: str = ""
    pieces: Sequence[str] | None = None
    tools: Sequence[ToolCall] = ()
    tokens: Tokens = field(default_factory=Tokens)
    finish: str = "stop"
    """"stop", "length", "filter" or "tool"."""
    model: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    wait_for: asyncio.Event | None = None
    pause: tuple[int, asyncio.Event] | None = None
    split: int | None = None
    end_mark: bool = True
    hang_up: bool = False
    linger: asyncio.Event | None = None
    inject: tuple[int, bytes] | None = None

    @property
    def deltas(self) -> list[str]:
        if self.pieces is not None:
            return list(self.pieces)
        words = self.text.split(" ")
        return [word if n == 0 else " " + word for n, word in enumerate(words)] if self.text else []

    @property
    def whole(self) -> str:
        return "".join(self.deltas)


@dataclass(frozen=True)
class Failure:
    """An HTTP error in the provider's own form. `retry_after` is the header as sent: seconds, or `http_date(...)`."""

    status: int
    retry_after: str | None = None
    message: str = "scripted failure"
    kind: str = "scripted_error"
    headers: tuple[tuple[str, str], ...] = ()


def http_date(epoch_s: float) -> str:
    """An IMF-fixdate (RFC 9110 section 5.6.7), as `Retry-After` may hold."""
    return formatdate(epoch_s, usegmt=True)


@dataclass(frozen=True)
class Frame:
    """Bytes of a stream that belong together; they wait for `after`."""

    data: bytes
    after: asyncio.Event | None = None


class Wire(Protocol):
    """One provider's format."""

    stream_type: str

    def wants_stream(self, path: str, asked: Any) -> bool: ...
    def plain(self, reply: Reply, asked: Any) -> bytes: ...
    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]: ...
    def failure(self, failure: Failure) -> bytes: ...


def to_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def deltas(reply: Reply, form: Any) -> Iterator[Frame]:
    """A frame per text delta, made by `form(text) -> bytes`, with the reply's pause and injection in place."""
    deltas = reply.deltas
    for number in range(len(deltas) + 1):
        after = reply.pause[1] if reply.pause and reply.pause[0] == number else None
        if reply.inject and reply.inject[0] == number:
            yield Frame(reply.inject[1], after)
        if number < len(deltas):
            yield Frame(form(deltas[number]), after)
        elif after is not None:
            yield Frame(b"", after)


class OpenAIChat:
    """`POST .../chat/completions`."""

    stream_type = "text/event-stream"
    _FINISH: ClassVar = {"stop": "stop", "length": "length", "filter": "content_filter", "tool": "tool_calls"}

    def wants_stream(self, path: str, asked: Any) -> bool:
        return bool(asked.get("stream"))

    def plain(self, reply: Reply, asked: Any) -> bytes:
        message: dict[str, object] = {"role": "assistant", "content": reply.whole or None}
        if reply.tools:
            message["tool_calls"] = [self._call(call) for call in reply.tools]
        choice = {"index": 0, "message": message, "finish_reason": self._FINISH[reply.finish], "logprobs": None}
        head = self._head(reply, asked, "chat.completion")
        return to_json(head | {"choices": [choice], "usage": self._usage(reply)})

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        yield Frame(self._chunk(reply, asked, {"role": "assistant", "content": ""}))
        yield from deltas(reply, lambda text: self._chunk(reply, asked, {"content": text}))
        for index, call in enumerate(reply.tools):
            yield Frame(self._chunk(reply, asked, {"tool_calls": [{"index": index} | self._call(call)]}))
        if not reply.end_mark:
            return
        yield Frame(self._chunk(reply, asked, {}, finish=self._FINISH[reply.finish]))
        if (asked.get("stream_options") or {}).get("include_usage"):
            usage = self._head(reply, asked, "chat.completion.chunk") | {"choices": [], "usage": self._usage(reply)}
            yield Frame(b"data: " + to_json(usage) + b"\n\n")
        yield Frame(b"data: [DONE]\n\n")

    def failure(self, failure: Failure) -> bytes:
        error = {"message": failure.message, "type": failure.kind, "param": None, "code": failure.kind}
        return to_json({"error": error})

    def _head(self, reply: Reply, asked: Any, kind: str) -> dict[str, object]:
        model = reply.model or asked.get("model", "")
        return {"id": "chatcmpl-1", "object": kind, "created": 1700000000, "model": model}

    def _chunk(self, reply: Reply, asked: Any, delta: dict[str, object], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        head = self._head(reply, asked, "chat.completion.chunk")
        return b"data: " + to_json(head | {"choices": [choice]}) + b"\n\n"

    def _call(self, call: ToolCall) -> dict[str, object]:
        return {"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}

    def _usage(self, reply: Reply) -> dict[str, object]:
        return {
            "prompt_tokens": reply.tokens.input,
            "completion_tokens": reply.tokens.output,
            "total_tokens": reply.tokens.input + reply.tokens.output,
            "prompt_tokens_details": {"cached_tokens": reply.tokens.cached},
        }


class AnthropicMessages:
    """`POST .../v1/messages`."""

    stream_type = "text/event-stream; charset=utf-8"
    _FINISH: ClassVar = {"stop": "end_turn", "length": "max_tokens", "filter": "refusal", "tool": "tool_use"}

    def wants_stream(self, path: str, asked: Any) -> bool:
        return bool(asked.get("stream"))

    def plain(self, reply: Reply, asked: Any) -> bytes:
        content: list[dict[str, object]] = [{"type": "text", "text": reply.whole}] if reply.whole else []
        content += [self._call(call, json.loads(call.arguments)) for call in reply.tools]
        stop = self._FINISH[reply.finish]
        return to_json(self._message(reply, asked) | {"content": content, "stop_reason": stop})

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        start = self._message(reply, asked) | {"content": []}
        yield Frame(self._event({"type": "message_start", "message": start}))
        yield Frame(
            self._event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        )
        yield Frame(self._event({"type": "ping"}))
        yield from deltas(reply, lambda text: self._delta(0, {"type": "text_delta", "text": text}))
        if not reply.end_mark:
            return
        yield Frame(self._event({"type": "content_block_stop", "index": 0}))
        for index, call in enumerate(reply.tools, start=1):
            block = self._call(call, {})
            yield Frame(self._event({"type": "content_block_start", "index": index, "content_block": block}))
            yield Frame(self._delta(index, {"type": "input_json_delta", "partial_json": call.arguments}))
            yield Frame(self._event({"type": "content_block_stop", "index": index}))
        delta = {"stop_reason": self._FINISH[reply.finish], "stop_sequence": None}
        yield Frame(
            self._event({"type": "message_delta", "delta": delta, "usage": {"output_tokens": reply.tokens.output}})
        )
        yield Frame(self._event({"type": "message_stop"}))

    def failure(self, failure: Failure) -> bytes:
        error = {"type": failure.kind, "message": failure.message}
        return to_json({"type": "error", "error": error, "request_id": "req_1"})

    def _message(self, reply: Reply, asked: Any) -> dict[str, object]:
        usage = {
            "input_tokens": reply.tokens.input - reply.tokens.cached,
            "cache_read_input_tokens": reply.tokens.cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": reply.tokens.output,
        }
        model = reply.model or asked.get("model", "")
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": model,
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }

    def _call(self, call: ToolCall, arguments: object) -> dict[str, object]:
        return {"type": "tool_use", "id": call.call_id, "name": call.name, "input": arguments}

    def _delta(self, index: int, delta: dict[str, object]) -> bytes:
        return self._event({"type": "content_block_delta", "index": index, "delta": delta})

    def _event(self, body: dict[str, object]) -> bytes:
        return f"event: {body['type']}\n".encode() + b"data: " + to_json(body) + b"\n\n"


class OllamaChat:
    """`POST /api/chat`; streams unless told not to."""

    stream_type = "application/x-ndjson"
    _FINISH: ClassVar = {"stop": "stop", "length": "length", "filter": "stop", "tool": "stop"}

    def wants_stream(self, path: str, asked: Any) -> bool:
        return bool(asked.get("stream", True))

    def plain(self, reply: Reply, asked: Any) -> bytes:
        message: dict[str, object] = {"role": "assistant", "content": reply.whole}
        if reply.tools:
            message["tool_calls"] = [self._call(call) for call in reply.tools]
        return to_json(self._line(reply, asked, message) | self._end(reply))

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        yield from deltas(
            reply, lambda text: to_json(self._line(reply, asked, {"role": "assistant", "content": text})) + b"\n"
        )
        if reply.tools:
            message = {"role": "assistant", "content": "", "tool_calls": [self._call(call) for call in reply.tools]}
            yield Frame(to_json(self._line(reply, asked, message)) + b"\n")
        if reply.end_mark:
            last = self._line(reply, asked, {"role": "assistant", "content": ""}) | self._end(reply)
            yield Frame(to_json(last) + b"\n")

    def failure(self, failure: Failure) -> bytes:
        return to_json({"error": failure.message})

    def _line(self, reply: Reply, asked: Any, message: Mapping[str, object]) -> dict[str, object]:
        model = reply.model or asked.get("model", "")
        return {"model": model, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False}

    def _end(self, reply: Reply) -> dict[str, object]:
        return {
            "done": True,
            "done_reason": self._FINISH[reply.finish],
            "prompt_eval_count": reply.tokens.input,
            "eval_count": reply.tokens.output,
            "total_duration": 1,
        }

    def _call(self, call: ToolCall) -> dict[str, object]:
        return {"function": {"name": call.name, "arguments": json.loads(call.arguments)}}


class OllamaInfo(OllamaChat):
    """`GET /api/version` and `/api/tags`: a running Ollama with the models named in `Reply.text`, space-separated."""

    def wants_stream(self, path: str, asked: Any) -> bool:
        return False

    def plain(self, reply: Reply, asked: Any) -> bytes:
        models = [{"name": name, "model": name} for name in reply.whole.split()]
        return to_json({"version": "0.13.0", "models": models})
