"""Dialogues written before any output was seen, and by which no rule was mended: a floor under what was measured."""

from __future__ import annotations

from tests.interpret.en.fresh import dialogues, judged

FOLLOW_UPS_RIGHT = 0.28
LEFT_ALONE = 0.95
"""By the rules alone on the first run: 86 of 283 follow-ups, 155 of 159 complete messages (2026-11-28)."""


def test_there_are_three_hundred_messages_of_both_sorts() -> None:
    messages = [message for dialogue in dialogues() for message in dialogue[1:]]
    assert len(messages) >= 300
    assert sum(message.alone for message in messages) >= 100


async def test_the_rules_do_no_worse_than_on_their_first_run() -> None:
    found = await judged()
    follow_ups = [right for message, _, right in found if not message.alone]
    alone = [right for message, _, right in found if message.alone]
    assert sum(follow_ups) >= FOLLOW_UPS_RIGHT * len(follow_ups)
    assert sum(alone) >= LEFT_ALONE * len(alone)
