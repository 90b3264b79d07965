"""Makes SIGTERM, and the end of the time, end a run as Ctrl-C does: through every finalizer."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType


def _interrupt(number: int, _: FrameType | None) -> None:
    """Raise what Ctrl-C raises; a second signal finds the finalizers at work and raises again."""
    raise KeyboardInterrupt(signal.Signals(number).name)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Within the block, SIGTERM (what CI sends on cancel) raises KeyboardInterrupt in the main thread."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def at_most(duration: timedelta) -> Iterator[None]:
    """Within the block, the end of the time raises KeyboardInterrupt, once, in the main thread."""
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, duration.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
