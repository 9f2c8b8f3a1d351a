"""Slot tracking by rules: what a message says about declared slots, and about the general ones without a schema.

`plan` turns slot definitions into what to look for, `tracker` decides what a message changes, and one module per
language (`en`, `zh`) finds the values in a text.
"""
