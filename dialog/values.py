"""The base of every value that is passed around: frozen, strict about unknown fields."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable pydantic value; two with equal fields are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")
