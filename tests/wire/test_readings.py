"""Each API shape: what a request says, and that only the user's words are where a change would go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialog.prompt import Block
from dialog.state import ToolExchange
from dialog.wire.apis import APIS, Api, api_of
from dialog.wire.json_splice import Replacement, splice
from dialog.wire.looking import NotUnderstood
from dialog.wire.reading import Reading

WEATHER = ToolExchange(call_id="c1", name="weather", arguments='{"city":"Boston"}', result="rain")

CONVERSATIONS: dict[str, dict[str, Any]] = {
    "openai.chat": {
        "model": "gpt-5.2",
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": "weather in Boston?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "weather", "arguments": '{"city":"Boston"}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "rain"},
            {"role": "assistant", "content": [{"type": "text", "text": "It rains."}]},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "<context>map</context>"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "text", "text": "and tomorrow?"},
                ],
            },
        ],
    },
    "openai.responses": {
        "model": "gpt-5.2",
        "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": "weather in Boston?"},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "zzz"},
            {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city":"Boston"}'},
            {"type": "function_call_output", "call_id": "c1", "output": "rain"},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It rains."}]},
            {"type": "compaction", "encrypted_content": "zzz"},
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
                    {"type": "input_text", "text": "and tomorrow?"},
                ],
            },
        ],
    },
    "anthropic.messages": {
        "model": "claude-x",
        "max_tokens": 10,
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": "weather in Boston?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "s"},
                    {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Boston"}},
                ],
            },
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "rain"}]},
            {"role": "assistant", "content": "It rains."},
            {
                "role": "user",
                "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                    {"type": "text", "text": "and tomorrow?", "cache_control": {"type": "ephemeral"}},
                ],
            },
        ],
    },
    "ollama.chat": {
        "model": "llama3",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "weather in Boston?"},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "c1", "function": {"name": "weather", "arguments": {"city": "Boston"}}}],
            },
            {"role": "tool", "tool_name": "weather", "tool_call_id": "c1", "content": "rain"},
            {"role": "assistant", "content": "It rains."},
            {"role": "user", "content": "and tomorrow?", "images": ["AAAA"]},
        ],
    },
    "gemini.generate_content": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "weather in Boston?"}]},
            {"role": "model", "parts": [{"functionCall": {"id": "c1", "name": "weather", "args": {"city": "Boston"}}}]},
            {
                "role": "user",
                "parts": [{"functionResponse": {"id": "c1", "name": "weather", "response": {"output": "rain"}}}],
            },
            {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": "It rains."}]},
            {
                "role": "user",
                "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}, {"text": "and tomorrow?"}],
            },
        ],
    },
}
BY_NAME = {api.NAME: api for api in APIS}
EACH = pytest.mark.parametrize("name", CONVERSATIONS)


def api(name: str) -> Api:
    return BY_NAME[name]


def at(body: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


@EACH
def test_a_conversation_is_read_as_exchanges(name: str) -> None:
    reading = api(name).read(CONVERSATIONS[name])
    result = '{"output":"rain"}' if name.startswith("gemini") else "rain"
    assert [exchange.user for exchange in reading.exchanges] == ["weather in Boston?", "and tomorrow?"]
    assert reading.exchanges[0].reply == "It rains."
    assert reading.exchanges[0].tools == (WEATHER.model_copy(update={"result": result}),)
    assert (reading.last, reading.instructions, reading.text) == ("user", "Be brief.", "and tomorrow?")


@EACH
def test_the_paths_lead_to_the_users_words(name: str) -> None:
    body = CONVERSATIONS[name]
    for exchange in api(name).read(body).exchanges:
        assert exchange.path is not None
        assert at(body, exchange.path) == exchange.user


@EACH
def test_a_request_that_ends_with_a_tool_result_goes_on_with_its_turn(name: str) -> None:
    body = json.loads(json.dumps(CONVERSATIONS[name]))
    field = next(key for key in ("messages", "input", "contents") if key in body)
    results = ("tool_result", "functionResponse", "function_call_output", '"tool"')
    place = next(n for n, item in enumerate(body[field]) if any(mark in json.dumps(item) for mark in results))
    reading = api(name).read({**body, field: body[field][: place + 1]})
    assert (reading.last, len(reading.exchanges), reading.exchanges[0].tools[0].name) == ("tool", 1, "weather")
    assert "rain" in (reading.exchanges[0].tools[0].result or "")


@EACH
def test_a_managed_layout_replaces_the_older_messages_and_keeps_the_rest(name: str) -> None:
    body = CONVERSATIONS[name]
    earlier = (
        Block(kind="snapshot", role="user", text="<state>", tokens=1),
        Block(kind="turn", role="user", text="weather in Boston?", tokens=1),
        Block(
            kind="turn",
            role="assistant",
            text="It rains.",
            tools=(WEATHER, WEATHER.model_copy(update={"call_id": "c2", "result": None})),
            tokens=1,
        ),
    )
    changed = json.loads(splice(json.dumps(body), api(name).laid_out(body, earlier, "and tomorrow in Boston?")))
    again = api(name).read(changed)
    assert [exchange.user for exchange in again.exchanges] == [
        "<state>",
        "weather in Boston?",
        "and tomorrow in Boston?",
    ]
    assert [tool.name for tool in again.exchanges[1].tools] == ["weather"], "a call without result is left out"
    assert again.exchanges[1].reply == "It rains."
    assert again.instructions == "Be brief."
    field = next(key for key in ("messages", "input", "contents") if key in body)
    assert "AAAA" in json.dumps(changed[field][-1]), "what is beside the words stays"
    assert {key: value for key, value in changed.items() if key != field} == {
        key: value for key, value in body.items() if key != field
    }


@pytest.mark.parametrize("name", ["anthropic.messages", "gemini.generate_content"])
def test_a_system_block_is_added_after_the_callers_system_prompt(name: str) -> None:
    block = (Block(kind="snapshot", role="system", text="<state>", tokens=1),)
    for body in (CONVERSATIONS[name], {**CONVERSATIONS[name], "system": "Be brief."}):
        changed = json.loads(splice(json.dumps(body), api(name).laid_out(body, block, "x")))
        assert api(name).read(changed).instructions in ("Be brief.\n\n<state>", "Be brief.<state>")
    bare = {key: value for key, value in body.items() if not key.startswith("system")}
    changed = json.loads(splice(json.dumps(bare), api(name).laid_out(bare, block, "x")))
    assert api(name).read(changed).instructions == "<state>"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/v1/chat/completions", "openai.chat"),
        ("POST", "/openai/deployments/x/chat/completions", "openai.chat"),
        ("POST", "/v1/responses", "openai.responses"),
        ("POST", "/v1/responses/", "openai.responses"),
        ("POST", "/v1/messages", "anthropic.messages"),
        ("POST", "/api/chat", "ollama.chat"),
        ("POST", "/api/generate", "ollama.generate"),
        ("POST", "/v1beta/models/gemini-3:generateContent", "gemini.generate_content"),
        ("POST", "/v1/models/gemini-3:streamGenerateContent", "gemini.generate_content"),
        ("GET", "/v1/responses", None),
        ("POST", "/v1/responses/resp_1/cancel", None),
        ("POST", "/v1/messages/count_tokens", None),
        ("POST", "/v1/messages/batches", None),
        ("POST", "/v1/embeddings", None),
        ("POST", "/v1/completions", None),
    ],
)
def test_the_shape_is_known_by_method_and_path(method: str, path: str, name: str | None) -> None:
    found = api_of(method, path)
    assert (found.NAME if found else None) == name


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("openai.chat", {}, "messages is not a list"),
        ("openai.chat", {"messages": []}, "no user message"),
        ("openai.chat", {"messages": [1]}, "a message is not an object"),
        ("openai.chat", {"messages": [{"role": "user", "content": 3}]}, "content is not a list"),
        ("openai.chat", {"messages": [{"role": "alien", "content": "x"}]}, "a role this API does not have"),
        ("openai.responses", {"input": "x", "background": True}, "a background response, whose reply comes by polling"),
        (
            "openai.responses",
            {"input": [{"type": "item_reference", "id": "i"}, {"role": "user", "content": "x"}]},
            "a reference to an item that only the provider holds",
        ),
        ("ollama.generate", {"model": "m"}, "no prompt"),
        ("ollama.generate", {"prompt": "x", "raw": True}, "the caller lays out the prompt itself"),
        ("ollama.chat", {"messages": [{"role": "user", "content": ["x"]}]}, "content is not text"),
        ("gemini.generate_content", {"contents": "x"}, "contents is not a list"),
        (
            "gemini.generate_content",
            {"contents": [], "cachedContent": "c"},
            "earlier messages are in the provider's cache",
        ),
        ("anthropic.messages", {"messages": [{"role": "alien", "content": "x"}]}, "a role this API does not have"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_reason(name: str, body: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        api(name).read(body)
    assert refused.value.reason == reason


def test_a_message_without_text_has_no_words() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:"}}
    reading = api("openai.chat").read({"messages": [{"role": "user", "content": [image]}]})
    assert (reading.exchanges[0].user, reading.exchanges[0].path) == ("", None)


@pytest.mark.parametrize(
    ("body", "dialog_id", "previous"),
    [
        ({"input": "x", "conversation": "conv_1"}, "conversation:conv_1", None),
        ({"input": "x", "conversation": {"id": "conv_1"}}, "conversation:conv_1", None),
        ({"input": "x", "metadata": {"dialog_id": "d"}, "conversation": "conv_1"}, "d", None),
        ({"input": "x", "previous_response_id": "resp_1"}, None, "resp_1"),
    ],
)
def test_a_responses_request_names_its_conversation(
    body: dict[str, Any], dialog_id: str | None, previous: str | None
) -> None:
    reading = api("openai.responses").read(body)
    assert (reading.dialog_id, reading.previous) == (dialog_id, previous)


def test_an_ollama_context_names_the_conversation_before() -> None:
    generate = api("ollama.generate")
    one, two = (generate.read({"prompt": "x", "context": context}).previous for context in ([1, 2], [1, 2, 3]))
    assert one is not None
    assert two is not None
    assert one != two
    assert generate.read({"prompt": "x"}).previous is None


def test_calls_without_ids_are_answered_in_order() -> None:
    calls: list[dict[str, Any]] = [{"function": {"name": name, "arguments": {}}} for name in ("a", "b")]
    reading: Reading = api("ollama.chat").read(
        {
            "messages": [
                {"role": "user", "content": "x"},
                {"role": "assistant", "content": "", "tool_calls": calls},
                {"role": "tool", "content": "1"},
                {"role": "tool", "content": "2"},
            ]
        }
    )
    assert [(tool.name, tool.result) for tool in reading.exchanges[0].tools] == [("a", "1"), ("b", "2")]


@EACH
def test_replacing_words_leaves_every_other_byte(name: str) -> None:
    body = CONVERSATIONS[name]
    text = json.dumps(body, indent=1)
    path = api(name).read(body).exchanges[-1].path
    assert path is not None
    assert splice(text, [Replacement(path, "Z")]) == text.replace('"and tomorrow?"', '"Z"')
