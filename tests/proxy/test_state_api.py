"""The state API: a tenant's dialogs to read, export, correct and delete, and clear refusals of everything else."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import negative_data_rejection

from dialog.assemble import open_pipeline
from dialog.pipeline import Pipeline
from dialog.proxy import ProxyConfig, proxy_app
from dialog.proxy.openapi import document
from stores.base import StoreUnavailable
from stores.memory import MemoryStore
from tests.fake_provider import FakeProvider
from tests.proxy.conftest import Running, StartProxy
from tests.proxy.test_forward import ASKED, chat

ANN = {"authorization": "Bearer ann-0123456789"}
BEN = {"authorization": "Bearer ben-0123456789"}
ODD_IDS = ["a/b", "a%2Fb", "..", ".", "喝茶吗", "a b", "?x=1#y", "a\\b", "\x00", "trace", "é" * 300, "{id}"]
ODD_IDS += ["a\n", "\nb"]


async def told(proxy: Running, dialog_id: str, **headers: str) -> httpx.Response:
    named = {"x-dialog-id": quote(dialog_id, safe="")} | headers
    return await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers=named)


def at(dialog_id: str, about: str = "") -> str:
    """The path of a dialog; httpx would take dots out of it, so these are encoded too."""
    return "/dialogs/" + quote(dialog_id, safe="").replace(".", "%2E") + about


@pytest.mark.parametrize("dialog_id", ODD_IDS)
async def test_any_id_can_be_read_corrected_and_forgotten(proxy: Running, dialog_id: str) -> None:
    await told(proxy, dialog_id)
    assert (await proxy.client.get("/dialogs")).json() == {"dialogs": [dialog_id], "more": False}
    state = (await proxy.client.get(at(dialog_id))).json()
    assert (state["dialog_id"], state["turns"][0]["user"]) == (dialog_id, ASKED)
    assert (await proxy.client.get(at(dialog_id, "/trace"))).json()["turn_id"] == state["turns"][0]["turn_id"]
    lines = [json.loads(line) for line in (await proxy.client.get(at(dialog_id, "/export"))).text.splitlines()]
    assert lines[-1]["kind"] == "state"
    await proxy.client.put(at(dialog_id, "/slots"), json={"city": "Boston"})
    slots = (await proxy.client.get(at(dialog_id))).json()["slots"]
    assert "Boston" in [slot["current"]["value"] for slot in slots if slot["current"]]
    assert (await proxy.client.delete(at(dialog_id))).status_code == 204
    assert (await proxy.client.get(at(dialog_id))).status_code == 404


async def test_what_is_written_by_hand_is_used_by_the_next_turn(proxy: Running, provider: FakeProvider) -> None:
    await told(proxy, "ann")
    answer = await proxy.client.put("/dialogs/ann/slots", json={"party_size": 4, "vegan": True, "tags": ["a", "b"]})
    values = {slot["name"]: slot["current"]["value"] for slot in answer.json()["slots"] if slot["current"]}
    assert {"party_size": 4, "vegan": True, "tags": ["a", "b"]}.items() <= values.items()


@pytest.mark.parametrize("about", ["", "/trace", "/export"])
async def test_a_dialog_of_another_tenant_is_one_that_does_not_exist(proxy: Running, about: str) -> None:
    await told(proxy, "ann", **ANN)
    foreign = await proxy.client.get("/dialogs/ann" + about, headers=BEN)
    nobodys = await proxy.client.get("/dialogs/nobody" + about, headers=BEN)
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (404, "unknown_dialog")
    assert foreign.content == nobodys.content
    assert (await proxy.client.delete("/dialogs/ann", headers=BEN)).status_code == 404
    assert (await proxy.client.get("/dialogs", headers=BEN)).json()["dialogs"] == []
    assert (await proxy.client.get("/dialogs/ann" + about, headers=ANN)).status_code == 200


async def test_the_key_opens_the_same_dialogs_in_whichever_header_it_comes(proxy: Running) -> None:
    await told(proxy, "ann", **ANN)
    key = ANN["authorization"].partition(" ")[2]
    assert (await proxy.client.get("/dialogs/ann", headers={"x-api-key": key})).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/dialogs/nobody", 404),
        ("DELETE", "/dialogs/nobody", 404),
        ("GET", "/dialogs/nobody/trace", 404),
        ("GET", "/dialogs/ann/trace?turn=none", 404),
        ("GET", "/dialogs/nobody/export", 404),
        ("GET", "/dialogs/", 404),
        ("GET", "/dialogs/ann/unheard-of", 404),
        ("GET", "/dialogs/ann/trace/more", 404),
        ("GET", "/dialogs/%ff", 400),
        ("POST", "/dialogs/ann", 405),
        ("PUT", "/dialogs/ann", 405),
        ("PATCH", "/dialogs/ann/slots", 405),
        ("GET", "/dialogs/ann/slots", 405),
        ("DELETE", "/dialogs", 405),
        ("POST", "/healthz", 405),
    ],
)
async def test_what_cannot_be_done_is_refused_as_json(
    proxy: Running, provider: FakeProvider, method: str, path: str, status: int
) -> None:
    await told(proxy, "ann")
    answer = await proxy.client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert answer.json()["error"]["message"]
    assert ("allow" in answer.headers) == (status == 405)
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"no", b"[]", b"{}", b'{"": 1}', b'{"a": ""}', b'{"a": {}}', b'{"a": [1]}', b'{"a": NaN}'),
        *(b'{"a": 1e999}', b'{"a": "\\ud800"}', b'{"\\udfff": 1}', b'{"a": ["\\ud800"]}', b"\xff"),
        *(b"[" * 60_000, b'{"a": ' + b"9" * 5000 + b"}"),
    ],
)
async def test_slots_that_are_none_are_refused_and_change_nothing(proxy: Running, body: bytes) -> None:
    answer = await proxy.client.put("/dialogs/ann/slots", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_slots")
    assert (await proxy.client.get("/dialogs/ann")).status_code == 404


async def test_too_many_slots_at_once_are_refused(proxy: Running) -> None:
    body = json.dumps({"a": "x" * 70_000})
    assert (await proxy.client.put("/dialogs/ann/slots", content=body)).status_code == 413


class DownStore(MemoryStore):
    async def load(self, key: str) -> None:
        raise StoreUnavailable("load", "redis://:secret@example")


async def test_a_store_that_is_down_is_told_without_its_address(start_proxy: StartProxy) -> None:
    proxy = await start_proxy(pipeline=open_pipeline(DownStore()))
    for method, path in (("GET", "/dialogs/a"), ("GET", "/dialogs/a/export"), ("PUT", "/dialogs/a/slots")):
        answer = await proxy.client.request(method, path, json={"a": 1} if method == "PUT" else None)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
        assert "secret" not in answer.text


async def test_head_gives_the_head_alone(proxy: Running) -> None:
    await told(proxy, "ann")
    for path in ("/dialogs", "/dialogs/ann", "/dialogs/ann/export", "/healthz"):
        answer = await proxy.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


# -- the description --------------------------------------------------------------------------------------------------


def test_the_description_is_valid_openapi() -> None:
    validate(document())


async def test_the_description_can_be_fetched(proxy: Running) -> None:
    assert (await proxy.client.get("/openapi.json")).json() == document()


PIPELINE = open_pipeline("memory:")
SCHEMA = schemathesis.openapi.from_asgi(
    "/openapi.json", proxy_app(ProxyConfig(upstream="http://127.0.0.1:1"), pipeline=PIPELINE)
)


@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_as_described_whatever_is_asked(case: Any) -> None:
    """schemathesis makes requests from the description, and others that it forbids, over an app in this process.

    Of its checks, one is left out: that what the description forbids is refused. An id is any text, and a body that is
    not JSON in name is read all the same.
    """
    asyncio.run(_some_dialog(PIPELINE))
    if "dialog_id" in case.path_parameters and len(case.path_parameters["dialog_id"]) % 2:
        case.path_parameters["dialog_id"] = "ann"  # so that there is something to find, too
    case.call_and_validate(excluded_checks=[negative_data_rejection])


async def _some_dialog(pipeline: Pipeline) -> None:
    async with pipeline.turn("ann", ASKED, tenant="open") as turn:
        await turn.close("Golden Unicorn.")
