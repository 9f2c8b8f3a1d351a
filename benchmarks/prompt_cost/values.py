"""Whether what users stated is still in the prompt, by the slot values that people annotated."""

from __future__ import annotations

from benchmarks.prompt_cost.conversations import Conversation
from benchmarks.prompt_cost.layouts import Requests


def kept_values(conversation: Conversation, requests: Requests) -> tuple[int, int, list[str]]:
    """Stated values still in the last prompt, stated values in all, and those that are missing.

    A value counts as stated when one of its annotated wordings stands in a user message of the conversation.
    """
    prompt = "\n".join(text for _, text in requests.messages[-1]).casefold()
    stated: dict[str, tuple[str, ...]] = {}
    said = ""
    for exchange in conversation.exchanges:
        said += f"\n{exchange.user.casefold()}"
        for wordings in exchange.stated:
            found = [word.casefold() for word in wordings if word.casefold() in said]
            if found:
                stated[found[0]] = tuple(found)
    missing = [value for value, wordings in stated.items() if not any(word in prompt for word in wordings)]
    return len(stated) - len(missing), len(stated), missing
