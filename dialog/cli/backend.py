"""Which model answers: by options, else by what the environment shows."""

from __future__ import annotations

import argparse

from dialog.backends.base import Backend

PROVIDERS = ("openai", "anthropic", "ollama", "preview")


def add_backend_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backend", choices=PROVIDERS, help="who answers (default: by the environment, else preview)")
    parser.add_argument("--model", metavar="M", help="name of the model")
    parser.add_argument("--base-url", metavar="URL", help="where the model is served, if not at its provider's")


async def chosen_backend(args: argparse.Namespace) -> tuple[Backend, str]:
    """The backend that the options and the environment give, and one line saying which and why."""
    from dialog.backends.environment import backend_from_environment

    return await backend_from_environment(args.backend, model=args.model, base_url=args.base_url)
