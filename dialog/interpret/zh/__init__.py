"""Chinese follow-ups by rule.

`words` and `tokens`: word classes, and words. `mentions` (`framed`): what is talked about. `anaphors`, `offers`: what
points back. `omissions` (`clause`, `subjects`, `objects`, `echoes`, `descriptions`, `forecasts`): what is left out.
`cues`, `kinds`, `requests`, `follow`: what a follow-up does to the request. `edits`: pieces with sources. `pack`: the
rules in order.
"""

from dialog.interpret.zh.pack import ChinesePack

__all__ = ["ChinesePack"]
