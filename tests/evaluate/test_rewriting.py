"""Rewriting files of conversations."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dialog.evaluate.rewriting import rewrite_file
from dialog.interpret.en import EnglishPack
from dialog.interpret.rules import RuleInterpreter
from dialog.rewrite import Edit, apply_edits

LOCAL = RuleInterpreter([EnglishPack()])
FIRST = {"id": "a", "lang": "en", "history": [], "utterance": "What is Lyme disease?"}
SECOND = {
    "id": "b",
    "history": [{"role": "user", "text": "What is Lyme disease?"}],
    "utterance": "Can it be cured?",
    "rewrite": "not to be read",
}


async def rewritten(tmp_path: Path, *lines: str) -> tuple[int, list[dict[str, Any]], str]:
    source, target, errors = tmp_path / "in.jsonl", tmp_path / "out.jsonl", io.StringIO()
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bad = await rewrite_file(source, target, LOCAL, errors=errors)
    return bad, [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()], errors.getvalue()


async def test_rows_come_out_in_order_with_edits_that_give_the_rewrite(tmp_path: Path) -> None:
    bad, rows, errors = await rewritten(tmp_path, json.dumps(FIRST), json.dumps(SECOND))
    assert (bad, errors) == (0, "")
    assert [(row["id"], row["rewrite"], row["act"], row["topic"]) for row in rows] == [
        ("a", "What is Lyme disease?", "new", "new"),
        ("b", "Can Lyme disease be cured?", "follow_up", "stay"),
    ]
    edits = [Edit.model_validate(edit) for edit in rows[1]["edits"]]
    assert apply_edits("Can it be cured?", edits) == rows[1]["rewrite"]
    assert rows[1]["engine"] == "rules:en/anaphor/it"
    assert set(rows[0]) == {"id", "rewrite", "act", "topic", "confidence", "edits", "engine"}


async def test_a_title_in_the_context_is_known(tmp_path: Path) -> None:
    row = {
        "id": 1,
        "history": [],
        "utterance": "Where was he born?",
        "context": {"title": "Walter Scott", "section": "x"},
    }
    _, rows, _ = await rewritten(tmp_path, json.dumps(row))
    assert rows[0]["rewrite"] == "Where was Walter Scott born?"


async def test_the_context_of_one_row_is_forgotten_in_the_next(tmp_path: Path) -> None:
    known = {"id": 1, "utterance": "Where was he born?", "context": {"title": "Walter Scott"}}
    unknown = {"id": 2, "utterance": "Where was he born?"}
    _, rows, _ = await rewritten(tmp_path, json.dumps(known), json.dumps(unknown))
    assert rows[1]["rewrite"] == "Where was he born?"


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '{"utterance": "x"}', '{"id": 1}', '{"id": 1, "utterance": "x", "history": "y"}',
        '{"id": 1, "utterance": "x", "history": [{"role": "system", "text": "y"}]}',
        '{"id": 1, "utterance": "x", "history": [{"role": "user"}]}', '{"id": 1, "utterance": "x", "context": []}x',
    ],
)  # fmt: skip
async def test_a_bad_row_is_named_by_its_line_and_the_rest_goes_on(tmp_path: Path, line: str) -> None:
    bad, rows, errors = await rewritten(tmp_path, json.dumps(FIRST), "", line, json.dumps(SECOND))
    assert bad == 1
    assert [row["id"] for row in rows] == ["a", "b"]
    assert errors.startswith("in.jsonl:3: ")


async def test_progress_is_told_for_every_line(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(f"{json.dumps(FIRST)}\n\nnonsense\n", encoding="utf-8")
    lines: list[int] = []
    await rewrite_file(source, tmp_path / "out.jsonl", LOCAL, errors=io.StringIO(), on_row=lines.append)
    assert lines == [1, 2, 3]


@pytest.mark.parametrize(
    "line", ['{"id": 1, "utterance": "what about it \\ud800?"}', "[" * 100_000, '{"id": 1, "history": ' + "[" * 100_000]
)
async def test_a_row_that_is_no_text_or_too_deep_is_named_and_the_rest_goes_on(tmp_path: Path, line: str) -> None:
    source, target, errors = tmp_path / "in.jsonl", tmp_path / "out.jsonl", io.StringIO()
    source.write_text(line + '\n{"id": 2, "utterance": "hello"}\n', encoding="utf-8")
    assert await rewrite_file(source, target, RuleInterpreter(), errors=errors) == 1
    assert "in.jsonl:1:" in errors.getvalue()
    assert [json.loads(row)["id"] for row in target.read_text(encoding="utf-8").splitlines()] == [2]
