"""What a request says, in one form for every API shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from dialog.prompt import Block
from dialog.state import ToolExchange
from dialog.wire.json_splice import Path
from dialog.wire.looking import Json, NotUnderstood, as_list, as_object, string


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
