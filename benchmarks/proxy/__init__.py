"""What the proxy adds to a call of a model provider, beside the transport and another proxy."""
