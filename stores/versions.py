"""How a writer names the version it is about to write."""

from __future__ import annotations

import secrets

from stores.base import ABSENT, Version


def successor(version: Version) -> Version:
    """The version that follows; after `ABSENT` it is the first of a new incarnation (64 random bits, hexadecimal)."""
    return Version(version.number + 1, secrets.token_hex(8) if version == ABSENT else version.incarnation)
