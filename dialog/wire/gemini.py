"""Gemini `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content"""

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
    string,
    with_words,
)
from dialog.wire.reading import Reading, Said, answered, numbered, reading

NAME = "gemini.generate_content"


def matches(path: str) -> bool:
    return path.endswith((":generateContent", ":streamGenerateContent"))


def read(body: Json) -> Reading:
    if body.get("cachedContent") or body.get("cached_content"):
        raise NotUnderstood("earlier messages are in the provider's cache")
    said: list[Said] = []
    for place, content in enumerate(as_list(body.get("contents"), "contents")):
        said += _said(as_object(content, "a content"), ("contents", place, "parts"))
    return reading(numbered(_merged(said)), instructions=_spoken(_system(body)))


def laid_out(body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
    contents = objects(body.get("contents"))
    last = max(place for place, content in enumerate(contents) if _asks(content))
    path = _asking(contents[last], ("parts",)).path
    new: list[object] = []
    for block in earlier:
        if block.role != "system":
            new += _contents(block)
    new.append(with_words(contents[last], path, text) if path else contents[last])
    changes = [Replacement(("contents",), [*new, *contents[last + 1 :]])]
    added = [{"text": block.text} for block in earlier if block.role == "system" and block.text]
    if added:
        name = "system_instruction" if "system_instruction" in body else "systemInstruction"
        before = _system(body)
        changes.append(Replacement((name,), {**before, "parts": [*objects(before.get("parts")), *added]}))
    return tuple(changes)


def hear(hearing: Hearing, event: str, data: Json) -> None:
    if "error" in data:
        hearing.failure = string(member(data, "error").get("status")) or "error"
    for candidate in objects(data.get("candidates")):
        if candidate.get("index", 0) != 0:
            continue
        for part in objects(member(candidate, "content").get("parts")):
            _hear_part(hearing, part)
        if candidate.get("finishReason"):
            hearing.ended = True
    if member(data, "promptFeedback").get("blockReason"):
        hearing.ended = True


def hear_whole(hearing: Hearing, body: Json) -> None:
    hear(hearing, "", body)


def _hear_part(hearing: Hearing, part: Json) -> None:
    if part.get("thought") is not True:
        hearing.say(part.get("text"))
    if call := _asked(part):
        place = len(hearing.tools)
        call_id = string(call.get("id")) or f"call_{place}"
        hearing.call(place, call_id=call_id, name=call.get("name"), arguments=call.get("args", {}))


def _said(content: Json, path: Path) -> Iterator[Said]:
    parts = [as_object(part, "a part") for part in as_list(content.get("parts"), "parts")]
    match content.get("role", "user"):
        case "user" | "function":
            answers = [answer for part in parts if (answer := _answer(part))]
            for answer in answers:
                yield Said("tool", json_text(answer.get("response", {})), call_id=string(answer.get("id")))
            if not answers:
                yield _asking(content, path)
        case "model":
            calls = tuple(_call(call) for part in parts if (call := _asked(part)))
            kept = all("text" in part or _asked(part) or part.get("thought") for part in parts)
            yield Said("assistant", _spoken(content), calls=calls, whole=kept)
        case _:
            raise NotUnderstood("a role this API does not have")


def _merged(said: list[Said]) -> list[Said]:
    """Contents of the model in a row are one reply: a client keeps a stream as it came, a content for each chunk."""
    out: list[Said] = []
    for message in said:
        if message.role == "assistant" and out and out[-1].role == "assistant":
            last = out.pop()
            message = Said(
                "assistant",
                last.text + message.text,
                calls=(*last.calls, *message.calls),
                whole=last.whole and message.whole,
            )
        out.append(message)
    return out


def _call(call: Json) -> ToolExchange:
    arguments = json_text(call.get("args", {}))
    return ToolExchange(call_id=string(call.get("id")), name=string(call.get("name")), arguments=arguments)


def _asked(part: Json) -> Json:
    return member(part, "functionCall") or member(part, "function_call")


def _answer(part: Json) -> Json:
    return member(part, "functionResponse") or member(part, "function_response")


def _asks(content: Json) -> bool:
    answers = any(_answer(part) for part in objects(content.get("parts")))
    return content.get("role", "user") == "user" and not answers


def _asking(content: Json, path: Path) -> Said:
    """The last text part; clients put documents before the question."""
    parts = objects(content.get("parts"))
    texts = [place for place, part in enumerate(parts) if isinstance(part.get("text"), str)]
    if not texts:
        return Said("user", whole=not parts)
    return Said("user", string(parts[texts[-1]]["text"]), (*path, texts[-1], "text"), whole=len(parts) == 1)


def _spoken(content: Json) -> str:
    parts = objects(content.get("parts"))
    return "".join(string(part.get("text")) for part in parts if part.get("thought") is not True)


def _system(body: Json) -> Json:
    return member(body, "systemInstruction") or member(body, "system_instruction")


def _contents(block: Block) -> Iterator[dict[str, object]]:
    if done := answered(block):
        calls = [{"functionCall": {"name": tool.name, "args": json_object(tool.arguments)}} for tool in done]
        answers = [
            {"functionResponse": {"name": tool.name, "response": json_object(tool.result or "")}} for tool in done
        ]
        yield {"role": "model", "parts": calls}
        yield {"role": "user", "parts": answers}
    if block.text:
        yield {"role": "model" if block.role == "assistant" else "user", "parts": [{"text": block.text}]}
