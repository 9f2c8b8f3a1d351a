"""Frameworks as they are, with nothing changed but their base URL: `python -m tests.integrations.run [NAME ...]`.

Runs `antecedent serve` in front of the fake provider, and each framework's script in an environment of its own, which
needs a package index the first time. A script holds a dialog of three turns, the second of them streamed, and prints
the replies. Exits with 1 when a follow-up did not reach the provider grounded, or a reply did not come back.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fake_provider import FakeProvider, Received, Reply
from tests.integrations.environments import NotInstalled, python_with

HERE = Path(__file__).parent
FRAMEWORKS = {
    "langchain": ["langchain-openai>=1", "h11"],
    "llama_index": ["llama-index-llms-openai>=0.6", "h11"],
    "openai_agents": ["openai-agents>=0.6", "h11"],
    "litellm": ["litellm>=1.80", "h11"],
}
TURNS = ("What is the best Chinese restaurant in New York?", "what about Thai?", "something cheaper")
REPLIES = ("Golden Unicorn on East Broadway.", "Wayla on Forsyth Street.", "Thai Diner on Mott Street.")
GROUNDED = "What is the best Thai restaurant in New York?"
PATIENCE_S = 120


async def main(names: list[str]) -> int:
    unknown = set(names) - FRAMEWORKS.keys()
    if unknown:
        print(
            f"no framework is called {', '.join(sorted(unknown))}; there are {', '.join(FRAMEWORKS)}", file=sys.stderr
        )
        return 2
    wrong = [await tried(name) for name in names or FRAMEWORKS]
    return 1 if any(wrong) else 0


async def tried(name: str) -> str:
    """What was wrong, which is printed too; empty when all was well."""
    try:
        python = await asyncio.to_thread(python_with, name, FRAMEWORKS[name])
    except NotInstalled:
        wrong = "its packages could not be installed"
    else:
        async with FakeProvider() as provider, served(provider.url) as url:
            provider.script(*(Reply(reply) for reply in REPLIES))
            wrong = await talked(name, python, url) or checked(provider.requests)
    print(f"FAILED  {name}: {wrong}" if wrong else f"ok      {name}")
    return wrong


@asynccontextmanager
async def served(upstream: str) -> AsyncIterator[str]:
    """The URL of `antecedent serve` in a process of its own."""
    command = [sys.executable, "-m", "dialog.cli", "serve", "--upstream", upstream, "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while b'"listening"' not in (line := await process.stderr.readline()):
                if not line:
                    raise RuntimeError("the proxy did not start")
        draining = asyncio.create_task(process.stderr.read())
        yield json.loads(line)["url"]
    finally:
        process.terminate()
        await process.wait()
    await draining


async def talked(name: str, python: str, url: str) -> str:
    """Run the script; what was wrong with what it printed."""
    script = HERE / f"{name}_dialog.py"
    process = await asyncio.create_subprocess_exec(
        *(python, str(script), url, *TURNS), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        return f"no end after {PATIENCE_S} s"
    if process.returncode:
        return f"exit code {process.returncode}: {err.decode()[-2000:]}"
    heard = tuple(json.loads(out.decode().splitlines()[-1]))
    return "" if heard == REPLIES else f"it heard {heard}"


def checked(requests: list[Received]) -> str:
    """What was wrong with what reached the provider."""
    if len(requests) != len(TURNS):
        return f"{len(requests)} requests for {len(TURNS)} turns"
    said = [json.dumps(request.json, ensure_ascii=False) for request in requests]
    if GROUNDED not in said[1] or TURNS[1] not in said[1]:
        return f"the follow-up was not grounded: {said[1]}"
    if GROUNDED not in said[2]:
        return f"the earlier turn was not sent as it was sent before: {said[2]}"
    if "cheaper" not in said[2] or said[2].count("Thai") < 3:
        return f"the third turn was not grounded: {said[2]}"
    return ""


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
