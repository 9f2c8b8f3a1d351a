"""Ollama `/api/chat`: JSON lines, streamed unless told otherwise.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from __future__ import annotations

from collections.abc import Iterator

from dialog.prompt import Block
from dialog.state import ToolExchange
from dialog.wire.hearing import Hearing
from dialog.wire.json_splice import Path, Replacement
from dialog.wire.looking import Json, NotUnderstood, as_list, as_object, json_object, json_text, member, objects, string
from dialog.wire.reading import Reading, Said, answered, numbered, reading

NAME = "ollama.chat"


def matches(path: str) -> bool:
    return path.endswith("/api/chat")


def read(body: Json) -> Reading:
    messages = [as_object(message, "a message") for message in as_list(body.get("messages"), "messages")]
    said = [_said(message, ("messages", place)) for place, message in enumerate(messages) if not _instructs(message)]
    instructions = "\n\n".join(string(message.get("content")) for message in messages if _instructs(message))
    return reading(numbered(said), instructions=instructions)


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    messages = objects(body.get("messages"))
    last = max(place for place, message in enumerate(messages) if message.get("role") == "user")
    new: list[object] = [message for message in messages[:last] if _instructs(message)]
    for block in earlier:
        new += _messages(block)
    new.append({**messages[last], "content": text})
    return (Replacement(("messages",), [*new, *messages[last + 1 :]]),)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    if "error" in data:
        hearing.failure = "error"
    message = member(data, "message")
    hearing.say(message.get("content"))
    for call in objects(message.get("tool_calls")):
        asked = member(call, "function")
        place = len(hearing.tools)
        call_id = string(call.get("id")) or f"call_{place}"
        hearing.call(place, call_id=call_id, name=asked.get("name"), arguments=asked.get("arguments"))
    if data.get("done") is True:
        hearing.ended = True


def hear_whole(hearing: Hearing, body: Json) -> None:
    hear(hearing, "", body)


def _instructs(message: Json) -> bool:
    return message.get("role") == "system"


def _said(message: Json, path: Path) -> Said:
    content = message.get("content", "")
    if not isinstance(content, str):
        raise NotUnderstood("content is not text")
    match message.get("role"):
        case "user":
            return Said("user", content, (*path, "content"), whole=not message.get("images"))
        case "assistant":
            return Said("assistant", content, calls=tuple(_calls(message)))
        case "tool":
            return Said("tool", content, call_id=string(message.get("tool_call_id")))
        case _:
            raise NotUnderstood("a role this API does not have")


def _calls(message: Json) -> Iterator[ToolExchange]:
    for call in objects(message.get("tool_calls")):
        asked = member(call, "function")
        arguments = json_text(asked.get("arguments", {}))
        yield ToolExchange(call_id=string(call.get("id")), name=string(asked.get("name")), arguments=arguments)


def _messages(block: Block) -> Iterator[dict[str, object]]:
    if done := answered(block):
        calls = [{"function": {"name": tool.name, "arguments": json_object(tool.arguments)}} for tool in done]
        yield {"role": "assistant", "content": "", "tool_calls": calls}
        for tool in done:
            yield {"role": "tool", "tool_name": tool.name, "content": tool.result}
    if block.text:
        yield {"role": block.role, "content": block.text}
