"""Who is calling: the credential a request carries, the tenant it stands for, and what goes on to the upstream."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from dialog.proxy.config import Key

Headers = list[tuple[bytes, bytes]]

_CARRIERS = (b"authorization", b"x-api-key", b"api-key", b"x-goog-api-key")
"""Where OpenAI-compatible servers, Anthropic, Azure and Gemini look for a key; Gemini also takes `?key=`."""


class UnknownKey(Exception):
    """The request carries no key that the configuration knows."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The tenant, and the headers and query as the upstream is to see them."""

    tenant: str
    headers: Headers
    query: bytes


class Callers:
    """Tells callers apart. Two credentials never share a tenant; a credential is never kept or logged."""

    def __init__(self, keys: tuple[Key, ...] = ()) -> None:
        self._keys = keys

    def identify(self, headers: Headers, query: bytes) -> Caller:
        """The caller of a request. Raises UnknownKey where keys are configured and none of them is presented."""
        found = [(name, value) for name, value in headers if name.lower() in _CARRIERS]
        in_query = [value for name, value in parse_qsl(query.decode("latin-1")) if name == "key"]
        if not self._keys:
            parts = [value for _, value in found] + [value.encode("latin-1") for value in in_query]
            return Caller(_digest(parts), headers, query)
        presented = [_bare(value) for _, value in found] + [value.encode("latin-1") for value in in_query]
        key = self._known(presented)
        return Caller(f"key:{key.tenant}", _exchanged(headers, key), _exchanged_query(query, key))

    def _known(self, presented: list[bytes]) -> Key:
        match: Key | None = None
        for key in self._keys:  # every key is compared, and in constant time: timing tells nothing
            mine = key.key.get_secret_value().encode()
            for theirs in presented:
                if hmac.compare_digest(mine, theirs):
                    match = key
        if match is None:
            raise UnknownKey
        return match


def _digest(credentials: list[bytes]) -> str:
    """A tenant name that does not give the credential away; "open" for callers without one."""
    if not credentials:
        return "open"
    lengths = b"".join(len(part).to_bytes(4) + part for part in sorted(credentials))
    return "caller:" + hashlib.sha256(b"antecedent tenant\0" + lengths).hexdigest()[:40]


def _bare(value: bytes) -> bytes:
    scheme, space, rest = value.partition(b" ")
    return rest.strip() if space and scheme.lower() in (b"bearer", b"basic") else value.strip()


def _exchanged(headers: Headers, key: Key) -> Headers:
    """Every key header carries the upstream's key, in the form it had."""
    secret = key.upstream_key.get_secret_value().encode()
    return [
        (name, (b"Bearer " + secret if name.lower() == b"authorization" else secret))
        if name.lower() in _CARRIERS
        else (name, value)
        for name, value in headers
    ]


def _exchanged_query(query: bytes, key: Key) -> bytes:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if not any(name == "key" for name, _ in pairs):
        return query
    secret = key.upstream_key.get_secret_value()
    return urlencode([(name, secret if name == "key" else value) for name, value in pairs]).encode("ascii")
