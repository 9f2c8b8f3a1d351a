"""What the transport's tests are made of: a foreseeable interpreter, and one way to post for every kind of client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from dialog.assemble import open_pipeline
from dialog.config import PipelineConfig
from dialog.ground.message import render_message
from dialog.interpretation import Interpretation, TopicDecision
from dialog.pipeline import Pipeline
from dialog.rewrite import Edit, Piece, Rewrite, Source, Span, rewritten, unchanged
from dialog.state import DialogState, Turn
from dialog.transport.bridge import bridge_of
from dialog.transport.clients import Family, http_client
from stores.base import Store
from stores.memory import MemoryStore
from tests.fake_provider import FakeProvider, Received

T = TypeVar("T")


async def interpret(state: DialogState, text: str, *, now: datetime | None = None) -> Interpretation:
    """A message that begins with "and" gets the previous question and answer put behind it; others stay."""
    return _meant(state, text)


def _meant(state: DialogState, text: str) -> Interpretation:
    topic = (
        TopicDecision(kind="stay", topic_id=state.active_topic)
        if state.active_topic
        else TopicDecision(kind="new", label="talk")
    )
    return Interpretation(act="follow_up", topic=topic, rewrite=_rewrite(state, text), by="test")


def _rewrite(state: DialogState, text: str) -> Rewrite:
    if not text.startswith("and") or not state.turns:
        return unchanged(text)
    before = state.turns[-1]
    end = Span(start=len(text), end=len(text))
    words = Source(kind="user", turn_id=before.turn_id, span=Span(start=0, end=len(before.user)))
    answer = Source(kind="reply", turn_id=before.turn_id, span=Span(start=0, end=len(before.reply)))
    pieces = [Piece(text=f" [{before.user or '-'}", source=words), Piece(text=f" = {before.reply}]", source=answer)]
    return rewritten(text, [Edit(span=end, pieces=tuple(pieces), reason="reference")], confidence=1.0)


def grounded(text: str, before: str, reply: str) -> str:
    """The message that goes out for `text` after `before` was answered with `reply`."""
    turn = Turn(turn_id="t", n=1, status="closed", user=before, resolved=before, sent=before, reply=reply)
    meant = _meant(DialogState(dialog_id="d", turns=(turn,)), text)
    assert meant.rewrite.text == f"{text} [{before} = {reply}]"
    return render_message(DialogState(dialog_id="d"), meant)


def new_pipeline(store: Store | None = None, **config: Any) -> Pipeline:
    return open_pipeline(store or MemoryStore(), interpret=interpret, config=PipelineConfig(**config))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Rig:
    """A client of one family and colour, over the dialog transport, with the test's provider behind it."""

    def __init__(
        self, pipeline: Pipeline, provider: FakeProvider, *, family: Family, sync: bool, **options: Any
    ) -> None:
        self.pipeline = pipeline
        self.provider = provider
        self.sync = sync
        self.family = family
        self.client = http_client(pipeline, family=family, sync=sync, trust_env=False, **options)

    async def post(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
        """The whole answer to one request; `body` is JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"content-type": "application/json", **(headers or {})}
        url = self.provider.url + path
        if self.sync:
            response = await self.thread(lambda: self.client.post(url, content=data, headers=sent))
        else:
            response = await self.client.post(url, content=data, headers=sent)
        return Answer(response.status_code, response.headers, response.content)

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Something of the pipeline, on the loop it lives on."""
        return await self.thread(lambda: bridge_of(self.pipeline).call(work)) if self.sync else await work

    async def thread(self, call: Callable[[], T]) -> T:
        """A blocking call in a thread, in this task's own context (so that context variables set there stay)."""
        context = copy_context()
        result = await asyncio.get_running_loop().run_in_executor(None, context.run, call)
        for variable, value in context.items():
            if variable.get(None) is not value:
                variable.set(value)
        return result

    async def turns(self, dialog_id: str) -> tuple[Turn, ...]:
        state = await self.do(self.pipeline.state(dialog_id))
        assert state is not None
        return state.turns

    async def aclose(self) -> None:
        if self.sync:
            await self.thread(self.client.close)
            await self.do(self.pipeline.aclose())
            await self.thread(bridge_of(self.pipeline).close)
        else:
            await self.client.aclose()
            await self.pipeline.aclose()


@asynccontextmanager
async def rig(
    provider: FakeProvider, *, family: Family = "httpx2", sync: bool = False, store: Store | None = None, **options: Any
) -> AsyncIterator[Rig]:
    made = Rig(new_pipeline(store), provider, family=family, sync=sync, **options)
    try:
        yield made
    finally:
        await made.aclose()


class Chat:
    """A Chat Completions client that keeps its messages, as an application does."""

    def __init__(self, rig: Rig, *, stream: bool = False, **fields: Any) -> None:
        self.rig = rig
        self.messages: list[dict[str, Any]] = [{"role": "system", "content": "Be brief."}]
        self.fields = {"model": "m", "stream": stream, **fields}

    async def ask(self, text: Any, **headers: str) -> Answer:
        self.messages.append({"role": "user", "content": text})
        return await self.again(**headers)

    async def again(self, **headers: str) -> Answer:
        """Sends the messages as they are."""
        body = {**self.fields, "messages": self.messages}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.rig.post("/v1/chat/completions", body, headers=named)
        if answer.status == 200:
            self.messages.append({"role": "assistant", "content": said(answer)})
        return answer


def said(answer: Answer) -> str:
    """The text of a Chat Completions reply, streamed or not."""
    if answer.headers["content-type"].startswith("application/json"):
        return str(answer.json["choices"][0]["message"]["content"])
    events = [line[6:] for line in answer.data.decode().splitlines() if line.startswith("data: {")]
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def sent_messages(request: Received) -> bytes:
    """The bytes of the messages in a request's body, up to the end of the last one."""
    body = request.body
    return body[body.index(b'"messages"') :].rstrip().removesuffix(b"}").rstrip().removesuffix(b"]")


def user_texts(request: Received) -> list[str]:
    return [message["content"] for message in request.json["messages"] if message["role"] == "user"]
