"""A reply is heard as its bytes pass, in every framing and content coding."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Callable
from types import SimpleNamespace

import brotli  # type: ignore[import-untyped, unused-ignore]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dialog.wire import listening
from dialog.wire.apis import APIS
from dialog.wire.hearing import Hearing
from dialog.wire.listening import Listener
from tests.fake_wire import Reply, ToolCall
from tests.fake_wires import WIRES

PATHS = {
    "openai.chat": "/chat/completions",
    "openai.responses": "/responses",
    "anthropic.messages": "/v1/messages",
    "ollama.chat": "/api/chat",
    "ollama.generate": "/api/generate",
    "gemini.generate_content": ":generateContent",
}
BY_NAME = {api.NAME: api for api in APIS}
EACH = pytest.mark.parametrize("name", PATHS)
TOOLS = (ToolCall("call_0", "weather", '{"city":"Boston"}'), ToolCall("call_1", "clock"))
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def streamed(name: str, reply: Reply) -> bytes:
    return b"".join(frame.data for frame in WIRES[PATHS[name]].stream(reply, {"stream": True}))


def heard(name: str, body: bytes, *, kind: str, coding: str = "", size: int = 7) -> Listener:
    listener = Listener(BY_NAME[name], content_type=kind, content_encoding=coding)
    for at in range(0, len(body), size):
        listener.feed(body[at : at + size])
    return listener


def tools_of(hearing: Hearing) -> list[tuple[str, str, object]]:
    return [(tool.call_id, tool.name, json.loads(tool.arguments)) for tool in hearing.tools]


@EACH
def test_a_streamed_reply_is_heard_to_its_end_mark(name: str) -> None:
    reply = Reply("Try Joe's. 你好")
    listener = heard(name, streamed(name, reply), kind=WIRES[PATHS[name]].stream_type)
    assert (listener.hearing.text, listener.hearing.ended, listener.hearing.failure) == ("Try Joe's. 你好", True, None)


@EACH
def test_a_stream_that_breaks_off_has_no_end(name: str) -> None:
    reply = Reply("Try Joe's", end_mark=False)
    listener = heard(name, streamed(name, reply), kind=WIRES[PATHS[name]].stream_type)
    assert (listener.hearing.text, listener.hearing.ended) == ("Try Joe's", False)


@EACH
def test_a_reply_in_one_piece_is_heard(name: str) -> None:
    listener = heard(name, WIRES[PATHS[name]].plain(Reply("Try Joe's."), {}), kind="application/json; charset=utf-8")
    assert (listener.hearing.text, listener.hearing.ended) == ("", False)
    listener.end()
    assert (listener.hearing.text, listener.hearing.ended) == ("Try Joe's.", True)


@pytest.mark.parametrize("name", [name for name in PATHS if name != "ollama.generate"])
@pytest.mark.parametrize("stream", [True, False])
def test_tool_calls_are_heard(name: str, stream: bool) -> None:
    reply = Reply("Let me look.", tools=TOOLS, finish="tool")
    wire = WIRES[PATHS[name]]
    body = streamed(name, reply) if stream else wire.plain(reply, {})
    listener = heard(name, body, kind=wire.stream_type if stream else "application/json")
    listener.end()
    assert tools_of(listener.hearing) == [("call_0", "weather", {"city": "Boston"}), ("call_1", "clock", {})]
    assert listener.hearing.text == "Let me look."


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [1, 64, 100_000])
def test_a_compressed_stream_is_heard(coding: str, size: int) -> None:
    body = CODINGS[coding](streamed("openai.chat", Reply("Try Joe's.")))
    listener = heard("openai.chat", body, kind="text/event-stream", coding=coding, size=size)
    assert (listener.hearing.text, listener.hearing.ended, listener.deaf) == ("Try Joe's.", True, None)


def test_bare_deflate_is_heard() -> None:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = compressor.compress(streamed("openai.chat", Reply("Try Joe's."))) + compressor.flush()
    assert heard("openai.chat", body, kind="text/event-stream", coding="deflate").hearing.text == "Try Joe's."


@pytest.mark.parametrize("coding", ["compress", "gzip", "br", "zstd"])
def test_an_unknown_or_broken_coding_leaves_the_listener_deaf(coding: str) -> None:
    listener = heard("openai.chat", b"\x00 not that coding" * 4, kind="text/event-stream", coding=coding)
    listener.end()
    assert listener.deaf is not None
    assert listener.hearing.text == ""


@given(st.binary(max_size=300), st.sampled_from(sorted(PATHS)), st.sampled_from(["text/event-stream", "", "x-ndjson"]))
def test_nothing_in_a_body_breaks_the_listener(body: bytes, name: str, kind: str) -> None:
    heard(name, body, kind=kind).end()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "delta", "message", "content", "type", "candidates", "parts", "error", "item"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(sorted(PATHS)),
)
def test_no_document_breaks_the_listener(document: object, name: str) -> None:
    for body, kind in ((b"data: %s\n\n", "text/event-stream"), (b"%s", "application/json")):
        listener = heard(name, body % json.dumps(document).encode(), kind=kind, size=999)
        listener.end()


def test_malformed_events_are_passed_over() -> None:
    body = streamed("openai.chat", Reply(pieces=("a", "b"), inject=(1, b"data: {broken\n\n")))
    assert heard("openai.chat", body, kind="text/event-stream").hearing.text == "ab"


def test_only_the_first_of_several_choices_is_heard() -> None:
    choices = [{"index": n, "message": {"content": f"reply {n}"}} for n in (1, 0)]
    listener = heard("openai.chat", json.dumps({"choices": choices}).encode(), kind="application/json")
    listener.end()
    assert listener.hearing.text == "reply 0"


def test_a_server_that_never_sends_the_end_mark_has_ended_when_it_said_so() -> None:
    body = streamed("openai.chat", Reply("hi")).replace(b"data: [DONE]\n\n", b"")
    listener = heard("openai.chat", body, kind="text/event-stream")
    assert not listener.hearing.ended
    listener.end()
    assert listener.hearing.ended


def test_a_stream_of_gemini_without_sse_is_one_array() -> None:
    parts = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("a", "b")]
    parts.append({"candidates": [{"finishReason": "STOP"}]})  # type: ignore[dict-item]
    listener = heard("gemini.generate_content", json.dumps(parts).encode(), kind="application/json")
    listener.end()
    assert (listener.hearing.text, listener.hearing.ended) == ("ab", True)


@pytest.mark.parametrize(
    ("name", "event", "failure"),
    [
        ("openai.chat", {"error": {"type": "server_error"}}, "server_error"),
        ("openai.responses", {"type": "error", "code": "server_error"}, "server_error"),
        (
            "openai.responses",
            {"type": "response.failed", "response": {"error": {"code": "rate_limit"}}},
            "rate_limit",
        ),
        ("anthropic.messages", {"type": "error", "error": {"type": "overloaded_error"}}, "overloaded_error"),
        ("gemini.generate_content", {"error": {"status": "UNAVAILABLE"}}, "UNAVAILABLE"),
    ],
)
def test_an_error_in_mid_stream_is_heard_by_its_kind(name: str, event: dict[str, object], failure: str) -> None:
    body = f"data: {json.dumps(event)}\n\n".encode()
    assert heard(name, body, kind="text/event-stream").hearing.failure == failure


def test_a_body_over_the_limit_is_heard_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MAX_WHOLE_BYTES", 10)
    listener = heard("openai.chat", b'{"choices": []}  ', kind="application/json")
    listener.end()
    assert listener.deaf == "too long"


def test_a_response_id_is_heard() -> None:
    listener = heard("openai.responses", streamed("openai.responses", Reply("hi")), kind="text/event-stream")
    assert (listener.hearing.reply_id or "").startswith("resp_")


def test_zstd_is_undone_by_whichever_library_the_client_has(monkeypatch: pytest.MonkeyPatch) -> None:
    body = CODINGS["zstd"](streamed("openai.chat", Reply("Joe's.")))
    backport = SimpleNamespace(ZstdDecompressor=lambda: zstandard.ZstdDecompressor().decompressobj())
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", backport)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    assert heard("openai.chat", body, kind="text/event-stream", coding="zstd").hearing.text == "Joe's."


@pytest.mark.parametrize(("coding", "libraries"), [("br", ["brotli", "brotlicffi"]), ("zstd", ["zstandard"])])
def test_without_a_library_the_listener_says_so(
    monkeypatch: pytest.MonkeyPatch, coding: str, libraries: list[str]
) -> None:
    for name in [*libraries, "compression.zstd", "backports.zstd"]:
        monkeypatch.setitem(sys.modules, name, None)
    body = CODINGS[coding](b"data: [DONE]\n\n")
    assert heard("openai.chat", body, kind="text/event-stream", coding=coding).deaf == f"unknown coding {coding}"
