"""The front door of an HTTP request to a model provider: reads it, opens its turn, and says what to send instead.

No I/O of its own and no HTTP library: the transports (and a proxy) hand it the parts of a request and tell it what
came back.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from dialog.errors import DialogError
from dialog.pipeline import Pipeline
from dialog.transport.body import Body
from dialog.transport.context import InUse, leave_trace
from dialog.transport.keyed import Keyed, Named
from dialog.transport.keyless import Keyless
from dialog.transport.managed import Managed
from dialog.transport.passage import Endings, Passage, TurnPassage
from dialog.transport.replaying import Replayer
from dialog.transport.traces import bypassed, degraded
from dialog.wire.apis import Api, api_of
from dialog.wire.json_splice import Replacement
from dialog.wire.looking import NotUnderstood
from dialog.wire.reading import Reading
from stores.base import StoreError

log = logging.getLogger("antecedent")

OWN_HEADERS = "x-dialog-"
"""Headers that start so are between the caller and this package; they never reach the provider."""

History = Literal["client", "managed"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a door can be told.

    `history`: "client" sends the client's own messages with the last one grounded; "managed" sends the state's prompt
    in place of the older ones, unless they hold what a state does not keep (images, files, compaction items).
    `bypass` lets everything through as it came, byte for byte. A turn that cannot be opened within `patience_s` seconds
    goes through as it came, and the end of a reply is not held back for its record any longer than that.
    `keyless_ttl_s` is how long the state of a dialog without an id is kept, in seconds; after that it is made again
    from the client's messages.
    """

    history: History = "client"
    tenant: str = ""
    bypass: bool = False
    patience_s: float = 10.0
    keyless_ttl_s: float = 86400.0

    def __post_init__(self) -> None:
        if self.history not in ("client", "managed"):
            raise ValueError(f'history is {self.history!r}; use "client" or "managed"')
        if self.patience_s <= 0 or self.keyless_ttl_s <= 0:
            raise ValueError("patience_s and keyless_ttl_s are seconds above 0")


@dataclass(frozen=True, slots=True)
class Arriving:
    """The parts of a request; `headers` has lower-case names. `body` None: a stream that is not at hand.

    `tenant` None: that of the door's options.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    using: InUse | None = None
    tenant: str | None = None


class Door:
    """Lets requests through, grounded where they are understood. Never raises about its own work: it fails open."""

    def __init__(self, pipeline: Pipeline, options: Options | None = None) -> None:
        self._options = options or Options()
        replayer = Replayer(pipeline.steps, compacting=self._options.history == "managed")
        self._keyed = Keyed(pipeline, replayer)
        self._keyless = Keyless(pipeline, replayer, ttl_s=self._options.keyless_ttl_s)
        self._endings = Endings(self._options.patience_s)

    async def enter(self, arriving: Arriving) -> Passage:
        """The way through for this request; `Passage.body` is what to send."""
        if self._options.bypass:
            return Passage()
        if arriving.headers.get("upgrade", "").lower() == "websocket":
            log.warning("a WebSocket to the provider does not pass through here: its messages are not grounded")
        api = api_of(arriving.method, arriving.path)
        if api is None:
            return Passage()
        passage = await self._let_in(api, arriving)
        if passage.trace is not None:
            leave_trace(passage.trace)
        return passage

    async def settled(self) -> None:
        """Wait until the ends of turns that are being recorded are written."""
        await self._endings.settled()

    async def _let_in(self, api: Api, arriving: Arriving) -> Passage:
        try:
            async with asyncio.timeout(self._options.patience_s):
                return await self._opened(api, arriving)
        except NotUnderstood as unknown:
            return Passage(trace=bypassed(unknown.reason))
        except (StoreError, DialogError, TimeoutError, ValueError) as error:
            log.warning("request let through as it came: %s", type(error).__name__)
            return Passage(trace=degraded(type(error).__name__))
        except Exception as error:  # a fault of ours must not take the caller's request with it
            where = "".join(traceback.format_tb(error.__traceback__))  # without the message: it may hold a user's words
            log.error("request let through as it came after a fault: %s\n%s", type(error).__name__, where)
            return Passage(trace=degraded(type(error).__name__))

    async def _opened(self, api: Api, arriving: Arriving) -> Passage:
        if arriving.body is None:
            raise NotUnderstood("the body is a stream")
        body = Body(arriving.body, coding=arriving.headers.get("content-encoding", ""))
        reading = api.read(body.json)
        named = self._named(reading, arriving)
        if not reading.text.strip():
            return await self._wordless(api, body, reading, named)
        managed = await self._managed(reading, named)
        try:
            changed = body.changed(self._changes(api, body, reading, managed))
        except Exception as error:
            await managed.record.fail(type(error).__name__, status="failed")
            raise
        joint = "" if reading.last == "assistant" else "\n\n"
        rewritten = managed.sent != reading.text
        return self._through(api, managed, body=changed, rewritten=rewritten, joint=joint)

    async def _wordless(self, api: Api, body: Body, reading: Reading, named: Named) -> Passage:
        """Tool results for a turn that the provider holds; else nothing to ground, but what was sent stays as sent."""
        going_on = (
            await self._keyed.go_on(reading, named)
            if named.dialog_id
            else await self._keyless.go_on(reading, tenant=named.tenant)
        )
        if going_on is not None:
            return self._through(api, going_on, body=None, rewritten=False, joint="\n\n")
        forms = (
            await self._keyed.forms(reading, named)
            if named.dialog_id
            else await self._keyless.forms(reading, tenant=named.tenant)
        )
        passage = Passage(trace=bypassed("no user text"))
        passage.body = body.changed(_as_sent(reading, forms))
        return passage

    def _through(self, api: Api, managed: Managed, *, body: bytes | None, rewritten: bool, joint: str) -> TurnPassage:
        return TurnPassage(api, managed, self._endings, body=body, rewritten=rewritten, joint=joint)

    async def _managed(self, reading: Reading, named: Named) -> Managed:
        forms_too = not self._lays_out(reading)
        if named.dialog_id:
            return await self._keyed.open(reading, named, forms_too=forms_too)
        return await self._keyless.open(reading, tenant=named.tenant, forms_too=forms_too)

    def _lays_out(self, reading: Reading) -> bool:
        """Whether the state's prompt stands for the earlier messages."""
        return self._options.history == "managed" and reading.whole

    def _changes(self, api: Api, body: Body, reading: Reading, managed: Managed) -> tuple[Replacement, ...]:
        if self._lays_out(reading) and managed.prompt is not None:
            earlier = tuple(block for block in managed.prompt.blocks if block.kind not in ("instruction", "message"))
            return api.laid_out(body.json, earlier, managed.sent)
        return _as_sent(reading, (*managed.earlier, managed.sent))

    def _named(self, reading: Reading, arriving: Arriving) -> Named:
        """By header, else by `use`, else by what the body names; `dialog_id` "" when nothing names the dialog.

        Ids in headers are percent-encoded where they are not plain ASCII, as those of the response are.
        """
        headers = arriving.headers
        named = Named(
            dialog_id=reading.dialog_id or "",
            tenant=self._options.tenant if arriving.tenant is None else arriving.tenant,
            retry=headers.get("x-stainless-retry-count", "0") != "0",
        )
        if (using := arriving.using) is not None:
            tenant = named.tenant if using.tenant is None else using.tenant
            named = replace(
                named, dialog_id=using.dialog_id, tenant=tenant, turn_id=using.turn_id, speaker=using.speaker
            )
        return replace(
            named,
            dialog_id=unquote(headers.get("x-dialog-id", "")) or named.dialog_id,
            turn_id=unquote(headers.get("x-dialog-turn", "")) or headers.get("idempotency-key") or named.turn_id,
        )


def _as_sent(reading: Reading, forms: tuple[str | None, ...]) -> tuple[Replacement, ...]:
    """The user messages that were sent in another form than the client holds, in that form."""
    return tuple(
        Replacement(exchange.path, form)
        for exchange, form in zip(reading.exchanges, forms, strict=False)
        if exchange.path is not None and form is not None and form != exchange.user
    )
