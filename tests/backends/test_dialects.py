"""What each provider is sent: the prompt's blocks in its own form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr

from dialog.backends.anthropic import MAX_CACHE_MARKS, AnthropicBackend
from dialog.backends.base import BackendRefused, Usage
from dialog.backends.ollama import OllamaBackend
from dialog.backends.openai import OpenAIBackend
from dialog.prompt import Block, GroundedPrompt
from dialog.state import ToolExchange
from dialog.testing import prompt_of
from tests.backends.providers import KEY
from tests.fake_provider import Failure, FakeProvider, Reply, ToolCall

WEATHER = ToolExchange(call_id="c1", name="weather", arguments='{"city": "Boston"}', result="sunny")
UNANSWERED = ToolExchange(call_id="c2", name="weather", arguments="{}", result=None)


def prompt(*blocks: Block) -> GroundedPrompt:
    return GroundedPrompt(blocks=blocks, tokens=0, budget=0, counter="none")


def block(role: Any, text: str, **more: Any) -> Block:
    return Block(kind="turn", role=role, text=text, tokens=0, **more)


FULL = prompt(
    block("system", "Be brief."),
    block("system", "<dialog-state>x</dialog-state>", cache_mark=True),
    block("user", "Weather in Boston?"),
    block("assistant", "It is sunny.", tools=(WEATHER, UNANSWERED)),
    block("user", "This one got no reply."),
    block("user", "And tomorrow?"),
)


async def sent(server: FakeProvider, backend: Any, grounded: GroundedPrompt) -> Any:
    async with backend:
        await backend.complete(grounded)
    return server.requests[-1].json


async def test_openai_gets_one_system_message_and_each_call_with_its_result(server: FakeProvider) -> None:
    body = await sent(server, OpenAIBackend("m", KEY, server.url), FULL)
    assert body["messages"] == [
        {"role": "system", "content": "Be brief.\n\n<dialog-state>x</dialog-state>"},
        {"role": "user", "content": "Weather in Boston?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Boston"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
        {"role": "assistant", "content": "It is sunny."},
        {"role": "user", "content": "This one got no reply."},
        {"role": "user", "content": "And tomorrow?"},
    ]


async def test_anthropic_gets_alternating_roles_and_cache_control_at_the_marks(server: FakeProvider) -> None:
    body = await sent(server, AnthropicBackend("m", KEY, server.url), FULL)
    assert body["system"] == [
        {"type": "text", "text": "Be brief."},
        {"type": "text", "text": "<dialog-state>x</dialog-state>", "cache_control": {"type": "ephemeral"}},
    ]
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "Weather in Boston?"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Boston"}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "sunny"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "It is sunny."}]},
        {
            "role": "user",
            "content": [{"type": "text", "text": "This one got no reply."}, {"type": "text", "text": "And tomorrow?"}],
        },
    ]


async def test_ollama_gets_arguments_as_an_object_and_room_for_the_prompt(server: FakeProvider) -> None:
    body = await sent(server, OllamaBackend("m", server.url, context_tokens=9000), FULL)
    assert body["messages"][2:4] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Boston"}}}],
        },
        {"role": "tool", "tool_name": "weather", "content": "sunny"},
    ]
    assert body["options"] == {"num_ctx": 9000}


async def test_anthropic_gets_no_more_cache_marks_than_it_takes_and_no_blank_text(server: FakeProvider) -> None:
    marked = [block(("user", "assistant")[n % 2], f"{n}", cache_mark=True) for n in range(7)]
    body = await sent(server, AnthropicBackend("m", KEY, server.url), prompt(block("system", " "), *marked))
    parts = [part for message in body["messages"] for part in message["content"]]
    assert [part["text"] for part in parts if "cache_control" in part] == ["3", "4", "5", "6"]
    assert sum("cache_control" in part for part in parts) == MAX_CACHE_MARKS
    assert "system" not in body


async def test_extra_fields_go_into_every_body(server: FakeProvider) -> None:
    for backend in (
        OpenAIBackend("m", KEY, server.url, extra={"temperature": 0}),
        AnthropicBackend("m", KEY, server.url, extra={"temperature": 0}, max_tokens=9),
        OllamaBackend("m", server.url, extra={"temperature": 0}),
    ):
        assert (await sent(server, backend, FULL))["temperature"] == 0


async def test_a_server_that_only_knows_json_objects_is_asked_for_one(server: FakeProvider) -> None:
    server.script(Reply("{}"))
    async with OpenAIBackend("m", KEY, server.url, structured="json_object") as backend:
        await backend.complete(FULL, schema={"type": "object"})
    assert server.requests[0].json["response_format"] == {"type": "json_object"}


async def test_an_empty_account_is_not_asked_again(server: FakeProvider) -> None:
    server.script(Failure(429, kind="insufficient_quota"))
    async with OpenAIBackend("m", KEY, server.url) as backend:
        with pytest.raises(BackendRefused, match="out of credit"):
            await backend.complete(FULL)
    assert len(server.requests) == 1


async def test_a_reply_that_is_only_a_tool_call_has_no_text(server: FakeProvider) -> None:
    call = Reply(tools=[ToolCall("c9", "weather")], finish="tool")
    for backend in (OpenAIBackend("m", KEY, server.url), AnthropicBackend("m", KEY, server.url)):
        server.script(call, call)
        told: list[Usage] = []
        async with backend:
            assert await backend.complete(FULL) == ""
            assert [piece async for piece in backend.stream(FULL, on_usage=told.append)] == []
        assert told[0].finish == "tool"


@pytest.mark.parametrize("key", ["", "sk with space", "sk-\n", "sk-é"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="API key is empty or holds") as refused:
        OpenAIBackend("m", key)
    assert not key or key not in str(refused.value)


def test_a_key_may_be_a_secret() -> None:
    backend = AnthropicBackend("m", SecretStr(KEY))
    assert KEY not in repr(backend) + json.dumps(vars(backend), default=repr)


@pytest.mark.parametrize(
    "url", ["ftp://host", "host", "", "http://", "https://user:pass@host/v1", "https://host/v1?key=1", "http://[::1"]
)
def test_a_base_url_that_is_not_plain_http_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url") as refused:
        OpenAIBackend("m", KEY, url)
    assert "pass@" not in str(refused.value)


def test_prompts_for_tests_add_up() -> None:
    assert prompt_of(("system", "abc"), "de").tokens == 5
