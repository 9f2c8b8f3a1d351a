"""More formats for the fake provider, written from the public API references.

OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and /responses-streaming.
Gemini: https://ai.google.dev/api/generate-content (plain JSON; with `alt=sse` one `data:` event a chunk, no end mark).
Ollama `/api/generate`: https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from tests.fake_wire import Failure, Frame, OllamaChat, Reply, ToolCall, deltas, to_json


class OpenAIResponses:
    """`POST .../responses`. Every reply has an id of its own."""

    stream_type = "text/event-stream"

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def wants_stream(self, path: str, asked: Any) -> bool:
        return bool(asked.get("stream"))

    def plain(self, reply: Reply, asked: Any) -> bytes:
        return to_json(self._response(reply, asked, self._output(reply)))

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        whole = self._response(reply, asked, self._output(reply))
        begun = {**whole, "output": [], "status": "in_progress", "usage": None}
        place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        number = itertools.count()

        def event(kind: str, **fields: object) -> bytes:
            body = {"type": kind, "sequence_number": next(number), **fields}
            return f"event: {kind}\n".encode() + b"data: " + to_json(body) + b"\n\n"

        yield Frame(event("response.created", response=begun))
        item = {"type": "message", "id": "msg_1", "status": "in_progress", "role": "assistant", "content": []}
        yield Frame(event("response.output_item.added", output_index=0, item=item))
        part = {"type": "output_text", "text": "", "annotations": []}
        yield Frame(event("response.content_part.added", **place, part=part))
        yield from deltas(reply, lambda text: event("response.output_text.delta", **place, delta=text, logprobs=[]))
        if not reply.end_mark:
            return
        yield Frame(event("response.output_text.done", **place, text=reply.whole, logprobs=[]))
        output: Any = whole["output"]
        for index, done in enumerate(output):
            if index:
                yield Frame(event("response.output_item.added", output_index=index, item={**done, "arguments": ""}))
            yield Frame(event("response.output_item.done", output_index=index, item=done))
        yield Frame(event("response.completed", response=whole))

    def failure(self, failure: Failure) -> bytes:
        return to_json({"error": {"message": failure.message, "type": failure.kind, "code": failure.kind}})

    def _output(self, reply: Reply) -> list[dict[str, object]]:
        text: dict[str, object] = {"type": "output_text", "text": reply.whole, "annotations": []}
        message: dict[str, object] = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant"}
        return [{**message, "content": [text]}, *(self._call(call) for call in reply.tools)]

    def _call(self, call: ToolCall) -> dict[str, object]:
        return {
            "type": "function_call",
            "id": f"fc_{call.call_id}",
            "call_id": call.call_id,
            "name": call.name,
            "arguments": call.arguments,
            "status": "completed",
        }

    def _response(self, reply: Reply, asked: Any, output: list[dict[str, object]]) -> dict[str, object]:
        return {
            "id": f"resp_{next(self._numbers)}",
            "object": "response",
            "created_at": 1700000000,
            "status": "completed",
            "model": reply.model or asked.get("model", ""),
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": reply.tokens.input,
                "input_tokens_details": {"cached_tokens": reply.tokens.cached},
                "output_tokens": reply.tokens.output,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": reply.tokens.input + reply.tokens.output,
            },
        }


class Gemini:
    """`POST .../models/{model}:generateContent` and `:streamGenerateContent?alt=sse`."""

    stream_type = "text/event-stream"
    _FINISH: ClassVar = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY", "tool": "STOP"}

    def wants_stream(self, path: str, asked: Any) -> bool:
        return path.endswith(":streamGenerateContent")

    def plain(self, reply: Reply, asked: Any) -> bytes:
        parts: list[dict[str, object]] = [{"text": reply.whole}] if reply.whole else []
        return to_json(self._chunk(reply, [*parts, *self._calls(reply)], self._FINISH[reply.finish]))

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        yield from deltas(reply, lambda text: self._event(self._chunk(reply, [{"text": text}])))
        if reply.tools:
            yield Frame(self._event(self._chunk(reply, self._calls(reply))))
        if reply.end_mark:
            yield Frame(self._event(self._chunk(reply, [{"text": ""}], self._FINISH[reply.finish])))

    def failure(self, failure: Failure) -> bytes:
        return to_json({"error": {"code": failure.status, "message": failure.message, "status": failure.kind}})

    def _calls(self, reply: Reply) -> list[dict[str, object]]:
        return [
            {"functionCall": {"id": call.call_id, "name": call.name, "args": json.loads(call.arguments)}}
            for call in reply.tools
        ]

    def _chunk(self, reply: Reply, parts: list[dict[str, object]], finish: str | None = None) -> dict[str, object]:
        candidate: dict[str, object] = {"content": {"role": "model", "parts": parts}, "index": 0}
        if finish is not None:
            candidate["finishReason"] = finish
        usage = {"promptTokenCount": reply.tokens.input, "candidatesTokenCount": reply.tokens.output}
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": reply.model or "gemini"}

    def _event(self, body: dict[str, object]) -> bytes:
        return b"data: " + to_json(body) + b"\r\n\r\n"


class OllamaGenerate(OllamaChat):
    """`POST /api/generate`; streams unless told not to, and gives a `context` that grows with each reply."""

    def plain(self, reply: Reply, asked: Any) -> bytes:
        return to_json(self._piece(reply, asked, reply.whole) | self._end(reply) | self._context(asked))

    def stream(self, reply: Reply, asked: Any) -> Iterator[Frame]:
        yield from deltas(reply, lambda text: to_json(self._piece(reply, asked, text)) + b"\n")
        if reply.end_mark:
            yield Frame(to_json(self._piece(reply, asked, "") | self._end(reply) | self._context(asked)) + b"\n")

    def _piece(self, reply: Reply, asked: Any, text: str) -> dict[str, object]:
        model = reply.model or asked.get("model", "")
        return {"model": model, "created_at": "2026-01-01T00:00:00Z", "response": text, "done": False}

    def _context(self, asked: Any) -> dict[str, object]:
        before = asked.get("context") or []
        return {"context": [*before, len(before) + 1, len(asked.get("prompt", ""))]}
