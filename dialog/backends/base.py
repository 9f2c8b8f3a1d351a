"""What a backend is: something that streams the reply to a grounded prompt.

BackendError (a DialogError)
├── BackendRefused       the provider said no (4xx): wrong key, model, or request
├── BackendUnavailable   no usable answer after the allowed retries (network, 429, 5xx, timeout)
└── BackendBadReply      an answer that is not in the provider's documented form, or a stream that broke off
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from dialog.errors import DialogError
from dialog.prompt import GroundedPrompt


class BackendError(DialogError):
    """The model provider did not give a reply. `status` is the HTTP status, None when there was none."""

    def __init__(self, backend: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{backend}: {reason}")
        self.backend = backend
        self.reason = reason
        self.status = status


class BackendRefused(BackendError):
    """The request is wrong and would be refused again."""


class BackendUnavailable(BackendError):
    """The provider could not be reached or had no capacity; trying later may work."""


class BackendBadReply(BackendError):
    """The provider answered outside its protocol, or its stream ended before the end mark."""


class Backend(Protocol):
    """Answers prompts. One backend serves many dialogs at once and keeps nothing between calls."""

    @property
    def name(self) -> str:
        """Short name with the model, for traces ("openai:gpt-5.2"); never a secret."""
        ...

    def stream(self, prompt: GroundedPrompt) -> AsyncGenerator[str, None]:
        """The reply as it is written, in pieces of text; raises BackendError. Closing the iterator stops the reply."""
        ...

    async def complete(self, prompt: GroundedPrompt, *, schema: dict[str, object] | None = None) -> str:
        """The whole reply; with `schema` (a JSON schema) the reply is JSON text the provider was told to shape so."""
        ...

    async def aclose(self) -> None:
        """Release connections the backend owns; closing twice is fine."""
        ...
