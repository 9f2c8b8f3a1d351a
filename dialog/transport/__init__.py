"""The in-process front door: grounds what an SDK sends to its model provider, one line, any SDK.

client = AsyncOpenAI(http_client=http_client(pipeline))
with use("dialog-7"):  # or no id at all: then the messages themselves are the id
    await client.chat.completions.create(...)
"""

from dialog.transport.async_transport import AsyncDialogTransport
from dialog.transport.bridge import Synchronous as synchronous
from dialog.transport.clients import http_client, http_transport
from dialog.transport.context import InUse, last_trace, use
from dialog.transport.door import Options
from dialog.transport.sync_transport import DialogTransport

__all__ = [
    "AsyncDialogTransport",
    "DialogTransport",
    "InUse",
    "Options",
    "http_client",
    "http_transport",
    "last_trace",
    "synchronous",
    "use",
]
