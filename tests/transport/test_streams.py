"""Streams pass chunk by chunk, and however they stop, the turn is recorded as what it was."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any

import pytest

from dialog.state import Turn
from dialog.transport.bridge import bridge_of
from tests.fake_provider import FakeProvider, Hang, Reply
from tests.transport.parts import Rig, rig

HEADERS = {"content-type": "application/json", "x-dialog-id": "d"}
BODY = b'{"model":"m","stream":true,"messages":[{"role":"user","content":"pizza?"}]}'
FAMILIES = pytest.mark.parametrize("family", ["httpx2", "httpx"])


async def only_turn(made: Rig) -> Turn:
    [turn] = await made.turns("d")
    return turn


def held_back() -> tuple[Reply, asyncio.Event]:
    """A reply that stops before its second piece until the event is set."""
    gate = asyncio.Event()
    return Reply(pieces=("Try ", "Joe's."), pause=(1, gate)), gate


def stream_of(made: Rig) -> Any:
    return made.client.stream("POST", made.provider.url + "/v1/chat/completions", content=BODY, headers=HEADERS)


@FAMILIES
async def test_each_chunk_goes_on_before_the_next_has_come(provider: FakeProvider, family: Any) -> None:
    reply, gate = held_back()
    provider.script(reply)
    async with rig(provider, family=family) as made, stream_of(made) as response:
        chunks = response.aiter_raw()
        seen = b""
        while b"Try " not in seen:
            seen += await anext(chunks)
        assert b"Joe's" not in seen
        gate.set()
        async for chunk in chunks:
            seen += chunk
        assert b"Joe's" in seen


@FAMILIES
async def test_the_turn_is_closed_when_the_client_sees_the_end_mark(provider: FakeProvider, family: Any) -> None:
    async with rig(provider, family=family) as made, stream_of(made) as response:
        async for chunk in response.aiter_raw():
            if b"[DONE]" in chunk:  # and read no further, as some SDKs do
                assert (await only_turn(made)).status == "closed"
                break
        else:
            pytest.fail("the end mark did not come")


@FAMILIES
async def test_a_stream_closed_early_is_partial_with_what_was_seen(provider: FakeProvider, family: Any) -> None:
    reply, _ = held_back()
    provider.script(reply)
    async with rig(provider, family=family) as made:
        async with stream_of(made) as response:
            async for chunk in response.aiter_raw():
                if b"Try " in chunk:
                    break
        turn = await only_turn(made)
        assert (turn.status, turn.reply) == ("partial", "Try ")
        await provider.requests[0].disconnected.wait()


async def test_a_stream_left_between_its_last_word_and_the_end_mark_is_closed(provider: FakeProvider) -> None:
    last = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    provider.script(Reply(pieces=("Joe's.", "!"), inject=(1, last), pause=(1, asyncio.Event())))
    async with rig(provider) as made:
        async with stream_of(made) as response:
            async for chunk in response.aiter_raw():
                if b"Joe's" in chunk:
                    break
        assert (await only_turn(made)).status == "partial"
    gate = asyncio.Event()
    provider.script(Reply(pieces=("Joe's.", "!"), inject=(1, last), pause=(2, gate)))
    async with rig(provider) as made:
        async with stream_of(made) as response:
            async for chunk in response.aiter_raw():
                if b'"finish_reason":"stop"' in chunk:
                    break
        assert (await only_turn(made)).status == "closed"


@FAMILIES
async def test_a_stream_closed_before_its_first_word_is_abandoned(provider: FakeProvider, family: Any) -> None:
    provider.script(Reply("Joe's.", pause=(0, asyncio.Event())))
    async with rig(provider, family=family) as made:
        async with stream_of(made):
            pass
        assert (await only_turn(made)).status == "abandoned"


@FAMILIES
async def test_a_task_cancelled_in_mid_stream_leaves_a_partial_turn(provider: FakeProvider, family: Any) -> None:
    reply, _ = held_back()
    provider.script(reply)
    reading = asyncio.Event()

    async def read(made: Rig) -> None:
        async with stream_of(made) as response:
            async for chunk in response.aiter_raw():
                if b"Try " in chunk:
                    reading.set()

    async with rig(provider, family=family) as made:
        task = asyncio.create_task(read(made))
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        turn = await only_turn(made)
        assert (turn.status, turn.reply) == ("partial", "Try ")


@FAMILIES
async def test_a_task_cancelled_while_it_waits_for_the_head_abandons_the_turn(
    provider: FakeProvider, family: Any
) -> None:
    provider.script(Hang())
    async with rig(provider, family=family) as made:
        task = asyncio.create_task(
            made.client.post(provider.url + "/v1/chat/completions", content=BODY, headers=HEADERS)
        )
        await provider.request(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await only_turn(made)).status == "abandoned"


@FAMILIES
async def test_a_stream_that_is_dropped_without_a_word_is_still_recorded(provider: FakeProvider, family: Any) -> None:
    reply, _ = held_back()
    provider.script(reply)
    async with rig(provider, family=family) as made:
        request = made.client.build_request(
            "POST", provider.url + "/v1/chat/completions", content=BODY, headers=HEADERS
        )
        response = await made.client.send(request, stream=True)
        chunks = response.aiter_raw()
        while b"Try " not in await anext(chunks):
            pass
        stream = response.stream
        del chunks, response, request
        gc.collect()
        for _ in range(50):  # the loop's own hook closes a dropped iterator, in tasks of its own
            await asyncio.sleep(0)
        turn = await only_turn(made)
        assert (turn.status, turn.reply) == ("partial", "Try ")
        await stream.aclose()


@FAMILIES
async def test_a_read_timeout_fails_the_turn(provider: FakeProvider, family: Any) -> None:
    provider.script(Hang())
    library: Any = __import__(family)
    async with rig(provider, family=family, timeout=0.05) as made:
        with pytest.raises(library.ReadTimeout):
            await made.client.post(provider.url + "/v1/chat/completions", content=BODY, headers=HEADERS)
        turn = await only_turn(made)
        assert (turn.status, turn.failure) == ("failed", "ReadTimeout")


@FAMILIES
async def test_a_sync_stream_closed_early_is_partial(provider: FakeProvider, family: Any) -> None:
    reply, _ = held_back()
    provider.script(reply)

    def read(made: Rig) -> None:
        with stream_of(made) as response:
            for chunk in response.iter_raw():
                if b"Try " in chunk:
                    return

    async with rig(provider, family=family, sync=True) as made:
        await made.thread(lambda: read(made))
        turn = await only_turn(made)
        assert (turn.status, turn.reply) == ("partial", "Try ")


async def test_sync_clients_in_many_threads_share_one_bridge(provider: FakeProvider) -> None:
    async with rig(provider, sync=True) as made:
        url = provider.url + "/v1/chat/completions"

        def post(number: int) -> int:
            body = b'{"messages":[{"role":"user","content":"x"}]}'
            response = made.client.post(url, content=body, headers={"x-dialog-id": f"d{number}"})
            return int(response.status_code)

        statuses = await asyncio.gather(*(made.thread(lambda n=n: post(n)) for n in range(16)))  # type: ignore[misc]
        assert statuses == [200] * 16
        bridges = [thread for thread in threading.enumerate() if thread.name == "antecedent"]
        assert len(bridges) == 1
        assert not bridge_of(made.pipeline).closed
