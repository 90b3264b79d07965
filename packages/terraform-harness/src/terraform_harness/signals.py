"""Makes SIGTERM, and the end of the time, end a run as Ctrl-C does: through every finalizer."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Timer
from types import FrameType

_AGAIN_SECONDS = 0.02


def _interrupt(number: int, _: FrameType | None) -> None:
    """Raise what Ctrl-C raises; a second signal finds the finalizers at work and raises again."""
    raise KeyboardInterrupt(signal.Signals(number).name)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Within the block, SIGTERM (what CI sends on cancel) raises KeyboardInterrupt in the main thread.

    No interrupt is lost, not even Ctrl-C's: Python swallows what is raised in a finalizer or in the callback of a weak
    reference (https://docs.python.org/3/library/sys.html#sys.unraisablehook); such an interrupt comes again.
    """
    handler, hook = signal.signal(signal.SIGTERM, _interrupt), sys.unraisablehook

    def not_swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            # Later and from outside: whatever is raised here is swallowed too.
            Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), signal.SIGTERM)).start()
        else:
            hook(unraisable)

    sys.unraisablehook = not_swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, handler)


@contextmanager
def at_most(duration: timedelta) -> Iterator[None]:
    """Raise KeyboardInterrupt once, in the main thread, when the block takes longer; see `cancel_deadline`."""

    def is_over(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt(f"the run's time of {duration} is over")

    before = signal.signal(signal.SIGALRM, is_over)
    signal.setitimer(signal.ITIMER_REAL, duration.total_seconds())
    try:
        yield
    finally:
        cancel_deadline()
        signal.signal(signal.SIGALRM, before)


def cancel_deadline() -> None:
    """Let the end of the time interrupt nothing from here on: what is being torn down must not be cut off."""
    signal.setitimer(signal.ITIMER_REAL, 0)
