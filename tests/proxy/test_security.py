"""Never an open relay: whatever a request says, one upstream is asked, one request at a time, below its own path."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.proxy.paths import BadPath, checked, path_of
from tests.fake_provider import FakeProvider, Raw
from tests.proxy.conftest import Running, StartProxy
from tests.proxy.test_forward import ASKED, chat

PARSERS = ["h11", "httptools"]
BODY = json.dumps(chat(ASKED)).encode()


@pytest.fixture
async def evil() -> AsyncIterator[FakeProvider]:
    """Another server, which nobody is to be sent to."""
    async with FakeProvider(lambda request: Raw(b"evil")) as evil:
        yield evil
        assert evil.requests == []


async def exchanged(proxy: Running, sent: bytes) -> bytes:
    """What comes back on one raw connection until the proxy closes it, or has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(sent)
    heard = b""
    try:
        async with asyncio.timeout(1.0):
            while data := await reader.read(65536):
                heard += data
    except TimeoutError:
        pass
    writer.close()
    return heard


def head(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@pytest.mark.parametrize("http", PARSERS)
@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/x", "//127.0.0.1:{port}/x", "/\\127.0.0.1:{port}/x", "/@127.0.0.1:{port}/x"]
)
async def test_a_target_that_names_another_server_never_reaches_it(
    start_proxy: StartProxy, provider: FakeProvider, evil: FakeProvider, http: str, target: str
) -> None:
    proxy = await start_proxy(http=http)
    there = target.format(port=evil.port)
    answer = await exchanged(proxy, head(f"GET {there} HTTP/1.1", f"Host: 127.0.0.1:{evil.port}", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 ")
    for request in provider.requests:
        assert request.headers["host"] == f"127.0.0.1:{provider.port}"


@pytest.mark.parametrize("http", PARSERS)
@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
async def test_a_header_that_names_another_server_never_reaches_it(
    start_proxy: StartProxy, provider: FakeProvider, evil: FakeProvider, http: str, name: str
) -> None:
    proxy = await start_proxy(http=http)
    own = [] if name == "Host" else ["Host: here"]
    await exchanged(proxy, head("GET /v1/models HTTP/1.1", *own, f"{name}: 127.0.0.1:{evil.port}", "Connection: close"))
    assert provider.requests[-1].headers["host"] == f"127.0.0.1:{provider.port}"


async def test_a_redirect_comes_back_and_is_not_followed(
    proxy: Running, provider: FakeProvider, evil: FakeProvider
) -> None:
    provider.script(Raw(status=307, headers=(("location", evil.url),)))
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert (answer.status_code, answer.headers["location"]) == (307, evil.url)


@pytest.mark.parametrize("http", PARSERS)
@pytest.mark.parametrize(
    "path",
    [
        *("/v1/../admin", "/v1/%2e%2e/admin", "/v1/.%2E/admin", "/..%2fadmin", "/v1/..%5cadmin", "/v1/..\\admin"),
        *("/v1/%252e%252e/admin", "/v1/..;/admin", "/v1/..;a=b/x", "/./v1", "/v1/.", "/..", "admin", "*"),
    ],
)
async def test_a_path_that_would_leave_the_upstreams_own_is_refused(
    start_proxy: StartProxy, provider: FakeProvider, http: str, path: str
) -> None:
    proxy = await start_proxy(http=http, upstream=f"{provider.url}/tenant-a")
    answer = await exchanged(proxy, head(f"GET {path} HTTP/1.1", "Host: here", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 400")
    assert provider.requests == []


async def test_an_upstreams_path_is_put_in_front(start_proxy: StartProxy, provider: FakeProvider) -> None:
    proxy = await start_proxy(upstream=f"{provider.url}/tenant-a/")
    await proxy.client.post("/v1/chat/completions", json=chat(ASKED))
    assert provider.requests[-1].path == "/tenant-a/v1/chat/completions"


AMBIGUOUS = [
    ["Content-Length: 0", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Content-Length: 5", "Content-Length: 50"],
    ["Content-Length: 5, 50"],
    ["Content-Length: +5"],
    ["Content-Length: 0x5"],
    ["Content-Length: -1"],
    ["Transfer-Encoding: chunked, identity"],
    ["Transfer-Encoding: xchunked"],
    ["Transfer-Encoding : chunked"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    ["Transfer-Encoding:\x0bchunked"],
]


@pytest.mark.parametrize("http", PARSERS)
@pytest.mark.parametrize("path", ["/v1/files", "/v1/chat/completions"])
@pytest.mark.parametrize("lines", AMBIGUOUS)
async def test_a_request_whose_end_can_be_read_in_two_ways_goes_nowhere(
    start_proxy: StartProxy, provider: FakeProvider, http: str, path: str, lines: list[str]
) -> None:
    """Request smuggling (CWE-444): neither it nor what follows on its connection reaches the upstream."""
    proxy = await start_proxy(http=http)
    follows = b"0\r\n\r\n" + head("GET /smuggled HTTP/1.1", "Host: here")
    answer = await exchanged(proxy, head(f"POST {path} HTTP/1.1", "Host: here", *lines) + follows)
    assert answer.startswith(b"HTTP/1.1 400")
    assert provider.requests == []


@pytest.mark.parametrize("http", PARSERS)
async def test_two_requests_in_one_packet_are_two_requests(
    start_proxy: StartProxy, provider: FakeProvider, http: str
) -> None:
    proxy = await start_proxy(http=http)
    chunked = head("POST /v1/files HTTP/1.1", "Host: here", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
    known = head("POST /v1/files HTTP/1.1", "Host: here", "Content-Length: 3", "Connection: close") + b"xyz"
    await exchanged(proxy, chunked + known)
    assert [(request.path, request.body) for request in provider.requests] == [
        ("/v1/files", b"abc"),
        ("/v1/files", b"xyz"),
    ]


@pytest.mark.parametrize("http", PARSERS)
@pytest.mark.parametrize("injected", ["x\r\nx-injected: 1", "x\nx-injected: 1", "x\rx-injected: 1", "x\x00y"])
async def test_a_line_break_never_starts_a_header_of_its_own(
    start_proxy: StartProxy, provider: FakeProvider, http: str, injected: str
) -> None:
    proxy = await start_proxy(http=http)
    quoted = injected.replace("\r", "%0d").replace("\n", "%0a").replace("\x00", "%00").replace(" ", "%20")
    answer = await proxy.client.post("/v1/chat/completions", json=chat(ASKED), headers={"x-dialog-id": quoted})
    assert "x-injected" not in answer.headers
    await proxy.client.get(f"/v1/files/{quoted}?q={quoted}")
    for request in provider.requests:
        assert "x-injected" not in request.headers
    await exchanged(proxy, head("GET /v1/a HTTP/1.1", "Host: here", f"x-own: {injected}", "Connection: close"))
    for request in provider.requests[2:]:
        # A real line break in a head is the caller's own next header; a bare CR or NUL must not become one.
        assert "\n" in injected or "x-injected" not in request.headers


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
async def test_methods_that_show_or_tunnel_are_refused(proxy: Running, provider: FakeProvider, method: str) -> None:
    answer = await exchanged(proxy, head(f"{method} /v1/x HTTP/1.1", "Host: here", "Connection: close"))
    assert answer.startswith((b"HTTP/1.1 405", b"HTTP/1.1 400"))
    assert provider.requests == []


async def test_headers_about_the_connection_and_of_this_proxy_stay_here(proxy: Running, provider: FakeProvider) -> None:
    headers = [
        ("connection", "close, x-hop"),
        ("x-hop", "1"),
        ("te", "trailers"),
        ("proxy-authorization", "secret"),
        ("keep-alive", "timeout=5"),
        ("x-dialog-id", "d"),
        ("x-dialog-anything", "1"),
        ("x-kept", "1"),
        ("x-kept", "2"),
    ]
    provider.script(
        Raw(headers=(("connection", "x-back"), ("x-back", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")))
    )
    answer = await proxy.client.get("/v1/models", headers=headers)
    got = provider.requests[-1].headers
    assert not {"x-hop", "te", "proxy-authorization", "keep-alive", "x-dialog-id", "x-dialog-anything"} & got.keys()
    assert got["x-kept"] == "2"
    assert "x-back" not in answer.headers
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_a_header_that_is_no_text_is_a_clear_400(proxy: Running, provider: FakeProvider) -> None:
    answer = await proxy.client.get("/v1/models", headers=[(b"x-odd", b"\xff\xfe")])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_header")
    await proxy.client.get("/v1/models", headers=[(b"x-odd", "é茶".encode())])
    assert provider.requests[-1].headers["x-odd"].encode("latin-1").decode() == "é茶"


async def test_head_and_options_pass(proxy: Running, provider: FakeProvider) -> None:
    provider.script(Raw(content_length=0, headers=(("x-n", "1"),)), Raw(status=204, headers=(("allow", "GET"),)))
    assert (await proxy.client.head("/v1/models")).headers["x-n"] == "1"
    assert (await proxy.client.options("/v1/models")).headers["allow"] == "GET"
    assert [request.method for request in provider.requests] == ["HEAD", "OPTIONS"]


@given(st.binary(max_size=40).map(lambda end: b"/" + end), st.binary(max_size=10))
def test_what_passes_is_sent_as_it_came_and_stays_on_one_line(path: bytes, query: bytes) -> None:
    try:
        target = checked(path, query)
    except BadPath:
        return
    assert target == path + (b"?" + query if query else b"")
    assert all(0x21 <= byte <= 0x7E for byte in target)
    assert not {b".", b".."} & set(target.partition(b"?")[0].split(b"/"))


@pytest.mark.parametrize(
    ("raw", "root", "below"),
    [
        (b"/llm/v1/x", "/llm", b"/v1/x"),
        (b"/%6clm/v1/a%2Fb", "/llm", b"/v1/a%2Fb"),
        (b"/a/b/v1?q", "/a/b", b"/v1"),
        (b"/llm", "/llm", b"/"),
        (b"/v1/x", "", b"/v1/x"),
        (b"/llmx/v1", "/llm", b"/llmx/v1"),
    ],
)
def test_the_path_below_a_mount_is_found_undecoded(raw: bytes, root: str, below: bytes) -> None:
    assert path_of({"raw_path": raw, "path": "-", "root_path": root}) == below
