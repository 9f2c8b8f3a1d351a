"""`antecedent serve` as a process of its own: how it starts, what it logs, how it stops."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from dialog.cli import main
from dialog.proxy.config import configured
from tests.fake_provider import FakeProvider, Raw, Reply
from tests.proxy.test_forward import ASKED, THAI, chat

SECRET = "sk-very-secret-0123456789"


@dataclass(eq=False)
class Served:
    """A running `antecedent serve`; `log` grows by its standard error, a line at a time."""

    process: asyncio.subprocess.Process
    url: str
    log: list[str] = field(default_factory=list)
    reading: asyncio.Task[None] | None = None
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def logged(self, words: str) -> None:
        """Returns when a line with these words is in the log."""
        async with self.grown:
            await asyncio.wait_for(self.grown.wait_for(lambda: any(words in line for line in self.log)), 20)

    async def stopped(self) -> int:
        """The exit code, with everything logged."""
        code = await self.process.wait()
        assert self.reading is not None
        await self.reading
        return code


Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve(provider: FakeProvider) -> AsyncIterator[Serve]:
    """Starts `antecedent serve --upstream <provider> --port 0` with more options; keyword `env` adds variables."""
    started: list[Served] = []

    async def start(*options: str, env: dict[str, str] | None = None) -> Served:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "dialog.cli", "serve", "--upstream", provider.url, "--port", "0", *options),
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | (env or {}),
        )
        assert process.stderr is not None
        served = Served(process, url="")
        started.append(served)
        async for line in process.stderr:
            served.log.append(line.decode())
            if '"listening"' in served.log[-1]:
                served.url = json.loads(line)["url"]
                break
        assert served.url, served.log

        async def read_on(stream: asyncio.StreamReader) -> None:
            async for line in stream:
                async with served.grown:
                    served.log.append(line.decode())
                    served.grown.notify_all()

        served.reading = asyncio.create_task(read_on(process.stderr))
        return served

    yield start
    for served in started:
        if served.process.returncode is None:
            served.process.kill()
        await served.stopped()


async def test_it_grounds_over_a_real_port(serve: Serve, provider: FakeProvider) -> None:
    served = await serve()
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        await client.post("/v1/chat/completions", json=chat(ASKED, "No idea.", "what about Thai?"))
    assert THAI in provider.requests[-1].json["messages"][-1]["content"]


async def test_a_sqlite_store_outlives_the_process(serve: Serve, provider: FakeProvider, tmp_path: Path) -> None:
    headers = {"x-dialog-id": "ann"}
    for text in (ASKED, "what about Thai?"):
        served = await serve("--store", f"sqlite:{tmp_path / 'dialogs.sqlite'}")
        async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
            await client.post("/v1/chat/completions", json=chat(text), headers=headers)
        served.process.send_signal(signal.SIGTERM)
        await served.stopped()
    assert THAI in provider.requests[-1].json["messages"][-1]["content"]


async def test_sigterm_finishes_an_open_stream_and_takes_no_new_request(serve: Serve, provider: FakeProvider) -> None:
    go_on = asyncio.Event()
    provider.script(Reply("Golden Unicorn on East Broadway", pause=(2, go_on)))
    served = await serve()
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=20) as client,
        httpx.AsyncClient(base_url=served.url) as another,
        client.stream("POST", "/v1/chat/completions", json=chat(ASKED, stream=True)) as answer,
    ):
        pieces = answer.aiter_text()
        text = await anext(pieces)
        served.process.send_signal(signal.SIGTERM)
        await served.logged("Shutting down")
        with pytest.raises(httpx.TransportError):  # refused, or reset when it came just before
            await another.get("/healthz")
        go_on.set()
        text += "".join([piece async for piece in pieces])
    assert "Broadway" in text
    assert "[DONE]" in text
    assert await served.stopped() == -signal.SIGTERM


async def test_logs_are_json_and_hold_no_text_no_key_and_no_path(serve: Serve, provider: FakeProvider) -> None:
    provider.script(Reply("Golden Unicorn."), Raw(b"{", content_length=99), Raw(b'{"error":"no"}', status=500))
    served = await serve()
    headers = {"authorization": f"Bearer {SECRET}", "x-dialog-id": "ann"}
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        await client.post(f"/v1/chat/completions?key={SECRET}", json=chat(ASKED), headers=headers)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/v1/chat/completions", json=chat("what about Thai?"), headers=headers)
        await client.get(f"/v1/files/{SECRET}", headers=headers)
        await client.post("/v1/chat/completions", content=b"\xff" + ASKED.encode(), headers=headers)
        await client.put("/dialogs/ann/slots", content=b"nonsense", headers=headers)
        await client.get("/a/%2e%2e/b", headers=headers)
    served.process.send_signal(signal.SIGINT)
    await served.stopped()
    lines = [json.loads(line) for line in served.log]
    assert all({"at", "level", "logger", "message"} <= line.keys() for line in lines)
    requests = [line for line in lines if line["logger"] == "antecedent.access"]
    assert {line["api"] for line in requests} == {"openai.chat", "other"}
    everything = "".join(served.log)
    for secret in (SECRET, "Chinese", "Thai", "Unicorn", "/v1", "Traceback", "nonsense"):
        assert secret not in everything


async def test_a_page_that_points_its_own_name_at_this_machine_is_refused(serve: Serve, provider: FakeProvider) -> None:
    served = await serve()
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        for path in ("/dialogs", "/v1/chat/completions", "/metrics"):
            answer = await client.post(path, json=chat(ASKED), headers={"host": "evil.example:8484"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (421, "unknown_host")
        port = served.url.rpartition(":")[2]
        for host in ("localhost", f"LOCALHOST:{port}", "[::1]:80"):
            assert (await client.get("/healthz", headers={"host": host})).status_code == 200
    assert provider.requests == []


def serve_once(*options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`antecedent serve` with options that end it at once."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANTECEDENT")}
    command = [sys.executable, "-m", "dialog.cli", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=clean | (env or {}), check=False)


UP = ("--upstream", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--upstream"),
        (("--upstream", "api.openai.com"), "upstream: give an absolute http or https URL"),
        (("--upstream", "https://api.openai.com/v1"), "upstream: leave /v1 out"),
        (("--upstream", f"https://me:{SECRET}@api.openai.com"), "keys go in headers"),
        ((*UP, "--port", "70000"), "port: "),
        ((*UP, "--max-body-bytes", "3"), "max_body_bytes: "),
        ((*UP, "--store", "mongo:x"), "mongo"),
        ((*UP, "--config", "nowhere.toml"), "nowhere.toml: No such file"),
    ],
)
def test_what_does_not_fit_is_one_line_that_says_what_to_do(options: tuple[str, ...], said: str) -> None:
    done = serve_once(*options)
    assert done.returncode == 1
    assert said in done.stderr
    assert SECRET not in done.stderr
    assert done.stderr.startswith("antecedent: ")
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve_once(*UP, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "choose another --port" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("missing", ["starlette", "prometheus_client", "uvicorn"])
def test_a_missing_extra_is_named_in_one_line(missing: str) -> None:
    code = f"import sys; sys.modules['{missing}'] = None; from dialog.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", *UP]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == f"antecedent: serve needs {missing}; install the extra: pip install 'antecedent[proxy]'\n"


# -- what is configured -----------------------------------------------------------------------------------------------


def written(folder: Path, text: str) -> Path:
    file = folder / "proxy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_options_go_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'upstream = "http://file"\nstore = "sqlite:file"\nhistory = "managed"\n')
    environ = {"ANTECEDENT_UPSTREAM": "http://environment", "ANTECEDENT_STORE": "sqlite:environment"}
    config = configured(file, {"upstream": "http://option", "store": None}, environ)
    assert (config.upstream, config.store, config.history) == ("http://option", "sqlite:environment", "managed")


def test_keys_come_from_the_file_with_secrets_of_the_environment(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'upstream = "http://u"\n[[keys]]\nkey = "env:OURS"\ntenant = "red"\nupstream_key = "env:THEIRS"\n',
    )
    config = configured(file, {}, {"OURS": "mine", "THEIRS": SECRET})
    assert config.keys[0].key.get_secret_value() == "mine"
    assert config.keys[0].upstream_key.get_secret_value() == SECRET
    assert SECRET not in repr(config)


def test_keys_come_from_the_environment_as_json() -> None:
    keys: list[dict[str, Any]] = [{"key": "mine", "tenant": "red", "upstream_key": SECRET}]
    config = configured(None, {"upstream": "http://u"}, {"ANTECEDENT_KEYS": json.dumps(keys)})
    assert [key.tenant for key in config.keys] == ["red"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("upstream = ", "proxy.toml is not TOML"),
        ('upstream = "http://u"\nkeys = "all"\n', "keys: "),
        ('upstream = "http://u"\nkeys = ["one"]\n', "keys.0: "),
        ('upstream = "http://u"\nunheard_of = 1\n', "unheard_of: "),
        ('upstream = "http://u"\n[[keys]]\nkey = "env:NO"\ntenant = "t"\nupstream_key = "u"\n', "NO, which is not set"),
        ('upstream = "http://u"\n[[keys]]\nkey = ""\ntenant = "t"\nupstream_key = "u"\n', "keys.0.key: a key is"),
        (
            f'upstream = "http://u"\n[[keys]]\nkey = "k"\ntenant = "t"\nupstream_key = "{SECRET}\\r\\nx: y"\n',
            "keys.0.upstream_key: a key is",
        ),
        (
            'upstream = "http://u"\n' + f'[[keys]]\nkey = "{SECRET}"\ntenant = "t"\nupstream_key = "u"\n' * 2,
            "two keys are the same",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_told_without_its_secrets(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        configured(written(tmp_path, text), {}, {})
    assert SECRET not in str(refused.value)


def test_the_command_explains_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--help"]) == 0
    said = capsys.readouterr().out
    for option in ("--upstream", "--store", "--host", "--port", "--history", "--engine", "--config"):
        assert option in said
