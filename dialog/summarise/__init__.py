"""Summaries of turns that leave the prompt: extractive, or written by a model and checked (`summarise.model`)."""

from __future__ import annotations

from dialog.summarise.extract import bounded, extract, merged, stands

__all__ = ["bounded", "extract", "merged", "stands"]
