"""A base URL is all that changes: provider requests go through, grounded, and everything else as it came."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dialog.pipeline import Pipeline
from dialog.state import DialogState
from stores.base import StoreUnavailable
from stores.memory import MemoryStore
from tests.fake_provider import Failure, FakeProvider, Hang, Raw, Received, Reply
from tests.proxy.conftest import Running, StartProxy

ASKED = "What is the best Chinese restaurant in New York?"
THAI = "What is the best Thai restaurant in New York?"


def chat(*texts: str, **more: Any) -> dict[str, Any]:
    """A Chat Completions body; `texts` are user and assistant in turn."""
    roles = ("user", "assistant")
    return {
        "model": "m",
        "messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)],
    } | more


async def ended(pipeline: Pipeline, dialog_id: str) -> DialogState:
    """The dialog once its last turn is no longer open; the server's own task writes that, which nothing here awaits."""
    for _ in range(1000):
        state = await pipeline.state(dialog_id, tenant="open")
        if state is not None and state.turns[-1].status != "open":
            return state
        await asyncio.sleep(0.01)
    raise TimeoutError("the turn was still open after 10 s")


def asked_last(provider: FakeProvider) -> str:
    content: str = provider.requests[-1].json["messages"][-1]["content"]
    return content


async def test_a_follow_up_reaches_the_provider_grounded(proxy: Running, provider: FakeProvider) -> None:
    provider.script(Reply("Golden Unicorn."), Reply("Wayla."))
    await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED, "Golden Unicorn.", "what about Thai?"))
    assert THAI in asked_last(provider)
    assert answer.json()["choices"][0]["message"]["content"] == "Wayla."
    assert answer.headers["x-dialog-rewritten"] == "true"


async def test_a_dialog_named_by_a_header_needs_only_its_newest_message(proxy: Running, provider: FakeProvider) -> None:
    headers = {"x-dialog-id": "ann"}
    await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers=headers)
    await proxy.client.post("/v1/chat/completions", json=chat("what about Thai?"), headers=headers)
    assert THAI in asked_last(provider)
    assert "x-dialog-id" not in provider.requests[-1].headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/v1/messages",
            {"model": "m", "max_tokens": 10, "messages": chat(ASKED, "No idea.", "what about Thai?")["messages"]},
        ),
        (
            "/api/chat",
            {"model": "m", "stream": False, "messages": chat(ASKED, "No idea.", "what about Thai?")["messages"]},
        ),
    ],
)
async def test_anthropic_and_ollama_paths_are_grounded_too(
    proxy: Running, provider: FakeProvider, path: str, body: dict[str, Any]
) -> None:
    await proxy.client.post(path, json=body)
    assert THAI in json.dumps(provider.requests[-1].json, ensure_ascii=False)


async def test_a_stream_goes_on_chunk_by_chunk_and_is_recorded(
    proxy: Running, provider: FakeProvider, pipeline: Pipeline
) -> None:
    provider.script(Reply("Golden Unicorn on East Broadway", split=5))
    async with proxy.client.stream(
        "POST", "/v1/chat/completions", json=chat(ASKED, stream=True), headers={"x-dialog-id": "ann"}
    ) as answer:
        chunks = [chunk async for chunk in answer.aiter_raw()]
    assert len(chunks) > 1
    [tenant_dialog] = [d async for d in pipeline.dialogs(tenant="open")]
    state = await pipeline.state(tenant_dialog, tenant="open")
    assert state is not None
    assert (state.turns[0].reply, state.turns[0].status) == ("Golden Unicorn on East Broadway", "closed")


async def test_a_caller_that_leaves_stops_the_upstream_and_leaves_a_trace(
    proxy: Running, provider: FakeProvider, pipeline: Pipeline
) -> None:
    provider.script(Hang())
    asking = asyncio.create_task(
        proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers={"x-dialog-id": "ann"})
    )
    request = await provider.request(0)
    asking.cancel()
    await asyncio.wait_for(request.disconnected.wait(), 10)
    state = await ended(pipeline, "ann")
    assert state.turns[0].status == "abandoned"


@pytest.mark.parametrize("path", ["/v1/models?limit=3", "/v1/files/a%2Fb", "/anything//at/all", "/v1/chat/completions"])
async def test_other_paths_and_methods_pass_byte_for_byte(proxy: Running, provider: FakeProvider, path: str) -> None:
    body = gzip.compress(b'{"odd": [1, 2]}')
    provider.script(Raw(body, status=207, content_type="application/x-odd", headers=(("content-encoding", "gzip"),)))
    async with proxy.client.stream("PUT", path, content=b"\x00\xff raw", headers={"x-own": "1"}) as answer:
        got = b"".join([chunk async for chunk in answer.aiter_raw()])
    request = provider.requests[-1]
    assert (request.method, request.body, request.headers["x-own"]) == ("PUT", b"\x00\xff raw", "1")
    assert request.path == path.partition("?")[0]
    assert request.query == ({"limit": ["3"]} if "?" in path else {})
    assert (answer.status_code, got) == (207, body)
    assert answer.headers["content-type"] == "application/x-odd"


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"messages": 3}', b'{"model": "m"}', b"\xff\xfe"])
async def test_a_body_that_is_not_understood_goes_through_and_the_providers_own_answer_comes_back(
    proxy: Running, provider: FakeProvider, body: bytes
) -> None:
    provider.script(Raw(b'{"error":"theirs"}', status=400))
    answer = await proxy.client.post("/v1/chat/completions", content=body)
    assert provider.requests[-1].body == body
    assert (answer.status_code, answer.content) == (400, b'{"error":"theirs"}')
    assert answer.headers["x-dialog-bypass"]


async def test_a_providers_error_comes_back_unchanged(proxy: Running, provider: FakeProvider) -> None:
    provider.script(Failure(429, retry_after="7"))
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


class DownStore(MemoryStore):
    async def load(self, key: str) -> None:
        raise StoreUnavailable("load", "refused")


async def test_a_store_that_is_down_lets_requests_through_marked(
    start_proxy: StartProxy, provider: FakeProvider
) -> None:
    from dialog.assemble import open_pipeline

    proxy = await start_proxy(pipeline=open_pipeline(DownStore()))
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers={"x-dialog-id": "ann"})
    assert answer.json()["choices"][0]["message"]["content"] == "ok"
    assert answer.headers["x-dialog-degraded"] == "StoreUnavailable"
    assert (await proxy.client.get("/readyz")).status_code == 503
    assert 'antecedent_grounding_total{outcome="degraded"} 1.0' in (await proxy.client.get("/metrics")).text


async def test_a_body_over_the_limit_is_refused_and_never_sent(start_proxy: StartProxy, provider: FakeProvider) -> None:
    proxy = await start_proxy(max_body_bytes=2048)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(16):
            yield b"x" * 1024

    declared = await proxy.client.post("/v1/chat/completions", content=b"x" * 4096)
    assert declared.status_code == 413
    assert declared.json()["error"]["code"] == "request_too_large"
    assert provider.requests == []
    undeclared = await proxy.client.post("/v1/chat/completions", content=pieces())
    assert undeclared.status_code == 413
    assert provider.requests == []


async def test_more_requests_at_once_than_allowed_are_told_to_come_back(
    start_proxy: StartProxy, provider: FakeProvider
) -> None:
    proxy = await start_proxy(max_concurrent=1)
    hang = Hang()
    provider.script(hang)
    first = asyncio.create_task(proxy.client.post("/v1/chat/completions", json=chat(ASKED)))
    await provider.request(0)
    second = await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert (second.status_code, second.headers["retry-after"]) == (503, "1")
    hang.until.set()
    await first


async def test_an_upstream_that_cannot_be_reached_is_a_clear_502(start_proxy: StartProxy) -> None:
    proxy = await start_proxy(upstream="http://127.0.0.1:1")
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unreachable")


async def test_an_upstream_that_stays_silent_is_a_clear_504(start_proxy: StartProxy, provider: FakeProvider) -> None:
    provider.script(Hang())
    proxy = await start_proxy(read_timeout_s=0.2)
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")


async def test_told_to_stop_it_finishes_open_streams(proxy: Running, provider: FakeProvider) -> None:
    hang = Hang()
    provider.script(Reply("first"), hang)
    async with proxy.client.stream("POST", "/v1/chat/completions", json=chat(ASKED, stream=True)) as answer:
        proxy.server.should_exit = True
        text = "".join([piece async for piece in answer.aiter_text()])
    assert "[DONE]" in text


@pytest.mark.parametrize(
    ("method", "content"), [("GET", None), ("POST", b""), ("POST", b"x" * 300_000), ("DELETE", None), ("PUT", b"\x00")]
)
async def test_what_arrives_is_what_was_sent(
    proxy: Running, provider: FakeProvider, method: str, content: bytes | None
) -> None:
    """Differential: the same request straight to the provider, and through the proxy."""
    headers = {"x-own": "1", "accept": "a/b", "user-agent": "me", "cookie": "c=1", "x-stainless-lang": "python"}
    provider.script(Raw(b"1"), Raw(b"1"))
    for url in (provider.url, proxy.url):
        await proxy.client.request(method, f"{url}/v1/any?x=%20&&y", content=content, headers=headers)
    straight, through = provider.requests
    assert _told(straight) == _told(through)
    assert (straight.method, straight.path, straight.query, straight.body) == (
        *(through.method, through.path, through.query, through.body),
    )


def _told(request: Received) -> dict[str, str]:
    """Its headers but for those of the connection; "content-length: 0" is as good as none."""
    left_out = {"host", "connection"} | ({"content-length"} if not request.body else set())
    return {name: value for name, value in request.headers.items() if name not in left_out}


async def test_connections_to_the_upstream_are_kept(proxy: Running, provider: FakeProvider) -> None:
    for stream in (False, True, False):
        await proxy.client.post("/v1/chat/completions", json=chat(ASKED, stream=stream))
        await proxy.client.get("/v1/models")
    assert provider.connections == 1


async def test_a_body_that_never_comes_is_a_clear_408(start_proxy: StartProxy, provider: FakeProvider) -> None:
    proxy = await start_proxy(body_timeout_s=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nhost: here\r\ncontent-length: 50\r\n\r\nfirst")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.close()
    assert head.startswith(b"HTTP/1.1 408")
    assert provider.requests == []


async def test_a_caller_that_leaves_while_it_uploads_is_no_fault(
    start_proxy: StartProxy, caplog: pytest.LogCaptureFixture
) -> None:
    came, left = asyncio.Event(), asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"first")
        came.set()
        assert await reader.read() == b""
        left.set()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as upstream:
        proxy = await start_proxy(upstream=f"http://127.0.0.1:{upstream.sockets[0].getsockname()[1]}")
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"POST /v1/files HTTP/1.1\r\nhost: here\r\ncontent-length: 50\r\n\r\nfirst")
        await asyncio.wait_for(came.wait(), 10)
        writer.close()
        await asyncio.wait_for(left.wait(), 10)
        for _ in range(1000):
            if "antecedent_open_requests 0.0" in (metrics := (await proxy.client.get("/metrics")).text):
                break
            await asyncio.sleep(0.005)
    assert 'antecedent_requests_total{api="other",status="499"} 1.0' in metrics
    assert not [record for record in caplog.records if record.exc_info]
