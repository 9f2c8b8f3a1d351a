"""Requests to the one upstream there is, and its responses, byte for byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from dialog.proxy.callers import Headers
from dialog.proxy.config import ProxyConfig

_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
"""RFC 9110, section 7.6.1: about one connection, not about the message."""


class BadPath(Exception):
    """The path would leave the upstream's own, or is not one."""


class Upstream:
    """Sends to one scheme, host and port, whatever a request asks for. Redirects come back to the caller unfollowed."""

    def __init__(self, config: ProxyConfig, transport: httpx.AsyncBaseTransport | None = None) -> None:
        parts = urlsplit(config.upstream)
        self._origin = httpx.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port)
        self._prefix = parts.path.encode("ascii")
        limits = httpx.Limits(max_connections=config.max_concurrent, max_keepalive_connections=128)
        self._transport = transport or httpx.AsyncHTTPTransport(limits=limits)
        self._timeout = {
            "connect": config.connect_timeout_s,
            "pool": config.connect_timeout_s,
            "read": config.read_timeout_s,
            "write": config.read_timeout_s,
        }

    async def send(
        self, method: str, path: bytes, query: bytes, headers: Headers, body: bytes | AsyncIterator[bytes] | None
    ) -> httpx.Response:
        """The response, its body unread. Raises BadPath (nothing sent) and httpx.TransportError."""
        target = self._prefix + checked(path) + (b"?" + query if query else b"")
        request = httpx.Request(
            method,
            self._origin.copy_with(raw_path=target),
            headers=headers,
            content=body,
            extensions={"timeout": self._timeout},
        )
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


def checked(path: bytes) -> bytes:
    """`path` as it came, if it is an absolute path without dot segments, encoded or not (RFC 3986, section 5.2.4)."""
    plain = path.lower().replace(b"%2e", b".").replace(b"%2f", b"/").replace(b"%5c", b"/").replace(b"\\", b"/")
    if not path.startswith(b"/") or any(byte <= 0x20 or byte == 0x7F for byte in path):
        raise BadPath
    if {b".", b".."} & set(plain.split(b"/")):
        raise BadPath
    return path


def to_upstream(headers: Headers, *, length: int | None) -> Headers:
    """A request's headers as they go on: without those of the connection, of the old host, and of this proxy.

    `length` is the body's in bytes when it is at hand; None leaves the framing the caller announced.
    """
    named = _named_by_connection(headers)
    kept = [
        (name, value)
        for name, value in headers
        if (lower := name.lower()) not in _HOP_BY_HOP
        and lower not in named
        and lower not in (b"host", b"expect")
        and not lower.startswith(b"x-dialog-")
        and not (length is not None and lower == b"content-length")
    ]
    if length is not None:
        kept.append((b"content-length", str(length).encode()))
    return kept


def to_caller(headers: Headers) -> Headers:
    """A response's headers as they go back."""
    named = _named_by_connection(headers)
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP and name.lower() not in named]


def _named_by_connection(headers: Headers) -> frozenset[bytes]:
    return frozenset(
        option.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for option in value.split(b",")
    )
