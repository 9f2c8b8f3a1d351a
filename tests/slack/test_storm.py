"""Everything at once: two bots, duplicates in any order, refusals and broken connections by lot."""

from __future__ import annotations

import asyncio
import random

import pytest

from dialog.testing import FixedClock, Line, ScriptedBackend
from stores.memory import MemoryStore
from tests.slack.conftest import Start
from tests.slack.fake import BOT_USER, FakeSlack, Payload

METHODS = ("chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage", "chat.update")
FAULTS: tuple[Payload, ...] = (
    {"status": 429, "error": "ratelimited", "retry_after": 5},
    {"status": 503, "error": "service_unavailable"},
    {"drop": "before"},
    {"drop": "after"},
)
EXPIRED: Payload = {"error": "message_not_in_streaming_state"}
MESSAGES = 12


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_weather_each_message_has_one_whole_reply(start: Start, slack: FakeSlack, seed: int) -> None:
    lot = random.Random(seed)
    store, clock = MemoryStore(), FixedClock()

    def told(prompt: object) -> Line:
        number = prompt.message.text.split()[1]  # type: ignore[attr-defined] # a GroundedPrompt
        return Line([f"reply {number} ", "word " * lot.randrange(200), f"end {number}"])

    bots = [await start(ScriptedBackend(told), store=store, clock=clock, buffer_chars=64) for _ in range(2)]
    said: list[Payload] = []
    for number in range(MESSAGES):
        direct = lot.random() < 0.4
        said.append(slack.say(f"<@{BOT_USER}> question {number} ?", channel="D1" if direct else "C1"))
    for _ in range(20):
        method = lot.choice(METHODS)
        faults = (*FAULTS, EXPIRED) if method in ("chat.appendStream", "chat.stopStream") else FAULTS
        slack.fail(method, skip=lot.randrange(4), **lot.choice(faults))
    deliveries = [(body, bot) for body in said for bot in bots for _ in range(lot.randrange(1, 3))]
    lot.shuffle(deliveries)
    await asyncio.gather(*(slack.deliver(body, to=bot.connection) for body, bot in deliveries))
    for _ in range(3):
        for bot in bots:
            await bot.door.settled()
        slack.faults.clear()
        clock.advance(61)
        await bots[0].door.sweep()
    replies = [reply for channel in ("C1", "D1") for reply in slack.replies(channel)]
    assert not any(reply.streaming for reply in replies)
    numbers = sorted(int(reply.shown.split()[1]) for reply in replies)
    assert numbers == list(range(MESSAGES)), "each message is answered, and once"
    assert all(reply.shown.endswith(f"end {reply.shown.split()[1]}") for reply in replies)
    assert sum(len(bot.backend.prompts) for bot in bots) == MESSAGES
