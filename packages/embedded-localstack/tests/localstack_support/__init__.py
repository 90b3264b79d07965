"""Helpers for the tests of the embedded LocalStack."""
