"""From a message to its reply in Slack: one turn of the pipeline, shown as it comes, undone when the message goes."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dialog.errors import DialogBusy, DialogUnknown
from dialog.pipeline import Pipeline
from dialog.slack.blocks import footer
from dialog.slack.calls import Calls, Unclear, error_of, place_of, retry_after_s
from dialog.slack.config import SlackConfig
from dialog.slack.events import Message
from dialog.slack.lanes import Lanes
from dialog.slack.ledger import Claim, Lost
from dialog.slack.posting import Place, Posting
from dialog.slack.words import apology, words_for
from dialog.turn import OpenTurn
from stores.base import StoreError

log = logging.getLogger("antecedent.slack")

TITLE_CHARS = 60
EXTRA_S = 2.0
"""How long a status or a title may take."""
TAKEOVER_TRIES = 5
"""How often `PipelineConfig.wait_s` is waited for the turn of a process that died."""


class Answer:
    """The work on one claimed message, until the form that is wanted last stands in Slack."""

    def __init__(
        self,
        pipeline: Pipeline,
        claim: Claim,
        client: AsyncWebClient,
        config: SlackConfig,
        calls: Calls,
        lanes: Lanes,
        *,
        bot_user_id: str | None,
    ) -> None:
        self._pipeline = pipeline
        self._claim = claim
        self._client = client
        self._config = config
        self._lanes = lanes
        self._place = Place(client, claim, config, calls, bot_user_id=bot_user_id)
        self._attempt: asyncio.Task[None] | None = None
        self._superseded = False
        self.working_on = claim.message
        """The form of the message that is being answered."""

    async def run(self) -> None:
        """Answer, and answer anew when the message was edited or deleted meanwhile.

        Returns early, with nothing more posted, when another process has taken the message over.
        """
        pulse = asyncio.ensure_future(self._keep())
        try:
            async with self._lanes.turn(
                (self._claim.message.tenant, self._claim.message.dialog_id), self._claim.message.ts
            ):
                await self._until_it_stands(pulse)
        except Lost:
            log.info("message taken over by another process")
        except asyncio.CancelledError:
            with suppress(Lost):
                await self._claim.release()
            raise
        finally:
            pulse.cancel()

    async def _until_it_stands(self, pulse: asyncio.Future[None]) -> None:
        while True:
            if self._superseded:
                with suppress(StoreError):
                    await self._claim.look()
            self._superseded = False
            wanted = self.working_on = self._claim.message
            self._attempt = asyncio.ensure_future(self._one(wanted))
            if await self._attempted(pulse):
                return
            if not self._superseded and await self._claim.finish(wanted.revision):
                return

    def supersede(self) -> None:
        """A later form of the message is wanted: stop working on this one."""
        self._superseded = True
        if self._attempt is not None:
            self._attempt.cancel()

    async def _attempted(self, pulse: asyncio.Future[None]) -> bool:
        """Wait for the attempt; True when the claim was lost over it."""
        assert self._attempt is not None
        try:
            await asyncio.wait((self._attempt, pulse), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await _cancelled(self._attempt)
            raise
        if pulse.done() and not self._attempt.done():
            await _cancelled(self._attempt)
            return True
        try:
            await self._attempt
        except asyncio.CancelledError:
            if not self._superseded:
                raise
        return False

    async def _keep(self) -> None:
        """Hold the claim; ends when it is lost."""
        while True:
            await asyncio.sleep(self._config.lease_s / 3)
            try:
                await self._claim.extend()
            except Lost:
                return
            if self._claim.message.supersedes(self.working_on):
                self.supersede()

    async def _one(self, wanted: Message) -> None:
        """Bring one form of the message to its reply."""
        try:
            if not await self._undone(wanted):
                return
            if wanted.deleted:
                await self._take_back()
                return
            if wanted.text.strip():
                await self._turn(wanted)
            else:
                await self._say(words_for(wanted.text).hello)
        except SlackApiError as error:
            if retry_after_s(error) is not None or error_of(error) == "token_expired":
                raise  # another try may work: the message stays unfinished, and a sweep takes it up, with a fresh token
            # The turn is recorded; there is nowhere to tell anybody, so the log is told.
            log.error("reply could not be posted: %s, channel=%s", error_of(error) or "refused", wanted.channel)
        except (Unclear, StoreError, Lost):
            raise
        except Exception as error:  # our own mistake would come again at each sweep, so the message counts as done
            log.error("reply could not be posted: %s at %s", type(error).__name__, place_of(error))

    async def _undone(self, wanted: Message) -> bool:
        """Take the turn of an earlier form of the message out of the dialog; False when others have built on it."""
        earlier = self._claim.delivery.turn_id
        if earlier in (None, wanted.turn_id):
            return True
        assert earlier is not None
        state = await self._pipeline.state(wanted.dialog_id, tenant=wanted.tenant)
        if state is None or state.turn(earlier) is None:
            return wanted.deleted or state is None or earlier not in state.seen
        if not wanted.deleted and state.turns[-1].turn_id not in (earlier, f"{earlier}:rejected"):
            return False
        for turn_id in (f"{earlier}:rejected", earlier):
            with suppress(DialogUnknown):
                await self._pipeline.forget_turn(wanted.dialog_id, turn_id, tenant=wanted.tenant)
        return True

    async def _take_back(self) -> None:
        """Delete the reply to a message that is gone."""
        await Posting(self._place).end()

    async def _turn(self, wanted: Message) -> None:
        words = words_for(wanted.text)
        posting = Posting(self._place)
        resumed = self._claim.delivery.turn_id == wanted.turn_id
        await self._show_status(wanted)
        try:
            await self._claim.note(turn_id=wanted.turn_id)
            async with self._opened(wanted, resumed=resumed) as turn:
                if turn.replayed and not resumed:
                    return  # answered before, and whoever did that posted it
                said = False
                async for piece in turn.stream():
                    said = said or bool(piece.strip())
                    posting.add(piece)
        except (Lost, asyncio.CancelledError):
            await posting.break_off()
            raise
        except Exception as error:  # whatever a backend, store or interpreter raises: the person is told what to do
            await posting.fail(self._apology(error, wanted))
            return
        if said:
            await posting.end(footer(wanted.dialog_id, wanted.turn_id, words))
        else:
            await posting.fail(words.cut_off)
        if turn.trace.n == 1:
            await self._title(wanted)

    @asynccontextmanager
    async def _opened(self, wanted: Message, *, resumed: bool) -> AsyncIterator[OpenTurn]:
        """The turn of the message; one that a dead process has open is waited for until its lease there runs out."""
        tries = TAKEOVER_TRIES if resumed else 1
        while True:
            tries -= 1
            try:
                turn = await self._pipeline.begin(
                    wanted.dialog_id,
                    wanted.text,
                    turn_id=wanted.turn_id,
                    tenant=wanted.tenant,
                    speaker=wanted.user or None,
                )
                break
            except DialogBusy:
                if not tries:
                    raise
        try:
            yield turn
        except BaseException as error:
            await turn.settle(error)
            raise
        await turn.settle(None)

    def _apology(self, error: BaseException, wanted: Message) -> str:
        reference = secrets.token_hex(3)
        log.warning("turn failed: %s, channel=%s, reference=%s", type(error).__name__, wanted.channel, reference)
        return apology(error, words_for(wanted.text), reference)

    async def _say(self, text: str) -> None:
        posting = Posting(self._place)
        posting.add(text)
        await posting.end()

    async def _show_status(self, wanted: Message) -> None:
        """Say in an assistant thread that the reply is on its way; the reply itself takes the status away."""
        if not wanted.direct or wanted.thread_ts is None:
            return
        await self._quietly(
            self._client.assistant_threads_setStatus(
                channel_id=wanted.channel, thread_ts=str(wanted.thread_ts), status=self._config.status
            )
        )

    async def _title(self, wanted: Message) -> None:
        """Name a new assistant thread after its first message."""
        if not wanted.direct or wanted.thread_ts is None:
            return
        title = " ".join(wanted.text.split())
        title = title if len(title) <= TITLE_CHARS else f"{title[: TITLE_CHARS - 1]}…"
        await self._quietly(
            self._client.assistant_threads_setTitle(
                channel_id=wanted.channel, thread_ts=str(wanted.thread_ts), title=title
            )
        )

    async def _quietly(self, call: Awaitable[object]) -> None:
        """An extra, which must not delay the reply; a missing scope, a rate limit or a plain thread may refuse it."""
        with suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
            await asyncio.wait_for(call, EXTRA_S)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):  # its end is all that matters; its errors were logged
        await task
