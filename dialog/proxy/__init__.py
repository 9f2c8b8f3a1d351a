"""The out-of-process front door: a proxy that any language can point its base URL at. Needs the extra `proxy`."""

from __future__ import annotations

try:
    from dialog.proxy.app import proxy_app
    from dialog.proxy.config import Key, ProxyConfig
except ModuleNotFoundError as missing:
    if missing.name not in ("prometheus_client", "starlette", "uvicorn"):
        raise
    raise ImportError(
        f"the proxy needs {missing.name}; install the extra: pip install 'antecedent[proxy]'", name=missing.name
    ) from None

__all__ = ["Key", "ProxyConfig", "proxy_app"]
