"""Anthropic Messages. https://docs.anthropic.com/en/api/messages and /en/api/messages-streaming"""

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
    json_object,
    json_text,
    member,
    objects,
    only_text,
    string,
    text_of,
    with_words,
)
from dialog.wire.reading import Reading, Said, answered, reading, user_said

NAME = "anthropic.messages"
_TEXT = frozenset({"text"})
_KEPT = _TEXT | {"tool_use", "thinking", "redacted_thinking"}
"""What a state keeps of an assistant message, and reasoning, which the provider leaves out of earlier turns."""


def matches(path: str) -> bool:
    return path.endswith("/v1/messages")


def read(body: Json) -> Reading:
    said: list[Said] = []
    for place, message in enumerate(as_list(body.get("messages"), "messages")):
        said += _said(as_object(message, "a message"), ("messages", place))
    dialog_id = member(body, "metadata").get("dialog_id")
    return reading(said, instructions=text_of(body.get("system"), _TEXT), dialog_id=dialog_id)


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    messages = objects(body.get("messages"))
    last = max(place for place, message in enumerate(messages) if _asks(message))
    path = user_said(messages[last].get("content"), ("content",), _TEXT).path
    new: list[object] = []
    for block in earlier:
        if block.role != "system":
            new += _messages(block)
    new.append(with_words(messages[last], path, text) if path else messages[last])
    changes = [Replacement(("messages",), [*new, *messages[last + 1 :]])]
    blocks = [block for block in earlier if block.role == "system" and block.text]
    if blocks:
        changes.append(Replacement(("system",), _system(body.get("system"), blocks)))
    return tuple(changes)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    match data.get("type"):
        case "content_block_start":
            _hear_block(hearing, member(data, "content_block"), data.get("index"), streamed=True)
        case "content_block_delta":
            delta = member(data, "delta")
            if delta.get("type") == "text_delta":
                hearing.say(delta.get("text"))
            elif delta.get("type") == "input_json_delta":
                hearing.call(_place(data.get("index")), arguments=delta.get("partial_json"))
        case "message_stop":
            hearing.ended = True
        case "error":
            hearing.failure = string(member(data, "error").get("type")) or "error"


def hear_whole(hearing: Hearing, body: Json) -> None:
    for place, block in enumerate(objects(body.get("content"))):
        _hear_block(hearing, block, place, streamed=False)
    hearing.ended = body.get("type") == "message"


def _hear_block(hearing: Hearing, block: Json, place: object, *, streamed: bool) -> None:
    match block.get("type"):
        case "text":
            hearing.say(block.get("text"))
        case "tool_use":
            # A streamed call starts with an empty `input`; its arguments follow as text.
            arguments = None if streamed else block.get("input")
            hearing.call(_place(place), call_id=block.get("id"), name=block.get("name"), arguments=arguments)


def _place(index: object) -> int:
    return index if isinstance(index, int) else 0


def _said(message: Json, path: Path) -> Iterator[Said]:
    content = message.get("content")
    match message.get("role"):
        case "user":
            results = [block for block in objects(content) if block.get("type") == "tool_result"]
            for block in results:
                whole = len(results) == len(objects(content)) and only_text(block.get("content"), _TEXT)
                yield Said("tool", _result(block), call_id=string(block.get("tool_use_id")), whole=whole)
            if not results:
                yield user_said(content, (*path, "content"), _TEXT)
        case "assistant":
            calls = tuple(
                ToolExchange(
                    call_id=string(block.get("id")),
                    name=string(block.get("name")),
                    arguments=json_text(block.get("input", {})),
                )
                for block in objects(content)
                if block.get("type") == "tool_use"
            )
            yield Said("assistant", text_of(content, _TEXT), calls=calls, whole=only_text(content, _KEPT))
        case "system":  # allowed between messages on some models; nobody says it, and it goes along as it is
            yield Said("assistant", whole=False)
        case _:
            raise NotUnderstood("a role this API does not have")


def _asks(message: Json) -> bool:
    results = any(block.get("type") == "tool_result" for block in objects(message.get("content")))
    return message.get("role") == "user" and not results


def _result(block: Json) -> str:
    content = block.get("content", "")
    return content if isinstance(content, str) else text_of(content, _TEXT)


def _system(before: object, blocks: list[Block]) -> object:
    """The caller's system prompt, its cache marks kept, followed by the blocks."""
    added = "\n\n".join(block.text for block in blocks)
    if isinstance(before, list):
        return [*before, {"type": "text", "text": added}]
    return f"{before}\n\n{added}" if before else added


def _messages(block: Block) -> Iterator[dict[str, object]]:
    if done := answered(block):
        calls = [
            {"type": "tool_use", "id": tool.call_id, "name": tool.name, "input": json_object(tool.arguments)}
            for tool in done
        ]
        results = [{"type": "tool_result", "tool_use_id": tool.call_id, "content": tool.result} for tool in done]
        yield {"role": "assistant", "content": calls}
        yield {"role": "user", "content": results}
    if block.text:
        yield {"role": block.role, "content": block.text}
