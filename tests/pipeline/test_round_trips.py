"""What a turn costs on a real Redis: two round trips when this process holds the dialog, three when it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import pytest

from stores.redis import RedisStore
from tests.pipeline.parts import pipeline_over

Commands = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    store = RedisStore.from_url(redis_url)
    yield store
    await store.aclose()


async def test_a_turn_takes_two_round_trips_when_the_process_holds_the_dialog(
    store: RedisStore, redis_commands: Commands
) -> None:
    pipeline = pipeline_over(store)
    async with pipeline.turn("d", "one") as opened:
        await opened.close("ok")
    with redis_commands() as sent:
        async with pipeline.turn("d", "two") as opened:
            await opened.close("ok")
    assert len(sent) == 2, sent


async def test_a_cold_turn_takes_three_round_trips(store: RedisStore, redis_commands: Commands) -> None:
    async with pipeline_over(store).turn("d", "one") as opened:
        await opened.close("ok")
    with redis_commands() as sent:
        async with pipeline_over(store).turn("d", "two") as opened:
            await opened.close("ok")
    assert len(sent) == 3, sent
