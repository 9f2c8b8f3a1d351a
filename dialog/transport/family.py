"""The parts of `httpx` and `httpx2` that a transport touches, taken from the objects at hand; neither is imported.

Both have the same shapes. OpenAI's and Anthropic's current SDKs use `httpx2`, Ollama's and older ones `httpx`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from dialog.transport.context import in_use
from dialog.transport.door import OWN_HEADERS, Arriving

_LENGTHS = frozenset({"content-length", "transfer-encoding", "content-encoding"})


def family_of(thing: object) -> ModuleType:
    """The package that defines the class of `thing`."""
    return sys.modules[type(thing).__module__.partition(".")[0]]


def arriving(request: Any) -> Arriving:
    """The parts of a request, read in the caller's context."""
    body = in_memory(request.stream)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Arriving(request.method, request.url.path, headers, body, in_use())


def in_memory(stream: Any) -> bytes | None:
    """The bytes of a stream that holds them all already; None for one that is still to come."""
    return b"".join(stream) if isinstance(stream, family_of(stream).ByteStream) else None


def outgoing(request: Any, body: bytes | None) -> Any:
    """The request to send: the one that came, or a copy of it with another body and without our own headers."""
    own = any(name.lower().startswith(OWN_HEADERS) for name in request.headers)
    if body is None and not own:
        return request
    drop = _LENGTHS if body is not None else frozenset()
    headers = [
        (name, value)
        for name, value in request.headers.raw
        if (lower := name.decode("ascii").lower()) not in drop and not lower.startswith(OWN_HEADERS)
    ]
    content = {"stream": request.stream} if body is None else {"content": body}
    return type(request)(request.method, request.url, headers=headers, extensions=request.extensions, **content)


def lowered(response: Any) -> Mapping[str, str]:
    """The response's headers with lower-case names."""
    return {name.lower(): value for name, value in response.headers.items()}
