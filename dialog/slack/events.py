"""What Slack tells us, as messages of people; everything else (bots, joins, our own messages) is nothing.

Events API: https://docs.slack.dev/reference/events/message. One message reaches us more than once: as `app_mention` and
as `message`, with two event ids; again when an acknowledgement got lost, with the same one; and with the same
`client_msg_id` each time. All of these carry the same channel and `ts`, which Slack keeps unique, so those identify it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dialog.values import Value

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of a message event that a person wrote; joins, topic changes, bot messages and the like have others."""

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")

DELETED = "deleted"


class Message(Value):
    """A person's message as it is wanted answered now.

    `revision` is "" as it was first sent, the time of the edit after one, and "deleted" when it is gone. `mentioned`:
    it names the bot. `direct`: it was sent to the bot alone.
    """

    tenant: str
    team_id: str = ""
    channel: str
    ts: str
    thread_ts: str | None = None
    user: str = ""
    text: str = ""
    direct: bool = False
    mentioned: bool = False
    addressed: str | None = None
    """The person whom the message begins by naming, when that is not the bot."""
    revision: str = ""

    @property
    def dialog_id(self) -> str:
        """A thread is a dialog; so is what is said to the bot directly, outside threads."""
        if self.direct and self.thread_ts is None:
            return self.channel
        return f"{self.channel}:{self.thread_ts or self.ts}"

    @property
    def reply_to(self) -> str | None:
        """The thread that replies go to; None for a conversation without threads."""
        return self.thread_ts if self.direct else self.thread_ts or self.ts

    @property
    def turn_id(self) -> str:
        return f"{self.channel}:{self.ts}" + (f":{self.revision}" if self.revision else "")

    @property
    def deleted(self) -> bool:
        return self.revision == DELETED

    def supersedes(self, other: Message) -> bool:
        """Whether this is a later form of the same message."""
        return not other.deleted and (self.deleted or _moment(self.revision) > _moment(other.revision))


def tenant_of(*, team_id: str | None, enterprise_id: str | None, is_enterprise_install: bool | None) -> str:
    """Whose dialogs they are: the workspace; where the app is installed for an organisation, both."""
    if is_enterprise_install and enterprise_id:
        return f"{enterprise_id}:{team_id or '-'}"
    return team_id or enterprise_id or ""


def read_message(event: Mapping[str, Any], *, tenant: str, team_id: str, bot_user_id: str | None) -> Message | None:
    """The message that an `app_mention` or `message` event tells of, in its latest form; None when it is not a
    person's, or when only its link previews have changed."""
    match event.get("type"), event.get("subtype"):
        case "app_mention", _:
            said, revision = event, _edited(event)
        case "message", "message_changed":
            said, before = _mapping(event.get("message")), _mapping(event.get("previous_message"))
            if said.get("subtype") == "tombstone":  # a deleted message that has replies
                said, revision = {**before, "ts": said.get("ts")}, DELETED
            elif said.get("text") == before.get("text"):
                return None
            else:
                revision = _edited(said) or str(event.get("event_ts") or event.get("ts") or "")
        case "message", "message_deleted":
            said, revision = {**_mapping(event.get("previous_message")), "ts": event.get("deleted_ts")}, DELETED
        case "message", _:
            said, revision = event, _edited(event)
        case _:
            return None
    if said.get("bot_id") or said.get("subtype") not in _SPOKEN or said.get("user") in (None, bot_user_id):
        return None
    text, ts, channel = str(said.get("text") or ""), said.get("ts"), event.get("channel")
    if not ts or not channel:
        return None
    thread_ts = said.get("thread_ts")
    first = re.match(r"\s*<@(\w+)", text)
    return Message(
        tenant=tenant,
        team_id=team_id,
        channel=str(channel),
        ts=str(ts),
        thread_ts=str(thread_ts) if thread_ts else None,
        user=str(said["user"]),
        text=plain(text, bot_user_id),
        direct=event.get("channel_type") == "im",
        mentioned=event.get("type") == "app_mention" or (bot_user_id is not None and f"<@{bot_user_id}" in text),
        addressed=first[1] if first is not None and first[1] != bot_user_id else None,
        revision=revision,
    )


def plain(text: str, bot_user_id: str | None = None) -> str:
    """Slack's message text as a person reads it: names, channels and links without their markup, the bot's own name
    left out. https://docs.slack.dev/messaging/formatting-message-text"""
    shown = _LINK.sub(lambda found: _shown(found[1], found[2], bot_user_id), text)
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(escaped, character)
    return re.sub(r"[ \t]{2,}", " ", shown).strip()


def _shown(target: str, label: str | None, bot_user_id: str | None) -> str:
    kind, rest = target[0], target[1:]
    if kind == "@":
        return "" if rest == bot_user_id else f"@{label or rest}"
    if kind == "#":
        return f"#{label or rest}"
    if kind == "!":
        return label or f"@{rest.partition('^')[0]}"
    address = target.removeprefix("mailto:")
    if not label or label in (address, target, address.partition("://")[2]):
        return address
    return f"{label} ({address})"


def _edited(said: Mapping[str, Any]) -> str:
    return str(_mapping(said.get("edited")).get("ts") or "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _moment(revision: str) -> tuple[int, int]:
    """A Slack time as numbers that compare; the first form of a message is before all edits."""
    seconds, _, rest = revision.partition(".")
    return (int(seconds) if seconds.isdecimal() else 0, int(rest) if rest.isdecimal() else 0)
