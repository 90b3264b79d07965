"""SIGTERM runs the finalizers, as Ctrl-C does."""

import os
import signal

import pytest

from harness.signals import sigterm_as_interrupt


def test_sigterm_raises_what_ctrl_c_raises() -> None:
    with pytest.raises(KeyboardInterrupt, match=r"^SIGTERM$"), sigterm_as_interrupt():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()


def test_after_the_block_sigterm_means_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with sigterm_as_interrupt():
        within = signal.getsignal(signal.SIGTERM)

    assert (signal.getsignal(signal.SIGTERM), within == before) == (before, False)
