"""Which backend to use, from flags and environment. Only command-line entry points call this."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, get_args

import httpx

from dialog.backends.anthropic import AnthropicBackend
from dialog.backends.base import Backend, BackendUnavailable
from dialog.backends.calls import checked_url
from dialog.backends.ollama import DEFAULT_URL, OllamaBackend
from dialog.backends.openai import OpenAIBackend
from dialog.backends.preview import PreviewBackend

Provider = Literal["openai", "anthropic", "ollama", "preview"]
PROVIDERS: tuple[Provider, ...] = get_args(Provider)

OPENAI_MODEL = "gpt-5-mini"
ANTHROPIC_MODEL = "claude-sonnet-5"
PROBE_S = 0.5


async def backend_from_environment(
    provider: str | None = None,
    *,
    model: str | None = None,
    base_url: str | None = None,
    env: Mapping[str, str] = os.environ,
    probe_s: float = PROBE_S,
) -> tuple[Backend, str]:
    """The backend to use, and one line saying which and why (never a key).

    A `provider` that is asked for is taken or refused. Otherwise the first that is configured: OPENAI_API_KEY or
    OPENAI_BASE_URL (with OPENAI_MODEL), ANTHROPIC_API_KEY (ANTHROPIC_BASE_URL, ANTHROPIC_MODEL), an Ollama that
    answers at OLLAMA_HOST within `probe_s` seconds (OLLAMA_MODEL), else the preview. `model` and `base_url` come before
    the environment; a `base_url` alone means an OpenAI-compatible server.

    Raises ValueError for an unknown provider or a missing key, BackendUnavailable when Ollama was asked for and does
    not answer or has no model.
    """
    match provider or _configured(env, base_url):
        case "openai":
            return _openai(model, base_url, env, asked=provider is not None)
        case "anthropic":
            return _anthropic(model, base_url, env, asked=provider is not None)
        case "ollama":
            url = base_url or ollama_url(env.get("OLLAMA_HOST"))
            models = await _ollama_models(url, probe_s)
            return _ollama(model or env.get("OLLAMA_MODEL"), url, models)
        case "preview":
            return PreviewBackend(), "preview: asked for; it shows each grounded prompt instead of calling a model"
        case None:
            return await _found(model, env, probe_s)
        case unknown:
            raise ValueError(f"there is no backend {unknown!r}; use one of {', '.join(PROVIDERS)}")


def ollama_url(host: str | None) -> str:
    """The URL that OLLAMA_HOST means: "0.0.0.0", "box:8080" and "https://box" are all in use."""
    if not host:
        return DEFAULT_URL
    with_scheme = host if "://" in host else f"http://{host}"
    url = httpx.URL(checked_url(with_scheme))
    if url.host in ("0.0.0.0", "::"):  # what the server listens on, not where it can be reached
        url = url.copy_with(host="127.0.0.1")
    if url.port is None and "://" not in host:
        url = url.copy_with(port=11434)
    return str(url).rstrip("/")


def _configured(env: Mapping[str, str], base_url: str | None) -> Provider | None:
    if base_url or env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL"):
        return "openai"
    return "anthropic" if env.get("ANTHROPIC_API_KEY") else None


def _openai(model: str | None, base_url: str | None, env: Mapping[str, str], *, asked: bool) -> tuple[Backend, str]:
    key = env.get("OPENAI_API_KEY") or None
    url = base_url or env.get("OPENAI_BASE_URL") or None
    if key is None and url is None:
        raise ValueError("backend openai needs OPENAI_API_KEY, or a base URL of a server that needs no key")
    chosen = model or env.get("OPENAI_MODEL") or OPENAI_MODEL
    backend = OpenAIBackend(chosen, key, url) if url else OpenAIBackend(chosen, key)
    why = "asked for" if asked else "OPENAI_API_KEY is set" if key else "a base URL is given"
    return backend, f"{backend.name}: {why}{f', at {url}' if url else ''}"


def _anthropic(model: str | None, base_url: str | None, env: Mapping[str, str], *, asked: bool) -> tuple[Backend, str]:
    key = env.get("ANTHROPIC_API_KEY")
    if not key:
        raise ValueError("backend anthropic needs ANTHROPIC_API_KEY")
    chosen = model or env.get("ANTHROPIC_MODEL") or ANTHROPIC_MODEL
    url = base_url or env.get("ANTHROPIC_BASE_URL") or None
    backend = AnthropicBackend(chosen, key, url) if url else AnthropicBackend(chosen, key)
    why = "asked for" if asked else "ANTHROPIC_API_KEY is set"
    return backend, f"{backend.name}: {why}{f', at {url}' if url else ''}"


def _ollama(model: str | None, url: str, models: list[str] | None) -> tuple[Backend, str]:
    if models is None:
        raise BackendUnavailable("ollama", f"no Ollama answers at {url}; start it with `ollama serve`")
    if model is None and not models:
        raise BackendUnavailable("ollama", f"the Ollama at {url} has no model; get one with `ollama pull`")
    backend = OllamaBackend(model or models[0], url)
    return backend, f"{backend.name}: an Ollama answers at {url}"


async def _found(model: str | None, env: Mapping[str, str], probe_s: float) -> tuple[Backend, str]:
    url = ollama_url(env.get("OLLAMA_HOST"))
    models = await _ollama_models(url, probe_s)
    if models:
        return _ollama(model or env.get("OLLAMA_MODEL"), url, models)
    none = "no OPENAI_API_KEY, no ANTHROPIC_API_KEY and no Ollama" if models is None else "the Ollama here has no model"
    return PreviewBackend(), f"preview: {none}; it shows each grounded prompt instead of calling a model"


async def _ollama_models(url: str, probe_s: float) -> list[str] | None:
    """Names of the models that can chat; None: no Ollama answers there in time."""
    try:
        async with httpx.AsyncClient(timeout=probe_s) as client:
            answer = (await client.get(url + "/api/tags")).raise_for_status().json()
        names = [str(model["name"]) for model in answer["models"]]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None  # not there, or something else listens on the port
    return [name for name in names if "embed" not in name]
