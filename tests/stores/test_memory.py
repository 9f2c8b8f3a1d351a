from __future__ import annotations

from stores.base import ABSENT
from stores.memory import MemoryStore


async def test_records_that_expired_and_are_never_asked_for_do_not_pile_up() -> None:
    now = 0.0
    store = MemoryStore(clock=lambda: now)
    for n in range(2000):
        now += 1.0
        await store.commit(f"k{n}", b"v", expect=ABSENT, op_id="a", ttl_s=10.0)
    assert repr(store) in {f"MemoryStore({held} records)" for held in range(10, 100)}
