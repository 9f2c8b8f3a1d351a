"""Interpreters: readings of a message in its dialog, all behind `dialog.interpretation.Interpreter`."""
