"""When the app is taken out of a workspace, what it knew there goes too."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.listener.async_builtins import AsyncTokenRevocationListeners

from dialog.slack.events import tenant_of
from dialog.slack.ledger import Ledger

log = logging.getLogger("antecedent.slack")

Spawn = Callable[[Coroutine[Any, Any, None], str], None]
CallOff = Callable[[Callable[[str], bool]], Awaitable[None]]


class Installs:
    """Deletes a workspace's dialogs, once per event, and its installation where the app keeps installations."""

    def __init__(self, app: AsyncApp, ledger: Ledger, spawn: Spawn, call_off: CallOff) -> None:
        self._app = app
        self._ledger = ledger
        self._spawn = spawn
        self._call_off = call_off

    def register(self) -> None:
        self._app.event("app_uninstalled")(self._on_uninstalled)
        self._app.event("tokens_revoked")(self._on_revoked)

    async def _on_uninstalled(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        if (store := self._app.installation_store) is not None:
            await AsyncTokenRevocationListeners(store).handle_app_uninstalled_events(context)
        self._spawn(self._forget(body, context), "")

    async def _on_revoked(self, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        """The bot's own token is gone, as after an uninstallation; a person's token is no concern of the dialogs."""
        if (store := self._app.installation_store) is not None:
            await AsyncTokenRevocationListeners(store).handle_tokens_revoked_events(event, context)
        if (event.get("tokens") or {}).get("bot"):
            self._spawn(self._forget(body, context), "")

    async def _forget(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Stop what is under way for the workspace and delete what is stored; a redelivered event changes nothing, so
        that a workspace which installed the app again keeps what it has said since."""
        organisation = bool(context.is_enterprise_install) and context.team_id is None
        tenant = tenant_of(
            team_id=context.team_id,
            enterprise_id=context.enterprise_id,
            is_enterprise_install=bool(context.is_enterprise_install) and not organisation,
        )
        if not tenant or not await self._ledger.once(str(body.get("event_id")), tenant):
            return
        await self._call_off(lambda whose: whose == tenant or (organisation and whose.startswith(f"{tenant}:")))
        gone = await self._ledger.forget_tenant(tenant, organisation=organisation)
        log.info("app uninstalled: %d records deleted, tenant=%s", gone, tenant)
