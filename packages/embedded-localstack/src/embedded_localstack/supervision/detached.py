"""Keeps a LocalStack alive after the process that started it: it holds the guardian's pipe open, and does nothing else.

Started as ``python -m embedded_localstack.supervision.detached RUN_DIRECTORY [PID]``; the folder is there to be
recognized by. SIGTERM ends the keeper, and so does the end of the process that it was told to follow; then the pipe
closes, so the guardian ends LocalStack.
"""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import psutil

_MODULE = "embedded_localstack.supervision.detached"
_SECONDS_TO_END = 10.0


def start_keeper(pipe: IO[bytes], run_directory: Path, *, follow: int | None = None) -> int:
    """Start a keeper of a guardian's pipe, and return its process id; it ends with the process that it follows."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", _MODULE, str(run_directory), *([] if follow is None else [str(follow)])],
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


def keep(followed: int | None) -> None:
    """Do nothing until a signal comes or the followed process has ended."""
    if followed is None:
        signal.pause()
    else:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(followed).wait()


if __name__ == "__main__":
    keep(int(sys.argv[2]) if sys.argv[2:] else None)
