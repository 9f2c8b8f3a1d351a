"""A relay between a client and a real server that can lose answers or stop answering, as networks do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Relay:
    """Passes bytes on both ways. `lose_answers_to` drops the connection instead of passing on that command's answer;
    `silent` passes nothing back at all."""

    def __init__(self, port: int) -> None:
        self.server_port = port
        self.port = 0
        self.lose_answers_to: bytes | None = None
        self.lost = 0
        self.lost_one = asyncio.Event()
        self.silent = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
            with suppress(ConnectionError):
                await self._relay(client, to_client, server, to_server)
            to_server.close()
        finally:
            to_client.close()
            self._tasks.discard(task)

    async def _relay(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        while asked := await client.read(1 << 20):
            to_server.write(asked)
            await to_server.drain()
            answer = await server.read(1 << 20)
            if self.lose_answers_to is not None and self.lose_answers_to in asked:
                self.lost += 1
                self.lost_one.set()
                return
            if not self.silent:
                to_client.write(answer)
                await to_client.drain()

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def relayed(port: int) -> AsyncIterator[Relay]:
    """A relay to the server on `port`, on a port of its own."""
    relay = Relay(port)
    listening = await asyncio.start_server(relay.serve, "127.0.0.1")
    relay.port = listening.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        listening.close()
        await relay.stop()
