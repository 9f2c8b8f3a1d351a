"""Hearing a reply as its bytes pass: decodes the content coding, cuts events, and lets the API shape take them in."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from dialog.wire.apis import Api
from dialog.wire.events import Events, JsonLines, ServerSentEvents, TooLong
from dialog.wire.hearing import Hearing

MAX_WHOLE_BYTES = 64 * 1024 * 1024


class _Decoder(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class Listener:
    """Fed the bytes of one response body; `hearing` is what they said so far. Never raises and never keeps a stream.

    A body in an unknown coding, or over the size limits, or that is not what its type says, is heard no further:
    `deaf` then says why.
    """

    def __init__(self, api: Api, *, content_type: str, content_encoding: str = "") -> None:
        self.hearing = Hearing()
        self.deaf: str | None = None
        self._api = api
        self._decoders = self._decoders_for(content_encoding)
        self._events = _framing(content_type)
        self._whole: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Takes in a run of the body as it came over the wire."""
        if self.deaf is not None or not chunk:
            return
        try:
            for decoder in self._decoders:
                chunk = decoder.decompress(chunk)
            if self._events is None:
                self._keep(chunk)
            else:
                for name, data in self._events.feed(chunk):
                    self._take(name, data)
        except TooLong:
            self.deaf = "too long"
        except Exception as error:  # a broken coding raises what its library pleases; the bytes go on all the same
            self.deaf = f"broken coding: {type(error).__name__}"

    def end(self) -> None:
        """The body is complete; a reply in one piece is read now."""
        if self.deaf is not None:
            return
        if self._events is not None:
            for name, data in self._events.flush():
                self._take(name, data)
            self.hearing.ended = self.hearing.ended or self.hearing.finished
            return
        self._read_whole(b"".join(self._whole))
        self._whole.clear()

    def _keep(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > MAX_WHOLE_BYTES:
            self._whole.clear()
            raise TooLong
        self._whole.append(chunk)

    def _take(self, name: str, data: str) -> None:
        if data.strip() == "[DONE]":
            self.hearing.ended = True
            return
        try:
            document = json.loads(data)
        except ValueError:
            return  # the client will meet the same broken event, and say so
        if isinstance(document, dict):
            self._api.hear(self.hearing, name, document)

    def _read_whole(self, body: bytes) -> None:
        try:
            document = json.loads(body)
        except ValueError:
            self.deaf = "not JSON"
            return
        if isinstance(document, dict):
            self._api.hear_whole(self.hearing, document)
        elif isinstance(document, list):  # Gemini's stream without `alt=sse` is one JSON array
            for item in document:
                if isinstance(item, dict):
                    self._api.hear(self.hearing, "", item)

    def _decoders_for(self, codings: str) -> list[_Decoder]:
        """Decoders in the order to undo the codings (RFC 9110 section 8.4: listed in the order applied)."""
        decoders: list[_Decoder] = []
        for coding in reversed([name.strip().lower() for name in codings.split(",") if name.strip()]):
            decoder = decoder_for(coding)
            if decoder is None:
                self.deaf = f"unknown coding {coding}"
            else:
                decoders.append(decoder)
        return decoders


def decoder_for(coding: str) -> _Decoder | None:
    """An incremental decoder; None for one that is unknown or whose library is not installed.

    A client only asks for a coding that it can undo itself, with the same libraries that are tried here.
    """
    match coding:
        case "identity":
            return _Identity()
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        case "deflate":
            return _Deflate()
        case "br":
            return _brotli()
        case "zstd":
            return _zstandard()
        case _:
            return None


class _Identity:
    def decompress(self, data: bytes, /) -> bytes:
        return data


class _Deflate:
    """zlib data, or the bare deflate stream that some servers send in its place (RFC 9110 section 8.4.1.2)."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj()
        self._begun = False

    def decompress(self, data: bytes, /) -> bytes:
        try:
            out = self._inner.decompress(data)
        except zlib.error:
            if self._begun:
                raise
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            out = self._inner.decompress(data)
        self._begun = True
        return out


class _Brotli:
    """The two Brotli libraries call the same thing `process` and `decompress`."""

    def __init__(self, inner: Any) -> None:
        self._decompress = getattr(inner, "process", None) or inner.decompress

    def decompress(self, data: bytes, /) -> bytes:
        return bytes(self._decompress(data))


def _brotli() -> _Decoder | None:
    library = _first_of("brotli", "brotlicffi")
    return None if library is None else _Brotli(library.Decompressor())


def _zstandard() -> _Decoder | None:
    """`httpx2` undoes zstd with the standard library's module or its backport, `httpx` with `zstandard`."""
    library = _first_of("compression.zstd", "backports.zstd", "zstandard")
    if library is None:
        return None
    decompressor = library.ZstdDecompressor()
    decoder: _Decoder = getattr(decompressor, "decompressobj", lambda: decompressor)()
    return decoder


def _first_of(*names: str) -> Any:
    """The first of the modules that can be imported, or None."""
    for name in names:
        with suppress(ImportError):
            return import_module(name)
    return None


def _framing(content_type: str) -> Events | None:
    """How the body is cut into events; None: it is one document."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return ServerSentEvents()
    if kind in ("application/x-ndjson", "application/jsonl", "application/x-jsonlines"):
        return JsonLines()
    return None
