"""Paths of requests, as bytes and undecoded: what is equal after decoding may not be equal to the upstream."""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes

from starlette.types import Scope


class BadPath(Exception):
    """The path would leave the upstream's own, or is not one."""


def path_of(scope: Scope) -> bytes:
    """The path as it was sent, undecoded, below where the app is mounted."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
    raw = raw.partition(b"?")[0]
    root: bytes = scope.get("root_path", "").encode("utf-8")
    if not root:
        return raw
    segments = raw.split(b"/")
    depth = root.count(b"/") + 1
    if unquote_to_bytes(b"/".join(segments[:depth])) == root:  # the prefix may be written with %-escapes
        return b"/" + b"/".join(segments[depth:])
    return raw


def checked(path: bytes, query: bytes) -> bytes:
    """Path and query as a request target, as they came.

    Raises BadPath for anything but an absolute path of visible ASCII without dot segments, encoded or not (RFC 3986,
    section 5.2.4), also where they are hidden behind a second encoding or a parameter.
    """
    target = path + (b"?" + query if query else b"")
    if not path.startswith(b"/") or b"#" in target or any(not 0x21 <= byte <= 0x7E for byte in target):
        raise BadPath
    plain = path
    for _ in range(3):
        plain = unquote_to_bytes(plain)
    segments = plain.replace(b"\\", b"/").split(b"/")
    if any(segment.partition(b";")[0] in (b".", b"..") for segment in segments):
        raise BadPath
    return target
