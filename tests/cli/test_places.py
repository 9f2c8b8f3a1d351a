"""Where dialogs are kept, by the rules of each platform, and who can read them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dialog.cli.places import data_dir
from tests.cli.terminal import run

HOME = Path.home()


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, Path("/data/antecedent")),
        ("linux", {"XDG_DATA_HOME": "relative"}, HOME / ".local/share/antecedent"),
        ("linux", {}, HOME / ".local/share/antecedent"),
        ("darwin", {}, HOME / "Library/Application Support/antecedent"),
        ("win32", {"LOCALAPPDATA": "/appdata"}, Path("/appdata/antecedent")),
        ("win32", {}, HOME / "AppData/Local/antecedent"),
    ],
)
def test_the_data_folder_follows_the_platform(platform: str, environ: dict[str, str], folder: Path) -> None:
    assert data_dir(environ, platform=platform) == folder


def test_dialogs_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    run(tmp_path, "chat", stdin=b"hello\n")
    assert stat.S_IMODE((tmp_path / "antecedent").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "antecedent" / "dialogs.sqlite").stat().st_mode) == 0o600
