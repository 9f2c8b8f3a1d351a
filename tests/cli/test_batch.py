"""`rewrite` and `track`: files in, files out, in order, bad rows named and left out."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import COMMAND, WITHOUT_EXTRAS, Terminal, run
from tests.fake_provider import FakeProvider, Reply

WITHOUT_ONNX = [
    sys.executable,
    "-c",
    "import sys; sys.modules.update(onnxruntime=None); from dialog.cli import main; sys.exit(main())",
]
"""The command where the library of the local extra cannot be imported."""

TURNS = [
    {"role": "user", "text": "Find me a Chinese restaurant in Boston."},
    {"role": "assistant", "text": "Try Golden Lantern."},
    {"role": "user", "text": "what about Thai?"},
]
REWRITE = {"id": "r", "lang": "en", "history": TURNS[:2], "utterance": "what about Thai?"}
TRACK = {"id": "t", "lang": "en", "turns": TURNS}


def written(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("command", "row"), [("rewrite", REWRITE), ("track", TRACK)])
def test_rows_come_out_in_order_and_bad_ones_are_named_by_line(
    tmp_path: Path, command: str, row: dict[str, Any]
) -> None:
    source = written(tmp_path / "in.jsonl", [row | {"id": "a"}, "{nonsense", {"id": "no more"}, row | {"id": "b"}])
    target = tmp_path / "out.jsonl"
    done = run(tmp_path, command, "--input", str(source), "--output", str(target))
    assert done.returncode == 1
    assert [row["id"] for row in read(target)] == ["a", "b"]
    errors = done.stderr.decode().splitlines()
    assert [error.partition(" ")[0] for error in errors] == ["in.jsonl:2:", "in.jsonl:3:"]
    assert "Golden Lantern" not in done.stderr.decode()


def test_rewrites_have_the_fields_of_the_evaluation(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE]), tmp_path / "out.jsonl"
    assert run(tmp_path, "rewrite", "--input", str(source), "--output", str(target)).returncode == 0
    (row,) = read(target)
    assert set(row) == {"id", "rewrite", "act", "topic", "confidence", "edits", "engine"}
    assert "Thai" in row["rewrite"]


def test_tracks_have_the_fields_of_the_evaluation(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [TRACK]), tmp_path / "out.jsonl"
    assert run(tmp_path, "track", "--input", str(source), "--output", str(target)).returncode == 0
    (row,) = read(target)
    assert set(row) == {"id", "states", "shifts", "rewrites"}
    assert (len(row["states"]), len(row["shifts"]), [entry["turn"] for entry in row["rewrites"]]) == (2, 3, [0, 2])


def test_the_trained_engine_is_refused_and_not_replaced(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE]), tmp_path / "out.jsonl"
    arguments = ("rewrite", "--input", str(source), "--output", str(target), "--engine", "local")
    done = run(tmp_path, *arguments, command=WITHOUT_ONNX)
    assert done.returncode == 1
    assert b"antecedent[local]" in done.stderr
    assert not target.exists()


def test_without_the_extra_the_rules_serve_and_say_so_once(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE | {"utterance": "is it open"}] * 3), tmp_path / "out.jsonl"
    done = run(tmp_path, "rewrite", "--input", str(source), "--output", str(target), command=WITHOUT_ONNX)
    assert done.returncode == 0
    assert [row["engine"].partition(":")[0] for row in read(target)] == ["rules"] * 3
    assert done.stderr.count(b"antecedent[local]") == 1


def test_with_the_extra_the_trained_rewriter_gives_each_confidence(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE | {"utterance": "is it open"}]), tmp_path / "out.jsonl"
    confidences = []
    for engine in ((), ("--engine", "local"), ("--engine", "rules")):
        assert run(tmp_path, "rewrite", "--input", str(source), "--output", str(target), *engine).returncode == 0
        confidences.append(read(target)[0]["confidence"])
    assert confidences[0] == confidences[1] != confidences[2]


@pytest.mark.parametrize("engine", ["model", "auto"])
def test_an_engine_without_its_model_is_refused_and_not_replaced(tmp_path: Path, engine: str) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE]), tmp_path / "out.jsonl"
    done = run(tmp_path, "rewrite", "--input", str(source), "--output", str(target), "--engine", engine)
    assert done.returncode == 1
    assert b"none is configured" in done.stderr
    assert not target.exists()


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", [REWRITE])
    done = run(tmp_path, "rewrite", "--input", str(source), "--output", str(source))
    assert done.returncode == 1
    assert b"same file" in done.stderr
    assert read(source) == [REWRITE]


def test_a_missing_input_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "rewrite", "--input", str(tmp_path / "no.jsonl"), "--output", str(tmp_path / "out"))
    assert done.returncode == 1
    assert b"no.jsonl: No such file" in done.stderr
    assert not (tmp_path / "out").exists()


async def test_a_terminal_gets_a_progress_bar(tmp_path: Path) -> None:
    source, target = written(tmp_path / "in.jsonl", [REWRITE] * 5), tmp_path / "out.jsonl"
    for command in (COMMAND, WITHOUT_EXTRAS):
        terminal = Terminal(tmp_path, "rewrite", "--input", str(source), "--output", str(target), command=command)
        await terminal.expect("5/5")
        assert await terminal.ended() == 0


ANSWER = {
    "rewrite": "no, I meant Golden Lantern",
    "act": "correct",
    "command": "none",
    "topic": {"kind": "stay", "id": "", "label": ""},
    "slots": [],
}


@pytest.mark.parametrize("engine", ["model", "auto"])
async def test_a_model_can_be_the_engine(tmp_path: Path, engine: str) -> None:
    unsure = REWRITE | {"utterance": "no, I meant the other thing"}
    source, target = written(tmp_path / "in.jsonl", [unsure]), tmp_path / "out.jsonl"
    async with FakeProvider(lambda request: Reply(json.dumps(ANSWER))) as provider:
        where = ("--backend", "openai", "--model", "m", "--base-url", f"{provider.url}/v1")
        files = ("--input", str(source), "--output", str(target))
        done = await asyncio.to_thread(run, tmp_path, "rewrite", *files, "--engine", engine, *where)
        asked = len(provider.requests)
    assert done.returncode == 0, done.stderr.decode()
    assert asked >= 1
    assert read(target)[0]["engine"].startswith("model:")
    assert (b"auto: asked the model about" in done.stderr) is (engine == "auto")
