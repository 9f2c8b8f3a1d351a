"""OpenTelemetry spans for requests, when `opentelemetry-api` is installed; otherwise nothing at no cost.

Names follow the semantic conventions for generative AI clients
(https://opentelemetry.io/docs/specs/semconv/gen-ai/); no text of a message is ever an attribute.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

from dialog.proxy.callers import Headers

_PROVIDERS = {
    "openai.chat": ("openai", "chat"),
    "openai.responses": ("openai", "chat"),
    "anthropic.messages": ("anthropic", "chat"),
    "gemini.generate_content": ("gcp.gemini", "generate_content"),
    "ollama.chat": ("ollama", "chat"),
    "ollama.generate": ("ollama", "text_completion"),
}
_IN_PATH = re.compile(rb"/models/([^/:]{1,100}):")
_LONGEST_NAME = 100


class Span:
    """One request's span; does nothing when there is no tracer."""

    def __init__(self, inner: Any = None, operation: str = "") -> None:
        self._inner = inner
        self._operation = operation

    def asked(self, body: bytes, path: bytes) -> None:
        """Note which model was asked, as the body or (Gemini) the path names it."""
        if self._inner is None or not self._inner.is_recording():
            return
        model = _model_of(body, path)
        if model is not None:
            self._inner.set_attribute("gen_ai.request.model", model)
            self._inner.update_name(f"{self._operation} {model}")

    def finished(self, status: int, outcome: str) -> None:
        """Note how the request went: the HTTP status and what was done with the message."""
        if self._inner is None:
            return
        self._inner.set_attribute("http.response.status_code", status)
        self._inner.set_attribute("antecedent.grounding", outcome)
        if status >= 400 or status == 0:
            from opentelemetry.trace import StatusCode

            self._inner.set_attribute("error.type", str(status or "unanswered"))
            self._inner.set_status(StatusCode.ERROR)


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
    def request(self, api: str, headers: Headers) -> Iterator[Span]:
        """A client span around a request of a known API, below the caller's own span where its headers name one
        (W3C Trace Context); other requests get none."""
        if self._tracer is None or api not in _PROVIDERS:
            yield Span()
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind

        provider, operation = _PROVIDERS[api]
        with self._tracer.start_as_current_span(
            operation,
            context=extract({name.decode("latin-1"): value.decode("latin-1") for name, value in headers}),
            kind=SpanKind.CLIENT,
            attributes={"gen_ai.operation.name": operation, "gen_ai.provider.name": provider, **self._server},
            record_exception=False,  # an exception's text may quote what was said
            set_status_on_exception=False,
        ) as span:
            yield Span(span, operation)


def _model_of(body: bytes, path: bytes) -> str | None:
    if (found := _IN_PATH.search(path)) is not None:
        return unquote(found[1].decode("latin-1"))
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    model = document.get("model") if isinstance(document, dict) else None
    return model[:_LONGEST_NAME] if isinstance(model, str) and model else None


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
