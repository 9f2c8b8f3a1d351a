"""Where the inspector is reached: on the proxy, with the proxy's keys, and from the command line."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Mount

from dialog.assemble import open_pipeline
from dialog.cli import main
from dialog.inspect import inspector_app
from dialog.inspect.views import DialogList, DialogView, Session, TurnView, Watched
from dialog.pipeline import Pipeline
from dialog.proxy import Key, ProxyConfig, proxy_app
from tests.fake_provider import FakeProvider
from tests.inspect.conftest import OpenPage, serving
from tests.inspect.talks import say

KEYS = tuple(
    Key(key=SecretStr(f"ours-{name}"), tenant=name, upstream_key=SecretStr("theirs")) for name in ("ann", "bob")
)


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as provider:
        yield provider


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def ask(client: httpx.AsyncClient, key: str, *messages: str, dialog_id: str | None = None) -> None:
    """A chat completion with these messages, the user's and the assistant's by turns."""
    roles = ("user", "assistant")
    body = {"model": "m", "messages": [{"role": roles[at % 2], "content": text} for at, text in enumerate(messages)]}
    headers = bearer(key) | ({"x-dialog-id": dialog_id} if dialog_id else {})
    answer = await client.post("/v1/chat/completions", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def listed(client: httpx.AsyncClient, key: str) -> DialogList:
    answer = await client.get("/inspect/api/dialogs", headers=bearer(key))
    assert answer.status_code == 200, answer.text
    return DialogList.model_validate_json(answer.content)


async def test_the_proxy_shows_each_caller_its_own_dialogs(provider: FakeProvider, pipeline: Pipeline) -> None:
    app = proxy_app(ProxyConfig(upstream=provider.url), pipeline=pipeline)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        await ask(client, "sk-ann", "Where is Boston?", dialog_id="d")
        assert [card.dialog_id for card in (await listed(client, "sk-ann")).dialogs] == ["d"]
        assert (await listed(client, "sk-bob")).found == 0
        session = Session.model_validate_json((await client.get("/inspect/api/session")).content)
        assert (session.auth, session.history) == ("credential", "client")


async def test_a_conversation_without_an_id_is_one_dialog_and_its_branches_are_two(
    provider: FakeProvider, pipeline: Pipeline
) -> None:
    app = proxy_app(ProxyConfig(upstream=provider.url), pipeline=pipeline)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        first = ("What is the best Chinese restaurant in Boston?", "The red door.")
        await ask(client, "sk", *first[:1])
        (card,) = (await listed(client, "sk")).dialogs
        watch = {"ref": card.ref, "mark": "?"}
        await ask(client, "sk", *first, "what about Thai?")
        now = await client.get("/inspect/api/watch", params=watch, headers=bearer("sk"))
        followed = Watched.model_validate_json(now.content).ref
        assert followed != card.ref
        await ask(client, "sk", *first, "what about Thai?", "The blue door.", "is it open on Sunday?")
        (card,) = (await listed(client, "sk")).dialogs
        answer = await client.get("/inspect/api/dialog", params={"ref": card.ref}, headers=bearer("sk"))
        view = DialogView.model_validate_json(answer.content)
        turns = [item for item in view.timeline if isinstance(item, TurnView)]
        assert [turn.n for turn in turns] == [1, 2, 3]
        assert [turn.reply for turn in turns[:2]] == ["The red door.", "The blue door."]
        assert turns[1].resolved == "What is the best Thai restaurant in Boston?"
        assert all(turn.spent is None and not turn.blocks for turn in turns), "the client's own messages were sent"
        await ask(client, "sk", *first, "what about Greek?")
        assert (await listed(client, "sk")).found == 2


async def test_the_proxys_own_keys_open_the_inspector_and_nothing_else_does(
    provider: FakeProvider, pipeline: Pipeline
) -> None:
    app = proxy_app(ProxyConfig(upstream=provider.url, keys=KEYS), pipeline=pipeline)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        await ask(client, "ours-ann", "My name is Ottoline.", dialog_id="d")
        assert (await listed(client, "ours-ann")).found == 1
        assert (await listed(client, "ours-bob")).found == 0
        for headers, query in (({}, ""), (bearer("guess"), ""), (bearer("theirs"), ""), ({}, "?key=ours-ann")):
            for path in ("dialogs", "dialog", "prompt", "watch"):
                answer = await client.get(f"/inspect/api/{path}{query}", headers=headers)
                assert answer.status_code == 401
                assert "Ottoline" not in answer.text
        assert (await client.get("/inspect/")).status_code == 200
        assert len(provider.requests) == 1, "nothing of the inspector goes to the provider"


async def test_the_bare_path_leads_to_the_page_wherever_the_proxy_is_mounted(provider: FakeProvider) -> None:
    proxy = proxy_app(ProxyConfig(upstream=provider.url))
    async with serving(Starlette(routes=[Mount("/llm", proxy)])) as url, httpx.AsyncClient(base_url=url) as client:
        answer = await client.get("/llm/inspect", follow_redirects=True)
        assert answer.url.path == "/llm/inspect/"
        assert "Antecedent inspector" in answer.text
        assert (await client.get("/llm/inspect/app.js")).headers["content-type"].startswith("text/javascript")
    await proxy.state.aclose()


@pytest.mark.browser
async def test_the_page_asks_for_the_key_and_never_puts_it_in_a_url(
    provider: FakeProvider, pipeline: Pipeline, open_page: OpenPage
) -> None:
    app = proxy_app(ProxyConfig(upstream=provider.url, keys=KEYS), pipeline=pipeline)
    async with serving(app) as url, httpx.AsyncClient(base_url=url) as client:
        await ask(client, "ours-ann", "Where is Boston?", dialog_id="d")
        seen = await open_page(f"{url}/inspect")
        page = seen.page
        await seen.open()
        assert await page.evaluate("document.activeElement.id") == "key"
        await page.keyboard.type("guess")
        await page.keyboard.press("Enter")
        await page.get_by_text("missing or not known").wait_for()
        assert [text for text in seen.console if "401" not in text] == [], "a refused request is told on the console"
        await page.keyboard.type("ours-ann")
        await page.keyboard.press("Enter")
        await page.get_by_role("option").click()
        await page.wait_for_selector("article.turn")
        await page.reload()
        await page.wait_for_selector("article.turn")
        assert not any("ours-ann" in asked for asked in [*seen.requested, page.url])
        kept = "[Object.values(localStorage), document.cookie, Object.values(sessionStorage)]"
        assert await page.evaluate(kept) == [[], "", ["ours-ann"]]
        await page.get_by_role("button", name="Forget key").click()
        await page.wait_for_selector("#key-form:not([hidden])")
        assert await page.evaluate("sessionStorage.length") == 0
        assert "Boston" not in await page.content()
        assert seen.foreign == []


async def test_the_command_serves_a_store_on_loopback_behind_a_key(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'dialogs.sqlite'}"
    async with open_pipeline(store) as pipeline:
        await say(pipeline, "d", "Where is Boston?", "In the east.", tenant="ann")
    command = (sys.executable, "-m", "dialog.cli", "inspect", "--store", store, "--tenant", "ann", "--port", "0")
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONWARNINGS": "error"}
    )
    assert process.stderr is not None
    said = (await process.stderr.readuntil(b"ends it.\n")).decode()
    url, key = re.findall(r"^(?:inspector|key): +(\S+)$", said, re.MULTILINE)
    assert url.startswith("http://127.0.0.1:")
    async with httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/api/dialogs")).status_code == 401
        found = await client.get("/api/dialogs", headers=bearer(key))
        assert [card.dialog_id for card in DialogList.model_validate_json(found.content).dialogs] == ["d"]
        rebound = await client.get("/api/dialogs", headers=bearer(key) | {"host": "evil.example"})
        assert rebound.status_code == 421
        ref = DialogList.model_validate_json(found.content).dialogs[0].ref
        view = await client.get("/api/dialog", params={"ref": ref}, headers=bearer(key))
        mark = DialogView.model_validate_json(view.content).mark
        watching = asyncio.create_task(
            client.get("/api/watch", params={"ref": ref, "mark": mark}, headers=bearer(key), timeout=20)
        )
        await client.get("/api/session")  # by now the question before it has arrived
        process.send_signal(signal.SIGINT)
        assert Watched.model_validate_json((await watching).content).mark == mark
    assert await process.stderr.read() == b"", "an open page is no error"
    assert await process.wait() == 130


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--store", "memory:"], "its own process"),
        (["--store", "sqlite:x", "--port", "70000"], "0 to 65535"),
        (["--store", "nothing:x"], "no store is called"),
        (["--store", "sqlite:x", "--host", "203.0.113.1", "--port", "0"], "cannot listen"),
    ],
)
def test_what_cannot_be_inspected_is_one_clear_line(
    options: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", *options]) == 1
    error = capsys.readouterr().err
    assert word in error
    assert error.count("\n") == 1


async def test_an_inspector_of_its_own_can_be_mounted(pipeline: Pipeline) -> None:
    app = Starlette(routes=[Mount("/see", inspector_app(pipeline, lambda _: "ann"))])
    await say(pipeline, "d", "Where is Boston?", "In the east.", tenant="ann")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://own") as client:
        found = await client.get("/see/api/dialogs")
        assert DialogList.model_validate_json(found.content).found == 1
