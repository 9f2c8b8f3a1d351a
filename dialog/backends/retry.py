"""When to try a provider again, and how long to wait. Pure: the clock and the dice are arguments."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from pydantic import Field

from dialog.values import Value


class CallPolicy(Value):
    """Time limits and retries of calls to a provider. Times are seconds.

    `read_s` is the longest silence in a stream, before the first byte and between two; `total_s` bounds the call with
    its retries (a stream may pass it by one `read_s`). A call is tried `attempts` times in all, and never again once
    bytes of an answer have come. Waits are `backoff_s`, doubled each time up to `backoff_cap_s`, with full jitter
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), or what `Retry-After` asks for; a
    provider that asks for more than `retry_after_cap_s` is not waited for.
    """

    attempts: int = Field(default=3, ge=1, le=10)
    connect_s: float = Field(default=5.0, gt=0)
    read_s: float = Field(default=120.0, gt=0)
    total_s: float = Field(default=600.0, gt=0)
    backoff_s: float = Field(default=0.5, ge=0)
    backoff_cap_s: float = Field(default=8.0, ge=0)
    retry_after_cap_s: float = Field(default=30.0, ge=0)
    max_reply_bytes: int = Field(default=16 * 2**20, gt=0)

    def delay_s(self, attempt: int, *, retry_after_s: float | None, dice: float) -> float | None:
        """Seconds to wait after the failed `attempt` (from 1), or None: give up. `dice` is 0..1."""
        if attempt >= self.attempts:
            return None
        if retry_after_s is not None:
            return retry_after_s if retry_after_s <= self.retry_after_cap_s else None
        return dice * min(self.backoff_cap_s, self.backoff_s * 2.0 ** (attempt - 1))


def retry_after_s(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds from `now` (epoch) that the answer asks to wait; None when it does not say, or not understandably.

    `Retry-After` holds seconds or a date (RFC 9110 section 10.2.3); `retry-after-ms` is what OpenAI and Azure send
    beside it, more precisely. Header names are looked up in lower case.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    seconds = _number(said)
    if seconds is not None or said is None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    """`text` as a number >= 0; None for anything else, "inf" and "nan" included."""
    try:
        number = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
