"""What a pipeline can be told, in one frozen object."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dialog.values import Value


class PipelineConfig(Value):
    """Times are seconds. The defaults suit a chat with a hosted model.

    `overlap`: a message that arrives while another turn of the dialog is open is taken up at once ("allow"), after it
    ("wait", at most `wait_s`), or raises DialogBusy ("refuse").
    `on_store_error`, `on_interpret_error`: "raise", or carry on: "degrade" sends the message without state, or gives
    the reply out unrecorded, and marks the trace; "identity" leaves the message alone.
    """

    ttl_s: float | None = Field(default=30 * 86400.0, gt=0)
    """How long an untouched dialog is kept; None: for ever."""
    overlap: Literal["allow", "wait", "refuse"] = "allow"
    wait_s: float = Field(default=60.0, gt=0)
    lease_s: float = Field(default=120.0, gt=0)
    """An open turn whose process stopped extending its lease for this long counts as abandoned. Each process tells by
    its own clock, so the clocks of processes on one store must differ by much less."""
    longest_turn_s: float = Field(default=3600.0, gt=0)
    """How long a turn's lease goes on being extended when nobody finishes it."""
    on_store_error: Literal["raise", "degrade"] = "raise"
    on_interpret_error: Literal["raise", "identity"] = "identity"
    max_conflicts: int = Field(default=64, ge=1)
    """How often one write is tried again because another writer was first."""
    max_message_chars: int = Field(default=200_000, ge=1)
    held_dialogs: int = Field(default=512, ge=0)
    """How many dialogs' latest records this process holds, each saving one read per turn."""
