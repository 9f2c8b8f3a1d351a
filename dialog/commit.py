"""Saving: the one place where a proposed change meets what others have written meanwhile."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dialog.change import Change, fold_all
from dialog.codec import decode, encode
from dialog.errors import DialogBusy
from dialog.state import DialogState
from stores.base import ABSENT, Store, Version, VersionConflict

FIRST_PAUSE_S = 0.002
LONGEST_PAUSE_S = 0.25


@dataclass(frozen=True)
class Held:
    """A state as it was at `version` in the store; `ABSENT` for a dialog that is not stored yet."""

    state: DialogState
    version: Version


@dataclass(frozen=True)
class Proposal:
    """Changes for the state that was read, and the log lines that go with them."""

    changes: Sequence[Change]
    log: Sequence[bytes] = ()


Propose = Callable[[Held], Awaitable[Proposal | None]]
"""Asked again with the newer state after a conflict; None: nothing to write after all."""


async def load(store: Store, key: str, *, dialog_id: str) -> Held:
    """The stored state, or a fresh one at `ABSENT`. Raises StoreError, StateUnreadable, StateTooNew."""
    record = await store.load(key)
    if record is None:
        return Held(DialogState(dialog_id=dialog_id), ABSENT)
    return Held(decode(record.data), record.version)


async def apply(
    store: Store,
    key: str,
    propose: Propose,
    *,
    dialog_id: str,
    held: Held | None = None,
    ttl_s: float | None = None,
    attempts: int = 64,
) -> Held:
    """Fold what `propose` gives into the latest state and write it; returns what is then stored.

    Starts from `held` when given (saving a read), else loads. A proposal without effect is not written; when it came
    of `held`, which may be behind the store, it is loaded and asked again first. After a conflict it loads and proposes
    again, with a growing random pause, up to `attempts` times, then raises DialogBusy.
    Raises what `propose`, `load` and `Store.commit` raise; nothing was written then, except after StoreUnavailable.
    """
    attempt = 0
    while attempt < attempts:
        known = held or await load(store, key, dialog_id=dialog_id)
        proposal = await propose(known)
        state = fold_all(known.state, proposal.changes if proposal is not None else ())
        if proposal is None or state == known.state:
            if held is None:
                return known
            held = None
            continue
        held = None
        attempt += 1
        try:
            record = await store.commit(
                key, encode(state), expect=known.version, op_id=uuid.uuid4().hex, ttl_s=ttl_s, log=proposal.log
            )
            return Held(state, record.version)
        except VersionConflict:
            await asyncio.sleep(_pause_s(attempt))
    raise DialogBusy(dialog_id, attempts=attempts, reason="other writers kept changing it")


def _pause_s(attempt: int) -> float:
    """Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015)."""
    if attempt == 1:
        return 0.0
    ceiling: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
    return random.uniform(0, ceiling)
