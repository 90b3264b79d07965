"""Keeps a limited number of distinct API calls."""

import json
import threading
from dataclasses import asdict

from embedded_localstack.call_log.recorded_call import RecordedCall

# A function has far fewer distinct calls: names without a limit, such as those of objects, are not recorded.
_LIMIT = 2_000


class Recorder:
    """Keeps each distinct call once, up to a limit."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._calls: set[RecordedCall] = set()
        self._left_out = False

    def record(self, call: RecordedCall) -> None:
        """Keep the call unless the limit is reached."""
        with self._lock:
            if len(self._calls) < self._limit:
                self._calls.add(call)
            elif call not in self._calls:
                self._left_out = True

    def to_json(self) -> str:
        """Return the calls, and whether any call was left out."""
        with self._lock:
            return json.dumps({"calls": [asdict(call) for call in self._calls], "left_out": self._left_out})
