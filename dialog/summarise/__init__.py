"""Summaries of turns that leave the prompt: extractive, or written by a model and checked (`summarise.model`)."""

from __future__ import annotations

from dialog.summarise.extract import bounded, digest, extract, merged, stands

__all__ = ["bounded", "digest", "extract", "merged", "stands"]
