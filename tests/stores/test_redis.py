"""What is particular to the Redis store: round trips, lost answers, servers that go away, secrets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, aclosing

import pytest
from redis.asyncio import Redis, RedisCluster

from stores.base import (
    ABSENT,
    Record,
    StoreIncompatible,
    StoreUnavailable,
    ValueTooLarge,
    VersionConflict,
)
from stores.redis import RedisStore
from tests.contract.reading import keys_of, lines_of
from tests.servers import Cluster, Server, free_port, redis_binary, running, running_sentinel
from tests.stores.unreliable import relayed

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    async with aclosing(RedisStore.from_url(redis_url)) as opened:
        yield opened


@pytest.fixture
def redis_port(redis_url: str, redis_server: Server) -> int:
    """Port of a real Redis with nothing in it."""
    return redis_server.port


async def test_each_call_is_one_round_trip(store: RedisStore, redis_commands: Counting) -> None:
    await store.delete("warm")  # from here on the server knows the scripts
    warm = await store.commit("warm", b"v", expect=ABSENT, op_id="a", log=[b"line"])
    await lines_of(store, "warm")
    with redis_commands() as loaded:
        await store.load("warm")
    with redis_commands() as committed:
        await store.commit("warm", b"w", expect=warm.version, op_id="b", ttl_s=60, log=[b"one", b"two"])
    with redis_commands() as read:
        await lines_of(store, "warm")
    with redis_commands() as deleted:
        await store.delete("warm")
    assert (loaded, committed, read, deleted) == (["HMGET"], ["EVALSHA"], ["EVALSHA"], ["EVALSHA"])


async def test_a_server_that_does_not_know_a_script_is_taught_it_in_one_more_round_trip(
    store: RedisStore, redis_server: Server, redis_commands: Counting
) -> None:
    redis_server.call("SCRIPT", "FLUSH")
    with redis_commands() as sent:
        record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
        await store.commit("k", b"w", expect=record.version, op_id="b")
    assert sent == ["EVALSHA", "EVAL", "EVALSHA"]


async def test_a_value_that_is_too_large_is_never_sent(redis_url: str, redis_commands: Counting) -> None:
    async with aclosing(RedisStore.from_url(redis_url, max_value_bytes=10)) as store:
        with redis_commands() as sent, pytest.raises(ValueTooLarge):
            await store.commit("k", b"x" * 11, expect=ABSENT, op_id="a")
    assert sent == []


async def test_scripts_recover_from_a_flush(store: RedisStore, redis_server: Server) -> None:
    record = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"])
    redis_server.call("SCRIPT", "FLUSH")
    record = await store.commit("k", b"two", expect=record.version, op_id="b", log=[b"two"])
    redis_server.call("SCRIPT", "FLUSH")
    assert await lines_of(store) == [b"one", b"two"]
    redis_server.call("SCRIPT", "FLUSH")
    assert await store.delete("k", expect=record.version) is True


async def test_scripts_recover_from_a_flush_on_every_node_of_a_cluster(redis_cluster: Cluster) -> None:
    async with aclosing(RedisStore.from_url(redis_cluster.url, namespace="flush")) as store:
        records = [await store.commit(f"k{n}", b"one", expect=ABSENT, op_id="a") for n in range(30)]
        for node in redis_cluster.nodes:
            node.call("SCRIPT", "FLUSH")
        for record in records:
            await store.commit(record.key, b"two", expect=record.version, op_id="b")
        for record in records:
            assert await store.delete(record.key) is True


async def test_keys_of_a_cluster_come_from_all_its_nodes(redis_cluster: Cluster) -> None:
    async with aclosing(RedisStore.from_url(redis_cluster.url, namespace="spread")) as store:
        for n in range(30):
            await store.commit(f"k{n}", b"v", expect=ABSENT, op_id="a")
        sizes = [len(str(node.call("KEYS", "spread:*")).split()) for node in redis_cluster.nodes]
        assert all(0 < size < 30 for size in sizes)
        assert len(await keys_of(store)) == 30


async def test_value_and_log_carry_the_same_time_limit(store: RedisStore, redis_server: Server) -> None:
    record = await store.commit("k", b"v", expect=ABSENT, op_id="a", ttl_s=100, log=[b"line"])
    ends = [redis_server.call("PTTL", f"antecedent:{{=k}}:{part}") for part in ("record", "log")]
    assert all(isinstance(end, int) and 90_000 < end <= 100_000 for end in ends)
    await store.commit("k", b"v", expect=record.version, op_id="b")
    assert [redis_server.call("PTTL", f"antecedent:{{=k}}:{part}") for part in ("record", "log")] == [-1, -1]


async def test_namespaces_do_not_see_each_other(redis_url: str) -> None:
    async with (
        aclosing(RedisStore.from_url(redis_url, namespace="one")) as one,
        aclosing(RedisStore.from_url(redis_url, namespace="one:{=k}")) as other,
    ):
        await one.commit("k", b"one", expect=ABSENT, op_id="a")
        assert await other.load("k") is None
        assert (await keys_of(one), await keys_of(other)) == (["k"], [])


async def test_a_borrowed_client_is_used_and_left_open(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        store = RedisStore(client)
        record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
        await store.aclose()
        assert await client.ping()
        assert await RedisStore(client).load("k") == record


async def test_a_borrowed_cluster_client_is_used_and_left_open(redis_cluster: Cluster) -> None:
    async with RedisCluster(host="127.0.0.1", port=redis_cluster.nodes[0].port) as client:
        store = RedisStore(client, namespace="borrowed")
        record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
        await store.aclose()
        assert await RedisStore(client, namespace="borrowed").load("k") == record


async def test_a_client_that_decodes_responses_is_refused(redis_url: str) -> None:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        with pytest.raises(ValueError, match="decode_responses"):
            RedisStore(client)
    with pytest.raises(ValueError, match="decode_responses"):
        RedisStore.from_url(f"{redis_url}?decode_responses=true")


@pytest.mark.parametrize("protocol", [2, 3])
async def test_both_protocols_give_the_same_answers(redis_url: str, protocol: int) -> None:
    async with aclosing(RedisStore.from_url(f"{redis_url}?protocol={protocol}")) as store:
        record = await store.commit("k", b"v", expect=ABSENT, op_id="a", log=[b"one", b"two"])
        assert await store.commit("k", b"v", expect=ABSENT, op_id="a") == record
        with pytest.raises(VersionConflict):
            await store.commit("k", b"w", expect=ABSENT, op_id="b")
        assert await store.load("k") == record
        assert await lines_of(store) == [b"one", b"two"]
        assert await keys_of(store) == ["k"]


async def test_a_commit_whose_answer_was_lost_is_sent_again_and_happens_once(redis_port: int) -> None:
    async with (
        relayed(redis_port) as relay,
        aclosing(RedisStore.from_url(relay.url)) as store,
    ):
        first = await store.commit("k", b"one", expect=ABSENT, op_id="a", log=[b"one"])
        relay.lose_answers_to = b"op-of-the-lost-answer"
        committing = asyncio.create_task(
            store.commit("k", b"two", expect=first.version, op_id="op-of-the-lost-answer", log=[b"two"])
        )
        await asyncio.wait_for(relay.lost_one.wait(), 10)
        relay.lose_answers_to = None
        second = await committing
        assert second.version == first.version._replace(number=2)
        assert await store.load("k") == second
        assert await lines_of(store) == [b"one", b"two"]


async def test_a_delete_whose_answer_was_lost_is_not_sent_again(redis_port: int) -> None:
    async with (
        relayed(redis_port) as relay,
        aclosing(RedisStore.from_url(relay.url)) as store,
    ):
        record = await store.commit("d", b"one", expect=ABSENT, op_id="a")
        relay.lose_answers_to = b"EVAL"
        with pytest.raises(StoreUnavailable):
            await store.delete("d", expect=record.version)
        relay.lose_answers_to = None
        assert relay.lost == 1
        assert await store.load("d") is None


async def test_a_server_that_never_answers_costs_a_bounded_time(redis_port: int) -> None:
    async with (
        relayed(redis_port) as relay,
        aclosing(RedisStore.from_url(relay.url, attempts=2, timeout_s=0.1, deadline_s=0.5)) as store,
    ):
        assert await store.load("k") is None
        relay.silent = True
        started = time.monotonic()
        outcomes = await asyncio.gather(*(store.load("k") for _ in range(200)), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
        assert time.monotonic() - started < 5  # 200 calls, one deadline: they wait side by side
        relay.silent = False
        assert await store.load("k") is None


async def test_a_borrowed_client_without_time_limits_cannot_hang_the_store(redis_port: int) -> None:
    async with relayed(redis_port) as relay, Redis(port=relay.port, socket_timeout=None) as client:
        store = RedisStore(client, attempt_s=0.1)
        assert await store.load("k") is None
        relay.silent = True
        with pytest.raises(StoreUnavailable, match=r"no answer within 0\.1 s"):
            await store.load("k")
        relay.silent = False
        assert await store.load("k") is None


async def test_a_server_that_is_not_there_is_unavailable_and_its_return_is_noticed() -> None:
    port = free_port()
    async with aclosing(RedisStore.from_url(f"redis://127.0.0.1:{port}")) as store:
        for call in (
            store.load("k"),
            store.commit("k", b"v", expect=ABSENT, op_id="a"),
            store.delete("k"),
            keys_of(store),
            lines_of(store),
        ):
            with pytest.raises(StoreUnavailable):
                await call
        with running(redis_binary(), port=port) as server:
            record = await store.commit("k", b"v", expect=ABSENT, op_id="a")
            assert await store.load("k") == record
            server.stop()
            with pytest.raises(StoreUnavailable):
                await store.load("k")
        with running(redis_binary(), port=port):
            assert await store.load("k") is None


async def test_a_cluster_that_is_not_there_is_unavailable() -> None:
    async with aclosing(RedisStore.from_url(f"redis+cluster://127.0.0.1:{free_port()}")) as store:
        with pytest.raises(StoreUnavailable):
            await store.commit("k", b"v", expect=ABSENT, op_id="a")
        with pytest.raises(StoreUnavailable):
            await keys_of(store)


async def test_a_key_that_somebody_else_wrote_is_named_as_such(store: RedisStore, redis_server: Server) -> None:
    redis_server.call("SET", "antecedent:{=k}:record", "theirs")
    with pytest.raises(StoreIncompatible):
        await store.load("k")
    with pytest.raises(StoreIncompatible):
        await store.commit("k", b"v", expect=ABSENT, op_id="a")


async def test_no_more_connections_are_opened_than_allowed(redis_url: str, redis_server: Server) -> None:
    async with aclosing(RedisStore.from_url(f"{redis_url}?client_name=counted", max_connections=5)) as store:
        await asyncio.gather(*(store.load(f"k{n}") for n in range(512)))
        assert 1 <= str(redis_server.call("CLIENT", "LIST")).count("name=counted") <= 5


async def test_calls_are_served_in_the_order_they_were_made(redis_url: str) -> None:
    async with aclosing(RedisStore.from_url(redis_url, max_connections=1)) as store:
        served: list[int] = []

        async def load(n: int) -> None:
            await store.load("k")
            served.append(n)

        await asyncio.gather(*(load(n) for n in range(100)))
        assert served == list(range(100))


async def test_a_commit_cancelled_while_it_waits_for_a_connection_is_never_sent(redis_url: str) -> None:
    async with aclosing(RedisStore.from_url(redis_url, max_connections=1)) as store:
        ahead = [asyncio.create_task(store.load("k")) for _ in range(20)]
        waiting = asyncio.create_task(store.commit("never", b"v", expect=ABSENT, op_id="a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(*ahead)
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await store.load("never") is None


SECRET = "hunter2-and-more"


async def test_a_wrong_password_is_never_told() -> None:
    with running(redis_binary()) as server:
        server.call("CONFIG", "SET", "requirepass", "another")
        async with aclosing(RedisStore.from_url(f"redis://:{SECRET}@127.0.0.1:{server.port}")) as store:
            with pytest.raises(StoreUnavailable) as refused:
                await store.load("k")
            assert SECRET not in f"{store!r} {everything_said(refused.value)}"


async def test_secrets_are_not_told_when_no_sentinel_answers() -> None:
    url = f"redis+sentinel://user:{SECRET}@127.0.0.1:{free_port()}/main?sentinel_password={SECRET}s"
    async with aclosing(RedisStore.from_url(url, attempts=1)) as store:
        with pytest.raises(StoreUnavailable) as failed:
            await store.load("k")
        assert SECRET not in f"{store!r} {everything_said(failed.value)}"


async def test_user_text_is_not_told_when_a_server_knows_no_scripts() -> None:
    with running(redis_binary(), "--rename-command", "EVALSHA", "") as server:
        async with aclosing(RedisStore.from_url(server.url)) as store:
            with pytest.raises(StoreUnavailable, match="unknown command") as failed:
                await store.commit("k", b"my secret wish", expect=ABSENT, op_id="a")
            assert "my secret wish" not in everything_said(failed.value)


def everything_said(error: BaseException | None) -> str:
    """The error and all that a traceback would print with it."""
    said = ""
    while error is not None:
        said += f"{error} {error!r}\n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return said


async def commit_until_it_succeeds(store: RedisStore, key: str, op_id: str) -> Record:
    """As a patient caller does while a failover goes on."""
    async with asyncio.timeout(30):
        while True:
            try:
                held = await store.load(key)
                expect = ABSENT if held is None else held.version
                return await store.commit(key, b"v", expect=expect, op_id=op_id)
            except StoreUnavailable:
                await asyncio.sleep(0.05)  # the store cannot tell when the failover is over


async def test_a_store_follows_the_new_master_after_a_crash() -> None:
    with running_sentinel(redis_binary()) as watched:
        async with aclosing(RedisStore.from_url(watched.url)) as store:
            before = await store.commit("k", b"before", expect=ABSENT, op_id="a", log=[b"line"])
            old = watched.master()
            old.call("WAIT", 1, 5000)  # the replica has it
            old.stop()
            await commit_until_it_succeeds(store, "other", "b")
            assert watched.master() is not old
            assert await store.load("k") == before
            assert await lines_of(store) == [b"line"]


async def test_a_store_follows_the_new_master_after_an_ordered_failover() -> None:
    with running_sentinel(redis_binary()) as watched:
        async with aclosing(RedisStore.from_url(watched.url, max_connections=4)) as store:
            await asyncio.gather(*(store.load(f"k{n}") for n in range(8)))  # connections to the old master are open
            old = watched.master()
            watched.sentinel.call("SENTINEL", "FAILOVER", "dialogs")
            async with asyncio.timeout(30):
                while "role:slave" not in str(old.call("INFO", "replication")):  # noqa: ASYNC110  # only it knows
                    await asyncio.sleep(0.02)
            assert watched.master() is not old
            for n in range(8):
                await commit_until_it_succeeds(store, f"k{n}", "b")
            assert str(watched.master().call("DBSIZE")) == "8"


async def test_a_server_that_became_a_replica_is_unavailable_until_it_is_a_master_again() -> None:
    with running(redis_binary()) as server:
        async with aclosing(RedisStore.from_url(server.url, attempts=2)) as store:
            first = await store.commit("k", b"one", expect=ABSENT, op_id="a")
            server.call("REPLICAOF", "127.0.0.1", free_port())
            with pytest.raises(StoreUnavailable, match="READONLY"):
                await store.commit("k", b"two", expect=first.version, op_id="b")
            server.call("REPLICAOF", "NO", "ONE")
            await store.commit("k", b"two", expect=first.version, op_id="b")


@pytest.mark.parametrize(
    "options", [{"max_connections": 0}, {"attempts": 0}, {"timeout_s": 0}, {"deadline_s": -1}, {"max_value_bytes": 0}]
)
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        RedisStore.from_url("redis://localhost", **options)  # type: ignore[arg-type]  # wrong on purpose
