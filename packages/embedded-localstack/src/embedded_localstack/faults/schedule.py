"""Decides which API calls fail, in a reproducible way."""

import random
import threading
from collections import Counter
from collections.abc import Container, Sequence

from embedded_localstack.faults.fault import Fault, Kind


class FaultSchedule:
    """The active faults. With the same seed, the n-th matching call always has the same outcome."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._generators = [(fault, random.Random(f"{seed}/{number}")) for number, fault in enumerate(faults)]  # noqa: S311
        self._injected: Counter[int] = Counter()

    @property
    def injected(self) -> list[int]:
        """The number of injections of each fault, in the order of the faults."""
        with self._lock:
            return [self._injected[number] for number in range(len(self._generators))]

    def matches(self, service: str, operation: str) -> bool:
        """Return whether any fault applies to an operation."""
        return any(fault.matches(service, operation) for fault, _ in self._generators)

    def draw(self, service: str, operation: str, kinds: Container[Kind] = frozenset(Kind)) -> Fault | None:
        """Return the fault of one of these kinds to inject into one call; earlier faults take precedence."""
        with self._lock:
            for number, (fault, generator) in enumerate(self._generators):
                applies = fault.kind in kinds and fault.matches(service, operation)
                if applies and self._occurs(number, fault, generator):
                    self._injected[number] += 1
                    return fault
        return None

    def _occurs(self, number: int, fault: Fault, generator: random.Random) -> bool:
        # A number is drawn even when the limit is reached, so that a limit does not change the calls before it.
        drawn = generator.random() < fault.probability
        return drawn and (fault.times is None or self._injected[number] < fault.times)
