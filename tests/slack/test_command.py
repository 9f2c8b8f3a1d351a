"""`antecedent slack` as a process: Socket Mode, HTTP with its signature check, what it says when it cannot start."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.slack.fake import APP_TOKEN, BOT_TOKEN, BOT_USER, FakeSlack, Payload

Process = asyncio.subprocess.Process
Run = Callable[..., Awaitable[Process]]

SECRETS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": "signing-secret"}


@pytest.fixture
async def run(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Run]:
    running: list[Process] = []

    async def started(*options: str, **environ: str) -> Process:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        command = (
            "slack",
            "--backend",
            "preview",
            "--store",
            f"sqlite:{tmp_path / 'd.db'}",
            "--api-url",
            slack.api_url,
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dialog.cli", *command, *options, env=kept | environ, stderr=asyncio.subprocess.PIPE
        )
        running.append(process)
        return process

    yield started
    for process in running:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stopped(process: Process) -> str:
    """End the process as a service manager does; what it wrote to standard error."""
    process.send_signal(signal.SIGTERM)
    _, error = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    return error.decode()


async def test_it_answers_in_socket_mode_and_ends_when_told_to(slack: FakeSlack, run: Run) -> None:
    process = await run(**SECRETS)
    await slack.until(lambda: slack.connections)
    await slack.deliver(slack.say(f"<@{BOT_USER}> Who wrote Hamlet?", kind="app_mention"))
    await slack.until(lambda: slack.finished())
    assert "Who wrote Hamlet?" in slack.replies()[0].shown
    log = await stopped(process)
    assert "connected in Socket Mode" in log
    assert not any(secret in log for secret in SECRETS.values())
    assert "Hamlet" not in log


async def test_over_http_only_signed_requests_are_taken(slack: FakeSlack, run: Run) -> None:
    process = await run("--http", "--port", "0", **SECRETS)
    url = await _address(process)
    said = slack.say(f"<@{BOT_USER}> Who wrote Hamlet?", kind="app_mention")
    async with aiohttp.ClientSession() as session:
        statuses = [
            await _post(session, url, said, secret="wrong"),
            await _post(session, url, said, age_s=3600),
            await _post(session, url, said),
            await _post(session, url, said),
        ]
    assert statuses == [401, 401, 200, 200]
    await slack.until(lambda: slack.finished())
    log = await stopped(process)
    assert not any(secret in log for secret in SECRETS.values())
    assert len(slack.replies()) == 1


async def _address(process: Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if b"listening on " in line:
            return line.decode().rsplit(" ", 1)[1].strip()
    raise AssertionError("it never listened")


async def _post(
    session: aiohttp.ClientSession, url: str, body: Payload, *, secret: str = "signing-secret", age_s: int = 0
) -> int:
    """Send a request as Slack signs it (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
    data = json.dumps(body)
    at = str(int(time.time()) - age_s)
    signature = "v0=" + hmac.new(secret.encode(), f"v0:{at}:{data}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature,
        "Content-Type": "application/json",
    }
    async with session.post(url, data=data, headers=headers) as response:
        return response.status


@pytest.mark.parametrize(
    ("options", "environ", "missing"),
    [
        ((), {}, "SLACK_BOT_TOKEN"),
        ((), {"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN"),
        (("--http",), {"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_SIGNING_SECRET"),
        ((), {"SLACK_CLIENT_ID": "1.2", "SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_CLIENT_SECRET"),
    ],
)
async def test_what_is_missing_is_named(
    run: Run, options: tuple[str, ...], environ: dict[str, str], missing: str
) -> None:
    process = await run(*options, **environ)
    _, error = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    [line] = error.decode().splitlines()
    assert line.startswith(f"antecedent: {missing} is not set")


async def test_without_the_libraries_the_extra_is_named() -> None:
    code = (
        "import sys\n"
        "for name in ('slack_bolt', 'slack_sdk', 'aiohttp'): sys.modules[name] = None\n"
        "from dialog.cli import main\n"
        "code = main(['slack'])\n"
        "import dialog.slack\n"
        "try: dialog.slack.attach\n"
        "except ModuleNotFoundError as error: print(error, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE)
    _, error = await process.communicate()
    assert process.returncode == 1
    assert [line.rpartition("install it with: ")[2] for line in error.decode().splitlines()] == [
        "pip install 'antecedent[slack]'"
    ] * 2
