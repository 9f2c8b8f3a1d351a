"""Ways to lay out the prompts of a conversation; each gives the messages of every request in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.prompt_cost.conversations import Conversation
from dialog.change import TurnClosed, TurnOpened, fold
from dialog.ground import Budget, TokenCounter, compact, ground, needs_compaction
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import identity
from dialog.state import DialogState

Message = tuple[str, str]


@dataclass
class Requests:
    """What one conversation sent: the messages of each request, and tokens of calls made besides (summaries)."""

    messages: list[list[Message]] = field(default_factory=list)
    extra_tokens: int = 0


Layout = Callable[[Conversation, str, TokenCounter], Requests]


def full_transcript(conversation: Conversation, instructions: str, count: TokenCounter) -> Requests:
    """Everything that was said, appended to."""
    return Requests([[*_system(instructions), *past, ("user", text)] for past, text in _steps(conversation)])


def sliding_window(conversation: Conversation, instructions: str, count: TokenCounter, *, turns: int = 6) -> Requests:
    """The newest `turns` exchanges only."""
    return Requests(
        [[*_system(instructions), *past[-2 * turns :], ("user", text)] for past, text in _steps(conversation)]
    )


def langchain_summary(
    conversation: Conversation,
    instructions: str,
    count: TokenCounter,
    *,
    trigger_tokens: int = 4000,
    keep_messages: int = 20,
    summary_tokens: int = 250,
) -> Requests:
    """The layout of `langchain.agents.middleware.SummarizationMiddleware` 1.5.0 (summarization.py), re-made.

    Before a request whose messages reach `trigger_tokens`, all but the newest `keep_messages` are replaced by one
    user message with a summary of them (at most the newest 4,000 tokens of them are shown to the model, default
    `trim_tokens_to_summarize`). `keep_messages` 20 is its default; it has no default trigger. The summary's words are
    a stand-in of `summary_tokens` tokens, as there is no model here; the call's input counts as `extra_tokens`.
    """
    sent = Requests()
    history: list[Message] = []
    for exchange in conversation.exchanges:
        history.append(("user", exchange.user))
        size = sum(count.count(text) + 3 for _, text in history)
        if size >= trigger_tokens and len(history) > keep_messages:
            old, history = history[:-keep_messages], history[-keep_messages:]
            sent.extra_tokens += min(4000, sum(count.count(text) + 3 for _, text in old)) + 400
            stand_in = _cut(" ".join(text for _, text in old), summary_tokens, count)
            history.insert(0, ("user", f"Here is a summary of the conversation to date:\n\n{stand_in}"))
        sent.messages.append([*_system(instructions), *history])
        history.append(("assistant", exchange.reply))
    return sent


def ours(
    conversation: Conversation, instructions: str, count: TokenCounter, *, budget: Budget, interpret: str = "local"
) -> Requests:
    """This library: grounded messages, append-only, compacted in batches after the turn."""
    sent = Requests()
    state = DialogState(dialog_id=conversation.name)
    local = RuleInterpreter()
    for n, exchange in enumerate(conversation.exchanges):
        meant = (
            local.interpret(state, exchange.user)
            if interpret == "local"
            else identity(state, exchange.user, by="identity")
        )
        grounding = ground(state, meant, instructions=instructions, budget=budget, count=count)
        sent.messages.append([(block.role, block.text) for block in grounding.prompt.blocks])
        if grounding.compacted:
            state = fold(state, grounding.compacted)
        opened = TurnOpened(
            turn_id=f"u{n}", user=exchange.user, sent=grounding.sent, interpretation=meant, at=n, lease_until=n + 1
        )
        state = fold(fold(state, opened), TurnClosed(turn_id=f"u{n}", reply=exchange.reply, at=n))
        if needs_compaction(state, budget=budget, count=count):
            change = compact(state, budget=budget)
            state = fold(state, change) if change else state
    return sent


def _system(instructions: str) -> list[Message]:
    return [("system", instructions)] if instructions else []


def _steps(conversation: Conversation) -> Iterator[tuple[Sequence[Message], str]]:
    past: list[Message] = []
    for exchange in conversation.exchanges:
        yield list(past), exchange.user
        past += ("user", exchange.user), ("assistant", exchange.reply)


def _cut(text: str, tokens: int, count: TokenCounter) -> str:
    while (size := count.count(text)) > tokens:
        text = text[: max(1, len(text) * tokens // size)]
    return text
