"""Older and newer SDKs, each in an environment of its own: `python -m tests.sdk_matrix [NAME ...]`.

Makes a virtual environment per row of `ROWS` in a temporary folder, installs this project and the SDK there, and runs
`tests/sdk_matrix/talk.py`. Needs a package index. Exits with 1 when one fails.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

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
    with tempfile.TemporaryDirectory(prefix=f"antecedent-{name}-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", "--editable", str(ROOT), *ROWS[name]]
        if subprocess.run(install, check=False).returncode:
            print(f"FAILED  {name}: the installation")
            return 1
        return subprocess.run([python, "-m", "tests.sdk_matrix.talk"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
