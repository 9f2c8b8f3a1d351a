"""A Slack bot that keeps its head: each thread, and each direct conversation, is a dialog.

Needs the extra `slack` (slack-bolt and aiohttp); the names below are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dialog.slack.config import SlackConfig, SuggestedPrompt
    from dialog.slack.door import SlackDoor, attach

__all__ = ["SlackConfig", "SlackDoor", "SuggestedPrompt", "attach"]

_HOME = {"SlackConfig": "config", "SuggestedPrompt": "config", "SlackDoor": "door", "attach": "door"}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("slack_bolt", "slack_sdk", "aiohttp"):
            raise ModuleNotFoundError(
                f"{__name__}.{name} needs {error.name}; install it with: pip install 'antecedent[slack]'",
                name=error.name,
            ) from error
        raise
