"""Turn ids of dialogs with an id whose client sends its newest message alone, with several processes at work."""

from __future__ import annotations

from dialog.transport.door import Arriving, Door
from stores.memory import MemoryStore
from tests.fake_provider import FakeProvider, Reply, ToolCall
from tests.transport.parts import Rig, new_pipeline, rig


async def pass_through(door: Door, text: str, *, status: int = 200, retry: int = 0) -> None:
    body = b'{"messages":[{"role":"user","content":"%s"}]}' % text.encode()
    headers = {"x-dialog-id": "d", "x-stainless-retry-count": str(retry)}
    passage = await door.enter(Arriving("POST", "/v1/chat/completions", headers, body))
    await passage.answered(status, {"content-type": "application/json"})
    if status == 200:
        passage.feed(b'{"choices":[{"message":{"content":"ok"}}]}')
        await passage.ended()


async def test_the_same_words_through_two_processes_are_two_turns() -> None:
    store = MemoryStore()
    pipelines = [new_pipeline(store), new_pipeline(store)]
    one, two = (Door(pipeline) for pipeline in pipelines)
    await pass_through(one, "pizza?")
    await pass_through(two, "yes")
    await pass_through(one, "yes")
    state = await pipelines[0].state("d")
    assert state is not None
    assert [(turn.user, turn.reply) for turn in state.turns] == [("pizza?", "ok"), ("yes", "ok"), ("yes", "ok")]


async def test_a_retry_that_reaches_another_process_is_the_same_turn() -> None:
    store = MemoryStore()
    pipelines = [new_pipeline(store), new_pipeline(store)]
    one, two = (Door(pipeline) for pipeline in pipelines)
    await pass_through(two, "pizza?")
    await pass_through(one, "pasta?", status=503)
    await pass_through(two, "pasta?", retry=1)
    state = await pipelines[0].state("d")
    assert state is not None
    assert [(turn.user, turn.status, turn.attempt) for turn in state.turns] == [
        ("pizza?", "closed", 1),
        ("pasta?", "closed", 2),
    ]


async def test_calls_that_have_no_ids_are_counted_on_through_a_tool_loop(provider: FakeProvider) -> None:
    call = ToolCall("", "clock", "{}")
    provider.script(Reply("", tools=(call,)), Reply("", tools=(call,)), Reply("Noon."))
    async with rig(provider) as made:
        messages: list[dict[str, object]] = [{"role": "user", "content": "what time is it?"}]
        for number in range(3):
            body = {"model": "m", "stream": False, "messages": messages}
            answer = await made.post("/api/chat", body, headers={"x-dialog-id": "d"})
            messages += [answer.json["message"], {"role": "tool", "content": f"result {number}"}]
        [turn] = await made.turns("d")
    assert [(tool.call_id, tool.result) for tool in turn.tools] == [("call_0", "result 0"), ("call_1", "result 1")]
    assert (turn.status, turn.reply) == ("closed", "Noon.")


async def test_a_held_dialog_costs_one_commit_to_open_and_one_to_close(one: Rig, provider: FakeProvider) -> None:
    class Counting(MemoryStore):
        calls: list[str]

        async def load(self, key: str):  # type: ignore[no-untyped-def]
            self.calls.append("load")
            return await super().load(key)

        async def commit(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            self.calls.append("commit")
            return await super().commit(*args, **kwargs)

    store = Counting()
    store.calls = []
    door = Door(new_pipeline(store))
    await pass_through(door, "pizza?")
    store.calls.clear()
    await pass_through(door, "and Thai?")
    assert store.calls == ["commit", "commit"]
    store.calls.clear()
    history = b'{"messages":[{"role":"user","content":"soup?"}'
    for _ in range(2):
        passage = await door.enter(Arriving("POST", "/v1/chat/completions", {}, history + b"]}"))
        await passage.answered(200, {"content-type": "application/json"})
        passage.feed(b'{"choices":[{"message":{"content":"ok"}}]}')
        await passage.ended()
        history += b',{"role":"assistant","content":"ok"},{"role":"user","content":"and?"}'
    assert store.calls[-2:] == ["commit", "commit"]
