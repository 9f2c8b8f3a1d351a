"""How well follow-ups are rewritten without a model, and how long that takes."""
