"""The base of every value that is passed around: frozen, strict about unknown fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable pydantic value; two with equal fields are equal. Its validation errors do not quote the input."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def well_formed(text: str) -> str:
    """`text` as UTF-8 can hold it: halves of a surrogate pair joined, single ones replaced by U+FFFD.

    A reply that is streamed as JSON may come with an emoji's two escapes in two pieces.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


WellFormed = Annotated[str, AfterValidator(well_formed)]
"""Text from outside, made `well_formed`."""
