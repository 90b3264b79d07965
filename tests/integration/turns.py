"""One at a time: the workers of pytest-xdist share a deployment, and some tests would disturb others on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from terraform_harness.deployments.run import Run


@contextmanager
def turn(run: Run) -> Iterator[None]:
    """Wait until no other worker is in such a block, and keep the others out of theirs."""
    with FileLock(run.folder / "turn.lock"):
        yield
