"""Antecedent: dialog state and grounded follow-ups in front of any LLM backend."""
