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


def run(example: Path, **more: str) -> str:
    env = dict(os.environ) | {"PYTHONWARNINGS": "error"} | more
    done = subprocess.run([sys.executable, example], capture_output=True, env=env, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(example: Path, request: pytest.FixtureRequest) -> None:
    more = {"REDIS_URL": request.getfixturevalue("redis_url")} if "REDIS_URL" in docstring(example) else {}
    _, _, shown = docstring(example).partition("prints:\n")
    assert run(example, **more).strip() == textwrap.dedent(shown).strip()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_says_how_to_run_it(example: Path) -> None:
    assert len(example.read_text(encoding="utf-8").splitlines()) < 60
    assert f"python examples/{example.name}" in docstring(example)


def test_at_least_three_examples_need_nothing_but_the_package() -> None:
    assert sum("REDIS_URL" not in docstring(example) for example in EXAMPLES) >= 3
