"""Backends: where grounded prompts go. Each module is one provider; `base` is what they have in common."""
