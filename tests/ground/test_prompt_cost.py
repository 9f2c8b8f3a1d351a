"""The prompt cost benchmark counts what it says, on conversations made here."""

from __future__ import annotations

import pytest

from benchmarks.prompt_cost.conversations import Conversation, Exchange
from benchmarks.prompt_cost.cost import PER_MESSAGE, READ, WRITE, cost
from benchmarks.prompt_cost.layouts import Requests, full_transcript, langchain_summary, ours, sliding_window
from benchmarks.prompt_cost.values import kept_values
from dialog.ground import Budget


class Characters:
    name = "characters"

    def count(self, text: str) -> int:
        return len(text)


COUNT = Characters()
CHAT = Conversation(
    "chat/0",
    tuple(
        Exchange(f"Find a place for {n} people in Boston", "Sure, noted. " * 9, ((f"{n}",), ("Boston", "boston")))
        for n in range(2, 32)
    ),
)


def test_what_was_sent_before_is_read_and_the_rest_is_written() -> None:
    first, second = ("user", "abcd"), ("assistant", "ef")
    found = cost(Requests([[first], [first, second]]), COUNT, minimum=8)
    one, two = 4 + PER_MESSAGE, 2 + PER_MESSAGE
    assert found.sent == 2 * one + two
    assert found.cached == found.with_minimum == pytest.approx(WRITE * one + READ * one + WRITE * two)


def test_a_prefix_below_the_minimum_is_not_cached() -> None:
    found = cost(Requests([[("user", "abcd")], [("user", "abcd"), ("user", "x")]]), COUNT)
    assert found.with_minimum == found.sent


def test_a_changed_message_ends_the_prefix() -> None:
    found = cost(Requests([[("user", "a"), ("user", "b")], [("user", "c"), ("user", "b")]]), COUNT)
    assert found.cached == pytest.approx(WRITE * found.sent)


def test_only_the_full_transcript_and_ours_keep_every_stated_value() -> None:
    assert kept_values(CHAT, full_transcript(CHAT, "", COUNT))[0] == 31
    assert kept_values(CHAT, sliding_window(CHAT, "", COUNT))[0] < 31
    managed = ours(CHAT, "", COUNT, budget=Budget(compact_at_tokens=600), interpret="identity")
    assert kept_values(CHAT, managed) == (31, 31, [])
    assert any("<dialog-summary>" in text for _, text in managed.messages[-1])


def test_the_summary_layout_replaces_all_but_the_newest_messages() -> None:
    sent = langchain_summary(CHAT, "", COUNT, trigger_tokens=1000, keep_messages=4, summary_tokens=50)
    assert max(map(len, sent.messages)) < 20
    assert any(text.startswith("Here is a summary") for _, text in sent.messages[-1])
    assert sent.extra_tokens > 0
