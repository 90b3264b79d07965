"""SIGTERM and an expired time limit run the finalizers, as Ctrl-C does."""

import os
import signal
from datetime import timedelta

import pytest

from terraform_harness.signals import at_most, cancel_deadline, sigterm_as_interrupt


def test_sigterm_raises_keyboard_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()


def test_sigterm_interrupts_while_sigint_is_ignored() -> None:
    """After `nohup make demo &`, Ctrl-C has no effect, and SIGTERM still tears down."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        within = signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert within == signal.SIG_IGN


class Finalized:
    """Is interrupted in its finalizer, where Python swallows every error."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        sum(range(1_000_000))


def test_swallowed_interrupt_is_repeated() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
        finalized = Finalized()
        del finalized
        signal.pause()


def test_sigterm_handler_is_restored_after_the_block() -> None:
    outside = signal.signal(signal.SIGTERM, signal.SIG_IGN)

    with sigterm_as_interrupt():
        within = signal.getsignal(signal.SIGTERM)

    after = signal.signal(signal.SIGTERM, outside)
    assert (after, within == signal.SIG_IGN) == (signal.SIG_IGN, False)


def test_expired_time_limit_raises_keyboard_interrupt() -> None:
    with (
        pytest.raises(KeyboardInterrupt, match=r"^the run exceeded its time limit of 0:00:00\.020000$"),
        at_most(timedelta(milliseconds=20)),
    ):
        signal.pause()


def test_cancelled_time_limit_does_not_interrupt_a_teardown() -> None:
    with at_most(timedelta(hours=1)):
        cancel_deadline()

        remaining = signal.getitimer(signal.ITIMER_REAL)

    assert remaining == (0.0, 0.0)


def test_time_limit_ends_with_the_block() -> None:
    with at_most(timedelta(hours=1)):
        pass

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
