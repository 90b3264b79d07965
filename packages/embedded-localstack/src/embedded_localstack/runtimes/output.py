"""What a function process writes, standard output and standard error in one order."""

import os
import select
import threading


class Output:
    """The reading end of a function's output; a thread keeps the pipe from filling up."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._open = True
        self._lock = threading.Lock()
        self._collected = bytearray()
        threading.Thread(target=self._pump, name="lambda-output", daemon=True).start()

    def take(self) -> str:
        """Return everything written so far and not yet taken."""
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
        """Read what is there; the pipe is over when every writer has closed its end."""
        while self._open:
            try:
                chunk = os.read(self._descriptor, 65_536)
            except BlockingIOError:
                return
            self._open = bool(chunk)
            self._collected += chunk
