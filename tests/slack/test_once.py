"""Nothing is sent twice and nothing lost: duplicates, wrong order, rate limits, broken connections, dead processes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from dialog.config import PipelineConfig
from dialog.keys import prefix_of
from dialog.prompt import GroundedPrompt
from dialog.testing import FixedClock, Line, ScriptedBackend
from stores.base import Store, StoreUnavailable
from stores.memory import MemoryStore
from tests.slack.conftest import Bot, Start
from tests.slack.fake import BOT_USER, FakeSlack, Payload

MENTION = f"<@{BOT_USER}> Who wrote Hamlet?"
REPLY = "re: Who wrote Hamlet?"


def shown(slack: FakeSlack, channel: str = "C1") -> list[str]:
    return [said.shown for said in slack.replies(channel)]


# -- duplicates -------------------------------------------------------------------------------------------------------


async def test_a_redelivered_event_is_one_turn(bot: Bot, slack: FakeSlack) -> None:
    said = await bot.ask(MENTION, kind="app_mention")
    for retry in (1, 2, 3):
        await bot.hear(said, retry=retry)
    assert shown(slack) == [REPLY]
    assert len(bot.backend.prompts) == 1


async def test_a_mention_that_also_comes_as_a_message_is_one_turn(bot: Bot, slack: FakeSlack) -> None:
    as_mention = slack.say(MENTION, kind="app_mention")
    as_message = slack.say(MENTION, ts=as_mention["event"]["ts"])
    assert as_mention["event_id"] != as_message["event_id"]
    assert as_mention["event"]["client_msg_id"] == as_message["event"]["client_msg_id"]
    await asyncio.gather(slack.deliver(as_mention), slack.deliver(as_message))
    await bot.door.settled()
    assert shown(slack) == [REPLY]


async def test_a_duplicate_that_comes_while_the_reply_streams_is_not_a_second_reply(
    start: Start, slack: FakeSlack
) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(("x" * 300, " end"), pause=(1, gate))]))
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.called("chat.startStream"))
    await slack.deliver(said, retry=1)
    gate.set()
    await bot.door.settled()
    assert shown(slack) == ["x" * 300 + " end"]


async def test_two_bots_that_are_given_the_same_event_post_one_reply(start: Start, slack: FakeSlack) -> None:
    store = MemoryStore()
    bots = [await start(store=store), await start(store=store)]
    said = slack.say(MENTION, kind="app_mention")
    await asyncio.gather(*(slack.deliver(said, to=bot.connection) for bot in bots))
    for bot in bots:
        await bot.door.settled()
    assert shown(slack) == [REPLY]
    assert sum(len(bot.backend.prompts) for bot in bots) == 1


async def test_a_turn_that_was_answered_elsewhere_is_not_posted_again(bot: Bot, slack: FakeSlack) -> None:
    said = slack.say(MENTION, kind="app_mention")
    ts = said["event"]["ts"]
    await bot.pipeline.reply(f"C1:{ts}", "Who wrote Hamlet?", turn_id=f"C1:{ts}", tenant="T1")
    await bot.hear(said)
    assert shown(slack) == []


async def test_what_is_kept_of_an_answered_message_holds_no_words(bot: Bot) -> None:
    await bot.ask(MENTION, kind="app_mention")
    store: Store = bot.pipeline.store
    kept = [record async for record in _records(store) if "slack" in record[0]]
    assert len(kept) == 1, "the mark of the unfinished message is gone"
    assert "Hamlet" not in kept[0][1]


async def _records(store: Store) -> AsyncIterator[tuple[str, str]]:
    async for key in store.keys(""):
        record = await store.load(key)
        if record is not None:
            yield key, record.data.decode()


# -- out of order -----------------------------------------------------------------------------------------------------


async def test_a_follow_up_that_overtakes_its_mention_is_answered_after_it(start: Start, slack: FakeSlack) -> None:
    bot = await start(late_s=(60.0,))
    mention = slack.say(f"<@{BOT_USER}> What is the best Thai restaurant in Boston?", kind="app_mention")
    follow_up = slack.say("what about Chinese?", thread_ts=mention["event"]["ts"])
    await slack.deliver(follow_up)
    await slack.deliver(mention)
    await bot.door.settled()
    first, second = shown(slack)
    assert first == "re: What is the best Thai restaurant in Boston?"
    assert "best Chinese restaurant in Boston" in second


WRITTEN = ["Who wrote Hamlet?", "Who painted Guernica?", "Who built the Titanic?"]


async def test_messages_that_wait_are_answered_in_the_order_they_were_written(start: Start, slack: FakeSlack) -> None:
    gate = asyncio.Event()
    lines = [Line(("first",), pause=(0, gate)), "second", "third"]
    bot = await start(ScriptedBackend(lines))
    said = [slack.say(text, channel="D1") for text in WRITTEN]
    for body in (said[0], said[2], said[1]):
        await slack.deliver(body)
    gate.set()
    await bot.door.settled()
    assert [prompt.message.text.partition("\n")[0] for prompt in bot.backend.prompts] == WRITTEN


async def test_an_edit_that_overtakes_its_message_is_what_gets_answered(bot: Bot, slack: FakeSlack) -> None:
    said = slack.say(MENTION, kind="app_mention")
    await bot.hear(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"))
    await bot.hear(said)
    assert shown(slack) == ["re: Who wrote Macbeth?"]


async def test_a_deletion_that_overtakes_its_message_leaves_it_unanswered(bot: Bot, slack: FakeSlack) -> None:
    said = slack.say(MENTION, kind="app_mention")
    await bot.hear(slack.delete(said))
    await bot.hear(said)
    assert shown(slack) == []
    assert not bot.backend.prompts


# -- rate limits and broken connections -------------------------------------------------------------------------------


class Stepped(ScriptedBackend):
    """Says one piece after the other, each when Slack has been called for the one before."""

    def __init__(self, slack: FakeSlack, *steps: tuple[str, str]) -> None:
        super().__init__()
        self._slack = slack
        self._steps = steps

    async def stream(self, prompt: GroundedPrompt, **_: object) -> AsyncGenerator[str, None]:  # type: ignore[override]
        for piece, method in self._steps:
            yield piece
            await self._slack.until(lambda method=method: not method or self._slack.called(method))


WORDS, MORE = "word " * 60, "more " * 60
STREAMED = ((WORDS, "chat.startStream"), (MORE, "chat.appendStream"), ("end", ""))
UPDATED = ((WORDS, "chat.postMessage"), (MORE, "chat.update"), ("end", ""))


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
async def test_a_rate_limited_stream_waits_as_long_as_slack_asks(start: Start, slack: FakeSlack, method: str) -> None:
    bot = await start(Stepped(slack, *STREAMED), buffer_chars=100)
    slack.fail(method, status=429, error="ratelimited", retry_after=30)
    await bot.ask(MENTION, kind="app_mention")
    assert shown(slack) == [f"{WORDS}{MORE}end"]
    assert bot.pauses.seconds == [30.0]
    assert not slack.called("chat.update")


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_a_rate_limited_message_waits_as_long_as_slack_asks(start: Start, slack: FakeSlack, method: str) -> None:
    bot = await start(Stepped(slack, *UPDATED))
    slack.fail(method, status=429, error="ratelimited", retry_after=7, times=2)
    await bot.ask("Who wrote Hamlet?", channel="D1")
    assert shown(slack, "D1") == [f"{WORDS}{MORE}end"]
    assert bot.pauses.seconds == [7.0, 7.0]


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_stream_whose_connection_breaks_ends_as_one_whole_message(
    start: Start, slack: FakeSlack, method: str, drop: str
) -> None:
    steps = STREAMED if method != "chat.startStream" else ((WORDS, method), (MORE, ""), ("end", ""))
    bot = await start(Stepped(slack, *steps), buffer_chars=100)
    slack.fail(method, drop=drop)
    await bot.ask(MENTION, kind="app_mention")
    assert slack.called(method)
    assert [(reply.shown, reply.streaming) for reply in slack.replies()] == [(f"{WORDS}{MORE}end", False)]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_post_whose_connection_breaks_is_made_once(bot: Bot, slack: FakeSlack, drop: str) -> None:
    slack.fail("chat.postMessage", drop=drop)
    await bot.ask("Who wrote Hamlet?", channel="D1")
    assert shown(slack, "D1") == [REPLY]


async def test_a_post_that_slack_fails_inside_is_made_once(bot: Bot, slack: FakeSlack) -> None:
    slack.fail("chat.postMessage", status=503, error="internal_error")
    await bot.ask("Who wrote Hamlet?", channel="D1")
    assert shown(slack, "D1") == [REPLY]


async def test_after_a_dropped_socket_the_bot_connects_again_and_goes_on(bot: Bot, slack: FakeSlack) -> None:
    await bot.ask(MENTION, kind="app_mention")
    await slack.drop_socket()
    await slack.until(lambda: slack.connections == 2)
    body = slack.say("Who wrote Macbeth?", channel="D1")
    await slack.deliver(body)
    await bot.door.settled()
    assert shown(slack) == [REPLY]
    assert shown(slack, "D1") == ["re: Who wrote Macbeth?"]


async def test_an_event_whose_acknowledgement_was_lost_with_the_socket_is_answered_once(
    start: Start, slack: FakeSlack
) -> None:
    gate = asyncio.Event()
    bot = await start(ScriptedBackend([Line(("the reply",), pause=(0, gate))]))
    said = slack.say(MENTION, kind="app_mention")
    await slack.send(said)
    await slack.drop_socket()
    await slack.until(lambda: slack.connections == 2)
    await slack.deliver(said, retry=1)
    gate.set()
    await bot.door.settled()
    assert shown(slack) == ["the reply"]


# -- the store --------------------------------------------------------------------------------------------------------


class Failing(MemoryStore):
    """A store that cannot be reached while `down`."""

    down = False

    async def load(self, key: str):  # type: ignore[no-untyped-def] # as the class above
        if self.down:
            raise StoreUnavailable("load", "down")
        return await super().load(key)

    async def commit(self, key: str, data: bytes, **how):  # type: ignore[no-untyped-def] # as the class above
        if self.down:
            raise StoreUnavailable("commit", "down")
        return await super().commit(key, data, **how)


async def test_without_the_store_the_person_is_told_once_and_the_next_message_is_answered(
    start: Start, slack: FakeSlack
) -> None:
    store = Failing()
    bot = await start(store=store)
    store.down = True
    said = await bot.ask(MENTION, kind="app_mention")
    await bot.hear(said, retry=1)
    assert len(shown(slack)) == 1
    assert "cannot reach my memory" in shown(slack)[0]
    store.down = False
    await bot.ask(f"<@{BOT_USER}> Who wrote Macbeth?", kind="app_mention")
    assert shown(slack)[1:] == ["re: Who wrote Macbeth?"]


# -- processes --------------------------------------------------------------------------------------------------------

Process = asyncio.subprocess.Process


@pytest.fixture
async def process(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Callable[[], Awaitable[Process]]]:
    """Starts a bot in a process of its own; those of one test share a database."""
    running: list[Process] = []

    async def start() -> Process:
        connected = slack.connections
        command = (sys.executable, "-m", "tests.slack.process", slack.api_url, str(tmp_path / "dialogs.db"))
        running.append(await asyncio.create_subprocess_exec(*command))
        await slack.until(lambda: slack.connections > connected)
        return running[-1]

    yield start
    for each in running:
        if each.returncode is None:
            each.kill()
        await each.wait()


async def test_two_processes_that_are_given_the_same_events_answer_each_message_once(
    slack: FakeSlack, process: Callable[[], Awaitable[Process]]
) -> None:
    await process()
    await process()
    said: list[Payload] = [slack.say(f"<@{BOT_USER}> question {number}", kind="app_mention") for number in range(6)]
    for body in said:
        await asyncio.gather(slack.deliver(body, to=0), slack.deliver(body, to=1))
    await slack.until(lambda: len(slack.finished()) >= 6)
    for body in said:
        await asyncio.gather(slack.deliver(body, to=0, retry=1), slack.deliver(body, to=1, retry=1))
    assert sorted(shown(slack)) == [f"re: question {number}" for number in range(6)]


async def test_an_edit_that_reaches_another_process_replaces_the_reply_in_place(
    slack: FakeSlack, process: Callable[[], Awaitable[Process]]
) -> None:
    await process()
    await process()
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said, to=0)
    await slack.until(lambda: slack.finished())
    await slack.deliver(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"), to=1)
    await slack.until(lambda: shown(slack) == ["re: Who wrote Macbeth?"])


@pytest.mark.parametrize("dies_in", ["chat.startStream", "chat.stopStream"])
async def test_when_the_poster_is_killed_another_process_finishes_the_one_reply(
    slack: FakeSlack, process: Callable[[], Awaitable[Process]], dies_in: str
) -> None:
    poster = await process()
    gate = slack.gate(dies_in)
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.called(dies_in))
    poster.send_signal(signal.SIGKILL)
    await poster.wait()
    del slack.gates[dies_in]
    gate.set()
    await process()
    await slack.until(
        lambda: len(slack.finished()) == 1 and slack.finished()[0].shown == REPLY and slack.called("chat.update")
    )
    assert shown(slack) == [REPLY]


async def test_a_message_that_was_acknowledged_by_a_process_that_died_at_once_is_not_lost(
    slack: FakeSlack, process: Callable[[], Awaitable[Process]]
) -> None:
    poster = await process()
    gate = slack.gate("chat.startStream")  # nothing is posted before the process dies
    slack.fail("chat.startStream", drop="before")
    await slack.deliver(slack.say(MENTION, kind="app_mention"))
    poster.send_signal(signal.SIGKILL)
    await poster.wait()
    del slack.gates["chat.startStream"]
    slack.faults.clear()
    gate.set()
    await process()
    await slack.until(lambda: any(reply.shown == REPLY for reply in slack.finished()))
    assert shown(slack) == [REPLY]


# -- sweeps, shutdown, taking over -------------------------------------------------------------------------------------


async def test_a_reply_that_slack_would_not_take_for_long_is_posted_by_a_later_sweep(
    start: Start, slack: FakeSlack
) -> None:
    clock = FixedClock()
    bot = await start(clock=clock, longest_wait_s=60.0)
    slack.fail("chat.postMessage", status=429, error="ratelimited", retry_after=3600)
    await bot.ask("Who wrote Hamlet?", channel="D1")
    assert shown(slack, "D1") == []
    assert await bot.door.sweep() == 0, "it is still held"
    clock.advance(61)
    assert await bot.door.sweep() == 1
    await bot.door.settled()
    assert shown(slack, "D1") == [REPLY]
    assert len(bot.backend.prompts) == 1, "the stored reply is posted; no model is asked again"
    clock.advance(61)
    assert await bot.door.sweep() == 0


async def test_during_an_outage_of_slack_nothing_is_lost(start: Start, slack: FakeSlack) -> None:
    clock = FixedClock()
    bot = await start(clock=clock, longest_wait_s=1.0)
    for method in ("chat.startStream", "chat.postMessage", "conversations.replies"):
        slack.fail(method, status=503, error="service_unavailable", times=50)
    await bot.ask(MENTION, kind="app_mention")
    assert shown(slack) == []
    slack.faults.clear()
    clock.advance(61)
    await bot.door.sweep()
    await bot.door.settled()
    assert shown(slack) == [REPLY]


async def test_a_reply_that_a_shutdown_cuts_off_is_finished_in_place_by_another_bot(
    start: Start, slack: FakeSlack
) -> None:
    store, never = MemoryStore(), asyncio.Event()
    leaving = await start(ScriptedBackend([Line(("x" * 300, "old"), pause=(1, never))]), store=store, shutdown_s=0.0)
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.replies())
    before = slack.replies()[0].ts
    await leaving.door.aclose()
    staying = await start(store=store)
    await staying.door.sweep()
    await staying.door.settled()
    assert [(reply.ts, reply.shown) for reply in slack.replies()] == [(before, REPLY)]


async def test_an_edit_that_another_bot_hears_stops_the_one_that_is_answering(start: Start, slack: FakeSlack) -> None:
    store, never = MemoryStore(), asyncio.Event()
    script = [Line(("x" * 300, "old"), pause=(1, never)), "new"]
    answering = await start(ScriptedBackend(script), store=store, lease_s=0.3)
    hearing = await start(store=store)
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said, to=answering.connection)
    await slack.until(lambda: slack.replies())
    await slack.deliver(slack.edit(said, f"<@{BOT_USER}> Who wrote Macbeth?"), to=hearing.connection)
    await answering.door.settled()
    assert shown(slack) == ["new"]
    assert not hearing.backend.prompts


async def test_a_bot_that_lost_its_message_to_another_posts_nothing_more(start: Start, slack: FakeSlack) -> None:
    store, clock, gate = MemoryStore(), FixedClock(), asyncio.Event()
    stalled = await start(
        ScriptedBackend([Line(("x" * 300, "old"), pause=(1, gate))]),
        store=store,
        clock=clock,
        pipeline=PipelineConfig(wait_s=0.1),
    )
    said = slack.say(MENTION, kind="app_mention")
    await slack.deliver(said)
    await slack.until(lambda: slack.replies())
    clock.advance(61)  # as if its process had been stopped for that long
    other = await start(store=store, clock=clock, pipeline=PipelineConfig(wait_s=20.0))
    await other.door.sweep()
    gate.set()
    await stalled.door.settled()
    await other.door.settled()
    assert len(shown(slack)) == 1
    assert shown(slack)[0] == "x" * 300 + "old", "the turn was answered once, and its reply is what stands there"
    assert not other.backend.prompts


async def test_when_all_is_answered_nothing_is_left_to_take_up(bot: Bot) -> None:
    await bot.ask(MENTION, kind="app_mention")
    assert await bot.door.sweep() == 0
    assert [key async for key in bot.pipeline.store.keys(prefix_of(""))] == []
