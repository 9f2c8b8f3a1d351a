"""What the proxy is told: by a TOML file, by options, and by nothing that a request says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from dialog.values import Value


class Key(Value):
    """A key of the proxy's own: who presents `key` is `tenant`, and goes to the provider with `upstream_key`."""

    key: SecretStr
    tenant: str = Field(min_length=1)
    upstream_key: SecretStr


class ProxyConfig(Value):
    """`upstream` is the only place requests go to: scheme, host, port and an optional path that is put in front.

    Without `keys` a caller's credential is passed on to the upstream, and its digest is the tenant; with them, only
    callers that present one are let in. Sizes are bytes, times seconds.
    """

    upstream: str
    store: str = "memory:"
    host: str = "127.0.0.1"
    port: int = Field(default=8484, ge=0, le=65535)
    history: Literal["client", "managed"] = "client"
    keys: tuple[Key, ...] = ()
    max_body_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    max_concurrent: int = Field(default=1024, ge=1)
    connect_timeout_s: float = Field(default=10.0, gt=0)
    read_timeout_s: float = Field(default=600.0, gt=0)
    """The longest silence of the upstream, also before its first byte."""
    shutdown_s: float = Field(default=60.0, gt=0)
    """How long open streams may go on after the server was told to stop."""

    @field_validator("upstream")
    @classmethod
    def _is_a_place(cls, upstream: str) -> str:
        parts = urlsplit(upstream)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("give an absolute http or https URL, such as https://api.openai.com")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("leave user, password, query and fragment out of the upstream URL; keys go in headers")
        return upstream.rstrip("/")

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        if len({key.key.get_secret_value() for key in self.keys}) < len(self.keys):
            raise ValueError("two keys are the same; give each tenant its own")
        return self


def read_config(path: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings in a TOML file. A key written "env:NAME" is taken from the environment.

    Raises ValueError when the file is not TOML or names a variable that is not set.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not a TOML file: {error}") from None
    for key in settings.get("keys", []):
        for name in ("key", "upstream_key"):
            if isinstance(given := key.get(name), str):
                key[name] = _secret(given, environ)
    return settings


def _secret(given: str, environ: Mapping[str, str]) -> str:
    scheme, colon, name = given.partition(":")
    if not (scheme == "env" and colon):
        return given
    if not environ.get(name):
        raise ValueError(f"the configuration takes a key from {name}, which is not set; export it")
    return environ[name]
