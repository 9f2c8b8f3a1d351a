"""Every example runs as its docstring says and prints what its docstring shows."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def docstring(example: Path) -> str:
    text = ast.get_docstring(ast.parse(example.read_text(encoding="utf-8")))
    assert text is not None
    return text


def attempt(example: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    env = dict(os.environ) | {"PYTHONWARNINGS": "error"} | more
    return subprocess.run([sys.executable, example], capture_output=True, env=env, timeout=60, check=False)


def run(example: Path, **more: str) -> str:
    done = attempt(example, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(example: Path, request: pytest.FixtureRequest) -> None:
    more = {"REDIS_URL": request.getfixturevalue("redis_url")} if "REDIS_URL" in docstring(example) else {}
    _, _, shown = docstring(example).partition("prints:\n")
    assert run(example, **more).strip() == textwrap.dedent(shown).strip()


def test_the_redis_example_without_a_server_ends_in_one_line() -> None:
    done = attempt(ROOT / "examples" / "redis_store.py", REDIS_URL="redis://127.0.0.1:1/0")
    (line,) = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert all(words in line for words in ("load failed", "127.0.0.1:1", "; check that", "REDIS_URL"))
    assert ".;" not in line


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_says_how_to_run_it(example: Path) -> None:
    assert len(example.read_text(encoding="utf-8").splitlines()) < 60
    assert f"python examples/{example.name}" in docstring(example)


def test_at_least_three_examples_need_nothing_but_the_package() -> None:
    assert sum("REDIS_URL" not in docstring(example) for example in EXAMPLES) >= 3
