"""Antecedent: dialog state and grounded follow-ups in front of any LLM backend.

Names are imported on first use, so that `import dialog` costs nothing and needs no optional library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialog.assemble import open_pipeline
    from dialog.backends.anthropic import AnthropicBackend
    from dialog.backends.base import Backend, BackendError
    from dialog.backends.ollama import OllamaBackend
    from dialog.backends.openai import OpenAIBackend
    from dialog.change import fold
    from dialog.config import PipelineConfig
    from dialog.errors import BudgetTooSmall, DialogBusy, DialogError, DialogUnknown
    from dialog.ground import Budget
    from dialog.interpret.rules import RuleInterpreter
    from dialog.interpretation import Interpretation, Interpreter
    from dialog.pipeline import Pipeline
    from dialog.prompt import GroundedPrompt
    from dialog.rewrite import Edit, Rewrite, apply_edits, rewritten, unchanged
    from dialog.state import DialogState
    from dialog.store_url import open_store
    from dialog.trace import TurnTrace
    from dialog.transport import (
        AsyncDialogTransport,
        DialogTransport,
        http_client,
        http_transport,
        last_trace,
        synchronous,
        use,
    )
    from dialog.turn import OpenTurn, Reply

_HOME = {
    "AnthropicBackend": "dialog.backends.anthropic",
    "AsyncDialogTransport": "dialog.transport",
    "Backend": "dialog.backends.base",
    "BackendError": "dialog.backends.base",
    "Budget": "dialog.ground",
    "BudgetTooSmall": "dialog.errors",
    "DialogBusy": "dialog.errors",
    "DialogError": "dialog.errors",
    "DialogState": "dialog.state",
    "DialogTransport": "dialog.transport",
    "DialogUnknown": "dialog.errors",
    "Edit": "dialog.rewrite",
    "GroundedPrompt": "dialog.prompt",
    "Interpretation": "dialog.interpretation",
    "Interpreter": "dialog.interpretation",
    "RuleInterpreter": "dialog.interpret.rules",
    "OllamaBackend": "dialog.backends.ollama",
    "OpenAIBackend": "dialog.backends.openai",
    "OpenTurn": "dialog.turn",
    "Pipeline": "dialog.pipeline",
    "PipelineConfig": "dialog.config",
    "Reply": "dialog.turn",
    "Rewrite": "dialog.rewrite",
    "TurnTrace": "dialog.trace",
    "apply_edits": "dialog.rewrite",
    "fold": "dialog.change",
    "http_client": "dialog.transport",
    "http_transport": "dialog.transport",
    "last_trace": "dialog.transport",
    "open_pipeline": "dialog.assemble",
    "open_store": "dialog.store_url",
    "rewritten": "dialog.rewrite",
    "synchronous": "dialog.transport",
    "unchanged": "dialog.rewrite",
    "use": "dialog.transport",
}

__all__ = [
    "AnthropicBackend",
    "AsyncDialogTransport",
    "Backend",
    "BackendError",
    "Budget",
    "BudgetTooSmall",
    "DialogBusy",
    "DialogError",
    "DialogState",
    "DialogTransport",
    "DialogUnknown",
    "Edit",
    "GroundedPrompt",
    "Interpretation",
    "Interpreter",
    "OllamaBackend",
    "OpenAIBackend",
    "OpenTurn",
    "Pipeline",
    "PipelineConfig",
    "Reply",
    "Rewrite",
    "RuleInterpreter",
    "TurnTrace",
    "apply_edits",
    "fold",
    "http_client",
    "http_transport",
    "last_trace",
    "open_pipeline",
    "open_store",
    "rewritten",
    "synchronous",
    "unchanged",
    "use",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'dialog' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
