"""Patience with a busy service, within the time that the invocation has left."""

import time
from collections.abc import Callable
from secrets import randbelow

# Time for the slowest insert and its read-back, which are 4 seconds each, to report and to answer; in milliseconds.
_RESERVE = 10_000
_SHORTEST = 50
_LONGEST = 5_000


class Backoff:
    """Waits between attempts: full jitter, growing while nothing succeeds.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """

    def __init__(
        self,
        remaining: Callable[[], int],
        *,
        sleep: Callable[[float], None] = time.sleep,
        below: Callable[[int], int] = randbelow,
    ) -> None:
        self._remaining = remaining
        self._reserve = min(_RESERVE, remaining() // 2)
        self._sleep = sleep
        self._below = below
        self._failures = 0

    @property
    def time_is_left(self) -> bool:
        """Whether another attempt can be made and reported."""
        return self._remaining() > self._reserve

    def after(self, *, attempts: int, setbacks: int) -> None:
        """Wait as the last attempts call for: not at all if each of them succeeded."""
        self._failures = self._failures + 1 if setbacks == attempts else 0
        if setbacks:
            ceiling = min(_LONGEST, _SHORTEST * 2**self._failures, max(1, self._remaining() - self._reserve))
            self._sleep((1 + self._below(ceiling)) / 1000)
