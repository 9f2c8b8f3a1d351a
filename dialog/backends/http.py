"""A backend over HTTP is a provider's dialect (pure) and the calls that carry it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, Protocol, Self

from pydantic import SecretStr

from dialog.backends.base import BackendBadReply, OnUsage, Schema, Usage
from dialog.backends.calls import Calls
from dialog.backends.decode import Decoder, StreamMalformed
from dialog.prompt import GroundedPrompt


class Malformed(ValueError):
    """A JSON answer that does not have the provider's documented fields; the message names the field."""


class Failed(Exception):
    """The provider reports `problem` inside an answer of status 200."""

    def __init__(self, problem: object) -> None:
        super().__init__("the provider reports a problem")
        self.problem = problem


class Reading(ABC):
    """What has been read of one reply. `whole`: the provider said why it ended; `over`: nothing more will come."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.whole = False
        self.over = False

    @abstractmethod
    def take(self, message: str) -> str:
        """The text in the next message of a stream; raises Malformed or Failed."""

    @abstractmethod
    def take_all(self, body: dict[str, Any]) -> str:
        """The text of an answer that was not streamed; raises Malformed or Failed."""


class Dialect(Protocol):
    """A provider's format. `decoder` and `reading` are fresh for every call."""

    @property
    def path(self) -> str:
        """What follows base_url."""
        ...

    def body(self, prompt: GroundedPrompt, *, stream: bool, schema: Schema | None) -> dict[str, object]:
        """The request; equal prompts give equal bytes."""
        ...

    def decoder(self) -> Decoder: ...
    def reading(self) -> Reading: ...


class HttpBackend:
    """A `Backend` that speaks a provider's dialect; nothing of a call outlives it."""

    def __init__(self, dialect: Dialect, calls: Calls) -> None:
        self._dialect = dialect
        self._calls = calls

    @property
    def name(self) -> str:
        return self._calls.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, base_url={self._calls.base_url!r})"

    async def stream(self, prompt: GroundedPrompt, *, on_usage: OnUsage | None = None) -> AsyncGenerator[str, None]:
        reading, decoder = self._dialect.reading(), self._dialect.decoder()
        body = self._dialect.body(prompt, stream=True, schema=None)
        async with aclosing(self._calls.chunks(self._dialect.path, body)) as chunks:
            async for chunk in chunks:
                for text in self._texts(chunk, decoder, reading):
                    yield text
                if reading.over:
                    await self._calls.drain(chunks)
                    break
        if not reading.whole:
            raise BackendBadReply(self.name, "the stream ended before its end mark")
        if on_usage is not None:
            on_usage(reading.usage)

    async def complete(
        self, prompt: GroundedPrompt, *, schema: Schema | None = None, on_usage: OnUsage | None = None
    ) -> str:
        reading = self._dialect.reading()
        answer = await self._calls.fetch(self._dialect.path, self._dialect.body(prompt, stream=False, schema=schema))
        try:
            text = reading.take_all(answer)
        except Malformed as error:
            raise BackendBadReply(self.name, f"the answer has {error}") from error
        except Failed as failure:
            raise self._calls.error_event(failure.problem) from None
        if on_usage is not None:
            on_usage(reading.usage)
        if schema is not None:
            self._check_json(text, reading.usage)
        return text

    async def aclose(self) -> None:
        await self._calls.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def _texts(self, chunk: bytes, decoder: Decoder, reading: Reading) -> Iterator[str]:
        """The texts that `chunk` completes, up to the end of the reply."""
        try:
            for message in decoder.feed(chunk):
                if reading.over:
                    return
                if text := reading.take(message):
                    yield text
        except StreamMalformed as error:
            raise BackendBadReply(self.name, f"the stream is malformed: {error}") from error
        except Malformed as error:
            raise BackendBadReply(self.name, f"a message of the stream has {error}") from error
        except Failed as failure:
            raise self._calls.error_event(failure.problem) from None

    def _check_json(self, text: str, usage: Usage) -> None:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            cut = "; it was cut at the token limit" if usage.finish == "length" else ""
            raise BackendBadReply(self.name, f"the reply is not the JSON that was asked for{cut}") from error


def message_of(message: str) -> dict[str, Any]:
    """A message of a stream, which is a JSON object; raises Malformed."""
    try:
        value = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error
    if not isinstance(value, dict):
        raise Malformed(f"a JSON {type(value).__name__} for an object")
    return value


def text_of(value: object, field: str) -> str:
    """`value` as text, None as ""; raises Malformed naming `field`."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"no text in {field!r}")
    return value


def count_of(usage: object, *path: str) -> int:
    """The number at `path` in a provider's usage object, 0 where it gives none."""
    for name in path:
        usage = usage.get(name) if isinstance(usage, dict) else None
    return usage if isinstance(usage, int) and usage >= 0 else 0


def checked_key(api_key: str | SecretStr, *, provider: str) -> str:
    """The key's characters; raises ValueError (never showing them) when they cannot go into a header."""
    key = api_key.get_secret_value() if isinstance(api_key, SecretStr) else api_key
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError(f"the {provider} API key is empty or holds spaces or odd characters; paste it again")
    return key
