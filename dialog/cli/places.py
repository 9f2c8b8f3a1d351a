"""Where the command line keeps its files, by the rules of each platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

NAME = "antecedent"


def data_dir(environ: Mapping[str, str] = os.environ, *, platform: str = sys.platform) -> Path:
    """The folder of this user's dialogs, which may not exist yet.

    `XDG_DATA_HOME` where it is set (as the XDG Base Directory Specification asks, only when absolute), else
    `%LOCALAPPDATA%` on Windows, `~/Library/Application Support` on macOS and `~/.local/share` elsewhere.
    """
    given = environ.get("XDG_DATA_HOME", "")
    if given and Path(given).is_absolute():
        return Path(given) / NAME
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / NAME
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    return Path.home() / ".local" / "share" / NAME


def made(folder: Path) -> Path:
    """The folder, created for this user alone where it was missing: what people type is nobody else's business."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def default_store() -> str:
    """The URL of the embedded store that `chat`, `show`, `export` and `forget` use unless told otherwise."""
    return f"sqlite:{data_dir() / 'dialogs.sqlite'}"
