from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.backends.providers import PROVIDERS, Provider
from tests.fake_provider import FakeProvider


@pytest.fixture
async def server() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as server:
        yield server


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.name)
def provider(request: pytest.FixtureRequest) -> Provider:
    made: Provider = request.param
    return made
