"""Registers the markers of these tests."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "documented(page): the AWS page that defines the tested behaviour")
    config.addinivalue_line("markers", "parity(name): the entry of docs/parity.md that the test proves")
