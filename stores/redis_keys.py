"""How a key of ours is spelt in Redis: `antecedent:{=<key>}:record` and `antecedent:{=<key>}:log`.

The braces are a hash tag, so both live in one slot of a cluster
(https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). `=` keeps the tag from being
empty. Bytes that would end the tag early or mean something to `SCAN MATCH` are percent-encoded; each character is
encoded by itself, so a prefix of the key is a prefix of its spelling.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_UNSAFE = re.compile(rb"[\x00-\x20\x7f%{}*?\[\]\\^]")


class KeySpelling:
    """Spells keys within one namespace; two namespaces never share a Redis key."""

    def __init__(self, namespace: str) -> None:
        self._start = _quoted(namespace) + b":{="

    def record(self, key: str) -> bytes:
        return self._start + _quoted(key) + b"}:record"

    def log(self, key: str) -> bytes:
        return self._start + _quoted(key) + b"}:log"

    def records_pattern(self, prefix: str) -> bytes:
        """The `SCAN MATCH` pattern of the records whose key starts with `prefix`."""
        return self._start + _quoted(prefix) + b"*}:record"

    def key_of(self, record: bytes) -> str:
        return unquote_to_bytes(record[len(self._start) : -len(b"}:record")]).decode("utf-8", "surrogatepass")


def _quoted(text: str) -> bytes:
    return _UNSAFE.sub(lambda found: b"%%%02X" % ord(found[0]), text.encode("utf-8", "surrogatepass"))
