"""A provider of canned Chat Completions, as cheap as asyncio lets it be: what is measured is what stands before it.

python -m benchmarks.proxy.provider     prints its port and serves
"""

from __future__ import annotations

import asyncio
import json

REPLY = (
    "Joe's Shanghai in Chinatown is well liked; Nom Wah is older. 1. Joe's Shanghai 2. Nom Wah 3. Xi'an Famous Foods."
)
_FRAME = {"id": "c", "created": 1, "model": "m"}
_CHUNK = _FRAME | {"object": "chat.completion.chunk"}
_USAGE = {"prompt_tokens": 40, "completion_tokens": 60, "total_tokens": 100}


def _event(document: object) -> bytes:
    data = b"data: " + (document if isinstance(document, bytes) else json.dumps(document).encode()) + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


def _delta(delta: dict[str, str], finish: str | None = None) -> bytes:
    return _event(_CHUNK | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


_WHOLE = json.dumps(
    _FRAME
    | {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": REPLY}, "finish_reason": "stop"}],
        "usage": _USAGE,
    }
).encode()
PLAIN = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(_WHOLE), _WHOLE)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
WORDS = [_delta({"role": "assistant", "content": ""}), *(_delta({"content": word + " "}) for word in REPLY.split())]
TAIL = _delta({}, "stop") + _event(b"[DONE]") + b"0\r\n\r\n"


class Provider(asyncio.Protocol):
    """One connection: requests with a content-length, answered at once; a stream goes out a word at a time."""

    def __init__(self) -> None:
        self._heard = b""
        self._streaming: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[:end].lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            if len(self._heard) < end + 4 + length:
                return
            body, self._heard = self._heard[end + 4 : end + 4 + length], self._heard[end + 4 + length :]
            if b'"stream": true' in body or b'"stream":true' in body:
                task = asyncio.create_task(self._stream())
                self._streaming.add(task)
                task.add_done_callback(self._streaming.discard)
            else:
                self._transport.write(PLAIN)

    async def _stream(self) -> None:
        self._transport.write(HEAD)
        for word in WORDS:
            self._transport.write(word)
            await asyncio.sleep(0)  # each a packet of its own, as a model's words are
        self._transport.write(TAIL)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
