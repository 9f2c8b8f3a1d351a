"""Batch tracking: the form of what comes out, bad rows, and no look into the future."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dialog.evaluate.rows import BadRow
from dialog.evaluate.tracking import row_of, track, track_file
from dialog.interpret.rules import RuleInterpreter

SCHEMA = {
    "name": "dinner",
    "description": "Find a restaurant",
    "slots": [
        {"name": "city", "type": "str", "description": "City of the restaurant"},
        {"name": "cuisine", "type": "enum", "description": "Kind of food", "values": ["thai", "chinese", "italian"]},
        {"name": "people", "type": "int", "description": "Number of people"},
        {"name": "day", "type": "date", "description": "Date of the reservation"},
        {"name": "outdoors", "type": "bool", "description": "Whether to sit outdoors"},
        {"name": "extras", "type": "list", "description": "Extras", "values": ["wifi", "parking"]},
    ],
}
TALK = [
    {"role": "user", "text": "Thai food in Boston tomorrow for four people"},
    {"role": "assistant", "text": "Do you mind which kind of food?"},
    {"role": "user", "text": "not chinese, with wifi"},
    {"role": "assistant", "text": "How many people?"},
    {"role": "user", "text": "any number of people is fine"},
]
ROW: dict[str, Any] = {"id": "a", "lang": "en", "turns": TALK, "schema": SCHEMA, "now": "2026-11-23T18:00:00"}


async def run(tmp_path: Path, *rows: object, **options: Any) -> tuple[list[dict[str, Any]], int, str]:
    source, target, errors = tmp_path / "in.jsonl", tmp_path / "out.jsonl", io.StringIO()
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    source.write_text("\n".join(lines), encoding="utf-8")
    bad = await track_file(source, target, errors=errors, **options)
    out = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    return out, bad, errors.getvalue()


async def test_a_row_comes_out_with_states_shifts_and_rewrites(tmp_path: Path) -> None:
    (out,), bad, _ = await run(tmp_path, ROW)
    assert bad == 0
    assert set(out) == {"id", "states", "shifts", "rewrites"}
    assert (len(out["states"]), len(out["shifts"])) == (3, 5)
    assert [entry["turn"] for entry in out["rewrites"]] == [0, 2, 4]
    assert set(out["rewrites"][0]) == {"turn", "rewrite", "act", "topic", "slots", "negated"}
    assert out["rewrites"][0]["topic"] == "new"
    assert out["shifts"][0] == 0


async def test_slots_have_the_types_of_the_schema(tmp_path: Path) -> None:
    (out,), _, _ = await run(tmp_path, ROW)
    assert out["rewrites"][0]["slots"] == {"city": "Boston", "cuisine": "thai", "people": 4, "day": "2026-11-24"}
    assert out["rewrites"][1]["slots"]["extras"] == ["wifi"]
    assert out["states"][0]["dinner"]["people"] == 4


async def test_what_is_excluded_and_what_is_left_open_are_told_apart(tmp_path: Path) -> None:
    (out,), _, _ = await run(tmp_path, ROW)
    assert out["rewrites"][1]["negated"] == {"cuisine": ["chinese"]}
    assert out["rewrites"][2]["slots"]["people"] == "any"


async def test_without_a_clock_a_relative_date_keeps_its_wording(tmp_path: Path) -> None:
    (out,), _, _ = await run(tmp_path, {**ROW, "now": None})
    assert out["rewrites"][0]["slots"]["day"] == "tomorrow"


async def test_without_a_schema_general_slots_are_tracked(tmp_path: Path) -> None:
    (out,), _, _ = await run(tmp_path, {"id": 7, "turns": TALK[:1]})
    assert out["id"] == 7
    assert out["states"][0]["general"]["place"] == "Boston"


async def test_a_schema_of_services_files_slots_by_service_with_its_own_word_for_open(tmp_path: Path) -> None:
    services = {
        "restaurant": {
            "description": "Find a restaurant",
            "slots": [
                {"name": "food", "description": "kind of food served", "possible_values": ["thai", "dontcare"]},
                {
                    "name": "area",
                    "description": "part of town",
                    "is_categorical": True,
                    "possible_values": ["north", "dontcare"],
                },
            ],
        }
    }
    schema = tmp_path / "s.json"
    schema.write_text(json.dumps(services), encoding="utf-8")
    turns = [{"role": "user", "text": "thai food, any area is fine"}]
    (out,), _, _ = await run(tmp_path, {"id": "a", "turns": turns}, schema=schema)
    assert out["states"] == [{"restaurant": {"food": "thai", "area": "dontcare"}}]
    assert out["rewrites"][0]["slots"] == {"restaurant.food": "thai", "restaurant.area": "any"}


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
async def test_no_turn_knows_what_comes_later(cut: int) -> None:
    local = RuleInterpreter(schema=row_of(json.dumps(ROW)).schema)
    whole = await track(row_of(json.dumps(ROW)), local)
    part = await track(row_of(json.dumps({**ROW, "turns": TALK[:cut]})), local)
    users = len(part["states"])
    assert part["shifts"] == whole["shifts"][:cut]
    assert (part["states"], part["rewrites"]) == (whole["states"][:users], whole["rewrites"][:users])


async def test_gold_labels_are_not_read() -> None:
    local = RuleInterpreter(schema=row_of(json.dumps(ROW)).schema)
    labelled = [{**turn, "shift": 1, "state": {"dinner": {"city": ["Rome"]}}, "active": {"x": "y"}} for turn in TALK]
    plain = await track(row_of(json.dumps(ROW)), local)
    assert await track(row_of(json.dumps({**ROW, "turns": labelled})), local) == plain


async def test_bad_rows_are_named_by_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    seen: list[int] = []
    rows = (ROW, "{not json", {"turns": TALK}, {"id": "b", "turns": []}, {**ROW, "id": "c"})
    out, bad, told = await run(tmp_path, *rows, on_row=seen.append)
    assert ([row["id"] for row in out], bad, seen) == (["a", "c"], 3, [1, 2, 3, 4, 5])
    assert [line.split(":")[:2] for line in told.splitlines()] == [["in.jsonl", str(n)] for n in (2, 3, 4)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"turns": [{"role": "bot", "text": "x"}]}, "no role"),
        ({"turns": [{"role": "user"}]}, 'no "text"'),
        ({"now": "noon"}, "ISO 8601"),
        ({"schema": {"slots": [{"name": "a", "type": "odd"}]}}, "type 'odd'"),
        ({"schema": {"slots": [{"name": "a", "values": 3}]}}, "values"),
        ({"id": None}, '"id"'),
    ],
)
def test_a_row_that_cannot_be_tracked_says_why(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BadRow, match=told):
        row_of(json.dumps({**ROW, **change}))


async def test_a_file_that_is_no_schema_is_refused_by_name(tmp_path: Path) -> None:
    schema = tmp_path / "broken.json"
    schema.write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.json is not a schema of services"):
        await run(tmp_path, ROW, schema=schema)


async def test_a_dialog_that_the_assistant_opens_is_tracked(tmp_path: Path) -> None:
    turns = [{"role": "assistant", "text": "Hello, which city?"}, {"role": "user", "text": "Boston"}]
    (out,), _, _ = await run(tmp_path, {**ROW, "turns": turns})
    assert (len(out["states"]), out["shifts"][0]) == (1, 0)
    assert out["rewrites"][0]["slots"] == {"city": "Boston"}
