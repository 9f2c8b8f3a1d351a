"""Which names a served proxy answers by."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from dialog.proxy.answers import refusal
from dialog.proxy.config import ProxyConfig

_LOCAL = ("localhost", "127.0.0.1", "[::1]")


def names_of(config: ProxyConfig) -> frozenset[str] | None:
    """The names, in lower case; None: any."""
    if config.allowed_hosts is not None:
        return frozenset(name.lower() for name in config.allowed_hosts)
    return frozenset((*_LOCAL, config.host.lower())) if _is_local(config.host) else None


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Hosts:
    """Refuses requests to another name: a page whose name was pointed at this machine is not its user."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not all(_name(host) in self._names for host in _hosts(scope)):
            answer = refusal(421, "unknown_host", "this proxy does not answer by that name; see allowed_hosts")
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _hosts(scope: Scope) -> list[str]:
    """What the Host headers say; a request without one was not made by a browser."""
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]


def _name(host: str) -> str:
    """Without the port; an IPv6 address keeps its brackets."""
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and (port.isdigit() or not port) else host.strip().lower()
