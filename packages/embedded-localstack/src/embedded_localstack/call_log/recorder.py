"""Keeps the calls, each distinct one once and not without end."""

import json
import threading
from dataclasses import asdict

from embedded_localstack.call_log.recorded import RecordedCall

# Far more than any function has: what differs without end, such as the names of objects, is not part of a call here.
_MOST = 2_000


class Recorder:
    """Keeps each distinct call once, up to a number of them."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._calls: set[RecordedCall] = set()
        self._left_out = False

    def note(self, call: RecordedCall) -> None:
        """Remember the call, if there is room."""
        with self._lock:
            if len(self._calls) < self._most:
                self._calls.add(call)
            elif call not in self._calls:
                self._left_out = True

    def answer(self) -> str:
        """Tell what was noted, and whether that is all."""
        with self._lock:
            return json.dumps({"calls": [asdict(call) for call in self._calls], "left_out": self._left_out})
