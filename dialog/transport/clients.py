"""HTTP clients and transports for SDKs, in the HTTP library that the SDK at hand wants."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Literal
from urllib.request import getproxies

from dialog.pipeline import Pipeline
from dialog.transport.async_transport import AsyncDialogTransport
from dialog.transport.door import History, Options
from dialog.transport.sync_transport import DialogTransport

Family = Literal["httpx", "httpx2"]

_TRANSPORT_OPTIONS = ("verify", "cert", "http1", "http2", "limits", "trust_env", "local_address", "retries", "uds")
_SDKS = ("openai", "anthropic")
"""SDKs that say which library they want, by their `DefaultHttpxClient`."""


def http_client(
    pipeline: Pipeline,
    *,
    sync: bool = False,
    family: Family | None = None,
    history: History = "client",
    tenant: str = "",
    bypass: bool = False,
    **client: Any,
) -> Any:
    """An HTTP client for an SDK's `http_client`, that grounds what goes through it.

        AsyncOpenAI(http_client=http_client(pipeline))
        Anthropic(http_client=http_client(pipeline, sync=True))

    An `AsyncClient` (with `sync`, a `Client`) of `httpx2` or `httpx`: the one that the imported SDKs want, unless
    `family` says. `client` are further arguments of that class. Redirects are followed and proxies taken from the
    environment as the SDKs' own clients do. Closing it leaves the pipeline open.

    Raises ValueError when the imported SDKs want different families, ImportError when the one wanted is missing.
    """
    library = _library(family)
    options = Options(history=history, tenant=tenant, bypass=bypass)
    settings = {name: client.pop(name) for name in _TRANSPORT_OPTIONS if name in client}
    settings.setdefault("limits", library.Limits(max_connections=1000, max_keepalive_connections=100))
    client.setdefault("follow_redirects", True)
    proxied = "proxy" in client or not settings.get("trust_env", True)
    proxy = client.pop("proxy", None)
    mounts = {} if proxied else dict(_proxies())
    made = {
        pattern: None if url is None else _transport(library, pipeline, options, sync=sync, proxy=url, **settings)
        for pattern, url in mounts.items()
    }
    return (library.Client if sync else library.AsyncClient)(
        transport=_transport(library, pipeline, options, sync=sync, proxy=proxy, **settings),
        mounts=made | client.pop("mounts", {}),
        **client,
    )


def http_transport(
    pipeline: Pipeline,
    *,
    sync: bool = False,
    family: Family | None = None,
    history: History = "client",
    tenant: str = "",
    bypass: bool = False,
    **settings: Any,
) -> Any:
    """A transport for clients that take one: `ollama.AsyncClient(transport=http_transport(pipeline, family="httpx"))`.

    `settings` are further arguments of the library's `HTTPTransport`; see `http_client` for the rest.
    """
    options = Options(history=history, tenant=tenant, bypass=bypass)
    return _transport(_library(family), pipeline, options, sync=sync, **settings)


def _transport(library: ModuleType, pipeline: Pipeline, options: Options, *, sync: bool, **settings: Any) -> Any:
    if sync:
        return DialogTransport(pipeline, library.HTTPTransport(**settings), options)
    return AsyncDialogTransport(pipeline, library.AsyncHTTPTransport(**settings), options)


def _library(family: Family | None) -> ModuleType:
    wanted = family or _wanted()
    if wanted not in ("httpx", "httpx2"):
        raise ValueError(f'family is {wanted!r}; use "httpx" or "httpx2"')
    try:
        return importlib.import_module(wanted)
    except ImportError:
        raise ImportError(f"{wanted} is not installed; install it with: pip install {wanted}") from None


def _wanted() -> str:
    """What the imported SDKs want; with none imported, `httpx2` where it is installed."""
    wants: dict[str, str] = {}
    for name in _SDKS:
        default = getattr(sys.modules.get(name), "DefaultHttpxClient", None)
        bases = {base.__module__.partition(".")[0] for base in getattr(default, "__mro__", ())}
        if found := bases & {"httpx", "httpx2"}:
            wants[name] = found.pop()
    if len(set(wants.values())) > 1:
        told = ", ".join(f"{name} wants {family}" for name, family in sorted(wants.items()))
        raise ValueError(f"the imported SDKs differ ({told}); pass family= for the one this client is for")
    if wants:
        return next(iter(wants.values()))
    return "httpx2" if find_spec("httpx2") is not None else "httpx"


def _proxies() -> Iterator[tuple[str, str | None]]:
    """URL patterns with the proxy that the environment names for them; None: no proxy for these hosts."""
    named = getproxies()
    direct = [host.strip() for host in named.get("no", "").split(",") if host.strip()]
    if "*" in direct:
        return
    for scheme in ("http", "https", "all"):
        if url := named.get(scheme):
            yield f"{scheme}://", url if "://" in url else f"http://{url}"
    for host in direct:
        if "://" in host:
            yield host, None
        elif ":" in host:
            yield f"all://[{host.strip('[]')}]", None
        else:
            # A host name also stands for its subdomains (curl's reading of NO_PROXY).
            exact = host == "localhost" or host.replace(".", "").isdigit()
            yield f"all://{host}" if exact else f"all://*{host}", None
