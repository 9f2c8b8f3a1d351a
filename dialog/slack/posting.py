"""A reply on its way into Slack: streamed where Slack can, updated in place where it cannot, in parts where it is long.

chat.startStream, appendStream and stopStream through the SDK's `chat_stream`; a stream that expired (Slack ends it on
its side: slackapi/python-slack-sdk#1859) or could not be started becomes chat.postMessage and paced chat.update calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_chat_stream import AsyncChatStream
from slack_sdk.web.async_client import AsyncWebClient

from dialog.slack.calls import Calls, Unclear, error_of, retry_after_s
from dialog.slack.config import SlackConfig
from dialog.slack.events import Message
from dialog.slack.ledger import Claim
from dialog.slack.markdown import carried, cut, escaped, harmless, mrkdwn, parts, settled

Blocks = Sequence[dict[str, Any]]

MARK = "antecedent_reply"
"""Event type of the metadata on our messages, by which one that was posted but not recorded is found again."""

SECTION_CHARS = 3_000
"""The longest text of a section block, and of the text that stands in for blocks in notifications."""
FENCE_ROOM = 64
POST_TRIES = 3

HOPELESS = frozenset(
    {
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "no_permission",
        "not_authed",
        "not_in_channel",
        "restricted_action",
        "token_expired",
        "token_revoked",
    }
)
"""Refusals that every other way of posting would meet too."""


class Place:
    """Where a reply goes, with what is needed to write there."""

    def __init__(
        self, client: AsyncWebClient, claim: Claim, config: SlackConfig, calls: Calls, *, bot_user_id: str | None
    ) -> None:
        self.client = client
        self.claim = claim
        self.config = config
        self.calls = calls
        self.bot_user_id = bot_user_id

    @property
    def message(self) -> Message:
        return self.claim.message

    def metadata(self, part: int) -> dict[str, Any]:
        return {"event_type": MARK, "event_payload": {"message_ts": self.message.ts, "part": part}}

    async def posted_already(self, part: int, text: str) -> str | None:
        """The time of the message that holds part `part`, if it was posted without being recorded.

        A message is ours by its mark; one whose stream broke off has none yet, and is known by what it says.
        """
        try:
            answer = await self.calls.repeated(self._latest)
        except (SlackApiError, Unclear):
            return None
        mine = [found for found in answer.get("messages") or [] if found.get("user") == self.bot_user_id]
        for found in mine:
            mark = found.get("metadata") or {}
            payload = mark.get("event_payload") or {}
            if mark.get("event_type") == MARK and payload == self.metadata(part)["event_payload"]:
                return str(found["ts"])
        for found in mine:
            said = str(found.get("text") or "")
            unmarked = not (found.get("metadata") or {}).get("event_type")
            known = found["ts"] in self.claim.delivery.parts or found["ts"] <= self.message.ts
            if unmarked and not known and (harmless(text).startswith(said) or mrkdwn(text).startswith(said)):
                return str(found["ts"])
        return None

    async def _latest(self) -> Any:
        message = self.message
        if message.reply_to is None:
            return await self.client.conversations_history(
                channel=message.channel, oldest=message.ts, include_all_metadata=True, limit=100
            )
        return await self.client.conversations_replies(
            channel=message.channel, ts=message.reply_to, oldest=message.ts, include_all_metadata=True, limit=100
        )


class Part(Protocol):
    """One message of a reply. `shown` is what it says so far."""

    shown: str

    async def show(self, text: str) -> None:
        """Make the message say `text`, which begins with what it says already."""
        ...

    async def end(self, text: str, footer: Blocks) -> None:
        """Make the message say `text` and nothing else, with `footer` under it."""
        ...


class Streamed:
    """A message that is being streamed."""

    def __init__(self, place: Place, number: int, stream: AsyncChatStream) -> None:
        self._place = place
        self._number = number
        self._stream = stream
        self.shown = ""

    @property
    def ts(self) -> str | None:
        return self._stream.ts

    async def show(self, text: str) -> None:
        new = [text[len(self.shown) :]]

        async def append() -> Any:
            return await self._stream.append(
                markdown_text=new.pop() if new else ""
            )  # the SDK keeps what it could not send

        await self._place.calls.once(append)
        self.shown = text

    async def end(self, text: str, footer: Blocks) -> None:
        stands = self.shown if text.startswith(self.shown) else self.shown.rstrip()
        new = [text[len(stands) :]] if text.startswith(stands) else []

        async def stop() -> Any:
            return await self._stream.stop(
                markdown_text=new.pop() if new else None,
                blocks=list(footer) or None,
                metadata=self._place.metadata(self._number),
            )

        await self._place.calls.once(stop)
        self.shown = text


async def end_stream(place: Place, ts: str) -> None:
    """Take a message out of the streaming state, in which it cannot be updated; others stay as they are."""
    with suppress(SlackApiError, Unclear):
        await place.calls.repeated(lambda: place.client.chat_stopStream(channel=place.message.channel, ts=ts))


class Updated:
    """A message that is posted once, then replaced as the reply grows."""

    def __init__(self, place: Place, number: int, ts: str | None, *, streaming: bool = False) -> None:
        """`ts`: the message that stands there already; `streaming`: its stream may not have been ended."""
        self._place = place
        self._number = number
        self._streaming = streaming
        self.ts = ts
        self.shown = ""

    async def show(self, text: str) -> None:
        await self._put(text, ())

    async def end(self, text: str, footer: Blocks) -> None:
        await self._put(text, footer)

    async def _put(self, text: str, footer: Blocks) -> None:
        try:
            await self._send(text, [{"type": "markdown", "text": text}, *footer])
        except SlackApiError as error:
            if error_of(error) not in (
                "invalid_blocks",
                "invalid_blocks_format",
                "msg_blocks_too_long",
                "msg_too_long",
            ):
                raise
            await self._send(text, sections(text))
        self.shown = text

    async def _send(self, text: str, blocks: list[dict[str, Any]]) -> None:
        place = self._place
        said: dict[str, Any] = {
            "channel": place.message.channel,
            "text": mrkdwn(text)[:SECTION_CHARS],
            "blocks": blocks,
            "metadata": place.metadata(self._number),
        }
        if self.ts is not None:
            if self._streaming:
                await end_stream(place, self.ts)
                self._streaming = False
            await place.calls.repeated(lambda: place.client.chat_update(ts=str(self.ts), **said))
            return
        thread = place.message.reply_to
        for tried in range(POST_TRIES):
            try:
                answer = await place.calls.once(
                    lambda: place.client.chat_postMessage(thread_ts=thread, unfurl_links=False, **said)
                )
            except Unclear:
                self.ts = await place.posted_already(self._number, text)
                if self.ts is not None:
                    return
                if tried == POST_TRIES - 1:
                    raise
                await place.calls.pause(2.0**tried)
            else:
                self.ts = str(answer["ts"])
                return


class Posting:
    """The messages of one reply. `add` never waits for Slack; `end` returns when everything stands there.

    The messages of an earlier form of the reply are used again, in place; those that are too many are deleted.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._rest = ""
        """What belongs to the current part and those after it."""
        self._part: Streamed | Updated | None = None
        self._used: list[str] = []
        self._spare = list(place.claim.delivery.parts)
        self._reused = bool(self._spare) or place.claim.delivery.posting
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None

    def add(self, piece: str) -> None:
        """Take on a piece of the reply; it appears when Slack takes it."""
        self._rest += piece
        self._news.set()
        if self._pump is None:
            self._pump = asyncio.ensure_future(self._run())

    async def end(self, footer: Blocks = ()) -> None:
        """Bring what is left to Slack, with `footer` under the last message. Raises SlackApiError, Unclear, Lost."""
        await self._stopped()
        await self._flush(last=True)
        if self._rest.strip() or self._part is not None:
            await self._try_part(self._rest.rstrip(), footer, ends=True)
        for ts in self._spare:
            with suppress(SlackApiError, Unclear):
                await self._delete(ts)
        self._spare = []
        await self._note()

    async def _delete(self, ts: str) -> None:
        place = self._place
        await place.calls.repeated(lambda: place.client.chat_delete(channel=place.message.channel, ts=ts))

    async def fail(self, apology: str) -> None:
        """End with `apology` after what was said so far. Raises as `end`."""
        self.add(f"{chr(10) * 2 if self._rest.strip() or self._part is not None else ''}_{apology}_")
        await self.end()

    async def break_off(self) -> None:
        """Stop writing, leaving what stands there to whoever goes on."""
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._pump
        if isinstance(self._part, Streamed) and self._part.ts is not None:
            await end_stream(self._place, self._part.ts)

    async def _stopped(self) -> None:
        """The pump has come to its end; what went wrong in it is tried again by what follows, unless Slack asked for a
        longer wait than there is patience for."""
        self._over.set()
        self._news.set()
        if self._pump is None:
            return
        try:
            await self._pump
        except SlackApiError as error:
            if retry_after_s(error) is not None:
                raise
        except Unclear:
            return

    async def _run(self) -> None:
        while not self._over.is_set():
            await self._news.wait()
            self._news.clear()
            if self._over.is_set():
                return
            await self._flush(last=False)
            if isinstance(self._part, Updated):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), self._place.config.update_every_s)

    async def _flush(self, *, last: bool) -> None:
        """Show what is known, ending parts that are full."""
        limit = self._place.config.part_chars - FENCE_ROOM
        self._rest = harmless(self._rest)
        while len(self._rest) > limit:
            end = cut(self._rest, limit, least=len(self._shown))
            whole, again = carried(self._rest[:end])
            await self._try_part(whole, (), ends=True)
            self._part = None
            self._rest = again + self._rest[end:].lstrip("\n")
        if not last and (visible := self._visible(limit)) != self._shown:
            await self._try_part(visible, (), ends=False)

    @property
    def _shown(self) -> str:
        return self._part.shown if self._part is not None else ""

    def _visible(self, limit: int) -> str:
        """What may be shown already: a part that may have to end soon grows by whole paragraphs, so that it can."""
        text = settled(self._rest)
        if len(text) > limit - limit // 5:
            whole = text.rfind("\n\n") + 2
            text = text[:whole] if whole > len(self._shown) else self._shown
        return text if text.strip() else self._shown

    async def _try_part(self, text: str, footer: Blocks, *, ends: bool) -> None:
        """Bring `text` into the current part; where its stream fails, the part goes on as an updated message."""
        part = self._part or await self._begin(text)
        self._part = part
        try:
            await (part.end(text, footer) if ends else part.show(text))
        except (SlackApiError, Unclear) as error:
            if not isinstance(part, Streamed):
                raise
            if isinstance(error, SlackApiError) and error_of(error) in HOPELESS:
                raise
            if part.ts is None and isinstance(error, Unclear):
                found = await self._place.posted_already(self._number, text)
            else:
                found = part.ts
            part = self._part = Updated(self._place, self._number, found, streaming=True)
            await (part.end(text, footer) if ends else part.show(text))
        finally:
            if self._part.ts is not None and self._part.ts not in self._used:
                self._used.append(self._part.ts)
                await self._note()

    @property
    def _number(self) -> int:
        return len(self._used) - (self._part is not None and self._part.ts in self._used)

    async def _begin(self, text: str) -> Streamed | Updated:
        place, number = self._place, len(self._used)
        if self._spare:
            return Updated(place, number, self._spare.pop(0), streaming=place.claim.delivery.answered is None)
        if self._reused and place.claim.delivery.posting and (found := await place.posted_already(number, text)):
            return Updated(place, number, found, streaming=True)
        await place.claim.note(posting=True)
        message = place.message
        if message.reply_to is None:  # Slack streams into threads only, in direct messages
            return Updated(place, number, None)
        stream = await place.client.chat_stream(
            buffer_size=place.config.buffer_chars,
            channel=message.channel,
            thread_ts=message.reply_to,
            recipient_team_id=message.team_id or None,
            recipient_user_id=message.user,
        )
        return Streamed(place, number, stream)

    async def _note(self) -> None:
        await self._place.claim.note(parts=(*self._used, *self._spare), posting=False)


def sections(text: str) -> list[dict[str, Any]]:
    """The text in blocks of mrkdwn, for where markdown blocks are refused."""
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn(piece)[:SECTION_CHARS] or escaped(piece)}}
        for piece in parts(text, SECTION_CHARS * 3 // 4)
    ][:50]
