"""Dialogs without an id: the messages are the id, so nothing leaks, and nothing is lost that the client still holds."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.bounds import MAX_TURNS
from dialog.state import ToolExchange
from dialog.transport.chain import chain
from dialog.wire.reading import Exchange
from stores.memory import MemoryStore
from tests.fake_provider import Failure, FakeProvider, Reply, ToolCall
from tests.transport.parts import Chat, Rig, grounded, rig, said, sent_messages, user_texts

EXCHANGES = st.lists(st.builds(Exchange, user=st.text(max_size=3), reply=st.text(max_size=3)), max_size=4)


def branch(chat: Chat, *, drop: int) -> Chat:
    """A copy of the chat as it was before its last `drop` messages."""
    other = copy.copy(chat)
    other.messages = chat.messages[: len(chat.messages) - drop]
    return other


@given(EXCHANGES, EXCHANGES)
def test_two_conversations_share_a_digest_exactly_as_far_as_they_are_equal(
    one: list[Exchange], two: list[Exchange]
) -> None:
    for place, (left, right) in enumerate(zip(chain(one), chain(two), strict=False)):
        same = one[:place] == two[:place] and one[place].user == two[place].user
        assert (left == right) == same


def test_what_the_provider_keeps_is_part_of_the_digest() -> None:
    said_now = [Exchange(user="x")]
    assert len({chain(said_now), chain(said_now, after="resp_1"), chain(said_now, after="resp_2")}) == 3


def test_tool_results_are_part_of_the_digest() -> None:
    def after(result: str | None) -> str:
        tool = ToolExchange(call_id="c", name="n", arguments="{}", result=result)
        return chain([Exchange(user="x", tools=(tool,)), Exchange(user="y")])[-1]

    assert len({after(None), after("a"), after("b")}) == 3


async def test_two_users_with_the_same_opening_never_see_each_others_state(one: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Joe's."), Reply("red"), Reply("blue"), Reply("."), Reply("."))
    ann, bob = Chat(one), Chat(one)
    await ann.ask("pizza?")
    await bob.ask("pizza?")
    await ann.ask("my colour is red")
    await bob.ask("my colour is blue")
    await ann.ask("and now?")
    await bob.ask("and now?")
    assert user_texts(provider.requests[-2])[-1] == grounded("and now?", "my colour is red", "red")
    assert user_texts(provider.requests[-1])[-1] == grounded("and now?", "my colour is blue", "blue")
    assert b"blue" not in provider.requests[-2].body
    assert b"red" not in provider.requests[-1].body


async def test_two_tenants_share_no_record(provider: FakeProvider) -> None:
    store = MemoryStore()
    for tenant in ("a", "b"):
        async with rig(provider, store=store, tenant=tenant) as made:
            await Chat(made).ask("pizza?")
    keys = [key async for key in store.keys("")]
    assert sorted(key[0] for key in keys) == ["a", "b"]


async def test_a_regenerated_reply_goes_on_from_the_one_the_client_kept(one: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Moe's."), Reply("."), Reply("."))
    first = Chat(one)
    await first.ask("pizza?")
    second = branch(first, drop=1)
    await second.again()
    assert provider.requests[0].body == provider.requests[1].body
    await second.ask("and Thai?")
    await first.ask("and Thai?")
    assert user_texts(provider.requests[2])[-1] == grounded("and Thai?", "pizza?", "Moe's.")
    assert user_texts(provider.requests[3])[-1] == grounded("and Thai?", "pizza?", "Joe's.")


async def test_an_edited_message_is_a_branch_of_its_own(one: Rig, provider: FakeProvider) -> None:
    chat = Chat(one)
    for text in ("pizza?", "pasta?", "and Thai?"):
        await chat.ask(text)
    edited = branch(chat, drop=4)
    await edited.ask("soup?")
    await edited.ask("and Thai?")
    assert user_texts(provider.requests[-1]) == ["pizza?", "soup?", grounded("and Thai?", "soup?", "ok")]


async def test_a_reply_edited_by_the_client_is_what_counts(one: Rig, provider: FakeProvider) -> None:
    chat = Chat(one)
    await chat.ask("pizza?")
    chat.messages[-1]["content"] = "Zoe's."
    await chat.ask("and Thai?")
    assert user_texts(provider.requests[-1])[-1] == grounded("and Thai?", "pizza?", "Zoe's.")


@pytest.mark.parametrize("history", ["client", "managed"])
@pytest.mark.parametrize("turns", [6, MAX_TURNS + 8])
async def test_a_cold_store_gives_the_bytes_of_a_warm_one(provider: FakeProvider, history: str, turns: int) -> None:
    call = ToolCall("c1", "clock", "{}")
    async with rig(provider, history=history) as warm:
        chat = Chat(warm)
        for number in range(turns):
            if number % 5 == 2:
                provider.script(Reply("hm", tools=(call,), finish="tool"))
                await chat.ask(f"and what time is it at {number}?")
                chat.messages[-1] |= {
                    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}]
                }
                chat.messages.append({"role": "tool", "tool_call_id": "c1", "content": f"{number} o'clock"})
                await chat.again()
            else:
                await chat.ask(f"and {number}?" if number % 4 else f"thing {number}?")
        last = provider.requests[-1]
    async with rig(provider, history=history) as cold:
        again = branch(chat, drop=1)
        again.rig = cold
        await again.again()
    assert provider.requests[-1].body == last.body


async def test_the_prefix_holds_when_turns_have_left_the_state(one: Rig, provider: FakeProvider) -> None:
    chat = Chat(one)
    for number in range(MAX_TURNS + 6):
        await chat.ask(f"and {number}?")
    for before, after in zip(provider.requests, provider.requests[1:], strict=False):
        assert sent_messages(after).startswith(sent_messages(before))


async def test_a_restart_in_mid_conversation_loses_nothing(provider: FakeProvider) -> None:
    async with rig(provider) as before:
        chat = Chat(before)
        await chat.ask("pizza?")
        await chat.ask("and Thai?")
    async with rig(provider) as after:
        chat.rig = after
        await chat.ask("and Greek?")
    assert sent_messages(provider.requests[2]).startswith(sent_messages(provider.requests[1]))
    assert user_texts(provider.requests[2])[-1] == grounded("and Greek?", "and Thai?", "ok")


async def test_a_failed_attempt_and_its_retry_send_the_same_bytes(one: Rig, provider: FakeProvider) -> None:
    chat = Chat(one)
    await chat.ask("pizza?")
    provider.script(Failure(503), Reply("Sure."))
    await chat.ask("and Thai?")
    answer = await chat.again(x_stainless_retry_count="1")
    assert said(answer) == "Sure."
    assert provider.requests[1].body == provider.requests[2].body


async def test_a_changing_system_prompt_and_a_moved_cache_mark_do_not_matter(one: Rig, provider: FakeProvider) -> None:
    words = {"type": "text", "text": "pizza?", "cache_control": {"type": "ephemeral"}}
    first = {
        "model": "m",
        "max_tokens": 9,
        "system": "It is Monday.",
        "messages": [{"role": "user", "content": [words]}],
    }
    provider.script(Reply("Joe's."))
    await one.post("/v1/messages", first)
    again: list[dict[str, Any]] = [
        {"role": "user", "content": "pizza?"},
        {"role": "assistant", "content": [{"type": "text", "text": "Joe's."}]},
        {"role": "user", "content": [{**words, "text": "and Thai?"}]},
    ]
    await one.post("/v1/messages", {**first, "system": "It is Tuesday.", "messages": again})
    sent = provider.requests[1].json
    expected = grounded("and Thai?", "pizza?", "Joe's.")
    assert sent["messages"][-1]["content"] == [{**words, "text": expected}]
    assert sent["messages"][:-1] == again[:-1]
    keys = [key async for key in one.pipeline.store.keys("")]
    assert len(keys) == 2, "the second request found the first one's state"


async def test_a_greeting_before_the_first_message_can_be_referred_to(one: Rig, provider: FakeProvider) -> None:
    chat = Chat(one)
    chat.messages.append({"role": "assistant", "content": "Hello!"})
    await chat.ask("and you?")
    assert user_texts(provider.requests[0])[-1] == grounded("and you?", "-", "Hello!")


async def test_a_message_without_text_goes_on_as_it_is_and_the_rest_as_it_was_sent(
    one: Rig, provider: FakeProvider
) -> None:
    image = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]
    chat = Chat(one)
    await chat.ask("pizza?")
    await chat.ask("and Thai?")
    answer = await chat.ask(image)
    await chat.ask("and that?")
    assert answer.headers["x-dialog-bypass"] == "no user text"
    for before, after in zip(provider.requests, provider.requests[1:], strict=False):
        assert sent_messages(after).startswith(sent_messages(before))
    assert user_texts(provider.requests[3])[-1] == grounded("and that?", "-", "ok")


async def test_previous_response_ids_carry_the_dialog(one: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))
    first = (await one.post("/v1/responses", {"model": "m", "input": "pizza?"})).json
    for stream in (False, True):
        body = {"model": "m", "input": "and Thai?", "previous_response_id": first["id"], "stream": stream}
        await one.post("/v1/responses", body)
    expected = grounded("and Thai?", "pizza?", "Joe's.")
    assert [request.json["input"] for request in provider.requests] == ["pizza?", expected, expected]


async def test_tool_results_alone_go_on_with_the_response_they_follow(one: Rig, provider: FakeProvider) -> None:
    call = ToolCall("c1", "weather", "{}")
    provider.script(Reply("", tools=(call,), finish="tool"), Reply("It rains."))
    first = (await one.post("/v1/responses", {"model": "m", "input": "weather?"})).json
    results = {"input": [{"type": "function_call_output", "call_id": "c1", "output": "rain"}]}
    body = {"model": "m", "previous_response_id": first["id"], **results}
    answer = await one.post("/v1/responses", body)
    assert provider.requests[1].json == body
    await one.post("/v1/responses", {"model": "m", "input": "and then?", "previous_response_id": answer.json["id"]})
    assert provider.requests[2].json["input"] == grounded("and then?", "weather?", "It rains.")


async def test_an_ollama_context_carries_the_dialog(one: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."))
    first = (await one.post("/api/generate", {"model": "m", "prompt": "pizza?", "stream": False})).json
    await one.post("/api/generate", {"model": "m", "prompt": "and Thai?", "context": first["context"]})
    assert provider.requests[1].json["prompt"] == grounded("and Thai?", "pizza?", "Joe's.")


async def test_an_unknown_previous_response_leaves_the_message_alone(one: Rig, provider: FakeProvider) -> None:
    await one.post("/v1/responses", {"model": "m", "input": "and Thai?", "previous_response_id": "resp_lost"})
    assert provider.requests[0].json["input"] == "and Thai?"
