"""Invocations with several calls at the same time, on the fake clock."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from lambda_src.transaction_processor.errors import ServiceError
from lambda_src.transaction_processor.executor import ThreadExecutor
from tests.unit.lambda_src.fakes import FunctionUnderTest, first, kinesis_entry, transaction
from tests.unit.lambda_src.virtual_threads import VirtualThreads


class StoppedClock(FunctionUnderTest):
    """A function whose clock advances with calls and pauses only."""

    def read_clock(self) -> int:
        return self.time

    def slow(self, stage: str) -> None:
        """Let each call take 15 milliseconds."""
        if stage == "call":
            self.advance(0.015)


def test_twenty_inserts_take_the_time_of_one() -> None:
    function = StoppedClock()
    function.dynamodb.faults = function.slow
    start = function.time

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(500)])

    assert failed == []
    assert function.dynamodb.calls == [25] * 20
    assert function.time - start == 1_000 + 15


def test_hundred_quarantined_records_take_the_time_of_five() -> None:
    function = StoppedClock()
    function.s3.faults = function.slow
    start = function.time

    failed = function.invoke([kinesis_entry(n, b"{", f"customer-{n}") for n in range(100)])

    assert failed == []
    assert len(function.s3.objects) == 100
    assert function.time - start == 1_000 + 5 * 15


def test_records_of_one_key_are_stored_one_after_another() -> None:
    function = StoppedClock()
    function.dynamodb.faults = function.slow
    start = function.time

    failed = function.invoke([kinesis_entry(n, transaction(n)) for n in range(10)])

    assert failed == []
    assert function.dynamodb.calls == [1] * 10
    assert function.time - start == 1_000 + 10 * 15


def test_round_of_throttled_calls_has_one_pause() -> None:
    function = StoppedClock()
    function.dynamodb.faults = first(*["ThrottlingException"] * 4, stage="call")
    start = function.time

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(100)])

    assert failed == []
    assert function.time - start <= 1_000 + 100
    assert function.counts == {"stored": 100}
    assert function.last_line["setbacks"] == {"ThrottlingException": 100}


def test_refused_call_does_not_hide_what_the_others_stored(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = first("AccessDeniedException", stage="call")

    with pytest.raises(ServiceError) as raised:
        function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(75)])

    assert raised.value.code == "AccessDeniedException"
    assert function.counts == {"stored": 50}
    assert function.last_line["checkpoint"] == "0"
    assert function.last_line["unfinished"] == 25


def test_refused_bucket_gets_no_further_records() -> None:
    """The three calls that run when S3 refuses the first one come to their end."""
    function = StoppedClock()
    function.executor = VirtualThreads(clock=function, limit=3)
    attempts: list[int] = []

    def refuse(stage: str) -> str | None:
        attempts.append(function.time)
        function.slow(stage)
        return "AccessDenied"

    function.s3.faults = refuse

    with pytest.raises(ServiceError):
        function.invoke([kinesis_entry(n, b"{", f"customer-{n}") for n in range(50)])

    assert attempts == [1_790_000_001_000] * 3


class OneAfterAnother:
    """An executor that has a limit of four and runs one call after another."""

    limit = 4

    def run_all[T](self, calls: Sequence[Callable[[], T]], /) -> Iterator[T]:
        return (call() for call in calls)


def test_insert_does_not_start_out_of_time() -> None:
    """The time expires between the first and the last insert of a round."""
    function = StoppedClock(executor=OneAfterAnother())
    function.dynamodb.faults = lambda stage: function.advance(30) if stage == "call" else None

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(100)])

    assert failed == ["50"]
    assert function.dynamodb.calls == [25, 25]
    assert function.last_line["setbacks"] == {"OutOfTime": 50}


def test_quarantine_does_not_start_out_of_time() -> None:
    """The time expires between the first and the last write of a round."""
    function = StoppedClock(executor=OneAfterAnother())
    function.s3.faults = lambda stage: function.advance(30) if stage == "call" else None

    failed = function.invoke([kinesis_entry(n, b"{", f"customer-{n}") for n in range(10)])

    assert failed == ["2"]
    assert sorted(function.quarantined) == [0, 1]
    assert function.last_line["setbacks"] == {"OutOfTime": 8}


def test_invocation_with_real_threads_stores_every_record(function: FunctionUnderTest) -> None:
    function.executor = ThreadExecutor()
    entries = [kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(600)]
    broken = [kinesis_entry(n, b"{", f"customer-{n}") for n in range(600, 700)]

    failed = function.invoke([*entries, *broken])

    assert failed == []
    assert function.counts == {"stored": 600, "rejected": 100}
    assert sorted(function.dynamodb.items) == sorted(f"tx-{n}" for n in range(600))
    assert function.quarantined == dict.fromkeys(range(600, 700), "not-json")


def test_duplicate_needs_no_read_if_dynamodb_returns_the_item(function: FunctionUnderTest) -> None:
    function.dynamodb.returns_existing_items = True
    entries = [
        kinesis_entry(1, transaction(1)),
        kinesis_entry(2, transaction(1)),
        kinesis_entry(3, transaction(1, amount=13)),
    ]

    failed = function.invoke(entries)

    assert failed == []
    assert function.dynamodb.reads == []
    assert function.counts == {"stored": 1, "duplicate": 1, "conflicting": 1}
    assert function.quarantined == {3: "conflict"}
