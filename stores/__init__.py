"""Stores of versioned bytes. `stores.base` has the contract; each store is its own module."""

from stores.base import (
    ABSENT,
    LogEntry,
    Record,
    Store,
    StoreClosed,
    StoreError,
    StoreIncompatible,
    StoreUnavailable,
    ValueTooLarge,
    Version,
    VersionConflict,
)

__all__ = [
    "ABSENT",
    "LogEntry",
    "Record",
    "Store",
    "StoreClosed",
    "StoreError",
    "StoreIncompatible",
    "StoreUnavailable",
    "ValueTooLarge",
    "Version",
    "VersionConflict",
]
