"""Which dialog the calling code is in, and what was last done for it: context variables of the caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from dialog.trace import TurnTrace


@dataclass(eq=False, slots=True)
class InUse:
    """A dialog in use; `trace` is that of the latest request made in it, also from tasks started inside."""

    dialog_id: str
    tenant: str | None = None
    turn_id: str | None = None
    speaker: str | None = None
    trace: TurnTrace | None = None


_in_use: ContextVar[InUse | None] = ContextVar("antecedent_in_use", default=None)
_latest: ContextVar[TurnTrace | None] = ContextVar("antecedent_latest", default=None)


@contextmanager
def use(
    dialog_id: str, *, tenant: str | None = None, turn_id: str | None = None, speaker: str | None = None
) -> Iterator[InUse]:
    """Requests made inside belong to dialog `dialog_id`; works around sync and async calls alike.

    `turn_id` makes all of them attempts at one turn. `tenant` None keeps the transport's own. Raises ValueError for an
    empty id.
    """
    if not dialog_id:
        raise ValueError("a dialog id is needed and was empty; give each conversation its own, such as a thread id")
    using = InUse(dialog_id, tenant=tenant, turn_id=turn_id, speaker=speaker)
    token = _in_use.set(using)
    try:
        yield using
    finally:
        _in_use.reset(token)


def in_use() -> InUse | None:
    """The innermost `use` of the calling code."""
    return _in_use.get()


def last_trace() -> TurnTrace | None:
    """What was done with the latest request of the calling task, or of the `use` it is in; None before the first.

    Outside a `use`, a request made in a task of its own (`asyncio.gather`, a thread) leaves its trace there.
    """
    using = _in_use.get()
    return using.trace if using is not None else _latest.get()


def leave_trace(trace: TurnTrace) -> None:
    """Make `trace` what `last_trace` gives."""
    using = _in_use.get()
    if using is not None:
        using.trace = trace
    _latest.set(trace)
