"""Who is calling: the credential a request carries, the tenant it stands for, and what goes on to the upstream."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
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
    headers: Headers = field(repr=False)
    query: bytes = field(repr=False)


class Callers:
    """Tells callers apart. Two credentials never share a tenant; a credential is never kept or logged."""

    def __init__(self, keys: tuple[Key, ...] = (), key_headers: tuple[str, ...] = ()) -> None:
        """`key_headers`: lower-case names of headers that carry a key, beside the usual ones."""
        self._keys = keys
        self._carriers = frozenset((*_CARRIERS, *(name.encode("ascii") for name in key_headers)))

    def identify(self, headers: Headers, query: bytes) -> Caller:
        """The caller of a request. Raises UnknownKey where keys are configured and the request presents none of them,
        or those of two tenants."""
        presented = [_bare(value) for name, value in headers if name.lower() in self._carriers]
        presented += [value.encode("latin-1") for name, value in _pairs(query) if name == "key"]
        if not self._keys:
            return Caller(_digest(presented), headers, query)
        key = self._known(presented)
        return Caller(f"key:{key.tenant}", self._exchanged(headers, key), _exchanged_query(query, key))

    def _known(self, presented: list[bytes]) -> Key:
        known: list[Key] = []
        for key in self._keys:  # every key is compared, and in constant time: timing tells nothing
            mine = key.key.get_secret_value().encode()
            for theirs in presented:
                if hmac.compare_digest(mine, theirs):
                    known.append(key)
        if len({key.tenant for key in known}) != 1:
            raise UnknownKey
        return known[0]

    def _exchanged(self, headers: Headers, key: Key) -> Headers:
        """Every key header carries the upstream's key, in the form it had."""
        secret = key.upstream_key.get_secret_value().encode()
        return [
            (name, (b"Bearer " + secret if name.lower() == b"authorization" else secret))
            if name.lower() in self._carriers
            else (name, value)
            for name, value in headers
        ]


def _digest(credentials: list[bytes]) -> str:
    """A tenant name that does not give the credential away; "open" for callers without one.

    The scheme and the header do not count: the state API may be asked in another form than the provider is.
    """
    if not any(credentials):
        return "open"
    lengths = b"".join(len(part).to_bytes(4) + part for part in sorted(set(credentials)))
    return "caller:" + hashlib.sha256(b"antecedent tenant\0" + lengths).hexdigest()[:40]


def _bare(value: bytes) -> bytes:
    scheme, space, rest = value.partition(b" ")
    return rest.strip() if space and scheme.lower() in (b"bearer", b"basic") else value.strip()


def _exchanged_query(query: bytes, key: Key) -> bytes:
    pairs = _pairs(query)
    if not any(name == "key" for name, _ in pairs):
        return query
    secret = key.upstream_key.get_secret_value()
    return urlencode([(name, secret if name == "key" else value) for name, value in pairs], encoding="latin-1").encode(
        "ascii"
    )


def _pairs(query: bytes) -> list[tuple[str, str]]:
    """What a query holds, each character standing for the byte it was sent as."""
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1") if query else []
