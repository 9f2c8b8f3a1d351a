"""Options that several commands share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

from dialog.cli.places import data_dir, default_store, made
from dialog.cli.words import Lang


def add_store_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--store",
        metavar="URL",
        help="where dialogs are kept: sqlite:PATH, redis://..., memory: (default: a SQLite file in your data folder)",
    )
    parser.add_argument("--tenant", default="", help="whose dialogs they are, where several share a store")


def add_screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), help="language of labels (default: from your locale)")
    parser.add_argument("--json", action="store_true", help="one JSON document per line, for scripts")
    parser.add_argument("--plain", action="store_true", help="text only, no colours and no redrawing")


def store_url(args: argparse.Namespace) -> str:
    """The store that was asked for, or the embedded one, whose folder is made."""
    given: str | None = args.store
    if given is None:
        made(data_dir())
        return default_store()
    return given


def lang_of(args: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> Lang:
    """The language asked for, else that of the locale (LC_ALL, LC_MESSAGES, LANG, as POSIX orders them)."""
    if args.lang is not None:
        chosen: Lang = args.lang
        return chosen
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"
