"""OpenTelemetry spans for requests, when `opentelemetry-api` is installed; otherwise nothing at no cost.

Names follow the semantic conventions for generative AI clients
(https://opentelemetry.io/docs/specs/semconv/gen-ai/); no text of a message is ever an attribute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

_PROVIDERS = {
    "openai_chat": ("openai", "chat"),
    "openai_responses": ("openai", "chat"),
    "anthropic_messages": ("anthropic", "chat"),
    "gemini": ("gcp.gemini", "generate_content"),
    "ollama_chat": ("ollama", "chat"),
    "ollama_generate": ("ollama", "text_completion"),
}


class Span:
    """One request's span; does nothing when there is no tracer."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def finished(self, status: int, outcome: str) -> None:
        """Note how the request went: the HTTP status and what was done with the message."""
        if self._inner is None:
            return
        self._inner.set_attribute("http.response.status_code", status)
        self._inner.set_attribute("antecedent.grounding", outcome)
        if status >= 400:
            self._inner.set_attribute("error.type", str(status))


class Telemetry:
    """Makes spans by the tracer provider that the process has set up."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._server = {"server.address": parts.hostname or "", "server.port": parts.port or _port(parts.scheme)}
        self._tracer: Any = None
        if find_spec("opentelemetry") is not None and find_spec("opentelemetry.trace") is not None:
            from opentelemetry import trace

            self._tracer = trace.get_tracer("antecedent")

    @contextmanager
    def request(self, api: str) -> Iterator[Span]:
        """A client span around a request of a known API; other requests get none."""
        if self._tracer is None or api not in _PROVIDERS:
            yield Span()
            return
        provider, operation = _PROVIDERS[api]
        attributes = {"gen_ai.operation.name": operation, "gen_ai.provider.name": provider, **self._server}
        from opentelemetry.trace import SpanKind

        with self._tracer.start_as_current_span(operation, kind=SpanKind.CLIENT, attributes=attributes) as span:
            yield Span(span)


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
