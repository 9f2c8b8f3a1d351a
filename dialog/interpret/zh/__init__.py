"""Chinese: words (`words`, `tokens`), what is talked about (`mentions`), what points back (`anaphors`, `offers`), what
is left out (`omissions`), what follow-ups do to the request (`requests`, `kinds`, `follow`, `cues`), and the pack that
composes them."""

from dialog.interpret.zh.pack import ChinesePack

__all__ = ["ChinesePack"]
