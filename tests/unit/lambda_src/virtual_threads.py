"""An executor without threads, on the fake clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random
from typing import Protocol

from lambda_src.transaction_processor.executor import CONCURRENCY


class Clock(Protocol):
    """A clock that the executor can set."""

    time: int


@dataclass(kw_only=True)
class VirtualThreads:
    """An executor that runs one call after another, and gives each one the time that it would have in a thread.

    With `random`, the calls run in a random order.
    """

    clock: Clock
    limit: int = CONCURRENCY
    random: Random | None = None

    def run_all[T](self, calls: Sequence[Callable[[], T]], /) -> Iterator[T]:
        """Run the calls; yield their results in the order of the calls, then raise the first exception, if any."""
        order = list(range(len(calls)))
        if self.random:
            self.random.shuffle(order)
        free_at = [self.clock.time] * self.limit
        results: dict[int, T] = {}
        errors: dict[int, Exception] = {}
        failed_at: int | None = None
        for position in order:
            if failed_at is not None and free_at[0] >= failed_at:
                break
            self.clock.time = heappop(free_at)
            try:
                results[position] = calls[position]()
            except Exception as error:  # noqa: BLE001 - raised below
                errors[position] = error
                failed_at = self.clock.time if failed_at is None else min(failed_at, self.clock.time)
            heappush(free_at, self.clock.time)
        self.clock.time = max(free_at)
        yield from (results[position] for position in sorted(results))
        for position in sorted(errors):
            raise errors[position]
