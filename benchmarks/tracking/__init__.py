"""How well slots and topics are tracked on public dialogs, and how long one message takes."""
