"""The default handler of SIGINT, for tests that interrupt a command."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def default_sigint() -> Iterator[None]:
    """Restore the default handler of SIGINT: a shell that starts the tests in the background lets them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
