"""Runs LocalStack in a supervised process that stops with its caller."""
