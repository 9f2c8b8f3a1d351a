"""Calls to Redis that end in bounded time: fair waiting, retries with jitter, and our own errors.

Why not leave it to the driver: a pool that is at its limit lets waiters starve, retry defaults differ with how a client
was built, and a caller cancelled in the middle of a reply must not disturb the connection it used.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import redis.exceptions as driver

from stores.base import StoreClosed, StoreError, StoreIncompatible, StoreUnavailable
from stores.redis_url import Client

_T = TypeVar("_T")

_BACKOFF_S, _LONGEST_BACKOFF_S = 0.05, 0.5

_REFUSED_FOR_GOOD = (driver.AuthenticationError, driver.AuthorizationError)
_TEMPORARY = (
    driver.ConnectionError,
    driver.TimeoutError,
    driver.ClusterError,
    driver.TryAgainError,
    driver.RedisClusterException,
    TimeoutError,
    OSError,
)
_FAILURES = (driver.RedisError, *_TEMPORARY)


class RedisCalls:
    """Sends commands through a client, at most `max_concurrent` at once, in the order they were asked for.

    A call takes at most `deadline_s` in all and `attempt_s` per try, then raises StoreUnavailable. Cancelling a caller
    who still waits for its place forgets the call; once a command is on its way it is carried to its end, because a
    half-read reply would spoil the connection for whoever uses it next.
    """

    def __init__(
        self,
        client: Client,
        *,
        max_concurrent: int,
        attempts: int,
        attempt_s: float,
        deadline_s: float,
        secrets: Sequence[str],
    ) -> None:
        for name, value in (("max_concurrent", max_concurrent), ("attempts", attempts)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        for name, seconds in (("attempt_s", attempt_s), ("deadline_s", deadline_s)):
            if not seconds > 0:
                raise ValueError(f"{name} must be over 0 seconds, not {seconds}")
        self._client = client
        self._gate = asyncio.Semaphore(max_concurrent)  # first come, first served
        self._attempts = attempts
        self._attempt_s = attempt_s
        self._deadline_s = deadline_s
        self.secrets = tuple(secrets)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def close(self) -> None:
        """Refuse new calls and wait for the commands on their way."""
        self._closed = True
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def check_open(self) -> None:
        if self._closed:
            raise StoreClosed

    async def call(self, action: str, work: Callable[[], Awaitable[_T]], *, may_repeat: bool = True) -> _T:
        """What `work` gives (it uses `send`), tried again after passing failures if it `may_repeat`."""
        self.check_open()
        failure: BaseException | None = None
        try:
            async with asyncio.timeout(self._deadline_s):
                for attempt in range(self._attempts if may_repeat else 1):
                    if attempt:
                        # Full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
                        await asyncio.sleep(random.uniform(0, min(_LONGEST_BACKOFF_S, _BACKOFF_S * 2**attempt)))
                    try:
                        return await work()
                    except StoreError:
                        raise
                    except _FAILURES as error:
                        failure = error
                        if not await self._is_temporary(error):
                            break
        except TimeoutError:
            failure = failure or TimeoutError(f"no answer within {self._deadline_s:g} s")
        assert failure is not None  # else `work` gave its result
        # A cause is printed with a traceback, so one that says more than it may is left out.
        raise self._translated(action, failure) from (failure if self._may_be_shown(failure) else None)

    async def send(self, *command: Any, **options: Any) -> Any:
        """The reply to one command, as the driver gives it; raises the driver's errors."""
        await self._gate.acquire()
        if self._closed:
            self._gate.release()
            raise StoreClosed
        task = asyncio.create_task(self._send(*command, **options))
        self._under_way.add(task)
        task.add_done_callback(self._sent)
        return await asyncio.shield(task)

    async def _send(self, *command: Any, **options: Any) -> Any:
        try:
            async with asyncio.timeout(self._attempt_s):
                # A cluster client asked for many things before it knows its nodes loses connections (redis-py 8.1).
                await self._client.initialize()
                return await self._client.execute_command(*command, **options)
        except TimeoutError as error:
            raise TimeoutError(f"no answer within {self._attempt_s:g} s") from error
        except (driver.RedisError, *_TEMPORARY):
            raise
        except Exception as error:
            # Only the driver runs above. Its own faults (an AttributeError on a connection that another task closed)
            # mean what a lost connection means: the command may or may not have been carried out.
            raise ConnectionError(f"the Redis client failed: {type(error).__name__}: {error}") from error

    def _sent(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        self._gate.release()
        if not task.cancelled():
            task.exception()  # seen, even when the caller is gone

    async def _is_temporary(self, error: BaseException) -> bool:
        # A demoted master refuses a script with READONLY somewhere in the text, by version as this or that class.
        if isinstance(error, driver.ResponseError) and "READONLY" in str(error):
            pool = getattr(self._client, "connection_pool", None)
            if pool is not None:
                with suppress(*_FAILURES):
                    await pool.disconnect(inuse_connections=False)  # so the next one asks who the master is now
            return True
        return isinstance(error, _TEMPORARY) and not isinstance(error, _REFUSED_FOR_GOOD)

    def _translated(self, action: str, error: BaseException) -> StoreError:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if "WRONGTYPE" in reason:
            return StoreIncompatible("the key", "it holds a Redis value that this library did not write")
        return StoreUnavailable(action, self._cleaned(reason).rstrip("."))

    def _cleaned(self, text: str) -> str:
        """The driver's words without passwords, and without the arguments that "unknown command" quotes."""
        text = text.partition("with args beginning with")[0]
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    def _may_be_shown(self, error: BaseException | None) -> bool:
        while error is not None:
            if self._cleaned(str(error)) != str(error):
                return False
            error = error.__cause__ or error.__context__
        return True
