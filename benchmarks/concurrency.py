"""Compares concurrent with sequential calls of the function, with a stub of DynamoDB that takes 15 ms for each call.

Exits with 1 unless an invocation stores 1,000 records in at most 0.15 s, at least 5 times as fast as sequential calls.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.writer import Invocation, UnusedQuarantine, entries
from lambda_src.transaction_processor.dependencies import Dependencies
from lambda_src.transaction_processor.executor import CONCURRENCY, ThreadExecutor
from lambda_src.transaction_processor.invocation import invoke
from lambda_src.transaction_processor.ledger import Ledger

ROUNDS = 5
RECORDS = 1_000
CALL_SECONDS = 0.015
MAX_SECONDS = 0.15
MIN_RATIO = 5


class StubClient:
    """A client that takes 15 ms for each call and stores nothing."""

    def batch_execute_statement(self, *, Statements: Sequence[object]) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        """Wait, and report each item as stored."""
        time.sleep(CALL_SECONDS)
        return {"Responses": [{} for _ in Statements]}


def seconds_of(event: object, *, concurrency: int) -> float:
    """Return the duration of an invocation with the stub."""
    dependencies = Dependencies(
        ledger=Ledger(StubClient(), "stub"),  # type: ignore[arg-type]  # a stub
        quarantine=UnusedQuarantine(),
        executor=ThreadExecutor(concurrency),
        write=lambda _: None,
    )
    start = time.perf_counter()
    invoke(event, Invocation(), dependencies)
    return time.perf_counter() - start


def main() -> None:
    """Compare concurrent with sequential calls and print the medians. The first kind of batch decides."""
    print(f"{ROUNDS} alternating invocations with {RECORDS:,} records, {1000 * CALL_SECONDS:.0f} ms a call:")
    fast_enough = []
    for name, key_each_record in (("a partition key for each record", True), ("partition keys of 5 records", False)):
        event = {"Records": entries(RECORDS, seed=1, key_each_record=key_each_record)}
        rounds = [(seconds_of(event, concurrency=1), seconds_of(event, concurrency=CONCURRENCY)) for _ in range(ROUNDS)]
        seconds = median(concurrent for _, concurrent in rounds)
        ratio = median(sequential / concurrent for sequential, concurrent in rounds)
        fast_enough.append(seconds <= MAX_SECONDS and ratio >= MIN_RATIO)
        print(f"  {name:32}{seconds:6.3f} s, {CONCURRENCY} calls at a time are {ratio:.1f} times as fast as one")
    print(f"  limits for the first: {MAX_SECONDS} s, {MIN_RATIO} times; order limits the second")
    sys.exit(0 if fast_enough[0] else 1)


if __name__ == "__main__":
    main()
