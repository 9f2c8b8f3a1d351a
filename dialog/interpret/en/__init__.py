"""English: pronouns, what is left out, refinement, correction, rejection, selection and return, by rule."""

from dialog.interpret.en.pack import EnglishPack

__all__ = ["EnglishPack"]
