"""Concurrent AWS calls: each one runs in a thread, because it waits for the response most of the time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

CONCURRENCY = 20
"""The number of calls at the same time. One round of 20 calls is a batch of the default BATCH_SIZE, 500 records.

Measured with calls of 15 ms at 0.58 vCPU, which Lambda gives to 1,024 MB: 1, 5, 10, 20 and 40 calls at a time store
500 records in 423, 159, 143, 96 and 99 ms. Above 20, the CPU is the limit. A new TLS connection costs 25 ms of CPU
time, once in each execution environment, and a batch opens only as many as it has calls.
"""


class _CancelledError(Exception):
    """A call did not start, because an earlier one raised an exception."""


class ThreadExecutor:
    """An executor with up to `limit` threads, which end before it returns the first result."""

    def __init__(self, limit: int = CONCURRENCY) -> None:
        self.limit = limit

    def run_all[T](self, calls: Sequence[Callable[[], T]], /) -> Iterator[T]:
        """Run the calls; yield their results in the order of the calls, then raise the first exception, if any.

        After an exception, the running calls come to their end, and no other call starts.
        """
        failed = Event()
        with ThreadPoolExecutor(self.limit) as pool:
            futures = [pool.submit(_run, call, failed) for call in calls]
        errors = [error for future in futures if (error := future.exception())]
        yield from (future.result() for future in futures if not future.exception())
        for error in errors:
            if not isinstance(error, _CancelledError):
                raise error


def _run[T](call: Callable[[], T], failed: Event) -> T:
    if failed.is_set():
        raise _CancelledError
    try:
        return call()
    except BaseException:
        failed.set()
        raise
