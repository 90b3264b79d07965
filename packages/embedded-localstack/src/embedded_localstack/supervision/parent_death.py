"""Runs a command that the kernel kills when its parent dies, even by SIGKILL.

LocalStack starts its children in sessions of their own, so that a signal to its process group does not reach them.
On Linux, PR_SET_PDEATHSIG sets a parent-death signal, which survives exec. macOS does not have it: there, only the
supervisor kills the children.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(command: Sequence[str]) -> list[str]:
    """Return a command that runs ``command`` and receives SIGKILL when the calling process dies.

    The kernel watches the calling thread, not the process: call this from a thread that lives as long as the process.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(os.getpid()), *command]


def _main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(f"The parent process {parent} died before {command[0]} could start.")
    os.execvp(command[0], command)  # noqa: S606  (a shell is not wanted)


if __name__ == "__main__":
    _main()
