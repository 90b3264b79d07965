"""Starts LocalStack in a process of its own, and ends it with its caller."""
