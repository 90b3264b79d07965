"""SIGTERM runs the finalizers, as Ctrl-C does."""

import os
import signal
from datetime import timedelta

import pytest

from terraform_harness.signals import at_most, cancel_deadline, sigterm_as_interrupt


def test_sigterm_raises_what_ctrl_c_raises() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()


class Finalized:
    """Is interrupted in its finalizer, where Python swallows whatever is raised."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        sum(range(1_000_000))


def test_an_interrupt_that_python_swallows_comes_again() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
        finalized = Finalized()
        del finalized
        signal.pause()


def test_after_the_block_sigterm_means_what_it_meant_before() -> None:
    outside = signal.signal(signal.SIGTERM, signal.SIG_IGN)

    with sigterm_as_interrupt():
        within = signal.getsignal(signal.SIGTERM)

    after = signal.signal(signal.SIGTERM, outside)
    assert (after, within == signal.SIG_IGN) == (signal.SIG_IGN, False)


def test_the_end_of_the_time_raises_what_ctrl_c_raises() -> None:
    with (
        pytest.raises(KeyboardInterrupt, match=r"^the run's time of 0:00:00.020000 is over$"),
        at_most(timedelta(milliseconds=20)),
    ):
        signal.pause()


def test_what_is_torn_down_is_not_interrupted_by_the_end_of_the_time() -> None:
    with at_most(timedelta(hours=1)):
        cancel_deadline()

        left = signal.getitimer(signal.ITIMER_REAL)

    assert left == (0.0, 0.0)


def test_time_that_was_not_used_up_never_ends() -> None:
    with at_most(timedelta(hours=1)):
        pass

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
