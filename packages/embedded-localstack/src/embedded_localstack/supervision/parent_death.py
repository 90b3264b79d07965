"""Run a command that the kernel kills when its parent dies, however the parent dies.

LocalStack starts its children in sessions of their own, so a signal to a process group misses them, and a
parent that is killed with SIGKILL cannot clean up. Linux can: PR_SET_PDEATHSIG survives exec.
(Where it is missing, as on macOS, only the guardian's own clean-up remains.)
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def tethered(command: Sequence[str]) -> list[str]:
    """Return the command that runs ``command`` tied to the calling process.

    The tie is to the calling thread, in truth: call from one that lives as long as its process.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(os.getpid()), *command]


def _main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(f"The parent {parent} died before {command[0]} could start.")
    os.execvp(command[0], command)  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    _main()
