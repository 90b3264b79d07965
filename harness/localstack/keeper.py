"""Keeps a LocalStack alive after the process that started it: it holds the guardian's pipe open, and does nothing else.

Started as ``python -m harness.localstack.keeper RUN_DIRECTORY``; the argument is there to be recognized by. SIGTERM
ends the keeper, so the pipe closes, so the guardian ends LocalStack.
"""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import psutil

_MODULE = "harness.localstack.keeper"
_SECONDS_TO_END = 10.0


def start_keeper(pipe: IO[bytes], run_directory: Path) -> int:
    """Start a keeper of a guardian's pipe, and return its process id."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", _MODULE, str(run_directory)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[pipe.fileno()],
        start_new_session=True,
    )
    # It is meant to stay: no warning that it was not waited for.
    keeper.returncode = 0
    return keeper.pid


def end_kept(pid: int, run_directory: Path) -> None:
    """End a keeper, and with it its LocalStack; another process that has got its id since is left alone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        keeper = psutil.Process(pid)
        if {_MODULE, str(run_directory.resolve())} <= set(keeper.cmdline()):
            keeper.terminate()
            keeper.wait(_SECONDS_TO_END)


if __name__ == "__main__":
    signal.pause()
