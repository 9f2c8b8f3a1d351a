"""The front door for Slack: takes events from a `slack_bolt` app, gives them to the pipeline, and brings replies back.

It holds no dialog logic. An event is recorded, then acknowledged, then worked on.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from slack_bolt.async_app import AsyncApp, AsyncAssistant, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.middleware.async_custom_middleware import AsyncCustomMiddleware
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dialog.errors import DialogError
from dialog.pipeline import Pipeline
from dialog.slack.answering import Answer
from dialog.slack.calls import Calls, Sleep, own_client, place_of
from dialog.slack.config import SlackConfig
from dialog.slack.controls import Controls
from dialog.slack.events import Message, read_message, tenant_of
from dialog.slack.installs import Installs
from dialog.slack.lanes import Key, Lanes
from dialog.slack.ledger import Claim, Ledger, delivery_key
from stores.base import StoreError

log = logging.getLogger("antecedent.slack")

Next = Callable[[], Awaitable[Any]]


def attach(
    app: AsyncApp,
    pipeline: Pipeline,
    *,
    config: SlackConfig | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Sleep = asyncio.sleep,
) -> SlackDoor:
    """Let `pipeline` answer what people write to `app`; the app's own listeners that were registered before go first.

    Registers an assistant, and listeners for mentions, messages, the `/antecedent` command, shortcuts, buttons and
    uninstallation. `aclose` the door (or use it with `async with`) before the pipeline. `clock` gives seconds since the
    epoch. Raises ValueError for an app that answers before it acknowledges, as functions-as-a-service do: replies take
    longer than Slack waits.
    """
    if app.process_before_response:
        raise ValueError(
            "the app was made with process_before_response=True, which ends work at the acknowledgement; "
            "run it as a server or in Socket Mode, without that option"
        )
    return SlackDoor(app, pipeline, config or SlackConfig(), clock=clock, sleep=sleep)


class SlackDoor:
    """What `attach` returns. Any number of processes may have one over the same store."""

    def __init__(
        self, app: AsyncApp, pipeline: Pipeline, config: SlackConfig, *, clock: Callable[[], float], sleep: Sleep
    ) -> None:
        self._app = app
        self._pipeline = pipeline
        self._config = config
        self._sleep = sleep
        self._ledger = Ledger(pipeline.store, config, clock)
        self._lanes = Lanes()
        self._working: dict[str, Answer] = {}
        self._tasks: dict[asyncio.Task[None], str] = {}
        """Work under way, and whose it is."""
        self._joined: dict[Key, asyncio.Event] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self._closing = False
        self._register()

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Look for messages that a dead process left, now and from time to time; the first event does this too."""
        if self._sweeper is None and not self._closing:
            self._sweeper = asyncio.ensure_future(self._sweep_for_ever())

    async def sweep(self) -> int:
        """Take up the messages whose process died, as if Slack had sent them again; returns how many there were."""
        found = 0
        async for body in self._ledger.unfinished():
            found += 1
            await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
        return found

    async def settled(self) -> None:
        """Wait until all messages taken up so far are answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """Finish the replies under way, for at most `SlackConfig.shutdown_s`; what is left another process takes up."""
        self._closing = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._config.shutdown_s)
        await self._call_off(lambda _: True)

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # -- what is registered ----------------------------------------------------------------------------------------

    def _register(self) -> None:
        app = self._app
        app.use(self._on_change)  # before the assistant, which keeps edits and deletions in its threads to itself
        app.assistant(self._assistant())
        app.event("app_mention", middleware=[self._on_message])(_acknowledged)
        app.event("message", middleware=[self._on_message])(_acknowledged)
        Installs(app, self._ledger, self._spawn, self._call_off).register()
        Controls(app, self._pipeline).register()

    def _assistant(self) -> AsyncAssistant:
        assistant = AsyncAssistant(app_name="antecedent")
        on_message = AsyncCustomMiddleware(app_name="antecedent", func=self._on_message)
        assistant.thread_started(self._on_thread_started)
        assistant.thread_context_changed(_acknowledged)
        assistant.user_message(middleware=[on_message])(_acknowledged)  # type: ignore[arg-type] # it takes lists only
        return assistant

    async def _on_thread_started(self, set_suggested_prompts: Callable[..., Awaitable[Any]]) -> None:
        prompts = [prompt.model_dump() for prompt in self._config.prompts]
        if prompts:
            with suppress(SlackApiError):
                await set_suggested_prompts(prompts=prompts, title=self._config.prompts_title)

    async def _on_change(
        self, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, next: Next
    ) -> None:
        """Edits and deletions; other listeners may have them too."""
        if _is_change(body):
            await self._recorded(body, context, client)
        await next()

    async def _on_message(
        self, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, next: Next
    ) -> None:
        if not _is_change(body):
            await self._recorded(body, context, client)
        await next()

    # -- from an event to its work ---------------------------------------------------------------------------------

    async def _recorded(self, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Start the work on an event; returns when the event is recorded, so that it may be acknowledged, or after
        `ack_within_s`, because Slack must not wait longer."""
        self.start()
        tenant = tenant_of(
            team_id=context.team_id or body.get("team_id"),
            enterprise_id=context.enterprise_id,
            is_enterprise_install=context.is_enterprise_install,
        )
        team_id = context.team_id or body.get("team_id") or ""
        message = read_message(body["event"], tenant=tenant, team_id=team_id, bot_user_id=context.bot_user_id)
        if message is None:
            return
        recorded = asyncio.Event()
        self._spawn(self._take_up(message, body, own_client(client), context.bot_user_id, recorded), tenant)
        with suppress(TimeoutError):
            await asyncio.wait_for(recorded.wait(), self._config.ack_within_s)

    async def _take_up(
        self,
        message: Message,
        body: Mapping[str, Any],
        client: AsyncWebClient,
        bot_user_id: str | None,
        recorded: asyncio.Event,
    ) -> None:
        try:
            claim = await self._ledger.take(message, body) if await self._is_ours(message) else None
            late = claim is None and self._may_become_ours(message)
        finally:
            recorded.set()
        if late and await self._became_ours(message):
            claim = await self._ledger.take(message, body)
        if claim is None:
            self._pass_on(message)
            return
        if (joined := self._joined.get((message.tenant, message.dialog_id))) is not None:
            joined.set()
        await self._work(claim, client, bot_user_id)

    async def _work(self, claim: Claim, client: AsyncWebClient, bot_user_id: str | None) -> None:
        calls = Calls(longest_wait_s=self._config.longest_wait_s, sleep=self._sleep)
        answer = Answer(self._pipeline, claim, client, self._config, calls, self._lanes, bot_user_id=bot_user_id)
        self._working[claim.key] = answer
        try:
            await answer.run()
        finally:
            del self._working[claim.key]

    def _pass_on(self, message: Message) -> None:
        """Tell the work under way here on an earlier form of the message that it is out of date."""
        answer = self._working.get(delivery_key(message))
        if answer is not None and message.supersedes(answer.working_on):
            answer.supersede()

    # -- whether we are meant --------------------------------------------------------------------------------------

    async def _is_ours(self, message: Message) -> bool:
        """Whether the bot is to answer: it is spoken to, or it takes part in the thread and nobody else is named."""
        if message.direct or message.mentioned:
            return True
        if message.revision and await self._known(message):
            return True
        if not self._may_become_ours(message):
            return False
        if self._lanes.busy((message.tenant, message.dialog_id)):
            return True
        with suppress(StoreError, DialogError):
            return await self._pipeline.peek(message.dialog_id, tenant=message.tenant) is not None
        return False

    async def _known(self, message: Message) -> bool:
        with suppress(StoreError):
            return await self._ledger.standing(message) is not None
        return False

    def _may_become_ours(self, message: Message) -> bool:
        return (
            not (message.direct or message.mentioned)
            and message.thread_ts is not None
            and message.addressed is None
            and self._config.threads == "joined"
        )

    async def _became_ours(self, message: Message) -> bool:
        """Whether the thread becomes ours soon: a follow-up can overtake the mention that it follows."""
        key = (message.tenant, message.dialog_id)
        joined = self._joined.setdefault(key, asyncio.Event())
        try:
            for pause in self._config.late_s:
                with suppress(TimeoutError):
                    await asyncio.wait_for(joined.wait(), pause)
                if joined.is_set() or await self._is_ours(message):
                    return True
            return False
        finally:
            self._joined.pop(key, None)

    # -- tasks -----------------------------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[Any, Any, None], tenant: str) -> None:
        task = asyncio.ensure_future(work)
        self._tasks[task] = tenant
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            # Slack or the store gave out; a sweep takes the message up again. The error's text may quote a person.
            log.error("work on a message stopped: %s at %s", type(error).__name__, place_of(error))

    async def _call_off(self, whose: Callable[[str], bool]) -> None:
        """Cancel the work of the tenants that `whose` accepts, and wait for its end."""
        meant = [task for task, tenant in self._tasks.items() if whose(tenant)]
        for task in meant:
            task.cancel()
        await asyncio.gather(*meant, return_exceptions=True)

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self.sweep()
            except StoreError as error:
                log.warning("sweep failed: %s", type(error).__name__)
            await asyncio.sleep(self._config.sweep_s * random.uniform(0.75, 1.25))


def _is_change(body: Mapping[str, Any]) -> bool:
    event = body.get("event") or {}
    return event.get("type") == "message" and event.get("subtype") in ("message_changed", "message_deleted")


async def _acknowledged() -> None:
    """Nothing is left to do: the event was recorded before, and is being worked on."""
