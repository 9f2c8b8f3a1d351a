"""Batch evaluation: files of dialogs in, files of decisions out."""
