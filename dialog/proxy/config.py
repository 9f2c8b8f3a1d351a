"""What the proxy is told: by a TOML file, by the environment, by options, and by nothing that a request says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from dialog.assemble import LocalEngine
from dialog.values import Value

Settings = dict[str, Any]

_FROM_ENVIRONMENT = {"ANTECEDENT_UPSTREAM": "upstream", "ANTECEDENT_STORE": "store", "ANTECEDENT_KEYS": "keys"}
_TOKEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class Key(Value):
    """A key of the proxy's own: who presents `key` is `tenant`, and goes to the provider with `upstream_key`.

    Several keys may stand for one tenant, as while a key is being replaced. A key is printable ASCII without spaces.
    """

    key: SecretStr
    tenant: str = Field(min_length=1)
    upstream_key: SecretStr

    @field_validator("key", "upstream_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr) -> SecretStr:
        # An empty key would let in whoever sends an empty header; a line break would start a header of its own.
        if not key.get_secret_value() or any(not "!" <= char <= "~" for char in key.get_secret_value()):
            raise ValueError("a key is printable ASCII without spaces, and not empty")
        return key


class ProxyConfig(Value):
    """`upstream` is the only place requests go to: scheme, host, port and an optional path that is put in front.

    Without `keys` a caller's credential is passed on to the upstream, and its digest is the tenant; with them, only
    callers that present one are let in. Sizes are bytes, times seconds.
    """

    upstream: str
    store: str = Field(default="memory:", repr=False)
    """A store's URL may hold a password."""
    host: str = "127.0.0.1"
    port: int = Field(default=8484, ge=0, le=65535)
    history: Literal["client", "managed"] = "client"
    engine: LocalEngine | None = None
    """Who reads messages: rules; local, rules and the trained rewriter; None: local where that extra is installed."""
    keys: tuple[Key, ...] = ()
    key_headers: tuple[str, ...] = ()
    """Headers in which this upstream looks for a key, beside those that the providers use."""
    allowed_hosts: tuple[str, ...] | None = None
    """Names by which a served proxy answers (`Host`, without the port); None: any, but only names of this machine
    where `host` is one. Without that, a web page could reach a proxy on its reader's machine by pointing its own name
    there (DNS rebinding)."""
    max_body_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    max_concurrent: int = Field(default=1024, ge=1)
    connect_timeout_s: float = Field(default=10.0, gt=0)
    read_timeout_s: float = Field(default=600.0, gt=0)
    """The longest silence of the upstream, also before its first byte."""
    body_timeout_s: float = Field(default=60.0, gt=0)
    """How long a caller may take to send a body that is read here."""
    shutdown_s: float = Field(default=60.0, gt=0)
    """How long open streams may go on after the server was told to stop."""

    @field_validator("upstream")
    @classmethod
    def _is_a_place(cls, upstream: str) -> str:
        parts = urlsplit(upstream)
        if parts.scheme not in ("http", "https") or not parts.hostname or not upstream.isascii():
            raise ValueError("give an absolute http or https URL, such as https://api.openai.com")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("leave user, password, query and fragment out of the upstream URL; keys go in headers")
        if any(not "!" <= char <= "~" for char in upstream) or parts.port == 0:
            raise ValueError("the upstream URL holds a character or a port that no URL can have")
        if parts.path.rstrip("/").endswith("/v1"):
            raise ValueError("leave /v1 out of the upstream URL: requests bring it, and it would stand there twice")
        return upstream.rstrip("/")

    @field_validator("key_headers")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        lowered = tuple(name.lower() for name in names)
        if any(not name or set(name) - _TOKEN for name in lowered):
            raise ValueError('give names of headers, such as "x-my-key"')
        return lowered

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        if len({key.key.get_secret_value() for key in self.keys}) < len(self.keys):
            raise ValueError("two keys are the same; give each tenant its own")
        return self


def configured(file: Path | None, options: Mapping[str, Any], environ: Mapping[str, str]) -> ProxyConfig:
    """The configuration: options (those not None) over the environment over the file over the defaults.

    The environment may hold ANTECEDENT_UPSTREAM, ANTECEDENT_STORE and, as JSON, ANTECEDENT_KEYS. Raises OSError when
    the file cannot be read and ValueError, naming the setting and none of its value, when something does not fit.
    """
    settings = read_config(file, environ) if file is not None else {}
    for variable, name in _FROM_ENVIRONMENT.items():
        if given := environ.get(variable):
            settings[name] = _keys_in(variable, given) if name == "keys" else given
    settings |= {name: value for name, value in options.items() if value is not None}
    if "upstream" not in settings:
        raise ValueError(
            "there is no upstream to send requests to; give --upstream https://api.openai.com, "
            "set ANTECEDENT_UPSTREAM, or write it into the file of --config"
        )
    try:
        return ProxyConfig.model_validate(settings)
    except ValidationError as error:
        raise ValueError("; ".join(_said(each["loc"], each["msg"]) for each in error.errors())) from None


def read_config(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in a TOML file. A key written "env:NAME" is taken from the environment.

    Raises ValueError when the file is not TOML or names a variable that is not set.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not a text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} is not TOML: {error}") from None
    keys = settings.get("keys", [])
    for key in keys if isinstance(keys, list) else []:
        for name in ("key", "upstream_key"):
            if isinstance(key, dict) and isinstance(given := key.get(name), str):
                key[name] = _secret(given, environ)
    return settings


def _secret(given: str, environ: Mapping[str, str]) -> str:
    if not given.startswith("env:"):
        return given
    name = given.removeprefix("env:")
    if not environ.get(name):
        raise ValueError(f"the configuration takes a key from {name}, which is not set; export it")
    return environ[name]


def _keys_in(variable: str, given: str) -> object:
    try:
        return json.loads(given)
    except ValueError:
        raise ValueError(
            f'{variable} is not JSON; write [{{"key": "...", "tenant": "...", "upstream_key": "..."}}]'
        ) from None


def _said(where: tuple[int | str, ...], what: str) -> str:
    """What is wrong with a setting. pydantic's own text would quote the value, which may be a key."""
    return f"{'.'.join(map(str, where)) or 'keys'}: {what.removeprefix('Value error, ')}"
