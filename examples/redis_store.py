"""Share dialogs between processes through Redis; a message that is delivered twice is answered once.

    REDIS_URL=redis://localhost:6379/0 python examples/redis_store.py

prints:

    first delivery:  Lantern House, on Mott Street. (replayed: False)
    second delivery: Lantern House, on Mott Street. (replayed: True)
    model was asked: 1 time(s)
    kept for:        30 days
"""

import asyncio
import os
import sys

from dialog import PipelineConfig, open_pipeline
from dialog.testing import ScriptedBackend
from stores import StoreUnavailable

URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
MESSAGE = "What is the best Chinese restaurant in New York?"
DAYS = 30


async def main() -> None:
    backend = ScriptedBackend(["Lantern House, on Mott Street."])
    config = PipelineConfig(ttl_s=DAYS * 86_400)
    # Two pipelines stand for two processes behind a load balancer; the message id comes from the chat platform.
    one, other = (open_pipeline(URL, backend=backend, config=config) for _ in range(2))
    async with one, other:
        first = await one.reply("thread-1", MESSAGE, turn_id="message-1", tenant="acme")
        second = await other.reply("thread-1", MESSAGE, turn_id="message-1", tenant="acme")
        await one.forget("thread-1", tenant="acme")
    print(f"first delivery:  {first.text} (replayed: {first.replayed})")
    print(f"second delivery: {second.text} (replayed: {second.replayed})")
    print(f"model was asked: {len(backend.calls)} time(s)")
    print(f"kept for:        {DAYS} days")


try:
    asyncio.run(main())
except StoreUnavailable as error:  # it says what was asked and what was found
    sys.exit(f"{error}, or name another server in REDIS_URL")
