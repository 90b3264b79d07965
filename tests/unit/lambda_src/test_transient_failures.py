"""Invocations with faults that a retry can fix, in this invocation or in the next delivery."""

import pytest

from tests.unit.lambda_src.fakes import FunctionUnderTest, always, first, kinesis_entry, no_faults, transaction


def test_throttled_record_is_retried_within_the_invocation(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = first("ThrottlingError", None, "ProvisionedThroughputExceeded", stage="statement")

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (1, 2)])

    assert failed == []
    assert function.dynamodb.inserted == ["tx-2", "tx-1"]
    assert function.last_line["setbacks"] == {"ThrottlingError": 1, "ProvisionedThroughputExceeded": 1}
    assert function.counts == {"stored": 2}


def test_record_that_stays_throttled_is_reported_before_the_timeout(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = always("ThrottlingError", stage="statement")
    start = function.time

    failed = function.invoke([kinesis_entry(n, transaction(n)) for n in (8, 9, 10)])

    assert failed == ["8"]
    assert function.dynamodb.items == {}
    assert 50_000 <= function.time - start < 60_000
    assert function.last_line["level"] == "WARN"
    assert function.last_line["message"] == "The batch will be delivered again."
    assert function.last_line["unfinished"] == 3


def test_single_inserts_stop_before_the_timeout(function: FunctionUnderTest) -> None:
    """After a refused call, the function inserts the items one by one, here in three seconds each."""
    codes = iter(["ValidationException"])

    def slow(stage: str) -> str | None:
        if stage == "call":
            function.advance(3)
            return next(codes, None)
        return None

    function.dynamodb.faults = slow
    start = function.time

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in range(1, 26)])

    assert function.dynamodb.calls == [25, *[1] * 16]
    assert failed == ["17"]
    assert 50_000 <= function.time - start < 60_000


def test_checkpoint_is_the_first_record_that_was_not_stored(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = lambda stage: (
        "ThrottlingError" if stage == "statement" and len(function.dynamodb.inserted) == 2 else None
    )

    failed = function.invoke(
        [
            kinesis_entry(1, transaction(1), "ada"),
            kinesis_entry(2, transaction(2), "bob"),
            kinesis_entry(3, transaction(3), "ada"),
            kinesis_entry(4, transaction(4), "ada"),
        ]
    )

    assert failed == ["3"]
    assert function.dynamodb.inserted == ["tx-1", "tx-2"]


def test_retried_record_is_stored_before_later_records_of_its_key(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = first(None, None, "ThrottlingError", stage="statement")

    failed = function.invoke(
        [
            kinesis_entry(1, transaction(1), "ada"),
            kinesis_entry(2, transaction(2), "bob"),
            kinesis_entry(3, transaction(3), "ada"),
            kinesis_entry(4, transaction(4), "ada"),
        ]
    )

    assert failed == []
    assert function.dynamodb.inserted == ["tx-1", "tx-2", "tx-3", "tx-4"]


def test_records_with_the_same_transaction_id_are_in_different_calls(function: FunctionUnderTest) -> None:
    """DynamoDB refuses a call with two statements for the same key."""
    failed = function.invoke([kinesis_entry(1, transaction(1), "ada"), kinesis_entry(2, transaction(1), "bob")])

    assert failed == []
    assert function.dynamodb.calls == [1, 1]
    assert function.counts == {"stored": 1, "duplicate": 1}


def test_sequence_numbers_are_compared_as_numbers(function: FunctionUnderTest) -> None:
    """As strings, "10" would come before "9"."""
    function.dynamodb.faults = always("ThrottlingError", stage="statement")

    failed = function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (9, 10, 11)])

    assert failed == ["9"]


def test_record_that_quarantine_does_not_accept_is_reported(function: FunctionUnderTest) -> None:
    function.s3.faults = always("SlowDown", stage="call")

    failed = function.invoke([kinesis_entry(1, b"{"), kinesis_entry(2, transaction(2), "bob")])

    assert failed == ["1"]
    assert function.s3.objects == {}
    assert list(function.dynamodb.items) == ["tx-2"]


def test_quarantine_is_not_called_after_the_time_has_expired(function: FunctionUnderTest) -> None:
    def slow(stage: str) -> None:
        if stage == "call":
            function.advance(55)

    function.dynamodb.faults = slow

    failed = function.invoke([kinesis_entry(1, transaction(1)), kinesis_entry(2, b"{", "bob")])

    assert failed == ["2"]
    assert function.s3.objects == {}
    assert function.last_line["setbacks"] == {"OutOfTime": 1}


def test_duplicate_after_the_checkpoint_is_counted_by_the_next_delivery(function: FunctionUnderTest) -> None:
    function.s3.faults = always("SlowDown", stage="call")
    entries = [
        kinesis_entry(1, transaction(1), "ada"),
        kinesis_entry(2, transaction(1), "ada"),
        kinesis_entry(3, b"{", "bob"),
        kinesis_entry(4, transaction(1), "ada"),
    ]
    assert function.invoke(entries) == ["3"]
    function.s3.faults = no_faults

    function.invoke(entries[2:])

    assert function.counts == {"stored": 1, "duplicate": 2, "rejected": 1}


@pytest.mark.parametrize("code", ["ReadTimeoutError", "InternalServerError"])
def test_insert_with_a_lost_response_counts_once_as_stored(code: str, function: FunctionUnderTest) -> None:
    function.dynamodb.faults = first(code, stage="response")

    failed = function.invoke([kinesis_entry(1, transaction(1))])

    assert failed == []
    assert list(function.dynamodb.items) == ["tx-1"]
    assert function.counts == {"stored": 1}
