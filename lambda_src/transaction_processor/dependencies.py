"""Services, clock and log of the function, which tests and benchmarks replace."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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


def _now() -> int:
    return time.time_ns() // 1_000_000


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Everything outside the function; the clock returns epoch milliseconds, and sleep takes seconds."""

    ledger: LedgerLike
    quarantine: QuarantineLike
    clock: Callable[[], int] = _now
    sleep: Callable[[float], None] = time.sleep
    write: Callable[[str], None] = _write
