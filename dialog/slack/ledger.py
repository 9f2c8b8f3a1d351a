"""Who answers a message, and what of the answer stands in Slack: one record per message in the pipeline's store.

Slack cannot be asked to post something only once, so the store decides who posts. A record says what form of the
message is wanted (an edit or a deletion replaces it), which form has been answered, where the parts of the reply stand,
and who is at work until when. Writing is compare-and-set: of two processes that are given the same message one works,
and one whose lease ran out is replaced. A second, small record marks the message as unfinished, so that it is found
when its process died; it holds the event as Slack sent it, to be taken up again as if Slack had redelivered it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from dialog.keys import keyless_key, prefix_of
from dialog.slack.config import SlackConfig
from dialog.slack.events import Message
from dialog.values import Value
from stores.base import ABSENT, Record, Store, StoreError, Version, VersionConflict

log = logging.getLogger("antecedent.slack")

UNFINISHED = "slack-unfinished:"
LOCALLY_TAKEN = 4096
"""How many messages this process remembers having taken, for when the store cannot tell."""


class Delivery(Value):
    """`message` is what is wanted answered; `answered` the revision that Slack shows the answer to, None for none yet.

    `turn_id` is the turn of the latest attempt. `posting`: a part was about to be posted and its time is not recorded,
    so it may stand in Slack. `parts` are the times of the reply's messages, in order. `lease_until` is in seconds since
    the epoch; an `owner` past it no longer works on the message.
    """

    message: Message
    answered: str | None = None
    turn_id: str | None = None
    posting: bool = False
    parts: tuple[str, ...] = ()
    owner: str = ""
    lease_until: float = 0.0

    @property
    def finished(self) -> bool:
        return self.answered == self.message.revision


class Lost(Exception):
    """Another process has taken the message over, or its workspace was forgotten; nothing more may be posted."""


class Claim:
    """A message that this process, and no other, may answer until its lease runs out."""

    def __init__(
        self, ledger: Ledger, key: str, delivery: Delivery, version: Version | None, mark: Version | None = None
    ) -> None:
        self._ledger = ledger
        self.key = key
        self.delivery = delivery
        self._version = version
        """None: the store could not be reached, and only this process knows of the claim."""
        self._mark = mark
        self._writing = asyncio.Lock()

    @property
    def message(self) -> Message:
        return self.delivery.message

    async def note(self, **changes: Any) -> None:
        """Record `changes`, on top of a newer wanted form of the message that came in meanwhile. Raises Lost.

        A store that fails is logged and goes unheeded until it is back: the person is waiting for the reply.
        """
        async with self._writing:
            while not await self._written(changes):
                await self._look()

    async def look(self) -> None:
        """Read what is wanted now. Raises Lost when the message is somebody else's by now, and StoreError."""
        async with self._writing:
            if self._version is not None:
                await self._look()

    async def _written(self, changes: dict[str, Any]) -> bool:
        """Whether the changes hold now; False when the record was changed by others meanwhile."""
        after = self.delivery.model_copy(update=changes)
        if after.finished:
            # Nobody works on it any more, and the words are needed no longer: the dialog has them, and forgets them.
            silent = after.message.model_copy(update={"text": ""})
            after = after.model_copy(update={"owner": "", "lease_until": 0.0, "message": silent})
        try:
            if self._version is not None:
                self._version = await self._ledger.write(self.key, after, expect=self._version)
        except VersionConflict:
            return False
        except StoreError as error:
            log.warning("reply not recorded: %s", type(error).__name__)
        self.delivery = after
        return True

    async def _look(self) -> None:
        found = await self._ledger.read(self.key)
        if found is None or found[0].owner != self.delivery.owner:
            raise Lost(self.key)
        self.delivery, self._version = found

    async def extend(self) -> None:
        """Go on holding the message for another lease. Raises Lost."""
        await self.note(lease_until=self._ledger.lease_end())

    async def finish(self, answered: str) -> bool:
        """Record that the form `answered` stands in Slack; False when another form is wanted by now. Raises Lost."""
        await self.note(answered=answered, posting=False)
        if self.delivery.finished:
            await self._ledger.unmark(self.key, self._mark)
        return self.delivery.finished

    async def release(self) -> None:
        """Let another process go on at once."""
        await self.note(owner="", lease_until=0.0)


class Ledger:
    """The records of one process; `clock` gives seconds since the epoch."""

    def __init__(self, store: Store, config: SlackConfig, clock: Callable[[], float]) -> None:
        self._store = store
        self._config = config
        self._clock = clock
        self.owner = uuid.uuid4().hex
        self._taken: OrderedDict[tuple[str, str], None] = OrderedDict()

    def lease_end(self) -> float:
        return self._clock() + self._config.lease_s

    async def take(self, message: Message, body: Mapping[str, Any]) -> Claim | None:
        """Record that `message` is wanted in this form; the claim when it is now ours to answer.

        None: this form or a later one has been answered or is being answered; whoever does that goes on to the form
        that is wanted last. `body` is the request as Slack sent it. While the store cannot be reached, only messages
        that this process has not seen before are its own.
        """
        key = delivery_key(message)
        try:
            return await self._take(key, message, await self._marked(key, body))
        except StoreError as error:
            log.warning("message not recorded: %s", type(error).__name__)
            if not self._first_here(key, message.revision):
                return None
            return Claim(self, key, Delivery(message=message, owner=self.owner), None)

    async def standing(self, message: Message) -> Delivery | None:
        """What is recorded of the message."""
        found = await self.read(delivery_key(message))
        return found[0] if found else None

    async def once(self, what: str, tenant: str) -> bool:
        """Whether this is the first time that `what` (an event id) is seen, by any process."""
        try:
            key = keyless_key(f"slack-event:{tenant}:{what}")
            await self._store.commit(key, b"{}", expect=ABSENT, op_id=uuid.uuid4().hex, ttl_s=self._config.keep_s)
        except VersionConflict:
            return False
        return True

    async def unfinished(self) -> AsyncIterator[dict[str, Any]]:
        """The requests of messages that nobody is working on and that were not finished."""
        async for mark in self._store.keys(keyless_key(UNFINISHED)):
            record = await self._store.load(mark)
            if record is None:
                continue
            held = json.loads(record.data)
            found = await self.read(held["key"])
            if found is not None and found[0].finished:
                await self._store.delete(mark)
            elif found is None or found[0].lease_until <= self._clock():
                yield held["body"]

    async def unmark(self, key: str, mark: Version | None) -> None:
        """Remove the mark if it is still the one at version `mark`; another one is for a form that came in later."""
        try:
            await self._store.delete(_mark_of(key), expect=mark)
        except VersionConflict:
            return
        except StoreError as error:  # the next sweep finds the message finished and removes the mark
            log.warning("mark not removed: %s", type(error).__name__)

    async def forget_tenant(self, tenant: str, *, organisation: bool = False) -> int:
        """Delete everything of a workspace: dialogs, deliveries and marks; returns how many records there were.

        `organisation`: `tenant` is an enterprise id, and all its workspaces are meant.
        """
        prefixes = [prefix_of(f"{tenant}:")[:-1]] if organisation else [prefix_of(tenant)]
        prefixes.append(keyless_key(f"{UNFINISHED}{tenant}:"))
        gone = 0
        for prefix in prefixes:
            for key in [key async for key in self._store.keys(prefix)]:
                gone += await self._store.delete(key)
        return gone

    async def read(self, key: str) -> tuple[Delivery, Version] | None:
        record = await self._store.load(key)
        return None if record is None else (_decoded(record), record.version)

    async def write(self, key: str, delivery: Delivery, *, expect: Version) -> Version:
        data = delivery.model_dump_json(exclude_defaults=True).encode()
        written = await self._store.commit(key, data, expect=expect, op_id=uuid.uuid4().hex, ttl_s=self._config.keep_s)
        return written.version

    async def _take(self, key: str, message: Message, mark: Version) -> Claim | None:
        while True:
            found = await self.read(key)
            before, version = found if found else (None, ABSENT)
            wanted = message if before is None or message.supersedes(before.message) else before.message
            if before is not None and before.answered == wanted.revision:
                await self.unmark(key, mark)
                return None
            ours = before is None or before.lease_until <= self._clock()
            after = (before or Delivery(message=wanted)).model_copy(update={"message": wanted})
            if ours:
                after = after.model_copy(update={"owner": self.owner, "lease_until": self.lease_end()})
            elif after == before:
                return None
            try:
                version = await self.write(key, after, expect=version)
            except VersionConflict:
                continue
            self._first_here(key, message.revision)
            return Claim(self, key, after, version, mark) if ours else None

    async def _marked(self, key: str, body: Mapping[str, Any]) -> Version:
        """The version of the mark for the message, written anew."""
        kept = {name: value for name, value in body.items() if name != "token"}
        kept["event"] = {
            name: value for name, value in body.get("event", {}).items() if name not in ("blocks", "files")
        }
        data = json.dumps({"key": key, "body": kept}, ensure_ascii=False).encode()
        expect = ABSENT
        while True:
            try:
                written = await self._store.commit(
                    _mark_of(key), data, expect=expect, op_id=uuid.uuid4().hex, ttl_s=self._config.keep_s
                )
                return written.version
            except VersionConflict as conflict:
                expect = conflict.actual

    def _first_here(self, key: str, revision: str) -> bool:
        if (key, revision) in self._taken:
            return False
        self._taken[key, revision] = None
        while len(self._taken) > LOCALLY_TAKEN:
            self._taken.popitem(last=False)
        return True


def delivery_key(message: Message) -> str:
    return keyless_key(f"slack:{message.channel}:{message.ts}", tenant=message.tenant)


def _mark_of(key: str) -> str:
    """The key of the mark for the delivery at `key`; begins with the tenant, so that it can be deleted with it."""
    tenant, _, digest = key.partition("//")
    return keyless_key(UNFINISHED) + f"{tenant}%3A{digest}"


def _decoded(record: Record) -> Delivery:
    return Delivery.model_validate_json(record.data)
