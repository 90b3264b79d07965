"""Turns SIGTERM and an expired time limit into KeyboardInterrupt, so that every finalizer runs as after Ctrl-C."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Timer
from types import FrameType

_REPEAT_SECONDS = 0.02


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt in the main thread on SIGTERM, which CI sends on cancel, until the block ends.

    No interrupt is lost, not even that of Ctrl-C. Python swallows an error in a finalizer or in the callback of a weak
    reference (https://docs.python.org/3/library/sys.html#sys.unraisablehook). Such an interrupt is repeated.
    """
    handler, hook = signal.signal(signal.SIGTERM, _interrupt), sys.unraisablehook

    def repeat(unraisable: "sys.UnraisableHookArgs") -> None:
        if isinstance(unraisable.exc_value, KeyboardInterrupt):
            # From a timer: Python would swallow an error in this function too.
            Timer(_REPEAT_SECONDS, os.kill, (os.getpid(), signal.SIGTERM)).start()
        else:
            hook(unraisable)

    sys.unraisablehook = repeat
    try:
        yield
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, handler)


@contextmanager
def at_most(duration: timedelta) -> Iterator[None]:
    """Raise KeyboardInterrupt once in the main thread if the block takes longer; see `cancel_deadline`."""

    def expire(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt(f"the run exceeded its time limit of {duration}")

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, duration.total_seconds())
    try:
        yield
    finally:
        cancel_deadline()
        signal.signal(signal.SIGALRM, before)


def cancel_deadline() -> None:
    """Cancel the time limit, so that it does not interrupt a teardown."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _interrupt(number: int, _: FrameType | None) -> None:
    """Raise what Ctrl-C raises; a second signal raises again, also inside a finalizer."""
    raise KeyboardInterrupt(signal.Signals(number).name)
