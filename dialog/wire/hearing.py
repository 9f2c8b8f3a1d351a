"""What has been heard of a reply, in one form for every API shape."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialog.state import ToolExchange
from dialog.wire.looking import json_text


@dataclass(slots=True)
class _Call:
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Hearing:
    """What has been heard of a reply so far; grows with each event.

    `ended`: the protocol's end mark was seen. `finished`: the reply is whole, though its end mark may still come (some
    servers never send it). `failure`: the provider reported an error, by its kind. `reply_id` is the name under which
    the provider lets a later request refer to this reply.
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
