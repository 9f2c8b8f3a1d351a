"""What every store checks about the arguments of a commit before it does anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stores.base import ValueTooLarge

LONGEST_TTL_S = 3_155_760_000.0
"""A hundred years: longer limits overflow the millisecond clocks of servers, and mean "none"."""


MAX_VALUE_BYTES = 1024 * 1024
MAX_LOG_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one key: `max_value_bytes` for the value and for each log entry, `max_log_entries` kept beside it."""

    max_value_bytes: int = MAX_VALUE_BYTES
    max_log_entries: int = MAX_LOG_ENTRIES

    def __post_init__(self) -> None:
        if self.max_value_bytes < 1:
            raise ValueError(f"max_value_bytes must be at least 1, not {self.max_value_bytes}")
        if self.max_log_entries < 0:
            raise ValueError(f"max_log_entries must be 0 (keep none) or more, not {self.max_log_entries}")

    def check(self, data: bytes, log: Sequence[bytes], ttl_s: float | None) -> None:
        """Raises ValueTooLarge for bytes over the limit and ValueError for a time limit no store can keep."""
        largest = max(map(len, (data, *log)))
        if largest > self.max_value_bytes:
            raise ValueTooLarge(largest, self.max_value_bytes)
        if ttl_s is not None and not 0 < ttl_s <= LONGEST_TTL_S:
            raise ValueError(f"ttl_s must be over 0 and at most {LONGEST_TTL_S:.0f} seconds, or None; not {ttl_s!r}")

    def kept(self, log: Sequence[bytes]) -> Sequence[bytes]:
        """The newest entries of one commit that the cap leaves room for."""
        return log[max(0, len(log) - self.max_log_entries) :]
