"""The process supervisor between a caller and LocalStack: it stops LocalStack with its caller.

Started as ``python -m embedded_localstack.supervision.supervisor COMMAND...`` with a pipe as standard input. The pipe
closes when the caller stops LocalStack, and also when the caller dies, even by SIGKILL. The supervisor is a child
subreaper: it adopts the orphans of LocalStack's children, so that no process escapes by forking.
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

from embedded_localstack.supervision.parent_death import die_with_parent

_PR_SET_CHILD_SUBREAPER = 36
_SECONDS_TO_STOP = 1.0
_SECONDS_BETWEEN_CHECKS = 0.02


def supervise(command: list[str]) -> int:
    """Run ``command`` until it ends or standard input closes, kill all descendants, and return its exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    localstack = subprocess.Popen(die_with_parent(command), stdin=subprocess.DEVNULL).pid
    stopping, exit_code = threading.Event(), Future[int]()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threading.Thread(target=_wait_for_caller, args=[stopping], daemon=True).start()
    threading.Thread(target=_reap, args=[localstack, exit_code, stopping], daemon=True).start()
    stopping.wait()
    if not exit_code.done():
        os.kill(localstack, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        exit_code.result(_SECONDS_TO_STOP)
    _kill_descendants()
    return exit_code.result()


def _wait_for_caller(stopping: threading.Event) -> None:
    sys.stdin.buffer.read()
    stopping.set()


def _reap(localstack: int, exit_code: Future[int], stopping: threading.Event) -> None:
    """Reap all children, including adopted orphans."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            if pid == localstack:
                exit_code.set_result(os.waitstatus_to_exitcode(status))
                stopping.set()


def _kill_descendants() -> None:
    """Kill the descendants repeatedly until none exists: a process may fork during the listing."""
    while children := psutil.Process().children(recursive=True):
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        time.sleep(_SECONDS_BETWEEN_CHECKS)


if __name__ == "__main__":
    # Ctrl-C in a terminal reaches this process too. The caller handles it and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = supervise(sys.argv[1:])
    sys.stdout.write(f"supervisor: LocalStack ended with exit code {code}\n")
    sys.stdout.flush()
    os._exit(code & 0xFF)
