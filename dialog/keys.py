"""Store keys. Two different (tenant, dialog) pairs never share one, whatever the characters in them."""

from __future__ import annotations

from urllib.parse import quote, unquote


def key_of(dialog_id: str, *, tenant: str = "") -> str:
    """The key of a dialog that has an id. Raises ValueError for an empty id: there is no default dialog."""
    if not dialog_id:
        raise ValueError("a dialog id is needed and was empty; give each conversation its own, such as a thread id")
    return f"{_encoded(tenant)}/{_encoded(dialog_id)}"


def keyless_key(digest: str, *, tenant: str = "") -> str:
    """The key of a state that is filed under the digest of the messages it was made from; never equals a `key_of`."""
    return f"{_encoded(tenant)}//{_encoded(digest)}"


def prefix_of(tenant: str) -> str:
    """What the keys of a tenant's dialogs start with."""
    return f"{_encoded(tenant)}/"


def dialog_of(key: str) -> str | None:
    """The dialog id of a key made by `key_of`; None for a keyless key."""
    _, _, encoded = key.partition("/")
    return None if encoded.startswith("/") else unquote(encoded, errors="surrogatepass")


def _encoded(part: str) -> str:
    return quote(part, safe="", errors="surrogatepass")
