"""The real SDKs, unchanged but for their HTTP client, against the fake provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import ollama
import openai
import pytest
from google import genai
from google.genai import types

from dialog.transport import http_client, http_transport, synchronous, use
from dialog.transport.clients import Family
from tests.fake_provider import Failure, FakeProvider, Reply, ToolCall
from tests.transport.parts import grounded, new_pipeline, user_texts

EXPECTED = grounded("and Thai?", "pizza?", "Joe's.")
FAMILIES = pytest.mark.parametrize("family", ["httpx2", "httpx"])
Messages = list[Any]


def asked(reply: str) -> Messages:
    """A history whose next message is a follow-up."""
    return [
        {"role": "user", "content": "pizza?"},
        {"role": "assistant", "content": reply},
        {"role": "user", "content": "and Thai?"},
    ]


@pytest.fixture
async def pipeline() -> AsyncIterator[Any]:
    opened = new_pipeline()
    yield opened
    await opened.aclose()


# -- OpenAI --------------------------------------------------------------------------------


def openai_client(pipeline: Any, provider: FakeProvider, family: Family | None = None, **more: Any) -> Any:
    return openai.AsyncOpenAI(
        api_key="k",
        base_url=provider.url + "/v1",
        http_client=http_client(pipeline, family=family, trust_env=False),
        **more,
    )


@FAMILIES
async def test_openai_chat(pipeline: Any, provider: FakeProvider, family: Family) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))
    async with openai_client(pipeline, provider, family) as client:
        first = await client.chat.completions.create(model="m", messages=asked("")[:1])
        reply = first.choices[0].message.content
        second = await client.chat.completions.with_raw_response.create(model="m", messages=asked(reply))
        assert second.headers["x-dialog-rewritten"] == "true"
        assert second.parse().choices[0].message.content == "Sure."
    assert user_texts(provider.requests[1])[-1] == EXPECTED


@FAMILIES
async def test_openai_chat_stream(pipeline: Any, provider: FakeProvider, family: Family) -> None:
    provider.script(Reply("Joe's."), Reply("Sure thing.", split=5))
    async with openai_client(pipeline, provider, family) as client:
        for messages in (asked("")[:1], asked("Joe's.")):
            stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    assert "".join(pieces) == "Sure thing."
    assert user_texts(provider.requests[1])[-1] == EXPECTED


@FAMILIES
async def test_openai_retries_are_one_turn(pipeline: Any, provider: FakeProvider, family: Family) -> None:
    provider.script(Failure(503), Failure(429, retry_after="0"), Reply("Joe's."))
    async with openai_client(pipeline, provider, family) as client:
        with use("d"):
            await client.chat.completions.create(model="m", messages=asked("")[:1])
    state = await pipeline.state("d")
    assert [(turn.status, turn.reply, turn.attempt) for turn in state.turns] == [("closed", "Joe's.", 3)]
    assert len({request.body for request in provider.requests}) == 1


async def test_openai_raises_the_providers_error_unchanged(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Failure(400, message="no such model"))
    async with openai_client(pipeline, provider) as client:
        with pytest.raises(openai.BadRequestError, match="no such model"):
            await client.chat.completions.create(model="m", messages=asked("")[:1])


async def test_openai_stream_left_early_is_partial(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply(pieces=("Try ", "Joe's."), pause=(1, asyncio.Event())))
    async with openai_client(pipeline, provider) as client:
        with use("d"):
            stream = await client.chat.completions.create(model="m", messages=asked("")[:1], stream=True)
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                break
        await stream.close()
    [turn] = (await pipeline.state("d")).turns
    assert (turn.status, turn.reply) == ("partial", "Try ")


async def test_openai_timeout_and_retry_are_one_turn(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("late", wait_for=asyncio.Event()), Reply("Joe's."))
    async with openai_client(pipeline, provider, timeout=0.2) as client:
        with use("d"):
            await client.chat.completions.create(model="m", messages=asked("")[:1])
    [turn] = (await pipeline.state("d")).turns
    assert (turn.status, turn.reply, turn.attempt) == ("closed", "Joe's.", 2)


async def test_openai_tool_loop(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("", tools=(ToolCall("c1", "menu", "{}"),), finish="tool"), Reply("Noodles."))
    async with openai_client(pipeline, provider) as client:
        messages = asked("")[:1]
        for number in range(3):
            completion = await client.chat.completions.create(model="m", messages=messages)
            messages.append(completion.choices[0].message.model_dump(exclude_none=True))
            messages.append(
                {"role": "tool", "tool_call_id": "c1", "content": "noodles"}
                if number
                else {"role": "user", "content": "and Thai?"}
            )
    assert user_texts(provider.requests[1])[-1] == EXPECTED
    assert user_texts(provider.requests[2])[-1] == EXPECTED
    state = await pipeline.state("unused")
    assert state is None, "without an id there is no dialog of that name"


async def test_openai_responses(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."), Reply("Bye."))
    async with openai_client(pipeline, provider) as client:
        first = await client.responses.create(model="m", input="pizza?")
        second = await client.responses.create(model="m", input="and Thai?", previous_response_id=first.id)
        assert second.output_text == "Sure."
        stream = await client.responses.create(
            model="m", input="and Greek?", previous_response_id=second.id, stream=True
        )
        kinds = [event.type async for event in stream]
        assert kinds[-1] == "response.completed"
    assert provider.requests[1].json["input"] == EXPECTED
    assert provider.requests[2].json["input"] == grounded("and Greek?", "and Thai?", "Sure.")


async def test_openai_responses_in_a_conversation(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))
    async with openai_client(pipeline, provider) as client:
        for text in ("pizza?", "and Thai?"):
            await client.responses.create(model="m", input=text, conversation="conv_1")
    assert provider.requests[1].json["input"] == EXPECTED
    state = await pipeline.state("conversation:conv_1")
    assert [turn.reply for turn in state.turns] == ["Joe's.", "Sure."]


@FAMILIES
async def test_openai_sync(provider: FakeProvider, family: Family) -> None:
    provider.script(Failure(503), Reply("Joe's."), Reply("Sure."))

    def talk() -> list[str]:
        pipeline = new_pipeline()
        with synchronous(pipeline) as run:
            http = http_client(pipeline, sync=True, family=family, trust_env=False)
            with openai.OpenAI(api_key="k", base_url=provider.url + "/v1", http_client=http) as client, use("d"):
                client.chat.completions.create(model="m", messages=asked("")[:1])
                with client.chat.completions.create(model="m", messages=asked("Joe's."), stream=True) as stream:
                    pieces = [chunk.choices[0].delta.content or "" for chunk in stream]
            state = run(pipeline.state("d"))
            assert state is not None
            return ["".join(pieces), *(turn.reply for turn in state.turns)]

    assert await asyncio.to_thread(talk) == ["Sure.", "Joe's.", "Sure."]
    assert user_texts(provider.requests[2])[-1] == EXPECTED


# -- Anthropic --------------------------------------------------------------------------------


def anthropic_client(pipeline: Any, provider: FakeProvider) -> Any:
    return anthropic.AsyncAnthropic(
        api_key="k", base_url=provider.url, http_client=http_client(pipeline, trust_env=False)
    )


async def test_anthropic_messages(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Failure(529), Reply("Sure."))
    async with anthropic_client(pipeline, provider) as client:
        first = await client.messages.create(model="m", max_tokens=9, messages=asked("")[:1])
        second = await client.messages.create(model="m", max_tokens=9, messages=asked(first.content[0].text))
        assert second.content[0].text == "Sure."
    assert user_texts(provider.requests[1])[-1] == EXPECTED
    assert provider.requests[1].body == provider.requests[2].body


async def test_anthropic_stream_with_tools(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(
        Reply("Joe's."), Reply("Let me see.", tools=(ToolCall("c1", "menu", '{"of":"Thai"}'),), finish="tool")
    )
    async with anthropic_client(pipeline, provider) as client:
        with use("d"):
            for messages in (asked("")[:1], asked("Joe's.")):
                async with client.messages.stream(model="m", max_tokens=9, messages=messages) as stream:
                    text = "".join([piece async for piece in stream.text_stream])
    assert text == "Let me see."
    assert user_texts(provider.requests[1])[-1] == EXPECTED
    turn = (await pipeline.state("d")).turns[-1]
    assert (turn.status, turn.reply, [tool.name for tool in turn.tools]) == ("partial", "Let me see.", ["menu"])


async def test_anthropic_sync(provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))

    def talk() -> None:
        with synchronous(new_pipeline()) as run:
            http = http_client(run.pipeline, sync=True, trust_env=False)
            with anthropic.Anthropic(api_key="k", base_url=provider.url, http_client=http) as client:
                for messages in (asked("")[:1], asked("Joe's.")):
                    client.messages.create(model="m", max_tokens=9, messages=messages)

    await asyncio.to_thread(talk)
    assert user_texts(provider.requests[1])[-1] == EXPECTED


# -- Ollama --------------------------------------------------------------------------------


async def test_ollama_chat_and_generate(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure thing."), Reply("Joe's."), Reply("Sure."))
    transport = http_transport(pipeline, family="httpx", trust_env=False)
    client = ollama.AsyncClient(host=provider.url, transport=transport, trust_env=False)
    await client.chat(model="m", messages=asked("")[:1])
    pieces = [
        part.message.content async for part in await client.chat(model="m", messages=asked("Joe's."), stream=True)
    ]
    assert "".join(piece or "" for piece in pieces) == "Sure thing."
    assert user_texts(provider.requests[1])[-1] == EXPECTED
    first = await client.generate(model="m", prompt="pizza?")
    await client.generate(model="m", prompt="and Thai?", context=first.context)
    assert provider.requests[3].json["prompt"] == EXPECTED
    await client._client.aclose()


async def test_ollama_sync(provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure thing."))

    def talk() -> str:
        with synchronous(new_pipeline()) as run:
            transport = http_transport(run.pipeline, sync=True, family="httpx", trust_env=False)
            client = ollama.Client(host=provider.url, transport=transport, trust_env=False)
            client.chat(model="m", messages=asked("")[:1])
            parts = [
                part.message.content or "" for part in client.chat(model="m", messages=asked("Joe's."), stream=True)
            ]
            client._client.close()
            return "".join(parts)

    assert await asyncio.to_thread(talk) == "Sure thing."
    assert user_texts(provider.requests[1])[-1] == EXPECTED


# -- Gemini --------------------------------------------------------------------------------


@FAMILIES
async def test_google_genai(pipeline: Any, provider: FakeProvider, family: Family) -> None:
    provider.script(Reply("Joe's."), Reply("Sure thing."), Reply("Bye."))
    http = http_client(pipeline, family=family, trust_env=False)
    options = types.HttpOptions(base_url=provider.url, httpx_async_client=http)
    client = genai.Client(api_key="k", http_options=options)
    chat = client.aio.chats.create(model="gemini-3")
    await chat.send_message("pizza?")
    pieces = [part.text or "" async for part in await chat.send_message_stream("and Thai?")]
    assert "".join(pieces) == "Sure thing."
    await chat.send_message("and Greek?")
    texts = [part["text"] for item in provider.requests[2].json["contents"] for part in item["parts"]]
    assert texts[2] == EXPECTED
    assert texts[-1] == grounded("and Greek?", "and Thai?", "Sure thing.")
    await http.aclose()


async def test_google_genai_sync(provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure thing."))

    def talk() -> str:
        pipeline = new_pipeline()
        with synchronous(pipeline), http_client(pipeline, sync=True, family="httpx2", trust_env=False) as http:
            options = types.HttpOptions(base_url=provider.url, httpx_client=http)
            chat = genai.Client(api_key="k", http_options=options).chats.create(model="gemini-3")
            chat.send_message("pizza?")
            return "".join(part.text or "" for part in chat.send_message_stream("and Thai?"))

    assert await asyncio.to_thread(talk) == "Sure thing."
    assert provider.requests[1].json["contents"][-1]["parts"][0]["text"] == EXPECTED


# -- the same bytes as without us ------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("bypass", [False, True])
async def test_openai_sends_and_gets_the_bytes_of_its_own_client(
    pipeline: Any, provider: FakeProvider, stream: bool, bypass: bool
) -> None:
    """With bypass always; without it, as long as there is nothing to ground."""
    own = http_client(pipeline, bypass=bypass, trust_env=False)
    url = provider.url + "/v1"
    answers = []
    plain = openai.AsyncOpenAI(api_key="k", base_url=url)
    for client in (plain, openai.AsyncOpenAI(api_key="k", base_url=url, http_client=own)):
        provider.script(Reply("Joe's."))
        async with client:
            raw = await client.chat.completions.with_raw_response.create(
                model="m", messages=asked("")[:1], temperature=1.0, stream=stream
            )
            body = b"".join([chunk async for chunk in raw.http_response.aiter_raw()]) if stream else raw.content
            headers = {name: value for name, value in raw.headers.items() if not name.startswith("x-dialog-")}
            answers.append((raw.status_code, headers, body))
    assert answers[0] == answers[1]
    one, two = provider.requests
    assert (one.method, one.path, one.headers, one.body) == (two.method, two.path, two.headers, two.body)


async def test_a_cancelled_sdk_call_leaves_a_partial_turn(pipeline: Any, provider: FakeProvider) -> None:
    provider.script(Reply(pieces=("Try ", "Joe's."), pause=(1, asyncio.Event())))
    reading = asyncio.Event()

    async def read(client: Any) -> None:
        with use("d"):
            stream = await client.chat.completions.create(model="m", messages=asked("")[:1], stream=True)
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                reading.set()

    async with openai_client(pipeline, provider) as client:
        task = asyncio.create_task(read(client))
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await provider.requests[0].disconnected.wait()
    [turn] = (await pipeline.state("d")).turns
    assert (turn.status, turn.reply) == ("partial", "Try ")
