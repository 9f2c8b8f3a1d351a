"""What a store promises: versioned bytes under a key, and an append-only log beside them.

    StoreError
    ├── VersionConflict      refused: the record is not at the version the writer read
    ├── ValueTooLarge        refused before sending: the value is over the configured size
    ├── StoreClosed          the store was closed
    ├── StoreIncompatible    what is stored there is not ours, or of a newer version
    └── StoreUnavailable     the server did not answer; a write may or may not have happened

A store knows nothing about dialogs. Each sentence of this contract is one test, run on every store
(`tests/contract/`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Version(NamedTuple):
    """Identifies one state of one record: `number` starts at 1 and rises by 1 with each commit.

    `incarnation` differs each time an absent key is created, so a writer that read a record which was
    since deleted (or expired) and created anew is refused even when the numbers agree.
    """

    number: int
    incarnation: str


ABSENT = Version(0, "")
"""The version to expect of a key that must not exist."""


@dataclass(frozen=True, slots=True)
class Record:
    """One value as it was read or written; `data` is never aliased to what the store holds."""

    key: str
    version: Version
    data: bytes


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a key's log; `seq` starts at 1 and rises by 1 for each entry ever appended."""

    seq: int
    data: bytes


class StoreError(Exception):
    """Root of everything a store raises about its work."""


class VersionConflict(StoreError):
    """The record was not at the expected version; nothing was written."""

    def __init__(self, key: str, expected: Version, actual: Version) -> None:
        super().__init__(
            f"commit expected version {expected.number} but the record is at {actual.number}"
            f"{'' if expected.incarnation == actual.incarnation else ' of another incarnation'}; load it and try again"
        )
        self.key = key
        self.expected = expected
        self.actual = actual


class ValueTooLarge(StoreError):
    """The value exceeds the store's limit; nothing was sent."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the value has {size} bytes, the store accepts {limit}; raise max_value_bytes or store less")
        self.size = size
        self.limit = limit


class StoreClosed(StoreError):
    """The store was used after `aclose`."""

    def __init__(self) -> None:
        super().__init__("this store was closed; open a new one")


class StoreIncompatible(StoreError):
    """What is stored there was not written by this version of the library or an older one; it was left untouched."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where} cannot be used as a store: {reason}; name another one, or upgrade antecedent")
        self.where = where
        self.reason = reason


class StoreUnavailable(StoreError):
    """The store did not answer in time or the connection broke.

    A commit that raised this may or may not have been written: calling it again with the same `op_id` is safe.
    """

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action} failed: {reason}; check that the store is running and reachable, then try again")
        self.action = action
        self.reason = reason


class Store(Protocol):
    """Versioned bytes by key. Keys are any `str`; an expired key is absent for every method alike."""

    async def load(self, key: str) -> Record | None:
        """The latest record, or None when the key is absent. Raises StoreUnavailable, StoreClosed."""
        ...

    async def commit(
        self,
        key: str,
        data: bytes,
        *,
        expect: Version,
        op_id: str,
        ttl_s: float | None = None,
        log: Sequence[bytes] = (),
    ) -> Record:
        """Replace the value if it is still at version `expect` (`ABSENT`: must not exist); returns what was written.

        Atomic, in one round trip: value, version, time limit and `log` entries change together or not at all, and
        readers see the old record or the new one. `ttl_s` is seconds from now, > 0, and also limits the log; None
        removes any limit. Called again with the `op_id` of the latest commit, it returns that record and changes
        nothing.

        Raises VersionConflict, ValueTooLarge (nothing written), StoreClosed, or StoreUnavailable (may or may not be
        written: call again with the same `op_id`).
        """
        ...

    def read_log(self, key: str, *, after: int = 0) -> AsyncIterator[LogEntry]:
        """The key's log entries with `seq` > `after`, oldest first; the oldest are gone once the cap is passed."""
        ...

    async def delete(self, key: str, *, expect: Version | None = None) -> bool:
        """Remove value and log; True when there was one. With `expect`, raises VersionConflict when it differs."""
        ...

    def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Every live key that starts with `prefix`, each once, in no order. Keys written meanwhile may be missed."""
        ...

    async def aclose(self) -> None:
        """Release what the store owns. Closing twice is fine; any other call afterwards raises StoreClosed."""
        ...
