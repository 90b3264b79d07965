"""Which calls fail: decided by a seed and by how many matching calls came before, so that it repeats."""

import random
import threading
from collections import Counter
from collections.abc import Container, Sequence

from embedded_localstack.faults.fault import Fault, Kind


class Plan:
    """The faults in force. The n-th call that a fault concerns has the same fate in every run with the same seed."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._dice = [(fault, random.Random(f"{seed}/{number}")) for number, fault in enumerate(faults)]  # noqa: S311
        self._injected: Counter[int] = Counter()

    @property
    def injected(self) -> list[int]:
        """How often each fault has happened, in the order in which they were given."""
        with self._lock:
            return [self._injected[number] for number in range(len(self._dice))]

    def concerns(self, service: str, operation: str) -> bool:
        """Tell whether any fault may happen to such a call."""
        return any(fault.concerns(service, operation) for fault, _ in self._dice)

    def draw(self, service: str, operation: str, kinds: Container[Kind] = frozenset(Kind)) -> Fault | None:
        """Decide the fate of one call; the first fault of these kinds that happens is the only one."""
        with self._lock:
            for number, (fault, dice) in enumerate(self._dice):
                concerned = fault.kind in kinds and fault.concerns(service, operation)
                if concerned and self._happens(number, fault, dice):
                    self._injected[number] += 1
                    return fault
        return None

    def _happens(self, number: int, fault: Fault, dice: random.Random) -> bool:
        # Rolled even when the limit is reached, so that a limit changes nothing about the calls before it.
        rolled = dice.random() < fault.probability
        return rolled and (fault.times is None or self._injected[number] < fault.times)
