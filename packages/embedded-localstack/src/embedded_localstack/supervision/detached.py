"""Keeps a LocalStack running after the process that started it has ended.

The detached holder is a process that holds the pipe of the supervisor open. When the holder ends, the pipe closes and
the supervisor stops LocalStack. The holder ends on SIGTERM, and when the process that it follows has ended.

Started as ``python -m embedded_localstack.supervision.detached RUN_DIRECTORY [PID]``. ``stop_detached`` recognizes the
holder by the folder in its command line.
"""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import psutil

_MODULE = "embedded_localstack.supervision.detached"
_SECONDS_TO_STOP = 10.0


def start_detached(pipe: IO[bytes], run_directory: Path, *, follow: int | None = None) -> int:
    """Start a holder of a supervisor's pipe, and return its process id.

    Args:
        pipe: The writing end of the pipe that the supervisor reads.
        run_directory: The run directory of the LocalStack.
        follow: The id of a process. When this process ends, the holder ends too.
    """
    holder = subprocess.Popen(
        [sys.executable, "-m", _MODULE, str(run_directory), *([] if follow is None else [str(follow)])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[pipe.fileno()],
        start_new_session=True,
    )
    # A return code suppresses the warning that the process is still running.
    holder.returncode = 0
    return holder.pid


def stop_detached(pid: int, run_directory: Path) -> None:
    """Stop a holder and its LocalStack; do nothing if another process has this id now."""
    with contextlib.suppress(psutil.NoSuchProcess):
        holder = psutil.Process(pid)
        if {_MODULE, str(run_directory.resolve())} <= set(holder.cmdline()):
            holder.terminate()
            holder.wait(_SECONDS_TO_STOP)


def hold(followed: int | None) -> None:
    """Wait for a signal or for the end of the followed process."""
    if followed is None:
        signal.pause()
    else:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(followed).wait()


if __name__ == "__main__":
    hold(int(sys.argv[2]) if sys.argv[2:] else None)
