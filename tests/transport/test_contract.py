"""What holds for every HTTP family, async and sync, whoever the client is."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import unquote

import pytest

from dialog.transport import last_trace, use
from tests.fake_provider import Failure, FakeProvider, Raw, Reply, ToolCall
from tests.transport.parts import Chat, Rig, grounded, said, sent_messages, user_texts

STREAM = pytest.mark.parametrize("stream", [False, True])


@STREAM
async def test_a_follow_up_without_id_is_grounded(each: Rig, provider: FakeProvider, stream: bool) -> None:
    chat = Chat(each, stream=stream)
    provider.script(Reply("Joe's."), Reply("Sure."), Reply("Bye."))
    first = await chat.ask("pizza?")
    second = await chat.ask("and Thai?")
    third = await chat.ask("and Greek?")
    assert [said(answer) for answer in (first, second, third)] == ["Joe's.", "Sure.", "Bye."]
    assert user_texts(provider.requests[0]) == ["pizza?"]
    assert user_texts(provider.requests[1]) == ["pizza?", grounded("and Thai?", "pizza?", "Joe's.")]
    assert user_texts(provider.requests[2])[-1] == grounded("and Greek?", "and Thai?", "Sure.")
    assert [answer.headers["x-dialog-rewritten"] for answer in (first, second, third)] == ["false", "true", "true"]


@STREAM
async def test_a_follow_up_in_a_dialog_with_id_is_grounded(each: Rig, provider: FakeProvider, stream: bool) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))
    for text in ("pizza?", "and Thai?"):
        body = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": text}]}
        answer = await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d 1/x"})
    assert user_texts(provider.requests[1]) == [grounded("and Thai?", "pizza?", "Joe's.")]
    turns = await each.turns("d 1/x")
    assert [(turn.user, turn.reply, turn.status) for turn in turns] == [
        ("pizza?", "Joe's.", "closed"),
        ("and Thai?", "Sure.", "closed"),
    ]
    assert answer.headers["x-dialog-turn"] == turns[1].turn_id
    assert "x-dialog-id" not in provider.requests[0].headers


async def test_each_requests_messages_start_with_the_bytes_of_the_previous_one(
    each: Rig, provider: FakeProvider
) -> None:
    chat = Chat(each)
    for number in range(6):
        provider.script(Reply(f"reply {number} 你好"))
        await chat.ask(f"and thing {number}?" if number % 3 else f"thing {number}?")
    for before, after in zip(provider.requests, provider.requests[1:], strict=False):
        assert sent_messages(after).startswith(sent_messages(before))


async def test_a_dialog_in_use_needs_no_header(each: Rig, provider: FakeProvider) -> None:
    with use("餐厅 1") as using:
        answer = await Chat(each).ask("pizza?")
        assert using.trace is not None
        assert last_trace() is using.trace
    assert [turn.user for turn in await each.turns("餐厅 1")] == ["pizza?"]
    assert unquote(answer.headers["x-dialog-id"]) == "餐厅 1"


async def test_the_last_trace_is_that_of_the_callers_request(each: Rig, provider: FakeProvider) -> None:
    chat = Chat(each)
    await chat.ask("pizza?")
    answer = await chat.ask("and Thai?")
    trace = last_trace()
    assert trace is not None
    assert trace.turn_id == answer.headers["x-dialog-turn"]
    assert trace.interpretation.rewrite.changed


async def test_retries_of_the_sdk_are_one_turn(each: Rig, provider: FakeProvider) -> None:
    provider.script(Failure(503), Failure(429, retry_after="0"), Reply("Joe's."))
    body = {"model": "m", "messages": [{"role": "user", "content": "pizza?"}]}
    for attempt in range(3):
        headers = {"x-dialog-id": "d", "x-stainless-retry-count": str(attempt)}
        answer = await each.post("/v1/chat/completions", body, headers=headers)
    assert answer.status == 200
    [turn] = await each.turns("d")
    assert (turn.status, turn.reply, turn.attempt) == ("closed", "Joe's.", 3)


async def test_the_same_words_said_again_are_another_turn(each: Rig, provider: FakeProvider) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "yes"}]}
    for _ in range(2):
        await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    assert [turn.user for turn in await each.turns("d")] == ["yes", "yes"]


async def test_a_provider_error_comes_back_unchanged_and_fails_the_turn(each: Rig, provider: FakeProvider) -> None:
    provider.script(Failure(400, message="no such model", kind="invalid"))
    body = {"model": "m", "messages": [{"role": "user", "content": "pizza?"}]}
    answer = await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    assert (answer.status, answer.json["error"]["message"]) == (400, "no such model")
    [turn] = await each.turns("d")
    assert (turn.status, turn.failure) == ("failed", "http 400")


async def test_a_refused_connection_is_raised_unchanged_and_fails_the_turn(each: Rig) -> None:
    library = __import__(each.family)
    each.provider.url = "http://127.0.0.1:1"
    body = {"model": "m", "messages": [{"role": "user", "content": "pizza?"}]}
    with pytest.raises(library.ConnectError):
        await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    [turn] = await each.turns("d")
    assert (turn.status, turn.failure) == ("failed", "ConnectError")


async def test_a_connection_that_breaks_off_is_raised_and_what_came_is_partial(
    each: Rig, provider: FakeProvider
) -> None:
    library = __import__(each.family)
    provider.script(Reply("Try Joe's", end_mark=False, hang_up=True))
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "pizza?"}]}
    with pytest.raises(library.RemoteProtocolError):
        await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    [turn] = await each.turns("d")
    assert (turn.status, turn.reply) == ("partial", "Try Joe's")


async def test_a_stream_without_end_mark_is_partial(each: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Try Joe's", end_mark=False))
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "pizza?"}]}
    await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    [turn] = await each.turns("d")
    assert (turn.status, turn.reply) == ("partial", "Try Joe's")


async def test_an_error_in_mid_stream_is_partial_with_text_and_failed_without(
    each: Rig, provider: FakeProvider
) -> None:
    error = b'data: {"error":{"type":"server_error","message":"x"}}\n\n'
    provider.script(
        Reply(pieces=("a", "b"), inject=(1, error), end_mark=False), Reply(inject=(0, error), end_mark=False)
    )
    for text in ("pizza?", "pasta?"):
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": text}]}
        await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    one, two = await each.turns("d")
    assert (one.status, one.reply) == ("partial", "ab")
    assert (two.status, two.failure) == ("failed", "server_error")


async def test_malformed_chunks_go_on_and_the_rest_is_heard(each: Rig, provider: FakeProvider) -> None:
    provider.script(Reply(pieces=("a", "b"), inject=(1, b"data: {broken\n\n")))
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "pizza?"}]}
    answer = await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    assert b"data: {broken\n\n" in answer.data
    [turn] = await each.turns("d")
    assert (turn.status, turn.reply) == ("closed", "ab")


async def test_a_compressed_request_is_grounded_and_goes_on_uncompressed(each: Rig, provider: FakeProvider) -> None:
    chat = Chat(each)
    await chat.ask("pizza?")
    chat.messages.append({"role": "user", "content": "and Thai?"})
    data = gzip.compress(json.dumps({"model": "m", "messages": chat.messages}).encode())
    await each.post("/v1/chat/completions", data, headers={"content-encoding": "gzip"})
    assert user_texts(provider.requests[1])[-1] == grounded("and Thai?", "pizza?", "ok")
    assert "content-encoding" not in provider.requests[1].headers


@pytest.mark.parametrize("coding", ["gzip", "x-odd"])
async def test_a_compressed_reply_is_heard_and_passed_on(each: Rig, provider: FakeProvider, coding: str) -> None:
    reply = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Joe's."}}]}
    data = gzip.compress(json.dumps(reply).encode())
    provider.script(Raw(data, headers=(("content-encoding", coding),)))
    body = {"model": "m", "messages": [{"role": "user", "content": "pizza?"}]}
    answer = await each.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})
    [turn] = await each.turns("d")
    if coding == "gzip":
        assert said(answer) == "Joe's."
        assert (turn.status, turn.reply) == ("closed", "Joe's.")
    else:
        assert answer.data == data
        assert (turn.status, turn.failure) == ("failed", "unknown coding x-odd")


@STREAM
async def test_tool_calls_and_results_are_recorded_with_their_turn(
    each: Rig, provider: FakeProvider, stream: bool
) -> None:
    call = ToolCall("c1", "weather", '{"city":"Boston"}')
    provider.script(Reply("Joe's."), Reply("", tools=(call,), finish="tool"), Reply("It rains."), Reply("Yes."))
    chat = Chat(each, stream=stream)
    await chat.ask("pizza?", x_dialog_id="d")
    await chat.ask("and the weather?", x_dialog_id="d")
    waiting = (await each.turns("d"))[1]
    assert (waiting.status, [tool.result for tool in waiting.tools]) == ("partial", [None])
    function = {"name": "weather", "arguments": call.arguments}
    chat.messages[-1] = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": function}],
    }
    chat.messages.append({"role": "tool", "tool_call_id": "c1", "content": "rain"})
    answer = await chat.again(x_dialog_id="d")
    assert user_texts(provider.requests[2]) == user_texts(provider.requests[1]), "the loop goes on with what was sent"
    _, done = await each.turns("d")
    assert (done.status, done.reply) == ("closed", "It rains.")
    assert [(tool.name, tool.result) for tool in done.tools] == [("weather", "rain")]
    assert answer.headers["x-dialog-turn"] == done.turn_id
    await chat.ask("and tomorrow?", x_dialog_id="d")
    assert sent_messages(provider.requests[3]).startswith(sent_messages(provider.requests[2]))


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/v1/chat/completions", b"{not json", "the body is not JSON in UTF-8"),
        ("/v1/chat/completions", b"[1]", "the body is not an object"),
        ("/v1/chat/completions", b'{"messages": 7}', "messages is not a list"),
        ("/v1/responses", b'{"input": "x", "background": true}', "a background response, whose reply comes by polling"),
        ("/v1/embeddings", b'{"input": "x"}', None),
    ],
)
async def test_what_is_not_understood_goes_on_byte_for_byte(
    each: Rig, provider: FakeProvider, path: str, body: bytes, reason: str | None
) -> None:
    provider.script(Raw(b"{}"))
    answer = await each.post(path, body)
    assert provider.requests[0].body == body
    assert answer.headers.get("x-dialog-bypass") == reason
    trace = last_trace()
    assert (trace.bypass if trace else None) == reason


async def test_everything_beside_the_words_goes_on_untouched(each: Rig, provider: FakeProvider) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}}
    fields: dict[str, Any] = {"n": 2, "logprobs": True, "top_logprobs": 3, "temperature": 1.0, "tools": []}
    chat = Chat(each, **fields)
    await chat.ask("pizza?")
    await chat.ask([{"type": "text", "text": "<context>1.0</context>"}, image, {"type": "text", "text": "and this?"}])
    sent = json.loads(provider.requests[1].body)
    expected = grounded("and this?", "pizza?", "ok")
    text = {"type": "text", "text": expected}
    assert sent["messages"][-1]["content"] == [{"type": "text", "text": "<context>1.0</context>"}, image, text]
    assert {name: value for name, value in sent.items() if name != "messages"} == chat.fields
    assert b'"temperature": 1.0' in provider.requests[1].body


async def test_with_bypass_the_bytes_are_those_of_the_plain_client(each: Rig, provider: FakeProvider) -> None:
    bypassing = Rig(each.pipeline, provider, family=each.family, sync=each.sync, bypass=True)
    library = __import__(each.family)
    plain = (library.Client if each.sync else library.AsyncClient)(trust_env=False)
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "and Thai?"}]}
    provider.script(Reply("Joe's."), Reply("Joe's."))
    through = await bypassing.post("/v1/chat/completions", body)
    bypassing.client, wrapped = plain, bypassing.client
    direct = await bypassing.post("/v1/chat/completions", body)
    for client in (plain, wrapped):
        if each.sync:
            client.close()
        else:
            await client.aclose()
    one, two = provider.requests
    assert (one.method, one.path, one.headers, one.body) == (two.method, two.path, two.headers, two.body)
    assert (through.status, dict(through.headers), through.data) == (direct.status, dict(direct.headers), direct.data)
