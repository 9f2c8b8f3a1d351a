"""API shapes: what a request to a model provider says, how to change it, and what the reply said. No I/O."""
