"""The one line: the client is of the library that the SDK wants, and behaves as the SDK's own."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import httpx
import httpx2
import pytest

from dialog.transport import AsyncDialogTransport, http_client, http_transport, last_trace, synchronous, use
from dialog.transport.bridge import bridge_of
from dialog.transport.door import Arriving, Door
from tests.fake_provider import FakeProvider, Raw
from tests.transport.parts import new_pipeline, rig


class _WantsHttpx(httpx.Client):
    """As `openai.DefaultHttpxClient` before 3.0."""


class _WantsHttpx2(httpx2.Client):
    """As `openai.DefaultHttpxClient` since 3.0."""


@pytest.fixture
def sdks(monkeypatch: pytest.MonkeyPatch) -> Any:
    def imported(**defaults: type[Any] | None) -> None:
        for name in ("openai", "anthropic"):
            if (default := defaults.get(name)) is None:
                monkeypatch.delitem(sys.modules, name, raising=False)
            else:
                monkeypatch.setitem(sys.modules, name, SimpleNamespace(DefaultHttpxClient=default))

    return imported


@pytest.mark.parametrize(
    ("defaults", "library"),
    [
        ({}, httpx2),
        ({"openai": _WantsHttpx}, httpx),
        ({"openai": _WantsHttpx2}, httpx2),
        ({"openai": _WantsHttpx2, "anthropic": _WantsHttpx2}, httpx2),
    ],
)
async def test_the_client_is_of_the_library_that_the_imported_sdks_want(
    sdks: Any, defaults: dict[str, type[Any]], library: Any
) -> None:
    sdks(**defaults)
    async with http_client(new_pipeline()) as client:
        assert isinstance(client, library.AsyncClient)
    with http_client(new_pipeline(), sync=True) as client:
        assert isinstance(client, library.Client)


def test_sdks_that_want_different_libraries_need_a_word(sdks: Any) -> None:
    sdks(openai=_WantsHttpx, anthropic=_WantsHttpx2)
    with pytest.raises(ValueError, match="anthropic wants httpx2, openai wants httpx"):
        http_client(new_pipeline())
    with pytest.raises(ValueError, match="use"):
        http_client(new_pipeline(), family="requests")  # type: ignore[arg-type]


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ImportError, match="pip install httpx2"):
        http_client(new_pipeline(), family="httpx2")


def test_neither_library_nor_an_sdk_is_imported_by_the_transport() -> None:
    check = (
        "import sys, dialog.transport; "
        "print([name for name in ('httpx', 'httpx2', 'openai', 'anthropic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("sync", [False, True])
async def test_redirects_are_followed_as_one_turn(provider: FakeProvider, sync: bool) -> None:
    provider.script(Raw(status=307, headers=(("location", "/v1/chat/completions"),)))
    async with rig(provider, sync=sync) as made:
        body = {"messages": [{"role": "user", "content": "pizza?"}]}
        answer = await made.post("/old/chat/completions", body, headers={"x-dialog-id": "d"})
        assert answer.status == 200
        [turn] = await made.turns("d")
        assert (turn.status, turn.reply) == ("closed", "ok")


async def test_proxies_come_from_the_environment_and_are_grounded_too(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", provider.url)
    monkeypatch.setenv("no_proxy", "localhost,10.0.0.1,internal.example,::1")
    for name in ("https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with http_client(new_pipeline()) as client:
        answer = await client.post(
            "http://api.example/v1/chat/completions", json={"messages": [{"role": "user", "content": "pizza?"}]}
        )
    assert answer.headers["x-dialog-rewritten"] == "false"
    assert provider.requests[0].headers["host"] == "api.example"


async def test_no_proxy_star_means_none(provider: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "*")
    async with http_client(new_pipeline()) as client:
        answer = await client.get(provider.url + "/api/version")
    assert answer.status_code == 200


async def test_an_explicit_proxy_is_used(provider: FakeProvider) -> None:
    async with http_client(new_pipeline(), proxy=provider.url) as client:
        await client.post("http://api.example/v1/embeddings", json={})
    assert provider.requests[0].headers["host"] == "api.example"


async def test_any_transport_can_be_inside() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        message = {"content": request.headers.get("x-dialog-id", "-")}
        return httpx2.Response(200, json={"choices": [{"message": message}]})

    pipeline = new_pipeline()
    inner = httpx2.MockTransport(answer)
    async with httpx2.AsyncClient(transport=AsyncDialogTransport(pipeline, inner)) as client:  # type: ignore[arg-type]
        body = {"messages": [{"role": "user", "content": "pizza?"}]}
        response = await client.post("http://x/v1/chat/completions", json=body, headers={"x-dialog-id": "d"})
    assert response.json()["choices"][0]["message"]["content"] == "-", "our own headers stay with us"
    state = await pipeline.state("d")
    assert state is not None
    assert state.turns[0].status == "closed"


async def test_a_streamed_request_body_goes_on_unread(provider: FakeProvider) -> None:
    async def pieces() -> Any:
        yield b'{"messages": '
        yield b"[]}"

    async with http_client(new_pipeline(), trust_env=False) as client:
        answer = await client.post(
            provider.url + "/v1/chat/completions", content=pieces(), headers={"x-dialog-id": "d"}
        )
    assert provider.requests[0].body == b'{"messages": []}'
    assert "x-dialog-id" not in provider.requests[0].headers
    assert answer.headers["x-dialog-bypass"] == "the body is a stream"


async def test_a_websocket_is_let_through_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    passage = await Door(new_pipeline()).enter(Arriving("GET", "/v1/responses", {"upgrade": "websocket"}, b""))
    assert passage.body is None
    assert "WebSocket" in caplog.text


async def test_the_transport_for_clients_that_take_one(provider: FakeProvider) -> None:
    transport = http_transport(new_pipeline(), family="httpx", trust_env=False)
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.post(
            provider.url + "/api/chat", json={"messages": [{"role": "user", "content": "x"}], "stream": False}
        )
    assert answer.headers["x-dialog-rewritten"] == "false"


def test_an_empty_dialog_id_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"), use(""):
        pass


async def test_outside_any_request_there_is_no_trace() -> None:
    assert last_trace() is None


def test_a_bridge_gives_results_and_errors_and_ends_its_thread() -> None:
    async def double(number: int) -> int:
        return number * 2

    async def fail() -> None:
        raise KeyError("x")

    pipeline = new_pipeline()
    with synchronous(pipeline) as run:
        work: Coroutine[Any, Any, int] = double(4)
        assert run(work) == 8
        with pytest.raises(KeyError):
            run(fail())
        bridge = bridge_of(pipeline)
    assert bridge.closed
    bridge.close()


def test_what_is_still_being_recorded_is_finished_when_the_bridge_closes() -> None:
    done = []

    async def slow() -> None:
        await asyncio.sleep(0.01)  # stands for a store that takes its time
        done.append(True)

    async def start() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(slow())

    bridge = bridge_of(new_pipeline())
    bridge.call(start())
    bridge.close()
    assert done == [True]


def test_logging_of_the_package_is_quiet_by_itself() -> None:
    assert logging.getLogger("antecedent").level == logging.NOTSET
