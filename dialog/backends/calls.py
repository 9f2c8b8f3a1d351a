"""Calls to a provider over HTTP: time limits, retries before the first byte, and errors in our own tree."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx

from dialog.backends.base import BackendBadReply, BackendError, BackendRefused, BackendUnavailable
from dialog.backends.retry import CallPolicy, retry_after_s

TRY_AGAIN = frozenset({408, 409, 425, 429})
"""Statuses below 500 that mean "later"; every status from 500 on does too (529 is Anthropic's "overloaded")."""

OUT_OF_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_error"})
"""Kinds of 429 and 402 that waiting does not cure (https://platform.openai.com/docs/guides/error-codes)."""

LIMITS = httpx.Limits(max_connections=1_000, max_keepalive_connections=100, keepalive_expiry=30.0)
"""Of a client of our own. A reply holds its connection for many seconds, so the 100 of httpx would be too few."""

_MAX_PROBLEM_BYTES = 64 * 1024
_KIND = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_DRAIN_S = 0.25

_HINTS = {
    400: "check the model's name and the request options",
    401: "check the API key",
    402: "the account is out of credit",
    403: "the API key may not use this model",
    404: "check the model's name and base_url",
    413: "the prompt is too long; lower the token budget",
}


@dataclass(frozen=True)
class Waiting:
    """How calls wait between attempts: `sleep` seconds, `dice` 0..1 for jitter, `now` in seconds since the epoch."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random
    now: Callable[[], float] = time.time


class Calls:
    """POSTs JSON to one provider at `base_url` and hands back its answers. Serves any number of calls at once.

    An own `client` is made, and closed by `aclose`, unless one is given. `headers` go out with every request.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        headers: Mapping[str, str],
        policy: CallPolicy | None = None,
        client: httpx.AsyncClient | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        self.name = name
        self.base_url = checked_url(base_url)
        self.policy = policy or CallPolicy()
        self._headers = {"content-type": "application/json", **headers}
        self._owned = client is None
        self._client = client or httpx.AsyncClient(limits=LIMITS)
        self._waiting = waiting or Waiting()

    async def chunks(
        self, path: str, body: Mapping[str, object], *, silence_s: float | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the answer as they come. Closing the generator closes the connection unless all was read.

        `silence_s` is the longest wait for bytes, by default the policy's `read_s`. Raises BackendError; after the
        first chunk nothing is tried again.
        """
        deadline = time.monotonic() + self.policy.total_s
        opened = await self._opened(path, _encoded(body), deadline, silence_s or self.policy.read_s)
        size = 0
        try:
            async for chunk in opened.chunks():
                size += len(chunk)
                if size > self.policy.max_reply_bytes:
                    raise BackendBadReply(self.name, f"the answer is longer than {self.policy.max_reply_bytes} bytes")
                if time.monotonic() > deadline:
                    raise BackendUnavailable(self.name, f"the answer was not whole after {self.policy.total_s:g} s")
                yield chunk
        except httpx.RequestError as error:
            raise self._broken_off(error) from error
        finally:
            await opened.response.aclose()

    async def fetch(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """The whole answer, which is a JSON object; raises BackendError.

        Nothing is heard of it until the model is done, so only `total_s` bounds the wait.
        """
        async with aclosing(self.chunks(path, body, silence_s=self.policy.total_s)) as chunks:
            data = b"".join([chunk async for chunk in chunks])
        return self._parsed(data)

    async def drain(self, chunks: AsyncIterator[bytes]) -> None:
        """Read what follows the end mark, briefly, so that the connection can serve the next call."""
        try:
            async with asyncio.timeout(_DRAIN_S):
                async for _ in chunks:
                    pass
        except (TimeoutError, BackendError):
            pass  # the reply is whole; only the connection is lost

    async def aclose(self) -> None:
        if self._owned:
            await self._client.aclose()

    def error_event(self, problem: object) -> BackendError:
        """The error for a problem that the provider reports inside an answer of status 200."""
        kind, detail = _problem({"error": problem})
        reason = f"the provider broke off with an error{_named(kind)}"
        if kind is not None and re.search("overloaded|rate_limit|server_error|api_error|timeout", kind):
            return BackendUnavailable(self.name, reason, detail=detail)
        return BackendBadReply(self.name, reason, detail=detail)

    def _parsed(self, data: bytes) -> dict[str, Any]:
        """`data` as a JSON object; raises BackendBadReply."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BackendBadReply(self.name, "the answer is not JSON; is base_url the provider's API?") from error
        if not isinstance(value, dict):
            raise BackendBadReply(self.name, f"the answer is a JSON {type(value).__name__}, not an object")
        return value

    async def _opened(self, path: str, content: bytes, deadline: float, silence_s: float) -> _Opened:
        for attempt in range(1, self.policy.attempts + 1):
            try:
                return await self._try(path, content, silence_s)
            except BackendUnavailable as failure:
                delay = self.policy.delay_s(attempt, retry_after_s=failure.retry_after_s, dice=self._waiting.dice())
                if delay is None or time.monotonic() + delay > deadline:
                    raise self._given_up(failure, attempt) from failure.__cause__
                await self._waiting.sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    async def _try(self, path: str, content: bytes, silence_s: float) -> _Opened:
        timeout = httpx.Timeout(silence_s, connect=self.policy.connect_s)
        request = self._client.build_request(
            "POST", self.base_url + path, content=content, headers=self._headers, timeout=timeout
        )
        try:
            # A redirect is never followed: httpx would take `x-api-key` along to another host.
            response = await self._client.send(request, stream=True, follow_redirects=False)
        except httpx.RequestError as error:
            raise self._unreached(error, silence_s) from error
        try:
            if response.status_code != 200:
                raise await self._refusal(response)
            rest = response.aiter_bytes()
            return _Opened(response, await anext(rest, b""), rest)
        except httpx.RequestError as error:
            await response.aclose()
            raise self._unreached(error, silence_s) from error
        except BaseException:
            await response.aclose()
            raise

    async def _refusal(self, response: httpx.Response) -> BackendError:
        status = response.status_code
        kind, detail = _problem(await _json_of(response))
        reason = f"HTTP {status}{_named(kind)}"
        if kind in OUT_OF_CREDIT:
            return BackendRefused(self.name, f"{reason}: {_HINTS[402]}", status=status, detail=detail)
        if status in TRY_AGAIN or status >= 500:
            wait_s = retry_after_s(response.headers, now=self._waiting.now())
            return BackendUnavailable(self.name, reason, status=status, detail=detail, retry_after_s=wait_s)
        if status < 400:
            reason = f"{reason} where an answer was due; base_url is not the provider's API"
        elif status in _HINTS:
            reason = f"{reason}: {_HINTS[status]}"
        return BackendRefused(self.name, reason, status=status, detail=detail)

    def _given_up(self, failure: BackendUnavailable, attempts: int) -> BackendUnavailable:
        reason = f"{failure.reason}, tried {attempts} time(s)"
        if failure.retry_after_s is not None and failure.retry_after_s > self.policy.retry_after_cap_s:
            reason += f"; it asks to wait {failure.retry_after_s:.0f} s"
        return BackendUnavailable(
            self.name,
            reason,
            status=failure.status,
            detail=failure.detail,
            retry_after_s=failure.retry_after_s,
        )

    def _unreached(self, error: httpx.RequestError, silence_s: float) -> BackendError:
        """Worded here, not by the library, whose messages may hold header values."""
        match error:
            case httpx.ConnectTimeout() | httpx.ConnectError():
                return BackendUnavailable(self.name, f"no connection to {self.base_url}")
            case httpx.PoolTimeout():
                return BackendUnavailable(self.name, "all connections to the provider are in use")
            case httpx.TimeoutException():
                return BackendUnavailable(self.name, f"no answer within {silence_s:g} s")
            case httpx.LocalProtocolError() | httpx.UnsupportedProtocol():
                return BackendRefused(self.name, "the request is not valid HTTP; check base_url and headers")
            case httpx.DecodingError():
                return BackendBadReply(self.name, "the answer's compression is broken")
            case _:
                return BackendUnavailable(self.name, f"the connection broke before an answer ({type(error).__name__})")

    def _broken_off(self, error: httpx.RequestError) -> BackendError:
        if isinstance(error, httpx.TimeoutException):
            return BackendUnavailable(self.name, f"the reply stalled for {self.policy.read_s:g} s")
        return BackendBadReply(self.name, f"the reply broke off ({type(error).__name__})")


@dataclass(frozen=True)
class _Opened:
    """An answer of status 200 whose first bytes are here."""

    response: httpx.Response
    first: bytes
    rest: AsyncIterator[bytes]

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self.first
        async for chunk in self.rest:
            yield chunk


def checked_url(base_url: str) -> str:
    """`base_url` without a slash at its end; raises ValueError unless it is plain http(s) to a host."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError("base_url is not a URL") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"base_url must be http://HOST... or https://HOST..., its scheme is {url.scheme!r}")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must have no user, query or fragment: it is shown in logs; pass keys as api_key")
    return base_url.rstrip("/")


def _encoded(body: Mapping[str, object]) -> bytes:
    # "replace": text cut inside a surrogate pair (broken clients send it) must not make the turn fail.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


async def _json_of(response: httpx.Response) -> object:
    """The JSON of an error's body, None when it is not to be had: the status says enough."""
    data = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > _MAX_PROBLEM_BYTES:
                return None
        found: object = json.loads(bytes(data))
        return found
    except (httpx.RequestError, ValueError, RecursionError):  # RecursionError: brackets nested without end
        return None


def _problem(body: object) -> tuple[str | None, str | None]:
    """The kind of problem (a short identifier) and the provider's wording, from any provider's error body."""
    error = body.get("error", body) if isinstance(body, dict) else None
    if isinstance(error, str):
        return None, error
    if not isinstance(error, dict):
        return None, None
    kinds = (error.get("code"), error.get("type"))
    kind = next((kind for kind in kinds if isinstance(kind, str) and _KIND.fullmatch(kind)), None)
    message = error.get("message")
    return kind, message if isinstance(message, str) else None


def _named(kind: str | None) -> str:
    return f" ({kind})" if kind else ""
