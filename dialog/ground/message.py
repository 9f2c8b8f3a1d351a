"""The new message as it is sent: the resolved request, then, where it differs, what the user said and what changed.

A message that was not rewritten and changes no slot that its own words do not show is sent as the user wrote it. The
user's words are not repeated where the request holds them whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.fence import fenced, harmless, one_line
from dialog.ground.slots import plain, slot_line, value_words
from dialog.interpretation import Interpretation
from dialog.state import DialogState, SlotValue

_ENTRY_ENDS = re.compile(r"\n(?:slots: )?|; | \| ")
"""What separates one slot's line from the next in notes and snapshots."""


def render_message(state: DialogState, interpretation: Interpretation, *, recalled: Sequence[str] = ()) -> str:
    """The exact user-role text for the message; `state` is the one before this turn. Becomes `Turn.sent`.

    `recalled` are passages of earlier replies that the message needs (`dialog.ground.recall`).
    """
    rewrite = interpretation.rewrite
    notes = [] if interpretation.speaker is None else [f"speaker: {one_line(interpretation.speaker)}"]
    notes += [] if rewrite.original.strip() in rewrite.text else [f"said: {one_line(rewrite.original)}"]
    shown = f"{rewrite.original}\n{rewrite.text}".casefold()
    untold = [line for said in interpretation.slots if (line := _news(state, said, shown))]
    untold += _set_by_caller(state)
    if untold:
        notes.append("slots: " + "; ".join(dict.fromkeys(untold)))
    notes += (f"~ {text}" for text in recalled)
    request = harmless(rewrite.text)
    return "\n".join([request, fenced("dialog-note", "\n".join(notes))]) if notes else request


def _news(state: DialogState, said: SlotValue, shown: str) -> str:
    """What the message changes in a slot, unless its words show the new value already; "" for nothing to tell."""
    slot = state.slot(said.name, said.owner)
    before = slot.current if slot is not None else None
    if before is not None and (before.value, before.status) == (said.value, said.status):
        return ""
    if said.status in ("stated", "negated") and plain(said.value).casefold() in shown:
        return ""
    if said.status == "cleared" and before is None:
        return ""
    return f"{one_line(said.name)}: {value_words(said)}"


def _set_by_caller(state: DialogState) -> list[str]:
    """Lines for slots the calling program set since the snapshot, until a message has told them."""
    lines = [slot_line(slot) for slot in state.slots_in_scope if slot.changed_in == ""]
    told: set[str] = set()
    for text in (*(turn.sent for turn in state.turns), state.snapshot.text if state.snapshot else ""):
        told.update(_ENTRY_ENDS.split(text))
    return sorted(line for line in lines if line and harmless(line) not in told)
