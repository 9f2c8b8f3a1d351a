"""With the product's own interpreter: what reaches the provider, and that it never depends on what was kept."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog import http_client, open_pipeline
from dialog.transport.door import Arriving, Door, Options
from stores.memory import MemoryStore
from tests.fake_provider import FakeProvider, Reply

WORDS = [
    "I'm going to New York tomorrow. What is the best Chinese restaurant in New York?",
    "what about Thai?",
    "that's not helpful",
    "something cheaper",
    "is the second one open on Sunday?",
    "by the way, who wrote Hamlet?",
    "ok, back to dinner: for four people",
    "start over",
    "no, I meant Brooklyn",
    "thanks",
    "明天我去上海。那里有什么好吃的川菜馆？",
    "第二家贵吗？",
    "",
]
REPLIES = ["1. Joe's Shanghai\n2. Nom Wah\n3. Xi'an Famous Foods", "It opens at noon.", "Shakespeare.", ""]
TALKS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(REPLIES)), min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("opening", "reply", "follow_up", "expected"),
    [
        (WORDS[0], "Joe's Shanghai.", "what about Thai?", "What is the best Thai restaurant in New York?"),
        ("纽约最好的中餐馆是哪家？", "Joe's Shanghai。", "泰国菜呢？", "泰国"),
    ],
)
@pytest.mark.parametrize("store", ["memory:", "redis"])
async def test_a_follow_up_reaches_the_provider_as_a_request_of_its_own(
    provider: FakeProvider,
    request: pytest.FixtureRequest,
    opening: str,
    reply: str,
    follow_up: str,
    expected: str,
    store: str,
) -> None:
    url = request.getfixturevalue("redis_url") if store == "redis" else store
    provider.script(Reply(reply), Reply("Sure."))
    async with open_pipeline(url) as pipeline:
        http = http_client(pipeline, family="httpx2", trust_env=False)
        async with openai.AsyncOpenAI(api_key="k", base_url=provider.url + "/v1", http_client=http) as client:
            messages: list[Any] = []
            for text in (opening, follow_up):
                messages.append({"role": "user", "content": text})
                answer = await client.chat.completions.create(model="m", messages=messages)
                messages.append({"role": "assistant", "content": answer.choices[0].message.content})
    sent = provider.requests[1].json["messages"][-1]["content"]
    first = sent.splitlines()[0]
    assert expected in first
    assert "纽约" in first or "New York" in first
    assert follow_up in sent


@given(TALKS, st.sampled_from(["client", "managed"]))
@settings(max_examples=25, deadline=None)
def test_what_is_sent_does_not_depend_on_what_was_kept(talk: list[tuple[str, str]], history: Any) -> None:
    warm, cold = asyncio.run(sent_warm_and_cold(talk, history))
    assert warm == cold
    if history == "client":
        bodies = [body.removesuffix(b"]}") for body in warm]
        assert all(after.startswith(before) for before, after in pairwise(bodies))


async def sent_warm_and_cold(talk: list[tuple[str, str]], history: Any) -> tuple[list[bytes], list[bytes]]:
    """The bodies of a talk's requests through one store, and each of them through an empty one."""
    kept = Door(open_pipeline(MemoryStore()), Options(history=history))
    messages: list[dict[str, str]] = []
    warm, cold = [], []
    for text, reply in talk:
        messages.append({"role": "user", "content": text})
        body = json.dumps({"messages": messages}, ensure_ascii=False, separators=(",", ":")).encode()
        empty = Door(open_pipeline(MemoryStore()), Options(history=history))
        warm.append(await through(kept, body, reply))
        cold.append(await through(empty, body, reply))
        messages.append({"role": "assistant", "content": reply})
    return warm, cold


async def through(door: Door, body: bytes, reply: str) -> bytes:
    passage = await door.enter(Arriving("POST", "/v1/chat/completions", {}, body))
    assert "x-dialog-degraded" not in passage.headers
    await passage.answered(200, {"content-type": "application/json"})
    passage.feed(json.dumps({"choices": [{"message": {"content": reply}}]}).encode())
    await passage.ended()
    return passage.body or body
