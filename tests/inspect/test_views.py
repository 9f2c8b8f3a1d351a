"""What the endpoints answer, apart from the page."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest

from dialog.assemble import open_pipeline
from dialog.ground import Budget
from dialog.inspect import inspector_app
from dialog.inspect.shelf import ref_of
from dialog.inspect.views import DialogList, DialogView, PromptView, Session, TurnView, Watched
from dialog.pipeline import Pipeline
from dialog.testing import FixedClock
from stores.base import Store
from stores.memory import MemoryStore
from stores.redis import RedisStore
from stores.sqlite import SqliteStore
from tests.inspect.talks import dinner, hostile, say, unwell


async def view_of(client: httpx.AsyncClient, dialog_id: str, **more: str | int) -> DialogView:
    answer = await client.get("/api/dialog", params={"ref": ref_of(dialog_id), **more})
    assert answer.status_code == 200, answer.text
    return DialogView.model_validate_json(answer.content)


def turns_of(view: DialogView) -> list[TurnView]:
    return [item for item in view.timeline if isinstance(item, TurnView)]


async def test_a_dialog_reads_as_it_went() -> None:
    # On a Tuesday: the conversation says "tomorrow" and then "Sunday", which on a Saturday are the same day.
    async with open_pipeline("memory:", clock=FixedClock()) as pipeline, client_of(pipeline) as client:
        await dinner(pipeline)
        view = await view_of(client, "dinner")
    turns = turns_of(view)
    assert [turn.n for turn in turns] == list(range(1, 10))
    labels = {topic.topic_id: topic.label for topic in view.topics}
    assert [labels[turn.topic_id] for turn in turns] == [labels["t1"]] * 6 + [labels["t7"]] + [labels["t1"]] * 2
    assert [turn.topic_change for turn in turns[6:8]] == ["new", "return"]
    said = {turn.turn_id: {"user": turn.user, "resolved": turn.resolved, "reply": turn.reply} for turn in turns}
    pointed = 0
    for turn in turns:
        assert "".join(run.text for run in turn.runs if run.kind != "removed") == turn.resolved
        assert "".join(run.text for run in turn.runs if run.kind != "inserted") == turn.user
        for run in turn.runs:
            if run.origin is not None and run.origin.span is not None and run.origin.turn_id is not None:
                text = said[run.origin.turn_id][run.origin.kind]
                assert text[run.origin.span.start : run.origin.span.end] == run.origin.words != ""
                pointed += 1
    assert pointed > 5
    date = next(slot for slot in view.slots if slot.name == "date")
    assert [value.origin.words for value in date.history] == ["tomorrow", "Sunday"]
    assert date.current is not None
    assert (date.current.origin.kind, date.current.origin.n) == ("user", 6)


async def test_tokens_and_cost_follow_the_cached_prefix(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await dinner(pipeline)
    turns = turns_of(await view_of(client, "dinner"))
    for turn in turns:
        assert turn.spent is not None
        read = sum(block.tokens for block in turn.blocks if block.cached)
        assert turn.spent.tokens == turn.tokens == sum(block.tokens for block in turn.blocks)
        assert turn.spent.cost == pytest.approx(0.1 * read + 1.25 * (turn.tokens - read), abs=0.01)
    assert not any(block.cached for block in turns[0].blocks)
    assert all(any(block.cached for block in turn.blocks) for turn in turns[1:])
    whole = [turn.spent.transcript_tokens for turn in turns if turn.spent]
    assert whole == sorted(whole)
    assert turns[1].spent is not None
    new = whole[1] - whole[0]
    assert turns[1].spent.transcript_cost == pytest.approx(0.1 * whole[0] + 1.25 * new, abs=0.01)


async def test_what_did_not_go_as_usual_is_told(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await unwell(pipeline)
    view = await view_of(client, "unwell")
    first, second, third, fourth = turns_of(view)
    assert [turn.status for turn in (first, second, third, fourth)] == ["partial", "failed", "closed", "abandoned"]
    assert "BackendTimeout" in second.warnings[0]
    assert (third.attempts, third.warnings) == (2, ("retried: attempt 2, after BackendRefused",))
    assert [change.name for change in third.slots] == ["place"], "as the first attempt understood it"
    event = view.timeline[-1]
    assert event.kind == "slots_set"
    assert {slot.name: slot.current.origin.kind for slot in view.slots if slot.current}["city"] == "caller"


async def test_an_open_turn_whose_process_died_shows_as_abandoned() -> None:
    clock = FixedClock()
    async with open_pipeline("memory:", clock=clock) as pipeline:
        turn = await pipeline.begin("d", "Where is Boston?")
        async with client_of(pipeline) as client:
            assert turns_of(await view_of(client, "d"))[0].status == "open"
            mark = (await view_of(client, "d")).mark
            clock.advance(3600)
            lapsed = await view_of(client, "d")
            assert turns_of(lapsed)[0].status == "abandoned"
            assert lapsed.mark != mark
        await turn.fail("test over")


async def test_an_interpreter_that_failed_shows_as_fallback(client: httpx.AsyncClient, pipeline: Pipeline) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no model today")

    async with open_pipeline(pipeline.store, interpret=broken) as failing:  # type: ignore[arg-type]  # on purpose
        await say(failing, "d", "Where is Boston?", "In the east.")
    (turn,) = turns_of(await view_of(client, "d"))
    assert any("fallback" in warning and "RuntimeError" in warning for warning in turn.warnings)


async def test_a_forgotten_turn_is_only_counted(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await say(pipeline, "d", "My name is Ottoline.", "Hello.", turn_id="u1")
    await say(pipeline, "d", "Where is Boston?", "In the east.", turn_id="u2")
    await pipeline.forget_turn("d", "u1")
    answer = await client.get("/api/dialog", params={"ref": "d"})
    assert "Ottoline" not in answer.text
    view = DialogView.model_validate_json(answer.content)
    assert [(item.kind, item.n) for item in view.timeline] == [("forgotten", 1), ("turn", 2)]
    assert view.missing == 0


async def test_a_long_dialog_is_shown_from_its_end_and_says_what_left_the_log() -> None:
    store = MemoryStore(max_log_entries=60)
    async with open_pipeline(store, budget=Budget(compact_at_tokens=200)) as pipeline:
        for at in range(40):
            await say(pipeline, "d", f"What is the best restaurant in Boston for {at + 2} people?", "The red door.")
        async with client_of(pipeline) as client:
            view = await view_of(client, "d", turns=5)
            assert [turn.n for turn in turns_of(view)] == [36, 37, 38, 39, 40]
            assert view.missing > 10
            assert view.missing + view.earlier == 35
            assert view.summaries
            assert any(item.kind == "compacted" for item in (await view_of(client, "d", turns=40)).timeline)


async def test_the_list_is_newest_first_and_finds_by_id(client: httpx.AsyncClient, pipeline: Pipeline) -> None:
    for dialog_id in ("ann/1", "bob:2", "安"):
        await say(pipeline, dialog_id, "Where is Boston?", "In the east.")
    found = DialogList.model_validate_json((await client.get("/api/dialogs")).content)
    assert [card.dialog_id for card in found.dialogs] == ["安", "bob:2", "ann/1"]
    found = DialogList.model_validate_json((await client.get("/api/dialogs", params={"find": "/1"})).content)
    assert [(card.dialog_id, card.turns, card.last) for card in found.dialogs] == [("ann/1", 1, "Where is Boston?")]


async def test_a_reader_sees_the_dialogs_of_its_own_tenant_only(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await say(pipeline, "d", "My name is Ottoline.", "Hello.", tenant="a/b", turn_id="u1")
    assert DialogList.model_validate_json((await client.get("/api/dialogs")).content).found == 0
    for ref in ("d", "../a%2Fb/d", "a%2Fb/d", "/../a/b/d", "/d", "%2F"):
        for path in ("dialog", "prompt", "watch"):
            answer = await client.get(f"/api/{path}", params={"ref": ref, "turn": "u1"}, headers={"tenant": "a"})
            assert answer.status_code == 404, (path, ref)
            assert "Ottoline" not in answer.text
    mine = await client.get("/api/dialogs", headers={"tenant": "a/b"})
    assert DialogList.model_validate_json(mine.content).found == 1


async def test_hostile_dialogs_come_through_unharmed(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await hostile(pipeline)
    dialog_id = "<b onclick=alert(1)>\u202eid\x00"
    view = await view_of(client, dialog_id)
    assert view.card.dialog_id == dialog_id
    for turn in turns_of(view):
        answer = await client.get("/api/prompt", params={"ref": ref_of(dialog_id), "turn": turn.turn_id})
        prompt = PromptView.model_validate_json(answer.content)
        assert prompt.blocks[-1].text == turn.sent
        assert answer.headers["content-type"] == "application/json"


async def test_news_of_a_dialog_come_as_it_changes(pipeline: Pipeline, client: httpx.AsyncClient) -> None:
    await say(pipeline, "d", "Where is Boston?", "In the east.")
    mark = (await view_of(client, "d")).mark
    asking = asyncio.create_task(client.get("/api/watch", params={"ref": "d", "mark": mark}))
    await say(pipeline, "d", "and Denver?", "In the west.")
    news = Watched.model_validate_json((await asking).content)
    assert news.ref == "d"
    assert news.mark != mark


async def written_by_another(writing: Store, reading: Store) -> None:
    writer, reader = open_pipeline(writing), open_pipeline(reading)
    await say(writer, "d", "Where is Boston?", "In the east.")
    async with client_of(reader) as client:
        mark = (await view_of(client, "d")).mark
        asking = asyncio.create_task(client.get("/api/watch", params={"ref": "d", "mark": mark}))
        await say(writer, "d", "and Denver?", "In the west.")
        assert Watched.model_validate_json((await asking).content).mark != mark
        assert len(turns_of(await view_of(client, "d"))) == 2
    for thing in (writer, reader, writing, reading):
        await thing.aclose()


async def test_news_of_another_process_come_through_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dialogs.sqlite"
    await written_by_another(SqliteStore(path), SqliteStore(path))


async def test_news_of_another_process_come_through_a_redis(redis_url: str) -> None:
    await written_by_another(RedisStore.from_url(redis_url), RedisStore.from_url(redis_url))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/dialog", 400),
        ("/api/dialog?ref=", 400),
        ("/api/dialog?ref=d&turns=0", 400),
        ("/api/dialog?ref=d&turns=-1", 400),
        ("/api/dialog?ref=d&turns=x", 400),
        ("/api/dialog?ref=d&turns=\u0663", 400),
        ("/api/dialog?ref=unknown", 404),
        ("/api/dialog?ref=/", 404),
        ("/api/prompt?ref=d", 400),
        ("/api/prompt?ref=d&turn=unknown", 404),
        ("/api/watch?ref=unknown", 404),
        ("/api/nothing", 404),
        ("/../pyproject.toml", 404),
        ("/%2e%2e/app.py", 404),
    ],
)
async def test_bad_requests_are_told_what_is_wrong(client: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await client.get(path)).status_code == status


async def test_nothing_can_be_written(client: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await client.request(method, "/api/dialog", params={"ref": "d"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/app.js", "/style.css", "/api/session", "/api/dialog", "/nothing"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


async def test_the_page_has_no_inline_code_and_names_no_other_host() -> None:
    static = Path(__file__).parents[2] / "dialog" / "inspect" / "static"
    files = sorted(static.iterdir())
    assert {"index.html", "app.js", "style.css"} <= {file.name for file in files}
    for file in files:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, file.name
        assert not any(word in text for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("))
    page = (static / "index.html").read_text(encoding="utf-8")
    assert "style=" not in page
    assert not re.search(r"\son[a-z]+\s*=", page)
    assert re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL) == [""]


async def test_the_session_says_whether_a_key_is_needed(client: httpx.AsyncClient) -> None:
    session = Session.model_validate_json((await client.get("/api/session")).content)
    assert (session.auth, session.history) == ("none", None)


async def test_a_failing_store_is_an_error_without_its_details(client: httpx.AsyncClient, pipeline: Pipeline) -> None:
    await say(pipeline, "d", "Where is Boston?", "In the east.")
    await pipeline.store.aclose()
    answer = await client.get("/api/dialog", params={"ref": "d"})
    assert answer.status_code == 503
    assert json.loads(answer.content)["error"]["type"] == "store_unavailable"


def client_of(pipeline: Pipeline) -> httpx.AsyncClient:
    app = inspector_app(pipeline, lambda _: "")
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://inspector")
