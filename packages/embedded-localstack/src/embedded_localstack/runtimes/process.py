"""One function process, with the Runtime API that it calls."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedded_localstack.runtimes.output import Output
from embedded_localstack.runtimes.runtime_api import Event, Exited, Invocation, RuntimeApi, TimedOut
from embedded_localstack.supervision.parent_death import die_with_parent

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")

# The kernel kills a child when the thread that started it ends, so one thread that never ends starts all of them.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lambda-starter")


class FunctionProcess:
    """A subprocess that runs Amazon's runtime client, with the Runtime API that it calls."""

    def __init__(self, *, environment: Mapping[str, str], task_root: Path) -> None:
        self._api = RuntimeApi()
        reading, writing = os.pipe()
        self.output = Output(reading)
        self._process = _starter.submit(
            subprocess.Popen,
            # With -S and -P the interpreter finds the standard library and PYTHONPATH, as on AWS, and nothing else.
            die_with_parent([sys.executable, "-S", "-P", str(_BOOTSTRAP)]),
            env={**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
            cwd=task_root,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            process_group=0,
        ).result()
        os.close(writing)
        threading.Thread(target=self._wait, name="lambda-process", daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Whether the process has exited or was killed."""
        return self._process.poll() is not None

    def send(self, invocation: Invocation) -> None:
        """Continue the process, and send an invocation to its runtime."""
        self._signal(signal.SIGCONT)
        self._api.invocations.put(invocation)

    def freeze(self) -> None:
        """Freeze the process and its children until the next invocation, as AWS does."""
        self._signal(signal.SIGSTOP)

    def next_event(self, deadline: float) -> Event:
        """Return the next event; TimedOut after the deadline (in monotonic seconds)."""
        try:
            return self._api.events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return TimedOut()

    def peak_memory_megabytes(self) -> int:
        """Return the peak memory of the process, or 0 after it has ended."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self._process.pid}/status").read_text()
            if peak := re.search(r"VmHWM:\s+(\d+) kB", status):
                return -(-int(peak[1]) // 1024)
        return 0

    def kill(self) -> None:
        """Kill the process and its children."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Kill the process, and close its Runtime API."""
        self.kill()
        self._process.wait()
        self._api.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _wait(self) -> None:
        self._api.events.put(Exited(code=self._process.wait()))
