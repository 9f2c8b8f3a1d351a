"""Who is calling: tenants by credential, and keys of the proxy's own that are exchanged for the upstream's."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.pipeline import Pipeline
from dialog.proxy import Key
from dialog.proxy.callers import Callers, UnknownKey
from tests.fake_provider import FakeProvider
from tests.proxy.conftest import Running, StartProxy
from tests.proxy.test_forward import ASKED, THAI, asked_last, chat

KEYS = (
    {"key": "ours-red", "tenant": "red", "upstream_key": "theirs-red"},
    {"key": "ours-blue", "tenant": "blue", "upstream_key": "theirs-blue"},
)
CARRIERS = [
    ({"authorization": "Bearer ours-red"}, ("authorization", "Bearer theirs-red")),
    ({"authorization": "bearer ours-red"}, ("authorization", "Bearer theirs-red")),
    ({"authorization": "ours-red"}, ("authorization", "Bearer theirs-red")),
    ({"x-api-key": "ours-red"}, ("x-api-key", "theirs-red")),
    ({"X-Api-Key": "ours-red"}, ("x-api-key", "theirs-red")),
    ({"api-key": "ours-red"}, ("api-key", "theirs-red")),
    ({"x-goog-api-key": "ours-red"}, ("x-goog-api-key", "theirs-red")),
    ({"x-my-key": "ours-red"}, ("x-my-key", "theirs-red")),
]


async def test_two_credentials_never_see_each_others_dialogs(proxy: Running, provider: FakeProvider) -> None:
    for key, text in (("ann", ASKED), ("ben", "what about Thai?")):
        headers = {"authorization": f"Bearer {key}", "x-dialog-id": "same"}
        await proxy.client.post("/v1/chat/completions", json=chat(text), headers=headers)
    assert asked_last(provider) == "what about Thai?"
    assert provider.requests[-1].headers["authorization"] == "Bearer ben"


async def test_the_same_opening_under_two_credentials_is_two_states(proxy: Running, pipeline: Pipeline) -> None:
    for key in ("ann", "ben"):
        headers = {"x-api-key": key}
        await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers=headers)
    keys = [key async for key in pipeline.store.keys("")]
    assert len({key.partition("/")[0] for key in keys}) == 2
    assert not any(name in key for name in ("ann", "ben") for key in keys)


@pytest.mark.parametrize(("headers", "sent"), CARRIERS)
async def test_a_key_of_ours_is_exchanged_in_every_carrier(
    start_proxy: StartProxy, provider: FakeProvider, headers: dict[str, str], sent: tuple[str, str]
) -> None:
    proxy = await start_proxy(keys=KEYS, key_headers=("X-My-Key",))
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers=headers)
    assert answer.status_code == 200
    request = provider.requests[-1]
    assert request.headers[sent[0]] == sent[1]
    assert "ours" not in json.dumps(request.headers)


async def test_a_key_in_the_query_is_exchanged_too(start_proxy: StartProxy, provider: FakeProvider) -> None:
    proxy = await start_proxy(keys=KEYS)
    body = {"contents": [{"role": "user", "parts": [{"text": ASKED}]}]}
    await proxy.client.post("/v1beta/models/m:generateContent?alt=json&key=ours-blue&n=%C3%A9&k=%2B", json=body)
    assert provider.requests[-1].query == {"alt": ["json"], "key": ["theirs-blue"], "n": ["é"], "k": ["+"]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer theirs-red"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer ours-red2"},
        {"x-api-key": ""},
        {"cookie": "ours-red"},
        {"x-api-key": "ours-red", "authorization": "Bearer ours-blue"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/models", "/dialogs", "/dialogs/a"])
async def test_who_presents_no_key_of_ours_or_two_tenants_is_not_let_in(
    start_proxy: StartProxy, provider: FakeProvider, headers: dict[str, str], path: str
) -> None:
    proxy = await start_proxy(keys=KEYS)
    method = "POST" if path.endswith("completions") else "GET"
    answer = await proxy.client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    assert provider.requests == []


async def test_tenants_of_own_keys_are_apart_and_a_tenants_keys_together(
    start_proxy: StartProxy, provider: FakeProvider
) -> None:
    second = {"key": "ours-red-2", "tenant": "red", "upstream_key": "theirs-red"}
    proxy = await start_proxy(keys=(*KEYS, second))

    async def say(key: str, text: str) -> None:
        headers = {"x-api-key": key, "x-dialog-id": "d"}
        await proxy.client.post("/v1/chat/completions", json=chat(text), headers=headers)

    await say("ours-red", ASKED)
    await say("ours-blue", "what about Thai?")
    assert asked_last(provider) == "what about Thai?"
    await say("ours-red-2", "what about Thai?")
    assert THAI in asked_last(provider)


async def test_no_key_is_in_a_log_an_error_or_a_repr(
    start_proxy: StartProxy, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    proxy = await start_proxy(keys=KEYS, upstream="http://127.0.0.1:1")
    answers = [
        await proxy.client.post(
            "/v1/chat/completions?key=ours-red", json=chat(ASKED), headers={"x-api-key": "ours-red"}
        ),
        await proxy.client.get("/v1/models", headers={"x-api-key": "ours-unknown"}),
        await proxy.client.get("/dialogs/ours-red", headers={"x-api-key": "ours-red"}),
        await proxy.client.get("/metrics"),
    ]
    ours = [record for record in caplog.records if record.name.startswith(("antecedent", "uvicorn", "aiohttp"))]
    text = "".join(answer.text + str(answer.headers) for answer in answers)
    text += "".join(record.getMessage() + str(record.__dict__) for record in ours)
    caller = Callers(tuple(map(Key.model_validate, KEYS))).identify([(b"x-api-key", b"ours-red")], b"key=ours-red")
    text += repr(caller) + repr(proxy) + repr(Key.model_validate(KEYS[0]))
    assert ours
    assert "ours-" not in text
    assert "theirs-" not in text


SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@given(SECRETS, SECRETS)
def test_tenants_are_equal_exactly_when_credentials_are(one: str, other: str) -> None:
    callers = Callers()

    def tenant(secret: str) -> str:
        return callers.identify([(b"authorization", b"Bearer " + secret.encode())], b"").tenant

    assert (tenant(one) == tenant(other)) == (one == other)
    assert tenant(one) != "open"


@given(
    st.lists(
        st.tuples(st.sampled_from([b"authorization", b"x-api-key", b"cookie"]), st.binary(max_size=20)), max_size=4
    )
)
def test_whatever_headers_hold_nobody_is_let_in_without_a_key(headers: list[tuple[bytes, bytes]]) -> None:
    callers = Callers((Key.model_validate(KEYS[0]),))
    if not any(b"ours-red" in value for _, value in headers):
        with pytest.raises(UnknownKey):
            callers.identify(headers, b"")


async def test_callers_without_a_credential_are_one_tenant(proxy: Running, pipeline: Pipeline) -> None:
    headers: dict[str, Any] = {"x-dialog-id": "d"}
    await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers=headers)
    assert [dialog_id async for dialog_id in pipeline.dialogs(tenant="open")] == ["d"]
