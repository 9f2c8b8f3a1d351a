"""A Slack of our own on loopback: the part of the Web API and of Socket Mode that the bot uses, with its refusals.

It keeps channels of messages, knows which are being streamed, and refuses what Slack refuses. Nothing is timed: `until`
waits for something to be true after a call or an acknowledgement.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

TEAM = "T1"
BOT_USER = "UBOT"
BOT_ID = "BBOT"
APP_ID = "A1"
BOT_TOKEN = "xoxb-1-secret"
APP_TOKEN = "xapp-1-secret"
LIMIT_S = 20.0
"""The longest that `until` waits; nothing takes that long unless it is broken."""

Payload = dict[str, Any]


@dataclass
class Call:
    """A Web API call as it came."""

    method: str
    args: Payload
    token: str


@dataclass
class Fault:
    """What is to go wrong with the next `times` calls of a method."""

    method: str
    times: int = 1
    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    drop: str | None = None
    """"before" or "after" the call has its effect, the connection breaks."""
    skip: int = 0


@dataclass
class Said:
    """A message of a channel."""

    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[Payload] = field(default_factory=list)
    footer: list[Payload] = field(default_factory=list)
    metadata: Payload | None = None
    streaming: bool = False
    revisions: int = 0

    @property
    def shown(self) -> str:
        """What a person reads: the markdown of blocks before the stand-in text."""
        markdown = [str(block["text"]) for block in self.blocks if block["type"] == "markdown"]
        return "".join(markdown) or self.text


class FakeSlack:
    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.channels: dict[str, dict[str, Said]] = {}
        self.views: list[Payload] = []
        self.whispers: list[Payload] = []
        self.responses: list[Payload] = []
        self.acks: dict[str, Payload] = {}
        self.faults: list[Fault] = []
        self.gates: dict[str, asyncio.Event] = {}
        """A call of a gated method has its effect, and is answered when the gate opens."""
        self.tokens: dict[str, str] = {BOT_TOKEN: TEAM}
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.rotations = 0
        self._times = itertools.count(1)
        self._ids = itertools.count(1)
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.port = 0

    # -- life ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response", self._response)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def aclose(self) -> None:
        for gate in self.gates.values():
            gate.set()
        for socket in self.sockets:
            await socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until `holds()`, looked at after every call, acknowledgement and connection."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(holds), LIMIT_S)

    async def news(self) -> None:
        async with self._news:
            self._news.notify_all()

    # -- what tests look at ------------------------------------------------------------------------------------------

    def replies(self, channel: str = "C1", thread_ts: str | None = None) -> list[Said]:
        """The bot's messages of a channel, or of one thread of it, in order."""
        found = self.channels.get(channel, {}).values()
        return [said for said in found if said.user == BOT_USER and thread_ts in (None, said.thread_ts)]

    def finished(self, channel: str = "C1") -> list[Said]:
        """The bot's messages that are complete: those that carry buttons, or are marked and not streaming."""
        return [said for said in self.replies(channel) if not said.streaming and said.metadata]

    def called(self, method: str) -> list[Payload]:
        return [call.args for call in self.calls if call.method == method]

    def gate(self, method: str) -> asyncio.Event:
        self.gates[method] = asyncio.Event()
        return self.gates[method]

    def fail(self, method: str, **how: Any) -> None:
        self.faults.append(Fault(method, **how))

    # -- what people do ----------------------------------------------------------------------------------------------

    def ts(self) -> str:
        return f"1700000000.{next(self._times):06d}"

    def say(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = "C1",
        thread_ts: str | None = None,
        kind: str = "message",
        ts: str | None = None,
    ) -> Payload:
        """A person's message in the channel, as the body of the event that tells of it."""
        ts = ts or self.ts()
        self.channels.setdefault(channel, {})[ts] = Said(ts, user, text, thread_ts)
        event: Payload = {
            "type": kind,
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "channel": channel,
            "client_msg_id": f"cm-{ts}",
        }
        if thread_ts:
            event["thread_ts"] = thread_ts
        if kind == "message":
            event["channel_type"] = "im" if channel.startswith("D") else "channel"
        return self.body(event)

    def edit(self, body: Payload, text: str) -> Payload:
        """The event that tells of an edit of the message in `body`."""
        before = dict(body["event"])
        now = self.ts()
        after = {**before, "type": "message", "text": text, "edited": {"user": before["user"], "ts": now}}
        return self._changed(before, {"subtype": "message_changed", "message": after}, now)

    def delete(self, body: Payload) -> Payload:
        before = dict(body["event"])
        self.channels[before["channel"]].pop(before["ts"], None)
        return self._changed(before, {"subtype": "message_deleted", "deleted_ts": before["ts"]}, self.ts())

    def _changed(self, before: Payload, what: Payload, now: str) -> Payload:
        channel = before["channel"]
        common = {"type": "message", "channel": channel, "hidden": True, "ts": now, "event_ts": now}
        kind = "im" if channel.startswith("D") else "channel"
        return self.body({**common, "channel_type": kind, "previous_message": {**before, "type": "message"}, **what})

    def body(self, event: Payload, *, team: str = TEAM) -> Payload:
        return {
            "type": "event_callback",
            "team_id": team,
            "api_app_id": APP_ID,
            "event_id": f"Ev{next(self._ids)}",
            "event_time": 1_700_000_000,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "event": event,
        }

    # -- Socket Mode -------------------------------------------------------------------------------------------------

    async def send(self, payload: Payload, *, kind: str = "events_api", to: int = -1, retry: int = 0) -> str:
        """Send an envelope to one of the connections (the newest by default); returns its id without waiting."""
        envelope_id = f"env-{next(self._ids)}"
        envelope: Payload = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        await self.sockets[to].send_str(json.dumps(envelope))
        return envelope_id

    async def deliver(self, payload: Payload, *, kind: str = "events_api", to: int = -1, retry: int = 0) -> Payload:
        """Send an envelope and wait for its acknowledgement; returns the payload that came with it."""
        envelope_id = await self.send(payload, kind=kind, to=to, retry=retry)
        await self.until(lambda: envelope_id in self.acks)
        return self.acks[envelope_id]

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connections += 1
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        await self.news()
        with suppress(ClientConnectionResetError):  # a bot may leave while a ping of its is being answered
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    answer = json.loads(message.data)
                    self.acks[answer["envelope_id"]] = answer.get("payload") or {}
                    await self.news()
        return socket

    async def drop_socket(self) -> None:
        await self.sockets[-1].close(code=WSCloseCode.GOING_AWAY)

    # -- Web API -----------------------------------------------------------------------------------------------------

    async def _response(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        await self.news()
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(method, args, token))
        fault = self._fault(method)
        if fault is not None and fault.drop != "after":
            if fault.error == "message_not_in_streaming_state":
                self._expire(args)
            await self.news()
            if fault.drop == "before":
                return _broken(request)
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=headers)
        if method == "apps.connections.open":
            answer: Payload = {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket"}
        elif method == "oauth.v2.access":
            answer = self._rotated(args)
        elif token not in self.tokens:
            answer = {"ok": False, "error": "invalid_auth"}
        else:
            answer = self._answer(method, args, token)
        await self.news()
        if method in self.gates:
            await self.gates[method].wait()
        if fault is not None:
            return _broken(request)
        return web.json_response(answer)

    def _expire(self, args: Payload) -> None:
        """Slack ends a stream on its side."""
        said = self.channels.get(args["channel"], {}).get(args.get("ts", ""))
        if said is not None:
            said.streaming = False

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method:
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None

    def _rotated(self, args: Payload) -> Payload:
        assert args["grant_type"] == "refresh_token"
        self.rotations += 1
        token = f"xoxe.xoxb-rotated-{self.rotations}"
        self.tokens[token] = TEAM
        return {
            "ok": True,
            "access_token": token,
            "refresh_token": f"xoxe-refresh-{self.rotations}",
            "token_type": "bot",
            "expires_in": 43_200,
            "bot_user_id": BOT_USER,
            "scope": "chat:write",
        }

    def _answer(self, method: str, args: Payload, token: str) -> Payload:
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            return {"ok": False, "error": "unknown_method"}
        answer: Payload = handler(args)
        return {"ok": "error" not in answer, **answer}

    def _auth_test(self, args: Payload) -> Payload:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "t", "user": "bot", "url": "x"}

    def _chat_postMessage(self, args: Payload) -> Payload:
        if refused := _too_long(args):
            return refused
        said = Said(self.ts(), BOT_USER, args.get("text", ""), args.get("thread_ts"))
        _put(said, args)
        self.channels.setdefault(args["channel"], {})[said.ts] = said
        return {"ts": said.ts, "channel": args["channel"]}

    def _chat_update(self, args: Payload) -> Payload:
        said = self.channels.get(args["channel"], {}).get(args["ts"])
        if said is None:
            return {"error": "message_not_found"}
        if said.streaming:
            return {"error": "streaming_state_conflict"}
        if refused := _too_long(args):
            return refused
        said.text = args.get("text", said.text)
        said.footer = []
        said.revisions += 1
        _put(said, args)
        return {"ts": said.ts, "channel": args["channel"]}

    def _chat_delete(self, args: Payload) -> Payload:
        gone = self.channels.get(args["channel"], {}).pop(args["ts"], None)
        return {} if gone else {"error": "message_not_found"}

    def _chat_postEphemeral(self, args: Payload) -> Payload:
        self.whispers.append(args)
        return {"message_ts": self.ts()}

    def _chat_startStream(self, args: Payload) -> Payload:
        if not args.get("thread_ts"):
            return {"error": "invalid_arguments"}
        if args["channel"].startswith("C") and not (args.get("recipient_user_id") and args.get("recipient_team_id")):
            return {"error": "missing_recipient_user_id"}
        said = Said(self.ts(), BOT_USER, _chunks(args), args["thread_ts"], streaming=True)
        self.channels.setdefault(args["channel"], {})[said.ts] = said
        return {"ts": said.ts, "channel": args["channel"]}

    def _chat_appendStream(self, args: Payload) -> Payload:
        return self._append(args)

    def _chat_stopStream(self, args: Payload) -> Payload:
        answer = self._append(args)
        if "error" not in answer:
            said = self.channels[args["channel"]][args["ts"]]
            said.streaming = False
            said.footer = args.get("blocks") or []
            said.metadata = args.get("metadata")
        return answer

    def _append(self, args: Payload) -> Payload:
        said = self.channels.get(args["channel"], {}).get(args["ts"])
        if said is None or not said.streaming:
            return {"error": "message_not_in_streaming_state"}
        said.text += _chunks(args)
        if len(said.text) > 12_000:
            return {"error": "msg_too_long"}
        return {"ts": said.ts, "channel": args["channel"]}

    def _conversations_replies(self, args: Payload) -> Payload:
        found = self.channels.get(args["channel"], {}).values()
        thread = [said for said in found if args["ts"] in (said.ts, said.thread_ts)]
        return {"messages": [_told(said) for said in thread if said.ts > args.get("oldest", "0")]}

    def _conversations_history(self, args: Payload) -> Payload:
        found = self.channels.get(args["channel"], {}).values()
        top = [said for said in found if said.thread_ts is None and said.ts > args.get("oldest", "0")]
        return {"messages": [_told(said) for said in reversed(top)]}

    def _assistant_threads_setStatus(self, args: Payload) -> Payload:
        return {}

    def _assistant_threads_setTitle(self, args: Payload) -> Payload:
        return {}

    def _assistant_threads_setSuggestedPrompts(self, args: Payload) -> Payload:
        return {}

    def _views_open(self, args: Payload) -> Payload:
        self.views.append(args["view"])
        return {"view": {"id": f"V{len(self.views)}"}}

    def _views_push(self, args: Payload) -> Payload:
        return self._views_open(args)


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.aclose()


async def _arguments(request: web.Request) -> Payload:
    """Arguments of a call, however the SDK sends them; JSON inside form fields is read."""
    if request.content_type == "application/json":
        given: Payload = await request.json()
    else:
        given = {**request.query, **await request.post()}
    return {name: _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _chunks(args: Payload) -> str:
    return "".join(chunk["text"] for chunk in args.get("chunks") or []) + (args.get("markdown_text") or "")


def _put(said: Said, args: Payload) -> None:
    blocks = args.get("blocks") or []
    said.blocks = [block for block in blocks if block["type"] in ("markdown", "section")]
    said.footer = [block for block in blocks if block["type"] in ("actions", "context_actions")]
    said.metadata = args.get("metadata") or said.metadata


def _too_long(args: Payload) -> Payload | None:
    total = sum(len(block["text"]) for block in args.get("blocks") or [] if block["type"] == "markdown")
    return {"error": "msg_blocks_too_long"} if total > 12_000 else None


def _told(said: Said) -> Payload:
    told: Payload = {"type": "message", "ts": said.ts, "user": said.user, "text": said.text}
    if said.thread_ts:
        told["thread_ts"] = said.thread_ts
    if said.metadata:
        told["metadata"] = said.metadata
    return told


def _broken(request: web.Request) -> web.Response:
    """Break the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
