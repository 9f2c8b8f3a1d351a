"""What a request says and what a reply said, in one form for every API shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from dialog.prompt import Block
from dialog.state import ToolExchange
from dialog.wire.json_splice import Path, Replacement

Json = Mapping[str, object]


class NotUnderstood(Exception):
    """The body is outside what this package reads; `reason` is short, stable, and holds no user text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a request. `path` is where the user's words stand in the body (None: there are none).

    `calls` are the tool calls of an assistant message; `call_id` is the call that a tool message answers. `whole`: all
    that the message holds, but reasoning, is in these fields.
    """

    role: Literal["user", "assistant", "tool"]
    text: str = ""
    path: Path | None = None
    calls: tuple[ToolExchange, ...] = ()
    call_id: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """A user message with everything that answered it; `user` is "" when the message held no text.

    A tool exchange without a name is a result whose call is not in the request.
    """

    user: str
    path: Path | None = None
    reply: str = ""
    tools: tuple[ToolExchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A request, understood.

    `exchanges` are oldest first. `last` is the role of the last message: "user" asks for a new turn, "tool" goes on
    with the turn of the last exchange, "assistant" asks to continue a reply the caller began. `dialog_id` is what the
    body names as its conversation; `previous` names an earlier reply up to which the provider keeps the conversation
    itself. `whole`: these fields hold everything that was said before the last user message.
    """

    exchanges: tuple[Exchange, ...]
    last: Literal["user", "assistant", "tool"]
    instructions: str = ""
    dialog_id: str | None = None
    previous: str | None = None
    whole: bool = True

    @property
    def text(self) -> str:
        """The words of the last user message."""
        return self.exchanges[-1].user

    @property
    def alone(self) -> bool:
        """Whether the request holds only its newest message."""
        return len(self.exchanges) == 1


@dataclass(slots=True)
class _Call:
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Hearing:
    """What has been heard of a reply so far; grows with each event.

    `ended`: the protocol's end mark was seen. `finished`: the reply is whole, though its end mark may still come (some
    servers never send it). `failure`: the provider reported an error, by its kind. `reply_id` is the
    name under which the provider lets a later request refer to this reply.
    """

    ended: bool = False
    finished: bool = False
    failure: str | None = None
    reply_id: str | None = None
    _texts: list[str] = field(default_factory=list)
    _calls: dict[str | int, _Call] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(self._texts)

    @property
    def tools(self) -> tuple[ToolExchange, ...]:
        """Tool calls in the order they began; one whose name never came is left out."""
        return tuple(
            ToolExchange(call_id=call.call_id, name=call.name, arguments="".join(call.arguments))
            for call in self._calls.values()
            if call.name
        )

    def say(self, text: object) -> None:
        if isinstance(text, str) and text:
            self._texts.append(text)

    def call(self, key: str | int, *, call_id: object = None, name: object = None, arguments: object = None) -> None:
        """Adds to the tool call known by `key`; `arguments` is a run of JSON text, or a parsed value."""
        call = self._calls.setdefault(key, _Call())
        if isinstance(call_id, str) and call_id:
            call.call_id = call_id
        if isinstance(name, str) and name:
            call.name = name
        if isinstance(arguments, str):
            call.arguments.append(arguments)
        elif arguments is not None:
            call.arguments.append(json_text(arguments))


class Api(Protocol):
    """One API shape: a module of pure functions over parsed bodies."""

    NAME: str

    def matches(self, path: str) -> bool:
        """Whether a POST to `path` has this shape."""
        ...

    def read(self, body: Json) -> Reading:
        """What the request says; raises NotUnderstood."""
        ...

    def laid_out(self, body: Json, earlier: tuple[Block, ...], text: str) -> tuple[Replacement, ...]:
        """The changes that put the blocks `earlier` (snapshot and turns) in place of the older messages.

        The caller's instructions stay, and so do the last user message, with `text` for its words, and all after it.
        """
        ...

    def hear(self, hearing: Hearing, event: str, data: Json) -> None:
        """Takes in one event of a streamed reply."""
        ...

    def hear_whole(self, hearing: Hearing, body: Json) -> None:
        """Takes in a reply that came in one piece."""
        ...


def exchanges(said: Iterable[Said]) -> tuple[Exchange, ...]:
    """Messages grouped by the user message they follow; what comes before the first one has `user` ""."""
    out: list[Exchange] = []
    for message in said:
        if message.role == "user":
            out.append(Exchange(user=message.text, path=message.path))
            continue
        if not out:
            out.append(Exchange(user=""))
        out[-1] = _answered(out[-1], message)
    return tuple(out)


def reading(
    said: list[Said], *, instructions: str = "", dialog_id: object = None, previous: str | None = None
) -> Reading:
    """The Reading of those messages; raises NotUnderstood when none is the user's and nothing names what was before."""
    named = previous is not None or bool(dialog_id)
    if not said or not (named or any(message.role == "user" for message in said)):
        raise NotUnderstood("no user message")
    return Reading(
        exchanges=exchanges(said),
        last=said[-1].role,
        instructions=instructions,
        dialog_id=dialog_id if isinstance(dialog_id, str) and dialog_id else None,
        previous=previous,
        whole=all(message.whole for message in said[: _last_user(said)]),
    )


def _last_user(said: list[Said]) -> int:
    return max((place for place, message in enumerate(said) if message.role == "user"), default=0)


def numbered(said: Iterable[Said]) -> list[Said]:
    """The messages with ids for calls and results that have none (Ollama, Gemini): results answer calls in order."""
    out: list[Said] = []
    asked = answered = 0
    for message in said:
        if message.role == "user":
            asked = answered = 0
        calls = []
        for call in message.calls:
            calls.append(call if call.call_id else call.model_copy(update={"call_id": f"call_{asked}"}))
            asked += 1
        call_id = message.call_id
        if message.role == "tool":
            call_id = call_id or f"call_{answered}"
            answered += 1
        out.append(replace(message, calls=tuple(calls), call_id=call_id))
    return out


def answered(block: Block) -> list[ToolExchange]:
    """The block's tool calls that have a result; providers refuse a call without one."""
    return [tool for tool in block.tools if tool.result is not None]


def _answered(exchange: Exchange, message: Said) -> Exchange:
    if message.role == "assistant":
        reply = "\n\n".join(filter(None, (exchange.reply, message.text)))
        return replace(exchange, reply=reply, tools=(*exchange.tools, *message.calls))
    called = [place for place, tool in enumerate(exchange.tools) if _answers(message, tool)]
    if not called:  # the call itself is not in the request: the provider holds it
        result = ToolExchange(call_id=message.call_id, name="", arguments="", result=message.text)
        return replace(exchange, tools=(*exchange.tools, result))
    tools = list(exchange.tools)
    tools[called[0]] = tools[called[0]].model_copy(update={"result": message.text})
    return replace(exchange, tools=tuple(tools))


def _answers(message: Said, tool: ToolExchange) -> bool:
    return tool.result is None and message.call_id == tool.call_id


# Looking into parsed JSON without trusting it.


def as_list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise NotUnderstood(f"{what} is not a list")
    return value


def as_object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise NotUnderstood(f"{what} is not an object")
    return value


def objects(value: object) -> list[Json]:
    """The objects of a list; an empty list for anything else (replies are observed, never refused)."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def member(value: object, name: str) -> Json:
    """The object at `name`, or an empty one."""
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, dict) else {}


def string(value: object) -> str:
    return value if isinstance(value, str) else ""


def json_text(value: object) -> str:
    """A value as JSON text, for tool arguments and results; text stays as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_object(text: str) -> dict[str, object]:
    """The object in `text`; an empty one when it holds none (a model may write broken arguments)."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def text_of(content: object, kinds: frozenset[str]) -> str:
    """All text of a content field: a string, or parts of which those of type `kinds` count."""
    if isinstance(content, str):
        return content
    return "\n\n".join(string(part.get("text")) for part in objects(content) if part.get("type") in kinds)


def user_said(content: object, path: Path, kinds: frozenset[str]) -> Said:
    """The user's words in a content field: a string, or parts of which those of type `kinds` hold text.

    Of several text parts the last is taken: clients put documents and context before the question.
    """
    if isinstance(content, str):
        return Said("user", content, path)
    parts = [as_object(part, "a content part") for part in as_list(content, "content")]
    texts = [place for place, part in enumerate(parts) if _is_text(part, kinds)]
    if not texts:
        return Said("user", whole=not parts)
    return Said("user", string(parts[texts[-1]]["text"]), (*path, texts[-1], "text"), whole=len(parts) == 1)


def _is_text(part: Json, kinds: frozenset[str]) -> bool:
    return part.get("type") in kinds and isinstance(part.get("text"), str)


def only_text(content: object, kinds: frozenset[str]) -> bool:
    """Whether a content field holds nothing but text of type `kinds`."""
    return not isinstance(content, list) or all(part.get("type") in kinds for part in objects(content))


def with_words(message: Json, path: Path, text: str) -> dict[str, object]:
    """A copy of `message` with `text` at `path`, which counts from the message."""

    def put(value: object, steps: Path) -> object:
        if not steps:
            return text
        step, rest = steps[0], steps[1:]
        if isinstance(value, list) and isinstance(step, int):
            return [put(item, rest) if place == step else item for place, item in enumerate(value)]
        if isinstance(value, Mapping) and isinstance(step, str):
            return {name: put(inner, rest) if name == step else inner for name, inner in value.items()}
        raise KeyError(step)

    changed = put(message, path)
    assert isinstance(changed, dict)
    return changed
