"""Services, clock and log of the function, which tests and benchmarks replace."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .executor import ThreadExecutor
from .item import Item
from .ledger import Answer
from .outcomes import Conflicting, Redelivered, Rejected, Retry
from .records import Record


class LedgerLike(Protocol):
    """The interface of `ledger.Ledger`."""

    def insert(self, items: Sequence[Item], has_time: Callable[[], bool], /) -> Sequence[Answer]:
        """Try once to insert items with different transactionIds; return an answer for each."""


class QuarantineLike(Protocol):
    """The interface of `quarantine.Quarantine`."""

    def put[T: Conflicting | Rejected](self, record: Record, rejection: T) -> T | Redelivered | Retry:
        """Try once to write the record with the reason; return its outcome."""


class ExecutorLike(Protocol):
    """The interface of `executor.ThreadExecutor`; `limit` is the number of calls that run at the same time."""

    @property
    def limit(self) -> int: ...  # noqa: D102

    def run_all[T](self, calls: Sequence[Callable[[], T]], /) -> Iterator[T]:
        """Run the calls; yield their results in the order of the calls, then raise the first exception, if any."""


def _now() -> int:
    return time.time_ns() // 1_000_000


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Everything outside the function; the clock returns epoch milliseconds, and sleep takes seconds."""

    ledger: LedgerLike
    quarantine: QuarantineLike
    executor: ExecutorLike = field(default_factory=ThreadExecutor)
    clock: Callable[[], int] = _now
    sleep: Callable[[float], None] = time.sleep
    write: Callable[[str], None] = _write
