"""One function process: started, talked to, and ended."""

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
from embedded_localstack.supervision.parent_death import tethered

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")

# The kernel ties a child to the thread that started it, so all are started by one thread that never ends.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lambda-starter")


class FunctionProcess:
    """A subprocess that runs Amazon's runtime client, with the Runtime API that it talks to."""

    def __init__(self, *, environment: Mapping[str, str], task_root: Path) -> None:
        self._api = RuntimeApi()
        reading, writing = os.pipe()
        self.output = Output(reading)
        self._process = _starter.submit(
            subprocess.Popen,
            # -S and -P: the interpreter sees the standard library and PYTHONPATH, as on AWS, and no other package.
            tethered([sys.executable, "-S", "-P", str(_BOOTSTRAP)]),
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
        """Whether somebody killed it, or it ended by itself."""
        return self._process.poll() is not None

    def send(self, invocation: Invocation) -> None:
        """Hand the invocation to the runtime, which is waiting for it."""
        self._signal(signal.SIGCONT)
        self._api.invocations.put(invocation)

    def freeze(self) -> None:
        """Hold the process and everything it started until the next invocation, as AWS does."""
        self._signal(signal.SIGSTOP)

    def next_event(self, deadline: float) -> Event:
        """Return the next event, which is TimedOut when the deadline (monotonic seconds) passes before."""
        try:
            return self._api.events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return TimedOut()

    def peak_memory_megabytes(self) -> int:
        """Return the most memory that the process has used, 0 when it is gone."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self._process.pid}/status").read_text()
            if peak := re.search(r"VmHWM:\s+(\d+) kB", status):
                return -(-int(peak[1]) // 1024)
        return 0

    def kill(self) -> None:
        """Kill the process and everything it started."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Kill it and close what was opened for it."""
        self.kill()
        self._process.wait()
        self._api.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _wait(self) -> None:
        self._api.events.put(Exited(code=self._process.wait()))
