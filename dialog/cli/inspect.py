"""Show the dialogs of a store in a browser: what was made of each message and why, live while a chat goes on.

Nothing is changed. The page asks for the key that is printed here, so that other users of this machine cannot read
along; it is made anew each time, or taken from ANTECEDENT_INSPECT_KEY.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import os
import secrets
import socket
import sys
from collections.abc import Mapping

from dialog.cli.options import add_store_options, store_url

NAME = "inspect"
HELP = "look into a store's dialogs with a browser"

KEY_VARIABLE = "ANTECEDENT_INSPECT_KEY"
SHUTDOWN_S = 3
"""How long open pages may take to hear that this is the end."""


def configure(parser: argparse.ArgumentParser) -> None:
    add_store_options(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8485, help="0 picks a free one (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    if store_url(args).startswith("memory:"):
        raise ValueError("a memory store holds the dialogs of its own process only; name a SQLite file or a Redis")
    if not 0 <= args.port <= 65535:
        raise ValueError(f"--port is 0 to 65535, not {args.port}")
    return asyncio.run(_serve(args, _key(os.environ)))


def _key(environ: Mapping[str, str]) -> str:
    return environ.get(KEY_VARIABLE) or secrets.token_urlsafe(12)


async def _serve(args: argparse.Namespace, key: str) -> int:
    try:
        import uvicorn
        from starlette.requests import Request

        from dialog.inspect import NotAllowed, inspector_app
        from dialog.proxy.hosts import Hosts
    except ImportError as missing:
        package = (missing.name or "dialog").partition(".")[0]
        if package in ("dialog", "stores"):  # not a missing extra but a fault
            raise
        raise ValueError(f"inspect needs {package}; install the extra: pip install 'antecedent[proxy]'") from None
    from dialog.assemble import open_pipeline

    def tenant_of(request: Request) -> str:
        _, _, given = request.headers.get("authorization", "").partition(" ")
        if not hmac.compare_digest(given.strip().encode(), key.encode()):
            raise NotAllowed
        tenant: str = args.tenant
        return tenant

    with _listening(args.host, args.port) as listening:
        async with open_pipeline(store_url(args)) as pipeline:
            # By other names it does not answer: a page whose name was pointed at this machine must not get through.
            names = frozenset(("localhost", "127.0.0.1", "[::1]", _in_url(args.host).lower()))
            app = Hosts(inspector_app(pipeline, tenant_of, auth="key", stopping=lambda: server.should_exit), names)
            server = uvicorn.Server(
                uvicorn.Config(
                    app,
                    log_config=None,
                    access_log=False,
                    proxy_headers=False,
                    server_header=False,
                    timeout_graceful_shutdown=SHUTDOWN_S,
                )
            )
            url = f"http://{_in_url(args.host)}:{listening.getsockname()[1]}/"
            print(f"inspector: {url}\nkey:       {key}\nCtrl-C ends it.", file=sys.stderr, flush=True)
            await server.serve(sockets=[listening])
    return 0


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound before the store is opened, so that a port in use is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise ValueError(f"cannot listen on {host} port {port}: {reason}; choose another --port") from None


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
