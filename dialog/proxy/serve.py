"""Running the proxy as a server of its own."""

from __future__ import annotations

import json
import logging

import uvicorn

from dialog.proxy.app import proxy_app
from dialog.proxy.config import ProxyConfig


class JsonLines(logging.Formatter):
    """One JSON object per record. Records of this package hold names and numbers, never a user's words."""

    _FIELDS = ("api", "status", "grounding", "took_ms")

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
    """Serve until told to stop (SIGTERM, SIGINT); open streams are finished, for at most `config.shutdown_s`."""
    log_to_stderr()
    uvicorn.run(
        proxy_app(config),
        host=config.host,
        port=config.port,
        log_config=None,
        access_log=False,  # it would log paths and queries, and a Gemini query holds a key
        server_header=False,
        date_header=False,  # the upstream's own goes through
        timeout_graceful_shutdown=round(config.shutdown_s),
    )


def log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
