"""Makes SIGTERM end a run as Ctrl-C does: through every finalizer."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
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
