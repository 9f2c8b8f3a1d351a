"""The inspector: a page that shows what was made of each message, over any store, and writes nothing."""
