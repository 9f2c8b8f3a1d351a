"""Nothing lower imports anything higher: front doors, pipeline, steps, pure values, stores."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PURE = {"values", "errors", "rewrite", "state", "interpretation", "bounds", "change", "prompt", "trace"}
PURE |= {"slots", "slots_fold", "slots_typed"}
"""Modules that import pydantic, the standard library and one another only."""

FRONT_DOORS = {"cli", "evaluate", "transport", "proxy", "slack", "inspect"}
PIPELINE = {"pipeline", "turn", "opening", "admission", "held", "commit", "codec", "journal", "keys", "config", "steps"}
STEPS = {"interpret", "ground", "summarise"}


def modules() -> list[tuple[str, Path]]:
    return [
        (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path)
        for package in ("dialog", "stores")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def imports(path: Path) -> set[str]:
    """Full names of first-party modules imported anywhere in the file, but not only for type checking."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            base = node.module or ""
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names if base == "dialog"}
    return {name for name in found if name.split(".")[0] in ("dialog", "stores")}


def room(module: str) -> str:
    """The first name below the package: `dialog.interpret.en.data` lives in `interpret`."""
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize(("module", "path"), modules(), ids=[name for name, _ in modules()])
def test_every_import_points_down(module: str, path: Path) -> None:
    seen = imports(path)
    dialog = {room(name) for name in seen if name.startswith("dialog.")}
    stores = {name for name in seen if name.split(".")[0] == "stores"}
    if module.startswith("stores"):
        assert not dialog, "stores know nothing of dialogs"
        return
    if room(module) not in ("store_url", *FRONT_DOORS, "assemble"):
        assert stores <= {"stores.base"}, "only dialog/store_url.py knows which stores there are"
    if room(module) in PURE:
        assert dialog <= PURE, "pure modules import pure modules"
    if room(module) in PIPELINE:
        assert not dialog & (FRONT_DOORS | STEPS), "the pipeline is handed its steps"
        assert not any(name.startswith("dialog.backends.") and name != "dialog.backends.base" for name in seen)
    if room(module) in STEPS | {"backends", "wire"}:
        assert not dialog & (FRONT_DOORS | PIPELINE | {"assemble"}), "steps know nothing of the pipeline"


def test_importing_the_packages_needs_no_optional_library() -> None:
    blocked = (
        "rich prompt_toolkit openai anthropic starlette uvicorn aiohttp slack_bolt onnxruntime rjieba "
        "tiktoken redis httpx"
    )
    code = (
        "import sys\n"
        f"for name in {blocked.split()!r}: sys.modules[name] = None\n"
        "import dialog, stores\n"
        "from dialog import Pipeline, PipelineConfig, DialogState, Rewrite, fold, open_store\n"
        "open_store('memory:')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_public_names_are_those_that_are_listed() -> None:
    import dialog

    assert sorted(dialog.__all__) == sorted(dialog._HOME)
    assert all(getattr(dialog, name) is not None for name in dialog.__all__)
