"""Serve a proxy that any SDK in any language can point its base URL at; follow-ups reach the upstream grounded.

Keys of your own, one per tenant, come from the file or from ANTECEDENT_KEYS. Logs are JSON lines on standard error.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

NAME = "serve"
HELP = "run the proxy in front of a model provider"

OPTIONS = ("upstream", "store", "host", "port", "history", "engine", "max_body_bytes", "max_concurrent")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--upstream", metavar="URL", help="where requests go, without /v1 (or ANTECEDENT_UPSTREAM): the only place"
    )
    parser.add_argument(
        "--store",
        metavar="URL",
        help="where dialogs are kept: memory: (the default, lost at the end), sqlite:PATH, redis://... "
        "(or ANTECEDENT_STORE, which no process list shows)",
    )
    parser.add_argument("--host", metavar="ADDRESS", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on (default: 8484; 0: any free one)")
    parser.add_argument(
        "--history",
        choices=("client", "managed"),
        help="keep the client's earlier messages (default), or send the kept state in their place",
    )
    parser.add_argument(
        "--engine",
        choices=("rules", "local"),
        help="who reads messages: rules; local, rules and the trained rewriter "
        "(default: local where that is installed)",
    )
    parser.add_argument("--max-body-bytes", type=int, metavar="N", help="largest request body (default: 32 MiB)")
    parser.add_argument("--max-concurrent", type=int, metavar="N", help="most requests at once (default: 1024)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as TOML, by the names of ProxyConfig")


def run(args: argparse.Namespace) -> int:
    try:
        from dialog.proxy.config import configured
        from dialog.proxy.serve import serve
    except ImportError as missing:
        package = (missing.name or "dialog").partition(".")[0]
        if package in ("dialog", "stores"):  # not a missing extra but a fault
            raise
        raise ValueError(f"serve needs {package}; install the extra: pip install 'antecedent[proxy]'") from None
    serve(configured(args.config, {name: getattr(args, name) for name in OPTIONS}, os.environ))
    return 0
