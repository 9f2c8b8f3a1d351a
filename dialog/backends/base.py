"""What a backend is: something that streams the reply to a grounded prompt.

BackendError (a DialogError)
├── BackendRefused       the provider said no (4xx): wrong key, model, or request
├── BackendUnavailable   no usable answer after the allowed retries (network, 429, 5xx, timeout)
└── BackendBadReply      an answer that is not in the provider's documented form, or a stream that broke off
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Literal, Protocol

from pydantic import Field

from dialog.errors import DialogError
from dialog.prompt import GroundedPrompt
from dialog.values import Value

Finish = Literal["stop", "length", "filter", "tool", "other"]
Schema = dict[str, object]


class Usage(Value):
    """What one call used, in tokens as the provider counted them (0 where it said nothing), and why the reply ended.

    `input_tokens` is the whole prompt; `cache_read_tokens` and `cache_write_tokens` are the parts of it that were read
    from and written to the provider's prompt cache. `finish` "length" means that the reply was cut at a token limit.
    """

    input_tokens: int = Field(default=0, ge=0)
    cache_read_tokens: int = Field(default=0, ge=0)
    cache_write_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    finish: Finish = "other"


OnUsage = Callable[[Usage], None]


class BackendError(DialogError):
    """The model provider did not give a reply.

    `status` is the HTTP status, None when there was none; `retry_after_s` the seconds the provider asked to wait.
    `detail` is the provider's own wording: it may quote the prompt, so it is not part of the message.
    """

    def __init__(
        self,
        backend: str,
        reason: str,
        *,
        status: int | None = None,
        detail: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{backend}: {reason}")
        self.backend = backend
        self.reason = reason
        self.status = status
        self.detail = detail
        self.retry_after_s = retry_after_s


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

    def stream(self, prompt: GroundedPrompt, *, on_usage: OnUsage | None = None) -> AsyncGenerator[str, None]:
        """The reply as it is written, in pieces of text; raises BackendError.

        Closing the generator stops the reply and frees its connection. `on_usage` is called once, at the end of a
        whole reply, by providers that report usage.
        """
        ...

    async def complete(
        self, prompt: GroundedPrompt, *, schema: Schema | None = None, on_usage: OnUsage | None = None
    ) -> str:
        """The whole reply; raises BackendError.

        With `schema` the reply is JSON text, which the provider was told to shape so. Providers take a subset of JSON
        Schema: an object at the top, every property required, `additionalProperties` false.
        """
        ...

    async def aclose(self) -> None:
        """Release connections the backend owns; closing twice is fine."""
        ...
