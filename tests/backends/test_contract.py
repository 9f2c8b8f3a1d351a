"""What every backend over HTTP must do, against a local provider that speaks its wire format."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import pytest

from dialog.backends.base import (
    Backend,
    BackendBadReply,
    BackendError,
    BackendRefused,
    BackendUnavailable,
    Usage,
)
from dialog.backends.retry import CallPolicy
from dialog.testing import FixedClock, RecordingSleep, prompt_of
from tests.backends.providers import KEY, Provider
from tests.fake_provider import Failure, FakeProvider, Hang, Raw, Received, Reply, Tokens, http_date

PROMPT = prompt_of(("system", "Be brief."), "Where is it?")
MIXED = "It is in 北京, near the 🏯 — naïve, isn't it?"
ANSWER_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}


async def pieces_of(backend: Backend) -> list[str]:
    return [piece async for piece in backend.stream(PROMPT)]


async def whole(pieces: AsyncIterator[str]) -> str:
    return "".join([piece async for piece in pieces])


async def pieces_into(got: list[str], backend: Backend) -> None:
    async for piece in backend.stream(PROMPT):
        got.append(piece)


async def test_a_reply_comes_whole(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply(MIXED))
    async with provider.backend(server) as backend:
        assert await backend.complete(PROMPT) == MIXED
    assert provider.headers.items() <= server.requests[0].headers.items()


async def test_a_reply_streams_piece_by_piece(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply(pieces=["One", " two", " 三"]))
    async with provider.backend(server) as backend:
        assert await pieces_of(backend) == ["One", " two", " 三"]


async def test_a_piece_is_handed_on_before_the_next_is_sent(provider: Provider, server: FakeProvider) -> None:
    go_on = asyncio.Event()
    server.script(Reply(pieces=["first", "second"], pause=(1, go_on)))
    async with provider.backend(server) as backend, aclosing(backend.stream(PROMPT)) as pieces:
        assert await anext(pieces) == "first"
        go_on.set()
        assert [piece async for piece in pieces] == ["second"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_chunks_may_be_cut_anywhere(provider: Provider, server: FakeProvider, size: int) -> None:
    server.script(Reply(MIXED, split=size))
    async with provider.backend(server) as backend:
        assert "".join(await pieces_of(backend)) == MIXED


async def test_an_empty_reply_is_a_reply(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply(""), Reply(""))
    async with provider.backend(server) as backend:
        assert await backend.complete(PROMPT) == ""
        assert await pieces_of(backend) == []


async def test_usage_is_told_once_for_a_whole_reply(provider: Provider, server: FakeProvider) -> None:
    told: list[Usage] = []
    server.script(Reply("a b c", tokens=Tokens(20, 12, 5)), Reply("a b c", finish="length"))
    async with provider.backend(server) as backend:
        [_ async for _ in backend.stream(PROMPT, on_usage=told.append)]
        await backend.complete(PROMPT, on_usage=told.append)
    cached = 0 if provider.name == "ollama" else 12
    assert told[0] == Usage(input_tokens=20, cache_read_tokens=cached, output_tokens=5, finish="stop")
    assert told[1].finish == "length"
    assert len(told) == 2


async def test_structured_output_is_asked_for_and_checked(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply('{"city": "Boston"}'), Reply("Boston, I think"), Reply('{"city": "Bos', finish="length"))
    async with provider.backend(server) as backend:
        answer = await backend.complete(PROMPT, schema=ANSWER_SCHEMA)
        with pytest.raises(BackendBadReply, match="not the JSON"):
            await backend.complete(PROMPT, schema=ANSWER_SCHEMA)
        with pytest.raises(BackendBadReply, match="cut at the token limit"):
            await backend.complete(PROMPT, schema=ANSWER_SCHEMA)
    assert json.loads(answer) == {"city": "Boston"}
    assert json.dumps(ANSWER_SCHEMA, separators=(",", ":")) in server.requests[0].body.decode()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
@pytest.mark.parametrize("streamed", [True, False])
async def test_a_busy_provider_is_asked_again(
    provider: Provider, server: FakeProvider, status: int, streamed: bool
) -> None:
    sleep = RecordingSleep()
    server.script(Failure(status), Failure(status), Reply("here"))
    async with provider.backend(server, sleep=sleep) as backend:
        reply = "".join(await pieces_of(backend)) if streamed else await backend.complete(PROMPT)
    assert reply == "here"
    assert sleep.slept == [0.5, 1.0]
    assert len({request.body for request in server.requests}) == 1


async def test_retry_after_in_seconds_is_kept(provider: Provider, server: FakeProvider) -> None:
    sleep = RecordingSleep()
    server.script(Failure(429, retry_after="7"), Reply("here"))
    async with provider.backend(server, sleep=sleep) as backend:
        await backend.complete(PROMPT)
    assert sleep.slept == [7.0]


async def test_retry_after_as_a_date_is_kept(provider: Provider, server: FakeProvider) -> None:
    clock, sleep = FixedClock(1_700_000_000), RecordingSleep()
    server.script(Failure(503, retry_after=http_date(clock() + 11)), Reply("here"))
    async with provider.backend(server, sleep=sleep, clock=clock) as backend:
        await backend.complete(PROMPT)
    assert sleep.slept == [11.0]


async def test_retry_after_in_milliseconds_is_kept(provider: Provider, server: FakeProvider) -> None:
    sleep = RecordingSleep()
    server.script(Failure(429, retry_after="1", headers=(("retry-after-ms", "250"),)), Reply("here"))
    async with provider.backend(server, sleep=sleep) as backend:
        await backend.complete(PROMPT)
    assert sleep.slept == [0.25]


async def test_a_provider_that_asks_to_wait_too_long_is_not_waited_for(
    provider: Provider, server: FakeProvider
) -> None:
    sleep = RecordingSleep()
    server.script(Failure(429, retry_after="3600"))
    async with provider.backend(server, sleep=sleep) as backend:
        with pytest.raises(BackendUnavailable, match="wait 3600 s") as gave_up:
            await backend.complete(PROMPT)
    assert sleep.slept == []
    assert (gave_up.value.status, gave_up.value.retry_after_s) == (429, 3600.0)


async def test_retries_end(provider: Provider, server: FakeProvider) -> None:
    server.script(*[Failure(503)] * 4)
    async with provider.backend(server, policy=CallPolicy(attempts=4)) as backend:
        with pytest.raises(BackendUnavailable, match=r"503.*tried 4 time"):
            await backend.complete(PROMPT)
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_refusal_is_final(provider: Provider, server: FakeProvider, status: int) -> None:
    server.script(Failure(status, message="you wrote: Where is it?"))
    async with provider.backend(server) as backend:
        with pytest.raises(BackendRefused, match=f"HTTP {status}") as refused:
            await pieces_of(backend)
    assert refused.value.status == status
    assert refused.value.detail == "you wrote: Where is it?"
    assert "Where is it" not in str(refused.value) + repr(refused.value)
    assert len(server.requests) == 1


async def test_a_connection_that_breaks_before_the_answer_is_tried_again(
    provider: Provider, server: FakeProvider
) -> None:
    hung_up = asyncio.Event()
    hung_up.set()
    server.script(Hang(hung_up), Raw(content_length=10), Reply("here"))
    async with provider.backend(server) as backend:
        assert await backend.complete(PROMPT) == "here"


async def test_nothing_is_tried_again_once_a_byte_has_come(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply(pieces=["one", " two"], end_mark=False, hang_up=True))
    got: list[str] = []
    async with provider.backend(server) as backend:
        with pytest.raises(BackendBadReply, match="broke off"):
            await pieces_into(got, backend)
    assert got == ["one", " two"]
    assert len(server.requests) == 1


async def test_a_stream_without_its_end_mark_is_a_bad_reply(provider: Provider, server: FakeProvider) -> None:
    told: list[Usage] = []
    server.script(Reply("one two", end_mark=False))
    async with provider.backend(server) as backend:
        with pytest.raises(BackendBadReply, match="end mark"):
            [_ async for _ in backend.stream(PROMPT, on_usage=told.append)]
    assert told == []


@pytest.mark.parametrize(
    "bytes_on_the_wire",
    [b"data: {not json\n\n\n", b"data: [1, 2]\n\n{]\n", b'data: "text"\n\n"text"\n', b"data: \xff\xfe\n\n\xff\n"],
    ids=["no json", "a list", "a string", "no utf-8"],
)
async def test_a_malformed_message_is_a_bad_reply(
    provider: Provider, server: FakeProvider, bytes_on_the_wire: bytes
) -> None:
    server.script(Reply("one two", inject=(1, bytes_on_the_wire)))
    got: list[str] = []
    async with provider.backend(server) as backend:
        with pytest.raises(BackendBadReply):
            await pieces_into(got, backend)
    assert got == ["one"]


@pytest.mark.parametrize(
    "body", [b"<html>proxy</html>", b"[]", b"{}", b'{"choices": 3, "content": 3, "message": 3}', b"\xff", b""]
)
async def test_an_answer_in_another_form_is_a_bad_reply(provider: Provider, server: FakeProvider, body: bytes) -> None:
    server.script(Raw(body), Raw(body))
    async with provider.backend(server) as backend:
        with pytest.raises(BackendBadReply):
            await backend.complete(PROMPT)
        with pytest.raises(BackendBadReply):
            await pieces_of(backend)


async def test_an_error_inside_the_stream_is_an_error(provider: Provider, server: FakeProvider) -> None:
    problem = b'{"type": "error", "error": {"type": "overloaded_error", "message": "Where is it?"}}'
    server.script(
        Reply("one two", inject=(1, problem + b"\n" if provider.name == "ollama" else b"data: " + problem + b"\n\n"))
    )
    async with provider.backend(server) as backend:
        with pytest.raises(BackendUnavailable, match="overloaded_error") as broke:
            await pieces_of(backend)
    assert "Where" not in str(broke.value)


async def test_a_redirect_is_not_followed(provider: Provider, server: FakeProvider) -> None:
    async with FakeProvider() as elsewhere:
        server.script(Raw(status=307, headers=(("location", elsewhere.url + "/v1/chat/completions"),)))
        async with provider.backend(server) as backend:
            with pytest.raises(BackendRefused, match="307"):
                await backend.complete(PROMPT)
        assert elsewhere.requests == []


async def test_a_silent_provider_is_given_up(provider: Provider, server: FakeProvider) -> None:
    server.script(Hang(), Hang(), Hang())
    async with provider.backend(server, policy=CallPolicy(attempts=2, read_s=0.05)) as backend:
        with pytest.raises(BackendUnavailable, match=r"no answer within 0.05 s, tried 2"):
            await pieces_of(backend)
    async with provider.backend(server, policy=CallPolicy(read_s=0.01, total_s=0.05)) as backend:
        with pytest.raises(BackendUnavailable, match=r"no answer within 0.05 s, tried 1"):
            await backend.complete(PROMPT)
    for request in server.requests:
        await request.disconnected.wait()


async def test_a_stalled_stream_is_given_up(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply("one two", pause=(1, asyncio.Event())))
    async with provider.backend(server, policy=CallPolicy(read_s=0.05)) as backend:
        with pytest.raises(BackendUnavailable, match="stalled"):
            await pieces_of(backend)
    await server.requests[0].disconnected.wait()


async def test_the_whole_call_is_bounded_in_time(provider: Provider, server: FakeProvider) -> None:
    server.script(*[Failure(503, retry_after="20")] * 3)
    async with provider.backend(server, policy=CallPolicy(total_s=10)) as backend:
        with pytest.raises(BackendUnavailable):
            await backend.complete(PROMPT)
    assert len(server.requests) == 1


async def test_an_endless_reply_is_cut(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply("word " * 2000), Reply("word " * 2000))
    async with provider.backend(server, policy=CallPolicy(max_reply_bytes=5000)) as backend:
        with pytest.raises(BackendBadReply, match="longer than 5000 bytes"):
            await pieces_of(backend)
        with pytest.raises(BackendBadReply, match="longer than 5000 bytes"):
            await backend.complete(PROMPT)


async def test_a_provider_that_is_not_there_is_unavailable(provider: Provider) -> None:
    async with FakeProvider() as gone:
        pass
    async with provider.backend(gone) as backend:
        with pytest.raises(BackendUnavailable, match="no connection to http://127"):
            await backend.complete(PROMPT)


async def test_closing_a_stream_closes_its_connection(provider: Provider, server: FakeProvider) -> None:
    server.script(Reply("one two three", pause=(2, asyncio.Event())))
    async with provider.backend(server) as backend:
        async with aclosing(backend.stream(PROMPT)) as pieces:
            assert await anext(pieces) == "one"
        await server.requests[0].disconnected.wait()


@pytest.mark.parametrize("begun", [False, True])
async def test_cancelling_a_call_closes_its_connection(provider: Provider, server: FakeProvider, begun: bool) -> None:
    server.script(Reply("one two", pause=(1, asyncio.Event())) if begun else Hang())
    async with provider.backend(server) as backend:
        call = asyncio.ensure_future(pieces_of(backend))
        request = await server.request(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await request.disconnected.wait()
        server.script(Reply("next"))
        assert await backend.complete(PROMPT) == "next"


async def test_whole_replies_leave_the_connection_for_the_next_call(provider: Provider, server: FakeProvider) -> None:
    async with provider.backend(server) as backend:
        for _ in range(3):
            await pieces_of(backend)
            await backend.complete(PROMPT)
    assert server.connections == 1


async def test_many_calls_at_once_do_not_mix(provider: Provider) -> None:
    def echo(request: Received) -> Reply:
        return Reply(f"heard {re.search('number [0-9]+', request.body.decode())}", split=5)

    async with FakeProvider(echo) as server, provider.backend(server) as backend:
        calls = (backend.stream(prompt_of(f"number {number}.")) for number in range(20))
        replies = await asyncio.gather(*map(whole, calls))
    assert [f"number {number}'" in reply for number, reply in enumerate(replies)] == [True] * 20


async def test_more_calls_than_usual_can_be_under_way(provider: Provider) -> None:
    go_on = asyncio.Event()
    done = Reply("done", wait_for=go_on)
    async with FakeProvider(lambda request: done) as server, provider.backend(server) as backend:
        calls = [asyncio.ensure_future(backend.complete(PROMPT)) for _ in range(120)]
        await server.request(119)
        go_on.set()
        assert await asyncio.gather(*calls) == ["done"] * 120


async def test_a_refusal_whose_body_breaks_off_is_a_refusal(provider: Provider, server: FakeProvider) -> None:
    server.script(Raw(b'{"error', 401, content_length=100))
    async with provider.backend(server) as backend:
        with pytest.raises(BackendRefused, match="401"):
            await backend.complete(PROMPT)
    assert len(server.requests) == 1


async def test_a_given_client_is_borrowed(provider: Provider, server: FakeProvider) -> None:
    async with httpx.AsyncClient() as client:
        backend = provider.make(server.url + provider.url_end, client=client)
        assert await backend.complete(PROMPT) == "ok"
        await backend.aclose()
        await backend.aclose()
        assert not client.is_closed


async def test_the_key_is_in_no_repr_error_or_log(
    provider: Provider, server: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(Failure(401, message=f"bad key {KEY}"), Raw(b"junk"), Failure(503), Failure(503), Failure(503))
    shown: list[str] = []
    async with provider.backend(server) as backend:
        shown += [repr(backend), str(backend), backend.name]
        for _ in range(3):
            with pytest.raises(BackendError) as failed:
                await backend.complete(PROMPT)
            shown += traceback.format_exception(failed.value)
            shown += [repr(failed.value), str(failed.value)]
    assert KEY not in "".join(shown) + caplog.text


async def test_equal_prompts_are_sent_as_equal_bytes(provider: Provider, server: FakeProvider) -> None:
    async with provider.backend(server) as backend:
        await backend.complete(PROMPT)
        await backend.complete(prompt_of(("system", "Be brief."), "Where is it?"))
    assert server.requests[0].body == server.requests[1].body


async def test_text_that_is_no_unicode_does_not_fail_the_call(provider: Provider, server: FakeProvider) -> None:
    async with provider.backend(server) as backend:
        await backend.complete(prompt_of("half a pair: \ud83d"))
    assert "half a pair: ?" in server.requests[0].body.decode()
