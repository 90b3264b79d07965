"""The process between a caller and LocalStack: it ends everything when either of them ends.

Started as ``python -m embedded_localstack.supervision.supervisor COMMAND...`` with a pipe as standard input. The pipe
closes when the caller stops LocalStack and also when the caller dies, even by SIGKILL. What LocalStack's children leave
behind is adopted by the guardian (it is a child subreaper), so nothing can slip away by forking.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

import psutil

from embedded_localstack.supervision.parent_death import tethered

_PR_SET_CHILD_SUBREAPER = 36
_SECONDS_TO_END_BY_ITSELF = 1.0
_SECONDS_BETWEEN_LOOKS = 0.02


def guard(command: list[str]) -> int:
    """Run ``command`` until it ends or standard input closes, end all descendants, return its exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    localstack = subprocess.Popen(tethered(command), stdin=subprocess.DEVNULL).pid
    ending, exit_code = threading.Event(), Future[int]()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    threading.Thread(target=_wait_for_caller, args=[ending], daemon=True).start()
    threading.Thread(target=_reap, args=[localstack, exit_code, ending], daemon=True).start()
    ending.wait()
    if not exit_code.done():
        os.kill(localstack, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        exit_code.result(_SECONDS_TO_END_BY_ITSELF)
    _kill_descendants()
    return exit_code.result()


def _wait_for_caller(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()


def _reap(localstack: int, exit_code: Future[int], ending: threading.Event) -> None:
    """Bury every child, LocalStack and the adopted alike, until there is none: nobody else here waits for any."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            if pid == localstack:
                exit_code.set_result(os.waitstatus_to_exitcode(status))
                ending.set()


def _kill_descendants() -> None:
    """Kill until there is nobody left: a process may fork while it is being looked at."""
    while children := psutil.Process().children(recursive=True):
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        time.sleep(_SECONDS_BETWEEN_LOOKS)


if __name__ == "__main__":
    # The terminal's Ctrl-C is the caller's business: it closes the pipe when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = guard(sys.argv[1:])
    sys.stdout.write(f"guardian: LocalStack ended with exit code {code}\n")
    sys.stdout.flush()
    os._exit(code & 0xFF)
