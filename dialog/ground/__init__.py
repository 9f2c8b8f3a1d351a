"""Grounding: what goes to the backend, under a token budget, in bytes that the provider can cache."""

from __future__ import annotations

from dialog.ground.budget import Budget
from dialog.ground.grounding import (
    Grounding,
    Summarise,
    compact,
    compact_when_due,
    covered,
    ground,
    needs_compaction,
)
from dialog.ground.message import render_message
from dialog.ground.snapshot import render_snapshot
from dialog.tokens import EstimateCounter, TiktokenCounter, TokenCounter, estimate_counter, load_counter

__all__ = [
    "Budget",
    "EstimateCounter",
    "Grounding",
    "Summarise",
    "TiktokenCounter",
    "TokenCounter",
    "compact",
    "compact_when_due",
    "covered",
    "estimate_counter",
    "ground",
    "load_counter",
    "needs_compaction",
    "render_message",
    "render_snapshot",
]
