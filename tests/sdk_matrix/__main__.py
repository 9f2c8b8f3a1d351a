"""Older and newer SDKs, each in an environment of its own: `python -m tests.sdk_matrix [NAME ...]`.

Runs `tests/sdk_matrix/talk.py` with the packages of each row of `ROWS` and this project, in an environment that is kept
for the next time (`tests/integrations/environments.py`). Needs a package index the first time. Exits with 1 when one
fails.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.integrations.environments import NotInstalled, python_with

ROOT = Path(__file__).resolve().parents[2]
ROWS = {
    "openai-1": ["openai>=1.109,<2", "h11"],
    "openai-2": ["openai>=2.54,<3", "h11", "httpx2"],
    "openai-3": ["openai>=3,<4", "h11"],
    "anthropic-0": ["anthropic>=0.125,<1", "h11"],
    "anthropic-2": ["anthropic>=2,<3", "h11"],
}


def main(names: list[str]) -> int:
    unknown = set(names) - ROWS.keys()
    if unknown:
        print(f"no row is called {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}", file=sys.stderr)
        return 2
    return max([tried(name) for name in names or ROWS], default=0)


def tried(name: str) -> int:
    try:
        python = python_with(name, ["--editable", str(ROOT), *ROWS[name]])
    except NotInstalled:
        print(f"FAILED  {name}: the installation")
        return 1
    return subprocess.run([python, "-m", "tests.sdk_matrix.talk"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
