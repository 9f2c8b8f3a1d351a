"""OpenAI Chat Completions, and the many servers that speak it.

https://platform.openai.com/docs/api-reference/chat/create and /chat-streaming
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
    only_text,
    string,
    text_of,
    with_words,
)
from dialog.wire.reading import Reading, Said, answered, reading, user_said

NAME = "openai.chat"
_TEXT = frozenset({"text"})
_SPOKEN = frozenset({"text", "refusal"})
_INSTRUCTING = frozenset({"system", "developer"})


def matches(path: str) -> bool:
    return path.endswith("/chat/completions")


def read(body: Json) -> Reading:
    messages = [as_object(message, "a message") for message in as_list(body.get("messages"), "messages")]
    said = [_said(message, ("messages", place)) for place, message in enumerate(messages) if not _instructs(message)]
    instructions = "\n\n".join(text_of(message.get("content"), _TEXT) for message in messages if _instructs(message))
    return reading(said, instructions=instructions, dialog_id=member(body, "metadata").get("dialog_id"))


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    messages = objects(body.get("messages"))
    last = max(place for place, message in enumerate(messages) if message.get("role") == "user")
    path = user_said(messages[last].get("content"), ("content",), _TEXT).path
    new: list[object] = [message for message in messages[:last] if _instructs(message)]
    for block in earlier:
        new += _messages(block)
    new.append(with_words(messages[last], path, text) if path else messages[last])
    return (Replacement(("messages",), [*new, *messages[last + 1 :]]),)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    if data.get("error") is not None:
        hearing.failure = string(member(data, "error").get("type")) or "error"
    for choice in objects(data.get("choices")):
        if choice.get("index", 0) == 0:
            _hear_message(hearing, member(choice, "delta"))
            hearing.finished = hearing.finished or choice.get("finish_reason") is not None


def hear_whole(hearing: Hearing, body: Json) -> None:
    for choice in objects(body.get("choices")):
        if choice.get("index", 0) == 0:
            _hear_message(hearing, member(choice, "message"))
            hearing.ended = True


def _instructs(message: Json) -> bool:
    return message.get("role") in _INSTRUCTING


def _said(message: Json, path: Path) -> Said:
    content = message.get("content")
    match message.get("role"):
        case "user":
            return user_said(content, (*path, "content"), _TEXT)
        case "assistant":
            whole = only_text(content, _SPOKEN) and not message.get("audio")
            return Said("assistant", text_of(content, _SPOKEN), calls=tuple(_calls(message)), whole=whole)
        case "tool" | "function":
            call_id = string(message.get("tool_call_id")) or string(message.get("name"))
            return Said("tool", text_of(content, _TEXT), call_id=call_id, whole=only_text(content, _TEXT))
        case _:
            raise NotUnderstood("a role this API does not have")


def _calls(message: Json) -> Iterator[ToolExchange]:
    for call in objects(message.get("tool_calls")):
        asked = member(call, "function") or member(call, "custom")
        arguments = json_text(asked.get("arguments", asked.get("input", "")))
        yield ToolExchange(call_id=string(call.get("id")), name=string(asked.get("name")), arguments=arguments)
    if legacy := member(message, "function_call"):
        name = string(legacy.get("name"))
        yield ToolExchange(call_id=name, name=name, arguments=json_text(legacy.get("arguments", "")))


def _hear_message(hearing: Hearing, message: Json) -> None:
    hearing.say(message.get("content"))
    hearing.say(message.get("refusal"))
    for place, call in enumerate(objects(message.get("tool_calls"))):
        asked = member(call, "function") or member(call, "custom")
        key = call.get("index", place)
        hearing.call(
            key if isinstance(key, int) else place,
            call_id=call.get("id"),
            name=asked.get("name"),
            arguments=asked.get("arguments", asked.get("input")),
        )
    if legacy := member(message, "function_call"):
        name = legacy.get("name")
        hearing.call("legacy", call_id=name, name=name, arguments=legacy.get("arguments"))


def _messages(block: Block) -> Iterator[dict[str, object]]:
    if done := answered(block):
        calls = [
            {"id": tool.call_id, "type": "function", "function": {"name": tool.name, "arguments": tool.arguments}}
            for tool in done
        ]
        yield {"role": "assistant", "content": None, "tool_calls": calls}
        for tool in done:
            yield {"role": "tool", "tool_call_id": tool.call_id, "content": tool.result}
    if block.text:
        yield {"role": block.role, "content": block.text}
