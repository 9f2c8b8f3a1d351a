"""The door fails open, keeps dialogs with ids straight, and lays prompts out when told to manage the history."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from dialog.assemble import open_pipeline
from dialog.bounds import MAX_TURNS
from dialog.codec import decode
from dialog.ground import Budget
from dialog.interpretation import Interpretation
from dialog.pipeline import Pipeline
from dialog.state import DialogState
from dialog.transport import Options, last_trace, use
from dialog.transport.door import Arriving, Door
from stores.base import LogEntry, Record, StoreUnavailable, Version
from stores.memory import MemoryStore
from tests.fake_provider import FakeProvider, Reply
from tests.transport.parts import Chat, Rig, grounded, interpret, new_pipeline, rig, said, sent_messages, user_texts


class FailingStore:
    """A memory store that fails at what `broken` names."""

    def __init__(self, *broken: str) -> None:
        self.inner = MemoryStore()
        self.broken = set(broken)
        self.gate: asyncio.Event | None = None
        self.committed = asyncio.Event()

    async def _may(self, action: str) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if action in self.broken:
            raise StoreUnavailable(action, "it is off")

    async def load(self, key: str) -> Record | None:
        await self._may("load")
        return await self.inner.load(key)

    async def commit(
        self,
        key: str,
        data: bytes,
        *,
        expect: Version,
        op_id: str,
        ttl_s: float | None = None,
        log: Sequence[bytes] = (),
    ) -> Record:
        await self._may("commit")
        record = await self.inner.commit(key, data, expect=expect, op_id=op_id, ttl_s=ttl_s, log=log)
        self.committed.set()
        return record

    def read_log(self, key: str, *, after: int = 0) -> AsyncIterator[LogEntry]:
        return self.inner.read_log(key, after=after)

    async def delete(self, key: str, *, expect: Version | None = None) -> bool:
        return await self.inner.delete(key, expect=expect)

    def keys(self, prefix: str = "") -> AsyncIterator[str]:
        return self.inner.keys(prefix)

    async def aclose(self) -> None:
        await self.inner.aclose()


KEYED = pytest.mark.parametrize("headers", [{}, {"x_dialog_id": "d"}], ids=["keyless", "keyed"])


# -- failing open ---------------------------------------------------------------------------------------------------


@KEYED
@pytest.mark.parametrize("broken", ["load", "commit"])
async def test_with_the_store_down_the_original_goes_through_marked_degraded(
    provider: FakeProvider, headers: dict[str, str], broken: str
) -> None:
    async with rig(provider, store=FailingStore(broken)) as made:
        chat = Chat(made)
        chat.messages += [{"role": "user", "content": "pizza?"}, {"role": "assistant", "content": "Joe's."}]
        answer = await chat.ask("and Thai?", **headers)
    assert (answer.status, answer.headers["x-dialog-degraded"]) == (200, "StoreUnavailable")
    assert user_texts(provider.requests[0]) == ["pizza?", "and Thai?"]
    trace = last_trace()
    assert trace is not None
    assert trace.degraded == "StoreUnavailable"


@KEYED
async def test_with_the_store_gone_before_the_end_the_reply_still_comes(
    provider: FakeProvider, headers: dict[str, str]
) -> None:
    store = FailingStore()
    async with rig(provider, store=store) as made:
        gate = asyncio.Event()
        provider.script(Reply("Joe's.", wait_for=gate))
        asking = asyncio.create_task(Chat(made).ask("pizza?", **headers))
        await provider.request(0)
        store.broken = {"load", "commit"}
        gate.set()
        assert said(await asking) == "Joe's."


async def test_a_store_that_hangs_is_not_waited_for_beyond_the_patience(provider: FakeProvider) -> None:
    store = FailingStore()
    store.gate = asyncio.Event()
    door = Door(new_pipeline(store), Options(patience_s=0.05))
    body = json.dumps({"messages": [{"role": "user", "content": "pizza?"}]}).encode()
    passage = await door.enter(Arriving("POST", "/v1/chat/completions", {}, body))
    assert passage.body is None
    assert passage.headers == {"x-dialog-degraded": "TimeoutError"}


async def test_the_end_of_a_reply_is_not_held_back_by_a_store_that_hangs(provider: FakeProvider) -> None:
    store = FailingStore()
    door = Door(new_pipeline(store), Options(patience_s=0.05))
    body = json.dumps({"messages": [{"role": "user", "content": "pizza?"}]}).encode()
    passage = await door.enter(Arriving("POST", "/v1/chat/completions", {"x-dialog-id": "d"}, body))
    store.gate = asyncio.Event()
    store.committed.clear()
    await passage.answered(200, {"content-type": "application/json"})
    passage.feed(b'{"choices":[{"message":{"content":"Joe\'s."}}]}')
    await passage.ended()
    store.gate.set()
    await store.committed.wait()  # the write goes on by itself
    record = await store.inner.load("/d")
    assert record is not None
    assert b"Joe's." in record.data


async def test_a_fault_of_ours_lets_the_request_through_and_logs_no_words(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(replayer: object, state: object, text: str, *_: object, **__: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("dialog.transport.keyless.Replayer.take_up", broken)
    async with rig(provider) as made:
        with caplog.at_level(logging.DEBUG, logger="antecedent"):
            answer = await Chat(made).ask("pizza?")
    assert (answer.status, answer.headers["x-dialog-degraded"]) == (200, "RuntimeError")
    assert "take_up" in caplog.text or "keyless" in caplog.text
    assert "pizza" not in caplog.text


@pytest.mark.parametrize("headers", [{}, {"x-dialog-id": "d"}], ids=["keyless", "keyed"])
@pytest.mark.parametrize("where", ["dialog.transport.door._as_sent", "dialog.transport.keyed.Keyed._earlier"])
async def test_a_fault_after_the_turn_is_open_does_not_leave_it_open(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], where: str
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    pipeline = new_pipeline()
    monkeypatch.setattr(where, broken)
    body = json.dumps({"messages": [{"role": "user", "content": "pizza?"}]}).encode()
    passage = await Door(pipeline).enter(Arriving("POST", "/v1/chat/completions", headers, body))
    if not headers and "Keyed" in where:
        assert "x-dialog-degraded" not in passage.headers
        return
    assert passage.headers == {"x-dialog-degraded": "KeyError"}
    [key] = [key async for key in pipeline.store.keys("")]
    record = await pipeline.store.load(key)
    assert record is not None
    assert decode(record.data).turns[-1].status == "failed"


@KEYED
async def test_an_interpreter_that_raises_leaves_the_message_alone(
    provider: FakeProvider, headers: dict[str, str]
) -> None:
    async def raising(state: DialogState, text: str, **_: object) -> Interpretation:
        raise RuntimeError("no")

    pipeline = open_pipeline(MemoryStore(), interpret=raising)
    made = Rig(pipeline, provider, family="httpx2", sync=False)
    chat = Chat(made)
    await chat.ask("pizza?", **headers)
    answer = await chat.ask("and Thai?", **headers)
    await made.aclose()
    assert user_texts(provider.requests[1]) == ["pizza?", "and Thai?"]
    assert answer.headers["x-dialog-rewritten"] == "false"
    trace = last_trace()
    assert trace is not None
    assert trace.interpretation.fallback == "RuntimeError"


async def test_a_message_over_the_budget_goes_out_as_written_and_the_dialog_goes_on(provider: FakeProvider) -> None:
    budget = Budget(budget_tokens=400, compact_at_tokens=None)
    made = Rig(open_pipeline(MemoryStore(), interpret=interpret, budget=budget), provider, family="httpx2", sync=False)
    chat = Chat(made)
    await chat.ask("word " * 2000)
    await chat.ask("and Thai?")
    await made.aclose()
    assert user_texts(provider.requests[0]) == ["word " * 2000]
    assert sent_messages(provider.requests[1]).startswith(sent_messages(provider.requests[0]))


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="history"):
        Options(history="server")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="seconds"):
        Options(patience_s=0)


# -- dialogs with an id ---------------------------------------------------------------------------------------------


async def test_the_id_is_taken_from_header_then_use_then_body(one: Rig, provider: FakeProvider) -> None:
    body = {"messages": [{"role": "user", "content": "pizza?"}], "metadata": {"dialog_id": "body"}}
    for header in ({"x-dialog-id": "header"}, {}):
        with use("used"):
            await one.post("/v1/chat/completions", body, headers=header)
    await one.post("/v1/chat/completions", body)
    assert sorted([name async for name in one.pipeline.dialogs()]) == ["body", "header", "used"]


async def test_ids_in_headers_are_percent_encoded_both_ways(one: Rig, provider: FakeProvider) -> None:
    body = {"messages": [{"role": "user", "content": "pizza?"}]}
    with use("餐厅 1/%"):
        answer = await one.post("/v1/chat/completions", body)
    await one.post("/v1/chat/completions", body, headers={"x-dialog-id": answer.headers["x-dialog-id"]})
    assert [turn.user for turn in await one.turns("餐厅 1/%")] == ["pizza?", "pizza?"]


async def test_two_tenants_may_use_one_id(one: Rig, provider: FakeProvider) -> None:
    body = {"messages": [{"role": "user", "content": "and Thai?"}]}
    for tenant, words in (("a", "pizza?"), ("b", "soup?")):
        with use("d", tenant=tenant):
            await one.post("/v1/chat/completions", {"messages": [{"role": "user", "content": words}]})
            await one.post("/v1/chat/completions", body)
    assert user_texts(provider.requests[1]) == [grounded("and Thai?", "pizza?", "ok")]
    assert user_texts(provider.requests[3]) == [grounded("and Thai?", "soup?", "ok")]


async def test_a_regenerated_reply_replaces_the_one_before(one: Rig, provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."), Reply("No."), Reply("."))
    chat = Chat(one)
    await chat.ask("pizza?", x_dialog_id="d")
    await chat.ask("and Thai?", x_dialog_id="d")
    chat.messages.pop()
    await chat.again(x_dialog_id="d")
    await chat.ask("and Greek?", x_dialog_id="d")
    assert provider.requests[1].body == provider.requests[2].body
    assert user_texts(provider.requests[3])[-1] == grounded("and Greek?", "and Thai?", "No.")
    assert [turn.user for turn in await one.turns("d")] == ["pizza?", "and Thai?", "and Greek?"]


async def test_the_callers_turn_id_makes_requests_one_turn(one: Rig, provider: FakeProvider) -> None:
    body = {"messages": [{"role": "user", "content": "yes"}]}
    for _ in range(2):
        await one.post("/v1/chat/completions", body, headers={"x-dialog-id": "d", "x-dialog-turn": "t7"})
    assert [turn.turn_id for turn in await one.turns("d")] == ["t7"]


async def test_a_dialog_that_expired_starts_from_what_the_client_holds(provider: FakeProvider) -> None:
    async with rig(provider) as before:
        chat = Chat(before)
        await chat.ask("pizza?", x_dialog_id="d")
        await chat.ask("and Thai?", x_dialog_id="d")
    async with rig(provider) as after:
        chat.rig = after
        await chat.ask("and Greek?", x_dialog_id="d")
        assert [turn.user for turn in await after.turns("d")] == ["pizza?", "and Thai?", "and Greek?"]
    assert sent_messages(provider.requests[2]).startswith(sent_messages(provider.requests[1]))


async def test_the_prefix_holds_after_a_compaction_and_a_full_state(provider: FakeProvider) -> None:
    budget = Budget(budget_tokens=4000, compact_at_tokens=300, keep_turns=4)
    made = Rig(open_pipeline(MemoryStore(), interpret=interpret, budget=budget), provider, family="httpx2", sync=False)
    chat = Chat(made)
    for number in range(MAX_TURNS + 4):
        await chat.ask(f"and {number}?", x_dialog_id="d")
        await made.pipeline.settled()
    state = await made.pipeline.state("d")
    await made.aclose()
    assert state is not None
    assert state.snapshot is not None, "there was a compaction"
    for before, after in zip(provider.requests, provider.requests[1:], strict=False):
        assert sent_messages(after).startswith(sent_messages(before))


async def test_two_messages_at_once_are_both_turns(one: Rig, provider: FakeProvider) -> None:
    gate = asyncio.Event()
    provider.script(Reply("Joe's.", wait_for=gate), Reply("Ann's.", wait_for=gate))
    bodies = [{"messages": [{"role": "user", "content": text}]} for text in ("pizza?", "pasta?")]
    asking = [
        asyncio.create_task(one.post("/v1/chat/completions", body, headers={"x-dialog-id": "d"})) for body in bodies
    ]
    await provider.request(1)
    gate.set()
    await asyncio.gather(*asking)
    assert sorted(turn.user for turn in await one.turns("d")) == ["pasta?", "pizza?"]
    assert {turn.status for turn in await one.turns("d")} == {"closed"}


async def test_peeking_costs_no_read_for_a_dialog_this_process_holds() -> None:
    store = FailingStore()
    pipeline: Pipeline = new_pipeline(store)
    assert await pipeline.peek("d") is None
    turn = await pipeline.begin("d", "pizza?")
    await turn.close("Joe's.")
    store.broken = {"load"}
    state = await pipeline.peek("d")
    assert state is not None
    assert state.turns[-1].reply == "Joe's."
    await pipeline.aclose()


# -- managed history ------------------------------------------------------------------------------------------------


async def test_managed_history_lays_out_what_the_client_no_longer_sends(provider: FakeProvider) -> None:
    provider.script(Reply("Joe's."), Reply("Sure."), Reply("Bye."))
    async with rig(provider, history="managed") as made:
        for text in ("pizza?", "and Thai?", "and Greek?"):
            messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
            await made.post("/v1/chat/completions", {"messages": messages}, headers={"x-dialog-id": "d"})
    assert provider.requests[2].json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "pizza?"},
        {"role": "assistant", "content": "Joe's."},
        {"role": "user", "content": grounded("and Thai?", "pizza?", "Joe's.")},
        {"role": "assistant", "content": "Sure."},
        {"role": "user", "content": grounded("and Greek?", "and Thai?", "Sure.")},
    ]


async def test_managed_history_replaces_old_messages_once_they_exceed_the_budget(provider: FakeProvider) -> None:
    budget = Budget(budget_tokens=1200, compact_at_tokens=None, keep_turns=4)
    made = Rig(
        open_pipeline(MemoryStore(), interpret=interpret, budget=budget),
        provider,
        family="httpx2",
        sync=False,
        history="managed",
    )
    chat = Chat(made)
    for number in range(24):
        provider.script(Reply("a long answer indeed " * 10))
        await chat.ask(f"question {number}?")
    await made.aclose()
    sent = provider.requests[-1].json["messages"]
    # How many are left depends on how tokens are counted: by tiktoken's vocabulary, or by an estimate without it.
    assert len(sent) < len(chat.messages) * 0.6
    assert sent[0] == chat.messages[0]
    assert sent[-1] == chat.messages[-2]
    assert len(json.dumps(sent)) < 1200 * 5


async def test_images_in_older_messages_are_not_lost_to_a_managed_layout(provider: FakeProvider) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    async with rig(provider, history="managed") as made:
        chat = Chat(made)
        await chat.ask([image, {"type": "text", "text": "what is this?"}])
        await chat.ask("and Thai?")
    assert provider.requests[1].json["messages"][1]["content"][0] == image


async def test_a_tool_loop_keeps_its_messages_under_a_managed_layout(provider: FakeProvider) -> None:
    function: dict[str, Any] = {"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
    async with rig(provider, history="managed") as made:
        chat = Chat(made)
        await chat.ask("pizza?")
        chat.messages += [
            {"role": "user", "content": "and now?"},
            {"role": "assistant", "content": None, "tool_calls": [function]},
            {"role": "tool", "tool_call_id": "c1", "content": "noon"},
        ]
        await chat.again()
    sent = provider.requests[1].json["messages"]
    assert sent[-2:] == [
        {"role": "assistant", "content": None, "tool_calls": [function]},
        {"role": "tool", "tool_call_id": "c1", "content": "noon"},
    ]
    assert sent[-3]["content"] == grounded("and now?", "pizza?", "ok")


async def test_the_trace_of_a_managed_prompt_counts_its_blocks(provider: FakeProvider) -> None:
    async with rig(provider, history="managed") as made:
        await Chat(made).ask("pizza?")
    trace = last_trace()
    assert trace is not None
    assert trace.tokens == sum(block.tokens for block in trace.blocks) > 0
