"""Rules for noun phrases that lean on the dialog: "the experiment", "that film", "the biggest", "the main themes"."""

from __future__ import annotations

from dialog.interpret.en.bridging import of_an_entry, of_the_theme
from dialog.interpret.en.definites import full_name, said_before
from dialog.interpret.en.mentions import mentions_of
from dialog.interpret.en.message import Message
from dialog.interpret.en.one_anaphora import one_of_them
from dialog.interpret.en.superlatives import most_of_all
from dialog.interpret.pack import Resolution, View


def describe(view: View, message: Message) -> Resolution | None:
    """The first way in which a noun phrase of the message leans on the dialog."""
    if not view.utterances and not view.caller:
        return None
    mentions = mentions_of(view)
    for way in (full_name, said_before, one_of_them, most_of_all, of_an_entry, of_the_theme):
        found = way(view, message, mentions)
        if found is not None:
            return found
    return None
