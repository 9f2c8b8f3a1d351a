"""What the batch commands share: files, the engine that interprets, and a progress bar on a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dialog.cli.engine import ENGINES, ENGINES_HELP

Advance = Callable[[int], None]
"""Called with the number of the line that is done."""


def configure_batch(parser: argparse.ArgumentParser, *, rows: str) -> None:
    parser.add_argument("--input", type=Path, required=True, metavar="F", help=f"JSON lines: {rows}")
    parser.add_argument("--output", type=Path, required=True, metavar="G", help="where results go, in the same order")
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        help=f"{ENGINES_HELP} (default: local, or rules where the extra `local` is not installed)",
    )


def files_of(args: argparse.Namespace) -> tuple[Path, Path]:
    """Input and output; ValueError when they are one file, which writing would empty before it is read."""
    source: Path = args.input
    target: Path = args.output
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"--input and --output are the same file, {source}; name another for the output")
    return source, target


@contextmanager
def progress(source: Path) -> Iterator[Advance]:
    """Shows on standard error how far along the lines of `source` the work is; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda line: None
        return
    total = _lines(source)
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:  # the chat extra is not installed; a counter will do
        yield lambda line: print(f"\r{line}/{total}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(source.name, total=total)
        yield lambda line: bar.update(task, completed=line)


def _lines(source: Path) -> int:
    with source.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
