"""Virtual environments for libraries that cannot live together, made once and kept in a cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path


class NotInstalled(Exception):
    """pip could not install the packages; it has said why."""


def python_with(name: str, packages: Sequence[str]) -> str:
    """The Python of an environment with these packages (requirements, or pip options such as `--editable`).

    The folder is ANTECEDENT_TEST_CACHE, else one among the temporary files; one environment per set of packages and
    Python version. Raises NotInstalled.
    """
    cache = Path(os.environ.get("ANTECEDENT_TEST_CACHE") or Path(tempfile.gettempdir(), "antecedent-environments"))
    digest = hashlib.sha256("\n".join([sys.version, *packages]).encode()).hexdigest()[:12]
    folder = cache / f"{name}-{digest}"
    done = folder / "installed"
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    if done.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)  # what an interrupted installation left
    venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    if subprocess.run(install, check=False).returncode:
        raise NotInstalled(name)
    done.touch()
    return python
