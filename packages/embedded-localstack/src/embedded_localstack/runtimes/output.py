"""Collects the output of a function process: standard output and standard error in one order."""

import os
import select
import threading


class Output:
    """The reading end of the pipe that a function writes to; a thread keeps the pipe from filling up."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._open = True
        self._lock = threading.Lock()
        self._collected = bytearray()
        threading.Thread(target=self._pump, name="lambda-output", daemon=True).start()

    def take(self) -> str:
        """Return the output since the last call."""
        with self._lock:
            self._collect()
            taken = self._collected.decode(errors="replace")
            self._collected.clear()
        return taken

    def _pump(self) -> None:
        while self._open:
            select.select([self._descriptor], [], [])
            with self._lock:
                self._collect()
        os.close(self._descriptor)

    def _collect(self) -> None:
        """Read the available output; an empty chunk means that every writer has closed the pipe."""
        while self._open:
            try:
                chunk = os.read(self._descriptor, 65_536)
            except BlockingIOError:
                return
            self._open = bool(chunk)
            self._collected += chunk
