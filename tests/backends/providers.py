"""The providers under test, each as a way to make its backend against the fake one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dialog.backends.anthropic import VERSION, AnthropicBackend
from dialog.backends.calls import Waiting
from dialog.backends.http import HttpBackend
from dialog.backends.ollama import OllamaBackend
from dialog.backends.openai import OpenAIBackend
from dialog.backends.retry import CallPolicy
from dialog.testing import FixedClock, RecordingSleep
from tests.fake_provider import FakeProvider

KEY = "sk-secret-0123456789"


@dataclass
class Provider:
    """How to reach one provider; `url_end` is what its base URL has beyond the host, `headers` what it must get."""

    name: str
    url_end: str
    headers: dict[str, str]
    make: Callable[..., HttpBackend]

    def backend(
        self,
        provider: FakeProvider,
        *,
        policy: CallPolicy | None = None,
        sleep: RecordingSleep | None = None,
        clock: FixedClock | None = None,
    ) -> HttpBackend:
        """A backend that asks `provider`; waits are recorded, not waited for, and the dice show 1."""
        waiting = Waiting(sleep=sleep or RecordingSleep(), dice=lambda: 1.0, now=clock or FixedClock())
        return self.make(provider.url + self.url_end, policy=policy, waiting=waiting)


PROVIDERS = [
    Provider("openai", "/v1", {"authorization": f"Bearer {KEY}"}, partial(OpenAIBackend, "m", KEY)),
    Provider("anthropic", "", {"x-api-key": KEY, "anthropic-version": VERSION}, partial(AnthropicBackend, "m", KEY)),
    Provider("ollama", "", {}, partial(OllamaBackend, "m")),
]
