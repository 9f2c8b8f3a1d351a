"""The proxy's own answers, as opposed to the upstream's: JSON errors in the shape that SDKs understand."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

CLIENT_CLOSED_REQUEST = 499
"""nginx's code for a caller that went away; it is only counted."""


def refusal(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error of ours. The shape is OpenAI's (`error.message`, `error.type`), which other SDKs show as text."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": kind}}
    return JSONResponse(body, status_code=status, headers={"x-dialog-error": kind, **(headers or {})})
