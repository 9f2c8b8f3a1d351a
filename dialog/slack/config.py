"""What the Slack front door can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dialog.values import Value


class SuggestedPrompt(Value):
    """A prompt offered at the start of an assistant thread: what the button shows, and what it sends."""

    title: str = Field(min_length=1)
    message: str = Field(min_length=1)


class SlackConfig(Value):
    """Times are seconds, lengths characters. The defaults suit a workspace of any size."""

    threads: Literal["joined", "mentions"] = "joined"
    """In a channel thread the bot was mentioned in: answer every follow-up, or only further mentions."""
    prompts_title: str = "What can I help with?"
    prompts: tuple[SuggestedPrompt, ...] = Field(
        default=(
            SuggestedPrompt(
                title="Plan a dinner", message="What is a good Chinese restaurant in New York for tonight?"
            ),
            SuggestedPrompt(title="Summarise", message="Summarise what we have decided so far."),
        ),
        max_length=4,
    )
    """At most 4, as Slack's assistant.threads.setSuggestedPrompts allows."""
    status: str = "is thinking..."
    buffer_chars: int = Field(default=256, ge=1)
    """How much of a reply is collected before it is appended to a Slack stream; fewer calls, coarser steps."""
    update_every_s: float = Field(default=1.2, ge=0)
    """Pace of chat.update where streams cannot be used: Slack allows some 50 a minute (rate tier 3)."""
    part_chars: int = Field(default=11_000, ge=200, le=12_000)
    """The longest part of a reply; Slack takes 12,000 characters of markdown in a message."""
    longest_wait_s: float = Field(default=120.0, gt=0)
    """The longest `Retry-After` that is waited for, and the longest a failing call is tried again."""
    lease_s: float = Field(default=60.0, gt=0)
    """A message whose process stopped extending its lease for this long is answered by another one."""
    sweep_s: float = Field(default=60.0, gt=0)
    """How often it is looked for messages whose process died."""
    keep_s: float = Field(default=30 * 86400.0, gt=0)
    """How long a message is recognised when it comes again, is edited or deleted."""
    ack_within_s: float = Field(default=1.5, gt=0, lt=3)
    """How long a message may take to be recorded before Slack is told that it has arrived (Slack waits 3 s)."""
    late_s: tuple[float, ...] = (2.0, 10.0)
    """When it is looked again whether a thread has become ours, for follow-ups that overtook the mention."""
    shutdown_s: float = Field(default=30.0, ge=0)
    """How long replies under way may go on after `aclose`; what is left then is taken up by another process."""
