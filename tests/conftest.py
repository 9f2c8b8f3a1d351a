"""What every test needs: a vocabulary cache that never goes to the network."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings

pytest_plugins = ["tests.servers"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _vocabulary_cache() -> str:
    """A writable copy of the vocabulary files where the project has them beside it; else an empty folder.

    tiktoken deletes a cached file whose checksum is wrong, so the originals are never handed to it.
    """
    cache = Path(tempfile.mkdtemp(prefix="antecedent-vocabulary-"))
    for file in (SHARED / "tiktoken").glob("*"):
        shutil.copy(file, cache / file.name)
    atexit.register(shutil.rmtree, cache, ignore_errors=True)
    return str(cache)


if "TIKTOKEN_CACHE_DIR" not in os.environ:
    os.environ["TIKTOKEN_CACHE_DIR"] = _vocabulary_cache()

# CI tries the same examples every time, so that a change is judged by what it changed; runs by hand explore further.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("by-hand", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "by-hand")
