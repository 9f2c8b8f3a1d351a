"""A pasted document is left alone, and costs no time on the event loop."""

from __future__ import annotations

from dialog.interpret.rules import LONGEST_CHARS, RuleInterpreter
from dialog.state import DialogState


async def test_a_message_as_long_as_a_document_is_left_alone() -> None:
    text = "Tell me about New York. " * (LONGEST_CHARS // 20)
    meant = await RuleInterpreter()(DialogState(dialog_id="d"), text)
    assert (meant.rewrite.changed, meant.slots, meant.by) == (False, (), "rules:any/long")
