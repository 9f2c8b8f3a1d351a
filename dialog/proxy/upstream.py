"""Requests to the one upstream there is, and its responses, byte for byte."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import aiohttp
import httpx
from yarl import URL

from dialog.proxy.callers import Headers
from dialog.proxy.config import ProxyConfig
from dialog.proxy.paths import checked

_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
"""RFC 9110, section 7.6.1: about one connection, not about the message."""

_NOT_OURS_TO_ADD = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_LONGEST_LINE = 64 * 1024
_PIECE = 64 * 1024


class BadHeader(Exception):
    """A header that cannot be sent on as it came."""


class UpstreamSilent(Exception):
    """No connection, or nothing heard on it, in the time there is."""


class UpstreamBroken(Exception):
    """The upstream could not be reached, does not speak HTTP, or broke the connection."""


class Answer:
    """A response whose head has come."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.status = response.status
        self.headers: Headers = list(response.raw_headers)
        self._response = response

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they come, in the coding they have. Raises UpstreamSilent and UpstreamBroken."""
        content = self._response.content
        with _told_apart():
            while chunk := await content.readany():
                yield chunk

    def close(self) -> None:
        """Give the connection back when the body was read whole, else break it off."""
        self._response.close()


class Upstream:
    """Sends to one scheme, host and port, whatever a request asks for. Redirects come back to the caller unfollowed.

    The HTTP client is aiohttp's: it costs about a quarter of httpx's time per request (`benchmarks/proxy`).
    """

    def __init__(self, config: ProxyConfig) -> None:
        parts = urlsplit(config.upstream)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.encode("ascii")
        self._tls = httpx.create_ssl_context() if parts.scheme == "https" else None
        self._connections = config.max_concurrent
        self._timeout = aiohttp.ClientTimeout(
            total=None,
            connect=config.connect_timeout_s,
            sock_connect=config.connect_timeout_s,
            sock_read=config.read_timeout_s,
        )
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, path: bytes, query: bytes, headers: Headers, body: bytes | AsyncIterator[bytes] | None
    ) -> Answer:
        """The response, its body unread. Raises BadPath, BadHeader (nothing sent), UpstreamSilent, UpstreamBroken."""
        target = (self._prefix + checked(path, query)).decode("ascii")
        named = _as_text(headers)
        with _told_apart():
            response = await self._opened().request(
                method,
                URL(self._origin + target, encoded=True),
                headers=named,
                data=_in_pieces(body) if isinstance(body, bytes) and len(body) > _PIECE else body,
                allow_redirects=False,
            )
        return Answer(response)

    def _opened(self) -> aiohttp.ClientSession:
        """The session, made where the event loop runs."""
        if self._session is None:
            tls: ssl.SSLContext | bool = self._tls if self._tls is not None else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=tls),
                timeout=self._timeout,
                auto_decompress=False,
                skip_auto_headers=_NOT_OURS_TO_ADD,
                cookie_jar=aiohttp.DummyCookieJar(),
                max_line_size=_LONGEST_LINE,
                max_field_size=_LONGEST_LINE,
            )
        return self._session

    async def aclose(self) -> None:
        """Close the connections; a later request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


@contextmanager
def _told_apart() -> Iterator[None]:
    """aiohttp's errors as ours. Their texts, which may quote a header or an address, go no further."""
    try:
        yield
    except TimeoutError:
        raise UpstreamSilent from None
    except (aiohttp.ClientError, OSError) as error:
        raise UpstreamBroken(type(error).__name__) from None


def _as_text(headers: Headers) -> list[tuple[str, str]]:
    """Headers for aiohttp, which writes text as UTF-8. Raises BadHeader for bytes that are not that."""
    try:
        return [(name.decode("ascii"), value.decode("utf-8")) for name, value in headers]
    except UnicodeDecodeError:
        raise BadHeader from None


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A large body, so that the event loop is not held up by it."""
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


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
