"""A two-turn dialog through whatever versions of the SDKs are installed; run by `python -m tests.sdk_matrix`.

Prints one line per SDK, family and colour, and exits with 1 when a follow-up was not grounded.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Coroutine
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from dialog.transport import http_client, synchronous, use
from tests.fake_provider import Failure, FakeProvider, Reply
from tests.transport.parts import grounded, new_pipeline, user_texts

EXPECTED = grounded("and Thai?", "pizza?", "Joe's.")
HISTORY = [
    {"role": "user", "content": "pizza?"},
    {"role": "assistant", "content": "Joe's."},
    {"role": "user", "content": "and Thai?"},
]


def families(sdk: str) -> list[str]:
    """The HTTP libraries that the installed version of the SDK takes."""
    major = int(version(sdk).partition(".")[0])
    wanted = {
        "openai": ["httpx"] if major < 2 else ["httpx", "httpx2"],
        "anthropic": ["httpx"] if major < 1 else ["httpx2"],
    }[sdk]
    return [family for family in wanted if find_spec(family) is not None]


def arguments(sdk: str, provider: FakeProvider, http: Any) -> dict[str, Any]:
    base = provider.url + ("/v1" if sdk == "openai" else "")
    return {"api_key": "k", "base_url": base, "http_client": http}


def create(sdk: str, client: Any) -> Callable[..., Any]:
    return client.chat.completions.create if sdk == "openai" else client.messages.create  # type: ignore[no-any-return]


async def talk(sdk: str, family: str, provider: FakeProvider) -> None:
    """A turn with a retry, then a streamed follow-up."""
    pipeline = new_pipeline()
    module = importlib.import_module(sdk)
    kind = module.AsyncOpenAI if sdk == "openai" else module.AsyncAnthropic
    http = http_client(pipeline, family=family, trust_env=False)  # type: ignore[arg-type]
    async with kind(**arguments(sdk, provider, http)) as client:
        with use("d"):
            await create(sdk, client)(model="m", max_tokens=9, messages=HISTORY[:1])
            async for _ in await create(sdk, client)(model="m", max_tokens=9, messages=HISTORY, stream=True):
                pass
    state = await pipeline.state("d")
    await pipeline.aclose()
    check(state, provider)


async def talk_synchronously(sdk: str, family: str, provider: FakeProvider) -> None:
    def run_all() -> Any:
        module = importlib.import_module(sdk)
        kind = module.OpenAI if sdk == "openai" else module.Anthropic
        with synchronous(new_pipeline()) as run:
            http = http_client(run.pipeline, sync=True, family=family, trust_env=False)  # type: ignore[arg-type]
            with kind(**arguments(sdk, provider, http)) as client, use("d"):
                create(sdk, client)(model="m", max_tokens=9, messages=HISTORY[:1])
                for _ in create(sdk, client)(model="m", max_tokens=9, messages=HISTORY, stream=True):
                    pass
            return run(run.pipeline.state("d"))

    check(await asyncio.to_thread(run_all), provider)


def check(state: Any, provider: FakeProvider) -> None:
    turns = [(turn.user, turn.status, turn.reply) for turn in state.turns]
    assert turns == [("pizza?", "closed", "Joe's."), ("and Thai?", "closed", "Sure thing.")], turns
    assert user_texts(provider.requests[-1])[-1] == EXPECTED, user_texts(provider.requests[-1])


async def main() -> int:
    failed = 0
    for sdk in ("openai", "anthropic"):
        try:
            installed = version(sdk)
        except PackageNotFoundError:
            continue
        for family in families(sdk):
            for name, run in (("async", talk), ("sync", talk_synchronously)):
                failed += await one(f"{sdk} {installed}, {family}, {name}", run, sdk, family)
    return min(failed, 1)


async def one(name: str, run: Callable[..., Coroutine[Any, Any, None]], sdk: str, family: str) -> int:
    async with FakeProvider() as provider:
        provider.script(Failure(503, retry_after="0"), Reply("Joe's."), Reply("Sure thing."))
        try:
            await run(sdk, family, provider)
        except Exception as error:  # every combination is tried; the exit code tells that one failed
            print(f"FAILED  {name}: {type(error).__name__}: {error}")
            return 1
        print(f"ok      {name}")
        return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
