"""The out-of-process front door: a proxy that any language can point its base URL at. Needs the extra `proxy`."""

from __future__ import annotations

try:
    from dialog.proxy.app import proxy_app
    from dialog.proxy.config import Key, ProxyConfig
except ModuleNotFoundError as missing:
    package = (missing.name or "").partition(".")[0]
    if package not in ("aiohttp", "prometheus_client", "starlette", "yarl"):
        raise
    raise ImportError(
        f"the proxy needs {package}; install the extra: pip install 'antecedent[proxy]'", name=package
    ) from None

__all__ = ["Key", "ProxyConfig", "proxy_app"]
