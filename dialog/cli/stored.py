"""The dialogs of a store, to choose from."""

from __future__ import annotations

from dialog.pipeline import Pipeline
from dialog.state import DialogState


async def stored(pipeline: Pipeline, tenant: str) -> list[DialogState]:
    """The tenant's dialogs, the one spoken in last first."""
    ids = [dialog_id async for dialog_id in pipeline.dialogs(tenant=tenant)]
    states = [await pipeline.state(dialog_id, tenant=tenant) for dialog_id in ids]
    return sorted((state for state in states if state), key=used_at, reverse=True)


def used_at(state: DialogState) -> float:
    """When the dialog was last spoken in, in seconds since the epoch; 0 when it has no recent turn."""
    return state.turns[-1].opened_at if state.turns else 0.0
