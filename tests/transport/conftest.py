"""A provider to talk to, and a client of every family and colour."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fake_provider import FakeProvider
from tests.transport.parts import Rig, new_pipeline


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as fake:
        yield fake


@pytest.fixture(params=["httpx2-async", "httpx2-sync", "httpx-async", "httpx-sync"])
async def each(request: Any, provider: FakeProvider) -> AsyncIterator[Rig]:
    family, _, colour = request.param.partition("-")
    made = Rig(new_pipeline(), provider, family=family, sync=colour == "sync")
    yield made
    await made.aclose()


@pytest.fixture
async def one(provider: FakeProvider) -> AsyncIterator[Rig]:
    made = Rig(new_pipeline(), provider, family="httpx2", sync=False)
    yield made
    await made.aclose()
