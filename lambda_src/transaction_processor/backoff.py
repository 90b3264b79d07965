"""Pauses within the remaining time of the invocation."""

import time
from collections.abc import Callable
from secrets import randbelow

# Milliseconds for the slowest insert and its read, 4 seconds each, and for the log line and the response.
_RESERVE = 10_000
_MIN_CEILING = 50
_MAX_CEILING = 5_000


class Backoff:
    """Exponential backoff with full jitter; the pauses grow until an attempt succeeds.

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
        self._failed_rounds = 0

    @property
    def has_time(self) -> bool:
        """Whether the remaining time allows another attempt."""
        return self._remaining() > self._reserve

    def pause_after(self, *, attempts: int, failures: int) -> None:
        """Pause if one of the last attempts failed, and longer each time that all of them failed."""
        self._failed_rounds = self._failed_rounds + 1 if failures == attempts else 0
        if failures:
            ceiling = min(
                _MAX_CEILING, _MIN_CEILING * 2**self._failed_rounds, max(1, self._remaining() - self._reserve)
            )
            self._sleep((1 + self._below(ceiling)) / 1000)

    def pause(self, *, at_most: float = float("inf")) -> None:
        """Pause for the remaining time, or for some seconds if they are fewer."""
        remaining = (self._remaining() - self._reserve) / 1000
        self._sleep(max(0.0, min(at_most, remaining)))
