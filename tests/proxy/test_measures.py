"""What the proxy tells about itself: counters for Prometheus, spans for OpenTelemetry, and nobody's words in them."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from dialog.pipeline import Pipeline
from tests.fake_provider import Failure, FakeProvider, Hang, Raw, Reply
from tests.proxy.conftest import Running, StartProxy
from tests.proxy.test_forward import ASKED, chat, ended

EXPORTER = InMemorySpanExporter()


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Spans of proxies that are started after this; OpenTelemetry takes one provider per process."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
        trace.set_tracer_provider(provider)
    EXPORTER.clear()
    return EXPORTER


async def counted(proxy: Running) -> dict[tuple[str, ...], float]:
    """Samples by name and label values."""
    text = (await proxy.client.get("/metrics")).text
    families = text_string_to_metric_families(text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


async def once_idle(proxy: Running) -> dict[tuple[str, ...], float]:
    """The samples once no request is open."""
    for _ in range(1000):
        samples = await counted(proxy)
        if samples["antecedent_open_requests",] == 0:
            return samples
        await asyncio.sleep(0.01)
    raise TimeoutError("a request stays open")


async def test_requests_are_counted_by_api_status_and_grounding(proxy: Running, provider: FakeProvider) -> None:
    provider.script(Reply("ok"), Failure(429), Reply("ok"))
    for texts in ((ASKED,), (ASKED,), (ASKED, "No idea.", "what about Thai?")):
        await proxy.client.post("/v1/chat/completions", json=chat(*texts))
    await proxy.client.get("/v1/models")
    await proxy.client.get("/a/../b/%2e%2e")
    samples = await counted(proxy)
    assert samples["antecedent_requests_total", "openai.chat", "200"] == 2
    assert samples["antecedent_requests_total", "openai.chat", "429"] == 1
    assert samples["antecedent_requests_total", "other", "404"] == 1
    assert samples["antecedent_grounding_total", "rewritten"] == 1
    assert samples["antecedent_grounding_total", "left_alone"] == 2
    assert samples["antecedent_preparing_seconds_count",] == 3
    assert samples["antecedent_open_requests",] == 0


async def test_labels_are_from_closed_lists_whatever_callers_send(
    start_proxy: StartProxy, provider: FakeProvider
) -> None:
    proxy = await start_proxy(http="h11")  # the other parser refuses methods of no standard
    for n in range(30):
        headers = {"authorization": f"Bearer key-{n}", "x-dialog-id": f"dialog-{n}"}
        await proxy.client.post(f"/v1/{n}/chat/completions", json=chat(f"question {n}", model=f"m{n}"), headers=headers)
        await proxy.client.request(f"ODD{n}", f"/path/{n}", headers=headers)
    samples = await counted(proxy)
    assert len([name for name in samples if name[0] == "antecedent_requests_total"]) == 2


async def test_a_caller_that_leaves_is_counted(proxy: Running, provider: FakeProvider) -> None:
    provider.script(Hang())
    asking = asyncio.create_task(proxy.client.post("/v1/chat/completions", json=chat(ASKED)))
    request = await provider.request(0)
    asking.cancel()
    await asyncio.wait_for(request.disconnected.wait(), 10)
    samples = await once_idle(proxy)
    assert samples["antecedent_requests_total", "openai.chat", "499"] == 1


async def test_a_reply_that_breaks_off_breaks_off_for_the_caller_too(
    proxy: Running, provider: FakeProvider, pipeline: Pipeline
) -> None:
    provider.script(Reply("one two three", hang_up=True, end_mark=False))
    headers = {"x-dialog-id": "ann"}
    with pytest.raises(httpx.RemoteProtocolError):
        await proxy.client.post("/v1/chat/completions", json=chat(ASKED, stream=True), headers=headers)
    state = await ended(pipeline, "ann")
    assert state.turns[0].status == "partial"


async def test_a_caller_that_leaves_in_mid_stream_leaves_a_partial_turn(
    proxy: Running, provider: FakeProvider, pipeline: Pipeline
) -> None:
    provider.script(Reply("one two three four", pause=(2, asyncio.Event())))
    headers = {"x-dialog-id": "ann"}
    async with proxy.client.stream(
        "POST", "/v1/chat/completions", json=chat(ASKED, stream=True), headers=headers
    ) as answer:
        heard = ""
        async for piece in answer.aiter_text():
            heard += piece
            if "two" in heard or "one" in heard:
                break
    await asyncio.wait_for(provider.requests[0].disconnected.wait(), 10)
    state = await ended(pipeline, "ann")
    assert state.turns[0].status == "partial"
    assert state.turns[0].reply.startswith("one")


async def test_a_caller_that_leaves_at_the_mark_of_a_stream_counts_as_answered(
    proxy: Running, provider: FakeProvider
) -> None:
    provider.script(Reply("one two", linger=asyncio.Event()))
    async with proxy.client.stream("POST", "/v1/chat/completions", json=chat(ASKED, stream=True)) as answer:
        async for line in answer.aiter_lines():
            if line == "data: [DONE]":
                break  # as the SDKs do
    await asyncio.wait_for(provider.requests[0].disconnected.wait(), 10)
    samples = await once_idle(proxy)
    assert samples["antecedent_requests_total", "openai.chat", "200"] == 1
    assert ("antecedent_requests_total", "openai.chat", "499") not in samples


# -- spans ------------------------------------------------------------------------------------------------------------


async def exported(spans: InMemorySpanExporter) -> ReadableSpan:
    """The one span there is, once its request is over for the server as well."""
    for _ in range(1000):
        if found := spans.get_finished_spans():
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(0.005)
    raise TimeoutError("no span came")


async def test_a_span_follows_the_genai_conventions(
    spans: InMemorySpanExporter, start_proxy: StartProxy, provider: FakeProvider
) -> None:
    proxy = await start_proxy()
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    body = chat(ASKED, "No idea.", "what about Thai?", model="gpt-9")
    await proxy.client.post("/v1/chat/completions", json=body, headers={"traceparent": parent})
    span = await exported(spans)
    assert span.name == "chat gpt-9"
    assert span.kind is trace.SpanKind.CLIENT
    assert span.parent is not None
    assert span.parent.span_id == 0xB7AD6B7169203331
    assert dict(span.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-9",
        "server.address": "127.0.0.1",
        "server.port": provider.port,
        "http.response.status_code": 200,
        "antecedent.grounding": "rewritten",
    }


async def test_a_geminis_model_is_read_from_its_path(
    spans: InMemorySpanExporter, start_proxy: StartProxy, provider: FakeProvider
) -> None:
    proxy = await start_proxy()
    body = {"contents": [{"role": "user", "parts": [{"text": ASKED}]}]}
    await proxy.client.post("/v1beta/models/gemini-9:generateContent", json=body)
    assert (await exported(spans)).name == "generate_content gemini-9"


@pytest.mark.parametrize(
    ("answer", "error"), [(Failure(500), "500"), (Hang(), "504"), (Raw(b"{", content_length=99), None)]
)
async def test_a_failed_request_is_an_error_and_nobodys_words_are_in_its_span(
    spans: InMemorySpanExporter, start_proxy: StartProxy, provider: FakeProvider, answer: object, error: str | None
) -> None:
    proxy = await start_proxy(read_timeout_s=0.3)
    provider.script(answer)  # type: ignore[arg-type]
    headers = {"authorization": "Bearer sk-secret", "x-dialog-id": "dialog-of-ann"}
    try:
        await proxy.client.post("/v1/chat/completions?key=sk-secret", json=chat(ASKED), headers=headers)
    except httpx.RemoteProtocolError:
        assert error is None
    span = await exported(spans)
    if error is not None:
        assert (span.attributes or {})["error.type"] == error
        assert not span.status.is_ok
    text = span.to_json()
    for words in ("Chinese", "sk-secret", "ann", "completions"):
        assert words not in text
    assert not span.events


async def test_other_requests_have_no_span(
    spans: InMemorySpanExporter, start_proxy: StartProxy, provider: FakeProvider
) -> None:
    proxy = await start_proxy()
    await proxy.client.get("/v1/models")
    assert spans.get_finished_spans() == ()
