"""Exclusive use of the deployment, which the workers of pytest-xdist share."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from terraform_harness import Run


@contextmanager
def turn(run: Run) -> Iterator[None]:
    """Hold the lock that allows one worker at a time to change the deployment."""
    with FileLock(run.folder / "turn.lock"):
        yield
