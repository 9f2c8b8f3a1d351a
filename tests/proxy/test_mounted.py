"""The proxy mounted in somebody's own app."""

from __future__ import annotations

from contextlib import AsyncExitStack

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from dialog.pipeline import Pipeline
from dialog.proxy import ProxyConfig, proxy_app
from tests.fake_provider import FakeProvider
from tests.proxy.conftest import Serving
from tests.proxy.test_forward import ASKED, THAI, asked_last, chat


async def test_it_works_below_a_prefix_and_leaves_the_rest_alone(provider: FakeProvider, pipeline: Pipeline) -> None:
    config = ProxyConfig(upstream=provider.url)
    inner = proxy_app(config, pipeline=pipeline)
    outer = Starlette(routes=[Mount("/llm", inner), Route("/own", lambda request: PlainTextResponse("mine"))])
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(Serving(outer, config))
        stack.push_async_callback(inner.state.aclose)
        headers = {"x-dialog-id": "a"}
        await running.client.post("/llm/v1/chat/completions", json=chat(ASKED), headers=headers)
        await running.client.post("/%6Clm/v1/chat/completions", json=chat("what about Thai?"), headers=headers)
        assert provider.requests[-1].path == "/v1/chat/completions"
        assert THAI in asked_last(provider)
        assert (await running.client.get("/llm/dialogs/a")).json()["dialog_id"] == "a"
        assert (await running.client.get("/llm/dialogs")).json()["dialogs"] == ["a"]
        assert (await running.client.get("/own")).text == "mine"
        assert (await running.client.get("/llm/v1/../x%2F..")).status_code == 400
        await running.client.get("/llm/v1/files/a%2Fb?q=%20")
        assert provider.requests[-1].path == "/v1/files/a%2Fb"
