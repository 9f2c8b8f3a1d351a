"""Calls to Slack's Web API: paced by what Slack says, and never repeated where that could post something twice."""

from __future__ import annotations

import asyncio
import logging
import random
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

log = logging.getLogger("antecedent.slack")

_WEB_LOG = logging.getLogger("antecedent.slack.web")
_WEB_LOG.setLevel(logging.INFO)  # at DEBUG the SDK writes what people said, and whatever is sent with it

Sleep = Callable[[float], Awaitable[None]]

FIRST_PAUSE_S = 0.5
ASSUMED_WAIT_S = 1.0
"""What a 429 without a readable `Retry-After` is taken to ask for."""


class Unclear(Exception):
    """The call may or may not have had its effect: the connection broke, or Slack failed inside."""


def own_client(client: AsyncWebClient) -> AsyncWebClient:
    """The same client without the SDK's retries: those also repeat a post whose connection broke, and so post twice."""
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        session=client.session,
        trust_env_in_session=client.trust_env_in_session,
        headers=client.headers,
        logger=_WEB_LOG,
        retry_handlers=[],
    )


def error_of(error: SlackApiError) -> str:
    """Slack's name for what is wrong, such as "missing_scope"; "" when there is none, as when a proxy answered."""
    data = getattr(error.response, "data", None)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def place_of(error: BaseException) -> str:
    """File and line where the error was raised, for logs: its text may quote a person or a token."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def retry_after_s(error: SlackApiError) -> float | None:
    """The seconds Slack asks to wait, for a refusal because of its rate limits; None for any other error.
    https://docs.slack.dev/apis/web-api/rate-limits"""
    if getattr(error.response, "status_code", None) != 429 and error_of(error) not in ("ratelimited", "rate_limited"):
        return None
    headers = getattr(error.response, "headers", None) or {}
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(given) if str(given).isdecimal() else ASSUMED_WAIT_S


class Calls:
    """Calls with patience: `longest_wait_s` in all for each. `sleep` takes seconds."""

    def __init__(self, *, longest_wait_s: float, sleep: Sleep = asyncio.sleep) -> None:
        self._longest_wait_s = longest_wait_s
        self._sleep = sleep

    async def once(self, call: Callable[[], Awaitable[AsyncSlackResponse | None]]) -> Any:
        """The answer to a call that must not be repeated unless Slack says it was not carried out (a 429).

        Raises SlackApiError for a refusal, Unclear when it may have been carried out.
        """
        waited = 0.0
        while True:
            try:
                return await call()
            except SlackApiError as error:
                pause = retry_after_s(error)
                if pause is None and _failed_inside(error):
                    raise Unclear from error
                if pause is None or waited + pause > self._longest_wait_s:
                    raise
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                raise Unclear from error
            log.info("Slack asked to wait %.0f s", pause)
            waited += pause
            await self._sleep(pause)

    async def repeated(self, call: Callable[[], Awaitable[AsyncSlackResponse | None]]) -> Any:
        """The answer to a call that may be carried out twice (an update, a deletion); tried again while it is unclear.

        Raises SlackApiError, or Unclear when the patience is at its end.
        """
        waited, pause = 0.0, FIRST_PAUSE_S
        while True:
            try:
                return await self.once(call)
            except Unclear:
                if waited + pause > self._longest_wait_s:
                    raise
            chosen = random.uniform(pause / 2, pause)
            waited += chosen
            await self._sleep(chosen)
            pause *= 2

    async def pause(self, seconds: float) -> None:
        await self._sleep(seconds)


def _failed_inside(error: SlackApiError) -> bool:
    status = getattr(error.response, "status_code", 200)
    return (isinstance(status, int) and status >= 500) or error_of(error) in ("internal_error", "fatal_error")
