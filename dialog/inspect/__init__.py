"""The inspector: a page that shows what was made of each message, over any store, and writes nothing.

Needs the extra `proxy`.
"""

from __future__ import annotations

try:
    from dialog.inspect.app import NotAllowed, inspector_app
except ModuleNotFoundError as missing:
    if missing.name != "starlette":
        raise
    raise ImportError(
        "the inspector needs starlette; install the extra: pip install 'antecedent[proxy]'", name=missing.name
    ) from None

__all__ = ["NotAllowed", "inspector_app"]
