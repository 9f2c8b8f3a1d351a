"""OpenAI Responses over HTTP. https://platform.openai.com/docs/api-reference/responses

Its WebSocket mode does not pass through HTTP transports and is not covered.
"""

from __future__ import annotations

from collections.abc import Iterator

from dialog.prompt import Block
from dialog.state import ToolExchange
from dialog.wire.hearing import Hearing
from dialog.wire.json_splice import Path, Replacement
from dialog.wire.looking import (
    Json,
    NotUnderstood,
    as_list,
    as_object,
    json_text,
    member,
    objects,
    string,
    text_of,
    with_words,
)
from dialog.wire.reading import Reading, Said, answered, reading, user_said

NAME = "openai.responses"
_ASKED = frozenset({"input_text", "text"})
_SPOKEN = frozenset({"output_text", "refusal", "text"})
_INSTRUCTING = frozenset({"system", "developer"})
_ARGUMENTS = {"function_call": "arguments", "custom_tool_call": "input"}
_OUTPUTS = frozenset({"function_call_output", "custom_tool_call_output"})


def matches(path: str) -> bool:
    return path.endswith("/responses")


def read(body: Json) -> Reading:
    if body.get("background") is True:
        raise NotUnderstood("a background response, whose reply comes by polling")
    if body.get("prompt"):
        raise NotUnderstood("a stored prompt, whose messages are not in the request")
    said, instructions = _said(body.get("input"))
    return reading(
        said,
        instructions="\n\n".join(filter(None, (string(body.get("instructions")), *instructions))),
        dialog_id=member(body, "metadata").get("dialog_id") or _conversation(body.get("conversation")),
        previous=string(body.get("previous_response_id")) or None,
    )


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    given = body.get("input")
    items = objects(given) if isinstance(given, list) else [{"role": "user", "content": given}]
    last = max(place for place, item in enumerate(items) if item.get("role") == "user")
    path = user_said(items[last].get("content"), ("content",), _ASKED).path
    new: list[object] = [item for item in items[:last] if item.get("role") in _INSTRUCTING]
    for block in earlier:
        new += _items(block)
    new.append(with_words(items[last], path, text) if path else items[last])
    return (Replacement(("input",), [*new, *items[last + 1 :]]),)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    match data.get("type"):
        case "response.output_text.delta" | "response.refusal.delta":
            hearing.say(data.get("delta"))
        case "response.output_item.done":
            _hear_call(hearing, member(data, "item"))
        case "response.completed" | "response.incomplete":
            hearing.ended = True
            hearing.reply_id = _kept_as(member(data, "response"))
        case "response.failed":
            hearing.failure = string(member(member(data, "response"), "error").get("code")) or "error"
        case "error":
            hearing.failure = string(data.get("code")) or "error"


def hear_whole(hearing: Hearing, body: Json) -> None:
    for item in objects(body.get("output")):
        if item.get("type") == "message":
            hearing.say(text_of(item.get("content"), _SPOKEN))
        else:
            _hear_call(hearing, item)
    hearing.reply_id = _kept_as(body)
    if body.get("status") in ("failed", "cancelled"):
        hearing.failure = string(member(body, "error").get("code")) or string(body.get("status"))
    else:
        hearing.ended = True


def _said(given: object) -> tuple[list[Said], list[str]]:
    """The messages among the input items, and the instructions among them."""
    if isinstance(given, str):
        return [Said("user", given, ("input",))], []
    said: list[Said] = []
    instructions: list[str] = []
    for place, item in enumerate(as_list(given, "input")):
        item = as_object(item, "an input item")
        content, kind = item.get("content"), item.get("type", "message")
        if kind == "item_reference":
            raise NotUnderstood("a reference to an item that only the provider holds")
        if kind in _ARGUMENTS:
            said.append(Said("assistant", calls=(_call(item),)))
        elif kind in _OUTPUTS:
            said.append(Said("tool", _output(item.get("output")), call_id=string(item.get("call_id"))))
        elif kind != "message":
            # Compaction, calls of hosted tools, approvals: they go along as they are.
            said.append(Said("assistant", whole=kind == "reasoning"))
        elif item.get("role") in _INSTRUCTING:
            instructions.append(text_of(content, _ASKED))
        else:
            said.append(_message(item, ("input", place, "content")))
    return said, instructions


def _message(item: Json, path: Path) -> Said:
    match item.get("role"):
        case "user":
            return user_said(item.get("content"), path, _ASKED)
        case "assistant":
            return Said("assistant", text_of(item.get("content"), _SPOKEN))
        case _:
            raise NotUnderstood("a role this API does not have")


def _call(item: Json) -> ToolExchange:
    arguments = json_text(item.get(_ARGUMENTS[string(item.get("type"))], ""))
    return ToolExchange(call_id=string(item.get("call_id")), name=string(item.get("name")), arguments=arguments)


def _output(output: object) -> str:
    return text_of(output, frozenset({"input_text", "output_text"})) if isinstance(output, list) else string(output)


def _hear_call(hearing: Hearing, item: Json) -> None:
    if item.get("type") in _ARGUMENTS:
        call = _call(item)
        hearing.call(call.call_id or len(hearing.tools), call_id=call.call_id, name=call.name, arguments=call.arguments)


def _kept_as(response: Json) -> str | None:
    """The id by which a later request may refer to the response; None when the provider does not keep it."""
    return None if response.get("store") is False else string(response.get("id")) or None


def _conversation(value: object) -> str | None:
    """The dialog id of a conversation that the provider keeps; given by name or as an object."""
    name = value if isinstance(value, str) else string(value.get("id")) if isinstance(value, dict) else ""
    return f"conversation:{name}" if name else None


def _items(block: Block) -> Iterator[dict[str, object]]:
    for tool in answered(block):
        call = {"call_id": tool.call_id, "name": tool.name, "arguments": tool.arguments}
        yield {"type": "function_call", **call}
        yield {"type": "function_call_output", "call_id": tool.call_id, "output": tool.result}
    if block.text:
        yield {"role": block.role, "content": block.text}
