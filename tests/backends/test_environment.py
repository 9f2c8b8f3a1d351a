from __future__ import annotations

import pytest

from dialog.backends.anthropic import AnthropicBackend
from dialog.backends.base import BackendUnavailable
from dialog.backends.environment import backend_from_environment, ollama_url
from dialog.backends.ollama import OllamaBackend
from dialog.backends.openai import OpenAIBackend
from dialog.backends.preview import PreviewBackend
from dialog.testing import prompt_of
from tests.backends.providers import KEY
from tests.fake_provider import Answer, FakeProvider, Hang, Raw, Reply

NOWHERE = {"OLLAMA_HOST": "127.0.0.1:1"}


async def test_an_openai_key_chooses_openai() -> None:
    backend, why = await backend_from_environment(env={"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY})
    assert isinstance(backend, OpenAIBackend)
    assert "OPENAI_API_KEY is set" in why
    assert KEY not in why
    await backend.aclose()


async def test_an_anthropic_key_chooses_anthropic() -> None:
    backend, why = await backend_from_environment(env={"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_MODEL": "c"})
    assert isinstance(backend, AnthropicBackend)
    assert (backend.name, why) == ("anthropic:c", "anthropic:c: ANTHROPIC_API_KEY is set")
    await backend.aclose()


async def test_a_base_url_means_an_openai_compatible_server(server: FakeProvider) -> None:
    backend, why = await backend_from_environment(model="local", base_url=server.url + "/v1", env={})
    assert await backend.complete(prompt_of("hi")) == "ok"
    assert "authorization" not in server.requests[0].headers
    assert server.requests[0].json["model"] == "local"
    assert server.url in why
    await backend.aclose()


async def test_a_running_ollama_is_found_with_its_first_chat_model(server: FakeProvider) -> None:
    server.script(Reply("nomic-embed-text qwen3:8b llama3"))
    backend, why = await backend_from_environment(env={"OLLAMA_HOST": f"0.0.0.0:{server.port}"})
    assert isinstance(backend, OllamaBackend)
    assert backend.name == "ollama:qwen3:8b"
    assert server.url in why
    await backend.aclose()


@pytest.mark.parametrize("answer", ["nothing", "hangs", "html", "other json", "no models"])
async def test_without_a_model_the_preview_shows_the_prompt(server: FakeProvider, answer: str) -> None:
    answers: dict[str, Answer] = {
        "hangs": Hang(),
        "html": Raw(b"<html>"),
        "other json": Raw(b"[1]"),
        "no models": Reply(""),
    }
    if answer in answers:
        server.script(answers[answer])
    env = NOWHERE if answer == "nothing" else {"OLLAMA_HOST": server.url}
    backend, why = await backend_from_environment(env=env, probe_s=0.2)
    assert isinstance(backend, PreviewBackend)
    assert why.startswith("preview: ")


async def test_what_is_asked_for_is_taken_or_refused() -> None:
    backend, _ = await backend_from_environment("preview", env={"OPENAI_API_KEY": KEY})
    assert isinstance(backend, PreviewBackend)
    with pytest.raises(ValueError, match="OPENAI_API_KEY"):
        await backend_from_environment("openai", env={})
    with pytest.raises(ValueError, match="ANTHROPIC_API_KEY"):
        await backend_from_environment("anthropic", env={})
    with pytest.raises(ValueError, match="no backend 'gemini'; use one of"):
        await backend_from_environment("gemini", env={})
    with pytest.raises(BackendUnavailable, match="ollama serve"):
        await backend_from_environment("ollama", env=NOWHERE, probe_s=0.2)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (None, "http://127.0.0.1:11434"),
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:8080", "http://box:8080"),
        ("http://box:8080/", "http://box:8080"),
        ("https://box", "https://box"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(host: str | None, url: str) -> None:
    assert ollama_url(host) == url
