"""The README tells the truth: its programs print what it shows, its links lead somewhere, its tables are the pages'."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.readme import MARK, ROOT, filled

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = re.compile(r"```python\n(.*?)```\n\n```output\n(.*?)```", re.DOTALL)
SNIPPET = re.compile(r"```python[^\n]*\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("program", "shown"), PROGRAM.findall(README), ids=lambda text: text.split("\n")[0][:40])
def test_a_program_prints_what_the_readme_shows(program: str, shown: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert (done.stderr, done.stdout) == ("", shown)


@pytest.mark.parametrize("snippet", SNIPPET.findall(README), ids=lambda text: text.split("\n")[0][:40])
def test_every_snippet_is_python_and_its_names_exist(snippet: str) -> None:
    code = compile(snippet, "README.md", "exec", flags=0x2000)  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    assert code is not None
    imports = "\n".join(line for line in snippet.splitlines() if re.match(r"(from|import) ", line))
    subprocess.run([sys.executable, "-c", imports], check=True, timeout=60)


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    here = [link for link in links if "://" not in link]
    assert here
    assert [link for link in here if not (ROOT / link).exists()] == []


def test_the_tables_are_those_of_the_result_pages() -> None:
    assert MARK.findall(README)
    assert filled(README) == README, "run: python -m benchmarks.readme"


def test_the_slack_transcript_is_the_one_that_its_test_produces() -> None:
    assert (ROOT / "examples" / "slack_transcript.txt").read_text(encoding="utf-8").strip() in README


def test_the_commands_that_ci_runs_are_in_the_readme() -> None:
    for name in ("demo", "test"):
        assert re.search(rf"<!-- run: {name} -->\n```sh\n.+\n```", README)
