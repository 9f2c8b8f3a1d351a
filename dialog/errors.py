"""What the library raises.

    DialogError
    ├── DialogBusy            other writers kept winning, or a turn is open and overlap is "refuse"
    ├── DialogUnknown         the dialog (or turn) asked for is not in the store
    ├── BudgetTooSmall        instructions and message alone exceed the token budget
    ├── StateUnreadable       the stored bytes are not a dialog state
    │   └── StateTooNew       they were written by a newer version of this library
    ├── SlotsUnreadable       the slots do not fit the model they were to be read as
    ├── InterpretationFailed  the interpreter raised, and the configuration says to raise too
    └── BackendError          the model provider did not give a reply (tree in `dialog/backends/base.py`)

Messages name dialogs and turns, never their text. Store errors (`stores.base.StoreError`) pass through unchanged.
"""

from __future__ import annotations


class DialogError(Exception):
    """Root of what this package raises about its work; wrong arguments raise ValueError or TypeError."""


class DialogBusy(DialogError):
    def __init__(self, dialog_id: str, *, attempts: int, reason: str) -> None:
        super().__init__(
            f"dialog {dialog_id!r} could not take the turn after {attempts} attempt(s): {reason}; try again shortly"
        )
        self.dialog_id = dialog_id
        self.attempts = attempts
        self.reason = reason


class DialogUnknown(DialogError):
    def __init__(self, dialog_id: str, turn_id: str | None = None) -> None:
        what = f"dialog {dialog_id!r}" if turn_id is None else f"turn {turn_id!r} of dialog {dialog_id!r}"
        super().__init__(f"{what} is not in the store; it may have expired or been forgotten")
        self.dialog_id = dialog_id
        self.turn_id = turn_id


class BudgetTooSmall(DialogError):
    def __init__(self, *, needed: int, budget: int) -> None:
        super().__init__(
            f"instructions and message need {needed} tokens, the budget is {budget}; "
            "raise budget_tokens or shorten them"
        )
        self.needed = needed
        self.budget = budget


class StateUnreadable(DialogError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"the stored bytes are not a dialog state: {reason}; they were left untouched")
        self.reason = reason


class StateTooNew(StateUnreadable):
    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"schema version {found} is newer than {known}, the newest this version reads; upgrade antecedent"
        )
        self.found = found
        self.known = known


class InterpretationFailed(DialogError):
    def __init__(self, dialog_id: str, turn_id: str, reason: str) -> None:
        super().__init__(f"turn {turn_id!r} of dialog {dialog_id!r} could not be interpreted: {reason}")
        self.dialog_id = dialog_id
        self.turn_id = turn_id
        self.reason = reason


class SlotsUnreadable(DialogError):
    """`found` is the value that does not fit, None when there is none; it may be user text, so the message leaves
    it out."""

    def __init__(self, slot: str, *, model: str, expected: str, found: object) -> None:
        what = (
            "nothing, and the field has no default" if found is None else f"a {type(found).__name__} that does not fit"
        )
        super().__init__(
            f"slot {slot!r} of {model} holds {what} ({expected}); give the field a default or a wider type, "
            "or correct the slot"
        )
        self.slot = slot
        self.model = model
        self.expected = expected
        self.found = found
