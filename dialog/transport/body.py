"""A request body as text that can be read and spliced."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

from dialog.wire.json_splice import Replacement, splice
from dialog.wire.looking import Json, NotUnderstood

MAX_BODY_BYTES = 64 * 1024 * 1024
"""A body over this, also after decompression, is passed on unread."""


class Body:
    """The JSON object in a request's bytes; raises NotUnderstood when there is none.

    A compressed body is read too; once changed it goes on uncompressed, so its `content-encoding` must go.
    """

    def __init__(self, data: bytes, *, coding: str = "") -> None:
        plain = _decoded(data, coding.strip().lower())
        try:
            self._text = plain.decode("utf-8")
            document = json.loads(self._text)
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise NotUnderstood("the body is not JSON in UTF-8") from None
        if not isinstance(document, dict):
            raise NotUnderstood("the body is not an object")
        self.json: Json = document

    def changed(self, replacements: Sequence[Replacement]) -> bytes | None:
        """The bytes after the replacements; None when they change nothing."""
        text = splice(self._text, replacements)
        return None if text == self._text else text.encode()


def _decoded(data: bytes, coding: str) -> bytes:
    if len(data) > MAX_BODY_BYTES:
        raise NotUnderstood("the body is too large")
    if coding in ("", "identity"):
        return data
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise NotUnderstood(f"the body has content-encoding {coding[:20]}")
    decoder = zlib.decompressobj(zlib.MAX_WBITS | (0 if coding == "deflate" else 16))
    try:
        plain = decoder.decompress(data, MAX_BODY_BYTES)
    except zlib.error:
        raise NotUnderstood("the body is not in its content-encoding") from None
    if not decoder.eof:
        raise NotUnderstood("the body is too large or breaks off")
    return plain
