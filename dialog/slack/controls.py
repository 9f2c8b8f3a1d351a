"""Command, shortcuts, buttons and the form for a slot: what people ask of the bot beside talking to it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dialog.errors import DialogUnknown
from dialog.pipeline import Pipeline
from dialog.slack import blocks
from dialog.slack.blocks import Block
from dialog.slack.calls import error_of
from dialog.slack.events import tenant_of
from dialog.slack.words import ENGLISH, Words, words_for
from dialog.state import DialogState, SlotContent

log = logging.getLogger("antecedent.slack")

COMMAND = "/antecedent"
LOOKED_AT = 20
"""How many of a channel's newest threads are looked at for the one that a command is about."""

_PERMALINK = re.compile(r"/archives/(\w+)/p(\d{10})(\d{6})(?:\?\S*?thread_ts=(\d+\.\d+))?")

Show = Callable[[str, list[Block], Words], Awaitable[None]]


class Controls:
    """Listeners that read or correct a dialog, and tell only the person who asked."""

    def __init__(self, app: AsyncApp, pipeline: Pipeline) -> None:
        self._app = app
        self._pipeline = pipeline

    def register(self) -> None:
        app = self._app
        app.command(COMMAND)(self._on_command)
        for callback in (blocks.WHY, blocks.SLOTS, blocks.TOPIC, blocks.FORGET):
            app.shortcut(callback)(self._on_shortcut)
        app.action(blocks.WHY)(self._on_why)
        app.action(blocks.FEEDBACK)(self._on_feedback)
        app.action(blocks.CORRECT)(self._on_correct)
        app.view(blocks.SLOT_VIEW)(self._on_corrected)

    # -- command and shortcuts ---------------------------------------------------------------------------------------

    async def _on_command(
        self, ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        await ack()
        what, _, where = str(command.get("text") or "").strip().partition(" ")
        tenant, channel, user = _tenant(context), str(command["channel_id"]), str(command["user_id"])
        dialog_id = _linked(where) or await self._latest(tenant, channel, user)

        async def show(title: str, shown: list[Block], words: Words) -> None:
            await respond(text=title, blocks=shown, response_type="ephemeral")

        if what in ("why", "slots", "topic", "forget") and dialog_id is None:
            await respond(text=ENGLISH.nothing, response_type="ephemeral")
        elif what == "new":
            await respond(text=await self._start_over(channel, tenant), response_type="ephemeral")
        elif what in ("why", "slots", "topic", "forget"):
            assert dialog_id is not None
            await self._show(what, dialog_id, tenant, show)
        else:
            await respond(text=ENGLISH.usage, response_type="ephemeral")

    async def _on_shortcut(
        self, ack: AsyncAck, shortcut: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """A message shortcut: about the dialog of the message, and the turn that its buttons name, if it has some."""
        await ack()
        message, channel = shortcut["message"], str(shortcut["channel"]["id"])
        thread = message.get("thread_ts")
        direct = channel.startswith("D")
        dialog_id = channel if direct and not thread else f"{channel}:{thread or message['ts']}"

        async def show(title: str, shown: list[Block], words: Words) -> None:
            await client.views_open(trigger_id=shortcut["trigger_id"], view=blocks.modal(title, shown, words))

        what = str(shortcut["callback_id"]).removeprefix("antecedent_")
        turn_id = _turn_of_buttons(message) or f"{channel}:{message['ts']}"
        await self._show(what, dialog_id, _tenant(context), show, turn_id=turn_id)

    async def _show(self, what: str, dialog_id: str, tenant: str, show: Show, *, turn_id: str | None = None) -> None:
        state = await self._pipeline.state(dialog_id, tenant=tenant)
        words = _words_of(state)
        if state is None:
            await show(words.nothing, [_line(words.nothing)], words)
            return
        match what:
            case "why":
                await show(words.why, await self._why(state, turn_id, tenant, words), words)
            case "slots":
                await show(words.slots, blocks.slots_blocks(state, words), words)
            case "topic":
                await show(words.topic, blocks.topic_blocks(state, words), words)
            case _:
                await self._pipeline.forget(dialog_id, tenant=tenant)
                await show(words.forgotten, [_line(words.forgotten)], words)

    async def _why(self, state: DialogState, turn_id: str | None, tenant: str, words: Words) -> list[Block]:
        """The trace of the turn, or of the latest one when that turn is not known."""
        for wanted in dict.fromkeys((turn_id, None)):
            try:
                trace = await self._pipeline.why(state.dialog_id, wanted, tenant=tenant)
            except DialogUnknown:
                continue
            return blocks.why_blocks(trace, state, words)
        return [_line(words.nothing)]

    async def _start_over(self, channel: str, tenant: str) -> str:
        """Begin the direct conversation afresh; a channel needs a new thread for that."""
        if not channel.startswith("D"):
            return ENGLISH.new_thread
        state = await self._pipeline.state(channel, tenant=tenant)
        words = _words_of(state)
        if state is not None:
            await self._pipeline.forget(channel, tenant=tenant)
        return words.fresh

    async def _latest(self, tenant: str, channel: str, user: str) -> str | None:
        """The dialog of the channel that the person spoke in last; commands cannot be given inside threads."""
        found = [
            dialog_id
            async for dialog_id in self._pipeline.dialogs(tenant=tenant)
            if dialog_id.partition(":")[0] == channel
        ]
        newest = sorted(found, key=lambda dialog_id: dialog_id.partition(":")[2], reverse=True)[:LOOKED_AT]
        spoken: list[tuple[bool, float, str]] = []
        for dialog_id in {*newest, *({channel} & set(found))}:
            state = await self._pipeline.peek(dialog_id, tenant=tenant)
            for turn in state.turns if state is not None else ():
                spoken.append((turn.speaker == user, turn.opened_at, dialog_id))
        return max(spoken)[2] if spoken else None

    # -- buttons and the form ------------------------------------------------------------------------------------------

    async def _on_why(
        self,
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        await ack()
        at = json.loads(action["value"])

        async def show(title: str, shown: list[Block], words: Words) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=blocks.modal(title, shown, words))

        await self._show("why", at["d"], _tenant(context), show, turn_id=at["t"])

    async def _on_feedback(
        self,
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        """Thumbs down says "that's not helpful" in the person's place, so the next message is read after a rejection;
        thumbs up takes that back."""
        await ack()
        at = json.loads(action["value"])
        tenant, user, dialog_id = _tenant(context), str(body["user"]["id"]), str(at["d"])
        state = await self._pipeline.state(dialog_id, tenant=tenant)
        words = _words_of(state)
        rejected = f"{at['t']}:rejected"
        if state is None or not state.turns:
            said = words.nothing
        elif at["up"]:
            if state.turn(rejected) is not None:
                await self._pipeline.forget_turn(dialog_id, rejected, tenant=tenant)
            said = words.thanks
        elif state.turns[-1].turn_id not in (at["t"], rejected):
            said = words.too_old
        else:
            async with self._pipeline.turn(
                dialog_id, words.not_helpful, turn_id=rejected, tenant=tenant, speaker=user
            ) as turn:
                await turn.close(words.rejected)
            said = words.rejected
        await _whisper(client, dialog_id, user, said)

    async def _on_correct(
        self,
        ack: AsyncAck,
        action: dict[str, Any],
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        await ack()
        at = json.loads(action["value"])
        state = await self._pipeline.state(at["d"], tenant=_tenant(context))
        words = _words_of(state)
        view = blocks.slot_modal(at, _content(state, at), words)
        if body.get("view"):  # the button stands in a view already
            await client.views_push(trigger_id=body["trigger_id"], view=view)
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def _on_corrected(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        view: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        at = json.loads(view["private_metadata"])
        typed = str(view["state"]["values"][blocks.VALUE][blocks.VALUE].get("value") or "").strip()
        tenant = _tenant(context)
        state = await self._pipeline.state(at["d"], tenant=tenant)
        words = _words_of(state)
        try:
            value = _as(_content(state, at), typed)
        except ValueError:
            await ack(response_action="errors", errors={blocks.VALUE: words.need_number})
            return
        await ack()
        await self._pipeline.set_slots(at["d"], {at["n"]: value}, tenant=tenant, owner=at["o"])
        shown = words.slot_set.format(at["n"], typed or words.unknown)
        await _whisper(client, at["d"], str(body["user"]["id"]), shown)


async def _whisper(client: AsyncWebClient, dialog_id: str, user: str, text: str) -> None:
    """Say something to one person, where the dialog is."""
    channel, _, thread = dialog_id.partition(":")
    try:
        await client.chat_postEphemeral(channel=channel, user=user, text=text, thread_ts=thread or None)
    except SlackApiError as error:  # what was asked for is done; only its confirmation is missing
        log.warning("confirmation not shown: %s", error_of(error))


def _tenant(context: AsyncBoltContext) -> str:
    return tenant_of(
        team_id=context.team_id,
        enterprise_id=context.enterprise_id,
        is_enterprise_install=context.is_enterprise_install,
    )


def _words_of(state: DialogState | None) -> Words:
    """Words in the language that was spoken last."""
    return words_for(state.turns[-1].user) if state is not None and state.turns else ENGLISH


def _linked(text: str) -> str | None:
    """The dialog of a message whose link was given."""
    found = _PERMALINK.search(text)
    if found is None:
        return None
    if found[1].startswith("D") and not found[4]:
        return found[1]
    return f"{found[1]}:{found[4] or f'{found[2]}.{found[3]}'}"


def _turn_of_buttons(message: dict[str, Any]) -> str | None:
    """The turn that the buttons under one of our replies name."""
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if isinstance(element, dict) and element.get("action_id") == blocks.WHY:
                return str(json.loads(element["value"])["t"])
    return None


def _content(state: DialogState | None, at: dict[str, Any]) -> SlotContent:
    found = next(
        (slot for slot in (state.slots_in_scope if state else ()) if (slot.name, slot.owner) == (at["n"], at["o"])),
        None,
    )
    return found.current.value if found is not None and found.current is not None else None


def _as(before: SlotContent, typed: str) -> SlotContent:
    """What was typed, as the kind of value that stood there. Raises ValueError for a number that is none."""
    match before:
        case _ if not typed:
            return None
        case bool():
            return typed.casefold() in ("yes", "true", "1", "是", "对")
        case int():
            number = float(typed)
            return int(number) if number.is_integer() else number
        case float():
            return float(typed)
        case tuple():
            return tuple(part.strip() for part in re.split(r"[,;，、；+]", typed) if part.strip())
        case _:
            return typed


def _line(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
