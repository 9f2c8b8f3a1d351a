"""Running the proxy as a server of its own."""

from __future__ import annotations

import gc
import json
import logging
import math
import socket

import uvicorn

from dialog.proxy.app import proxy_app
from dialog.proxy.config import ProxyConfig
from dialog.proxy.hosts import Hosts, names_of

log = logging.getLogger("antecedent")

_BACKLOG = 2048


class JsonLines(logging.Formatter):
    """One JSON object per record. Records of this package hold names and numbers, never a user's words.

    Of an error only the class is told: its message, and those of other packages, may quote what a caller sent.
    """

    _FIELDS = ("api", "status", "grounding", "took_ms", "url")

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self._FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def serve(config: ProxyConfig) -> None:
    """Serve until told to stop (SIGTERM, SIGINT); open streams are finished, for at most `config.shutdown_s`.

    Raises ValueError when the address cannot be listened on, or the store cannot be opened. Afterwards the signal has
    its ordinary effect: SIGTERM ends the process, SIGINT raises KeyboardInterrupt.
    """
    log_to_stderr()
    with _listening(config) as listening:
        server = uvicorn.Server(server_config(config))
        _collect_less()
        log.info("listening", extra={"url": _url(config.host, listening)})
        server.run(sockets=[listening])


def server_config(config: ProxyConfig) -> uvicorn.Config:
    """How uvicorn serves the proxy."""
    app = proxy_app(config)
    names = names_of(config)
    return uvicorn.Config(
        app if names is None else Hosts(app, names),
        log_config=None,
        access_log=False,  # it would log paths and queries, and a Gemini query holds a key
        proxy_headers=False,  # nothing here goes by them
        server_header=False,
        date_header=False,  # the upstream's own goes through
        timeout_graceful_shutdown=math.ceil(config.shutdown_s),
    )


def _collect_less() -> None:
    """Leave what was loaded at the start out of garbage collections, and make those rarer: a request makes many short-
    lived values and hardly any cycles. Worth about a tenth of the CPU time per request (`benchmarks/proxy`)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)


def log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)


def _listening(config: ProxyConfig) -> socket.socket:
    """A socket bound before anything else is set up, so that a port in use is one clear line."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ValueError(
            f"cannot listen on {config.host} port {config.port}: {error.strerror or error}; choose another --port"
        ) from None


def _url(host: str, listening: socket.socket) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
